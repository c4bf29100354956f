/**
 * What pages behind links need from a request.
 *
 * @module
 */

import { HttpError, page } from "fresh";
import { type LinkServices, type LinkTrouble, openLink, type PasswordPurpose } from "../auth/letters.ts";
import type { User } from "../store/users.ts";
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

/** Whose password a link is about; `null`: it does not work (any more). */
export async function linkOwner(
  state: State,
  { purpose, token }: { readonly purpose: PasswordPurpose; readonly token: string },
): Promise<User | null> {
  const sent = { token, nowMs: state.base.clock.nowMs() };
  return (await openLink(letterServicesOf(state), purpose, sent))?.user ?? null;
}

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

/** The page for whoever sent a new password by a link in vain. */
export function refusedLink(trouble: LinkTrouble) {
  switch (trouble.kind) {
    case "gone":
      return page<{ readonly kind: "spent" }>({ kind: "spent" }, { status: 410 });
    case "throttled":
      return throttledPage(trouble.retryAfterS);
    case "failed":
      throw new HttpError(503, "No password can be hashed");
  }
}
