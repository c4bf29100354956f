/**
 * What the pages and scripts of passkeys share: who asks for one, how often, and what is said when it does not work.
 *
 * @module
 */

import { HttpError } from "fresh";
import { originOf } from "../auth/origin.ts";
import { noPasskeysText, type RelyingParty, relyingPartyOf } from "../auth/relying_party.ts";
import { hashOfToken, looksLikeToken, newToken } from "../auth/token.ts";
import { CHALLENGE_MS } from "../kv/challenges.ts";
import { countTry, type Limit } from "../kv/limits.ts";
import { cookieOf, sessionCookieName, setCookie } from "./cookie.ts";
import { jsonAnswer, problemAnswer, requireJson } from "./json.ts";
import { startAgain } from "./pending.ts";
import { type Services, servicesOf, type State } from "./state.ts";

/** Challenges for one address: 120 in ten minutes; a sign-in page asks for one each time it is opened. */
export const CHALLENGES_BY_ADDRESS: Limit = { name: "passkey-challenge", tries: 120, windowMs: 600_000 };

/** Passkeys shown or made from one address: 30 in ten minutes. */
export const ANSWERS_BY_ADDRESS: Limit = { name: "passkey-answer", tries: 30, windowMs: 600_000 };

/** Said of every passkey that is not taken, whatever was wrong with it. */
export const NOT_TAKEN = "This passkey was not taken. Try again, or use your password.";

/** The same after the password, where there is no password to use instead. */
export const NOT_TAKEN_SECOND = "This passkey was not taken. Try again, or use a code if you have one.";

/** The services with the relying party, or the answer that there can be no passkeys here. */
export function partyOf(
  state: State,
): { readonly party: RelyingParty; readonly services: Services } | Response {
  const services = servicesOf(state);
  const party = relyingPartyOf(state.base.config.publicUrl);
  return typeof party === "string" ? problemAnswer(409, noPasskeysText(party)) : { party, services };
}

/** Counts what an address asks for; the answer that it was too much, `null`: it was not. */
export async function tooMany(state: State, { kv }: Services, limit: Limit): Promise<Response | null> {
  const tried = { who: originOf(state.clientAddress), nowMs: state.base.clock.nowMs() };
  const { allowed, retryAfterS } = await countTry(kv, limit, tried);
  if (allowed) return null;
  const words = `Too many tries. Try again in ${retryAfterS} s.`;
  return problemAnswer(429, words, { "retry-after": String(retryAfterS) });
}

/** The named parts of posted JSON; 400 where there are others. */
export async function readParts<Name extends string>(
  { req, state }: { readonly req: Request; readonly state: State },
  names: readonly Name[],
): Promise<Readonly<Partial<Record<Name, unknown>>>> {
  const json = await requireJson(req, state.base.clock);
  const known: readonly string[] = names;
  if (Object.keys(json).some((name) => !known.includes(name))) throw new HttpError(400);
  return json as Readonly<Partial<Record<Name, unknown>>>;
}

/** The browser that somebody signs in with: nobody in particular, known by a cookie for a few minutes. */
export interface Stranger {
  /** Names the browser inside. */
  readonly holder: string;
  /** Sets its cookie, for as long as a challenge lives. */
  readonly cookie: string;
}

/** The browser that asks for a challenge: as it is known from a moment ago, or from now on. */
export async function strangerAsking({ base }: State, headers: Headers): Promise<Stranger> {
  const secure = base.config.secureCookies;
  const name = strangerCookieName(secure);
  const there = cookieOf(headers, name) ?? "";
  const token = looksLikeToken(there) ? there : newToken();
  const cookie = setCookie(name, token, { maxAgeS: CHALLENGE_MS / 1000, secure });
  return { holder: await hashOfToken(token), cookie };
}

/** The name of the browser that answers; one without a cookie of ours answers nothing that it was asked. */
export async function strangerAnswering({ base }: State, headers: Headers): Promise<string> {
  return await hashOfToken(cookieOf(headers, strangerCookieName(base.config.secureCookies)) ?? "");
}

function strangerCookieName(secure: boolean): string {
  return `${sessionCookieName(secure)}-passkey`;
}

/** A redirect with its cookies, as an answer that a script can follow. */
export function followedByScript({ headers }: Response): Response {
  const cookies = headers.getSetCookie().map((cookie): [string, string] => ["set-cookie", cookie]);
  return jsonAnswer({ to: headers.get("location") ?? "/" }, { headers: cookies });
}

/** Sends a script to the beginning whose half-done sign-in is over. */
export function startAgainByScript(): Response {
  return followedByScript(startAgain());
}
