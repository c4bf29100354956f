/**
 * What pages behind links need from a request.
 *
 * @module
 */

import { page } from "fresh";
import type { LinkServices } from "../auth/letters.ts";
import { type Services, servicesOf, type State } from "./state.ts";

/** The services together with where we answer, for sending links and following them. */
export function letterServicesOf(state: State): Services & LinkServices {
  return { ...servicesOf(state), publicUrl: state.base.config.publicUrl };
}

/** The token in the address of a page; empty: none, or one that is none of ours by its length. */
export function tokenIn(url: URL): string {
  const token = url.searchParams.get("token") ?? "";
  return token.length > TOKEN_MAX ? "" : token;
}

/** Characters of a token in a link or a form. */
export const TOKEN_MAX = 100;

/** What a page says to whoever tries too often. */
export interface Throttled {
  /** Tells it from what else the page may say. */
  readonly kind: "throttled";
  /** Seconds until the next try. */
  readonly waitS: number;
}

/** The page for whoever tries too often, with its status and headers. */
export function throttledPage(waitS: number) {
  return page<Throttled>({ kind: "throttled", waitS }, {
    status: 429,
    headers: { "retry-after": String(waitS) },
  });
}
