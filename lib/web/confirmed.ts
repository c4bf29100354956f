/**
 * Before what would let somebody else take an account over, its owner must have been there a short while ago: they
 * signed in, or typed their password again. A browser that was left open does not do.
 *
 * @module
 */

import { isFresh } from "../auth/session.ts";
import { problemAnswer } from "./json.ts";
import { ownPath, redirectTo } from "./redirect.ts";
import { servicesOf, type State } from "./state.ts";

/** Where the password is asked for again. */
export const CONFIRM_PATH = "/account/confirm";

/** The part of a request's context that is looked at. */
export interface ConfirmedContext {
  /** Whose session it is. */
  readonly state: State;
}

/** Sends whoever has not been there lately to type their password, and then back; `null`: they may go on. */
export async function confirmFirst({ state }: ConfirmedContext, back: string): Promise<Response | null> {
  if (await wasThere(state)) return null;
  return redirectTo(`${CONFIRM_PATH}?back=${encodeURIComponent(ownPath(back))}`);
}

/** What a script of ours is told where {@link confirmFirst} would send a page away; `null`: it may go on. */
export async function confirmFirstJson({ state }: ConfirmedContext): Promise<Response | null> {
  return await wasThere(state) ? null : problemAnswer(403, "Confirm it is you first");
}

async function wasThere(state: State): Promise<boolean> {
  const { sessionKey: key, base } = state;
  return key !== null && await isFresh(servicesOf(state).kv, { key, nowMs: base.clock.nowMs() });
}
