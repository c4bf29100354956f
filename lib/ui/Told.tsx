/**
 * What a page tells at its head after something was done or refused.
 *
 * @module
 */

import type { JSX } from "preact";
import { Notice } from "./Over.tsx";
import type { State } from "./state.ts";

/** Something to tell. */
export interface Told {
  /** Chooses icon and colour. */
  readonly state: State;
  /** What happened. */
  readonly title: string;
  /** What follows; empty: nothing. */
  readonly words: string;
}

/** Tells it: politely what went well, at once what did not; `null`: nothing is told. */
export function ToldNotice({ told }: { readonly told: Told | null }): JSX.Element | null {
  if (!told) return null;
  const { state, title, words } = told;
  return <Notice state={state} title={title} live={state === "good" ? "polite" : "assertive"}>{words}
  </Notice>;
}
