/**
 * The sign-in that a browser has half done.
 *
 * @module
 */

import { findPending, type Pending } from "../auth/pending.ts";
import type { SecondStep } from "../kv/pending.ts";
import type { Arriving } from "./admitted.ts";
import { cookieOf, pendingCookieName } from "./cookie.ts";
import { redirectTo } from "./redirect.ts";
import { servicesOf } from "./state.ts";

/** The half-done sign-in of a request in which the step is due; `null`: there is none (any more). */
export async function pendingOf({ req, state }: Arriving, step: SecondStep): Promise<Pending | null> {
  const { config, clock } = state.base;
  const token = cookieOf(req.headers, pendingCookieName(config.secureCookies));
  if (token === undefined) return null;
  const found = await findPending(servicesOf(state), { token, nowMs: clock.nowMs() });
  return found?.pending.step === step ? found : null;
}

/** Where somebody goes whose half-done sign-in is over: to the beginning, which says so. */
export function startAgain(): Response {
  return redirectTo("/sign-in?over=1");
}
