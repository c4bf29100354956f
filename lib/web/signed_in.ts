/**
 * The cookies of somebody who has just signed in: the session, and that the browser is known from now on.
 *
 * @module
 */

import { SESSION_AGE_MS } from "../auth/session.ts";
import { deviceCookieName, sessionCookieName, setCookie } from "./cookie.ts";
import { redirectTo } from "./redirect.ts";

const A_YEAR_S = 365 * 24 * 3600;

/** What the cookies hold. */
export interface SignedInCookies {
  /** Opens the session. */
  readonly token: string;
  /** Makes the browser known. */
  readonly device: string;
  /** Whether they are sent over TLS alone. */
  readonly secure: boolean;
}

/** Sends somebody on who has just signed in. */
export function redirectSignedIn(back: string, { token, device, secure }: SignedInCookies): Response {
  const session = setCookie(sessionCookieName(secure), token, { maxAgeS: SESSION_AGE_MS / 1000, secure });
  const known = setCookie(deviceCookieName(secure), device, { maxAgeS: A_YEAR_S, secure });
  return redirectTo(back, [["set-cookie", session], ["set-cookie", known]]);
}
