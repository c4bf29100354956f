/**
 * What the pages and scripts of passkeys share: who asks for one, how often, and what is said when it does not work.
 *
 * @module
 */

import { HttpError } from "fresh";
import { originOf } from "../auth/origin.ts";
import type { Holder } from "../auth/passkey.ts";
import { type Assertion, challengeOf } from "../auth/passkey_answer.ts";
import { noPasskeysText, type RelyingParty, relyingPartyOf } from "../auth/relying_party.ts";
import { hashOfToken, looksLikeToken, newToken } from "../auth/token.ts";
import { CHALLENGE_MS, isChallengeHeld } from "../kv/challenges.ts";
import { countTry, giveBack, type Limit, type Tried } from "../kv/limits.ts";
import { cookieOf, sessionCookieName, setCookie } from "./cookie.ts";
import { jsonAnswer, problemAnswer, requireJson } from "./json.ts";
import { startAgain } from "./pending.ts";
import { type Services, servicesOf, type State } from "./state.ts";
import { requireStillThere } from "./still_there.ts";

const WINDOW_MS = 600_000;

/** What is counted in ten minutes. What one of these has used up stops none of the others. */
export const PASSKEY_LIMITS = {
  /** Challenges to sign in, for one address; a sign-in page asks for one each time it is opened. */
  challenges: { name: "passkey-challenge", tries: 120, windowMs: WINDOW_MS },
  /** Answers to such a challenge that are not taken, from one address. */
  answers: { name: "passkey-answer", tries: 30, windowMs: WINDOW_MS },
  /** Answers to nothing that we asked, from one address: anybody makes them up, so they keep nobody out. */
  strays: { name: "passkey-stray", tries: 30, windowMs: WINDOW_MS },
  /** Challenges after the password, for one address. */
  secondChallenges: { name: "passkey-second-challenge", tries: 120, windowMs: WINDOW_MS },
  /** Answers after the password that are not taken, from one address. */
  secondAnswers: { name: "passkey-second-answer", tries: 30, windowMs: WINDOW_MS },
  /** Challenges to add a passkey, for one person. */
  addChallenges: { name: "passkey-add-challenge", tries: 120, windowMs: WINDOW_MS },
  /** Passkeys that one person sends to be added. */
  adds: { name: "passkey-add", tries: 30, windowMs: WINDOW_MS },
} as const satisfies Readonly<Record<string, Limit>>;

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

/** Something that is counted. */
export interface Counted {
  /** How often it may be. */
  readonly limit: Limit;
  /** Epoch milliseconds at which it is tried. */
  readonly nowMs: number;
  /** Whose; absent: the address's that asks. */
  readonly userId?: number;
}

/** Counts what is asked for; the answer that it was too much, `null`: it was not. */
export async function tooMany(state: State, { kv }: Services, counted: Counted): Promise<Response | null> {
  const { allowed, retryAfterS } = await countTry(kv, counted.limit, triedOf(state, counted));
  if (allowed) return null;
  const words = `Too many tries. Try again in ${retryAfterS} s.`;
  return problemAnswer(429, words, { "retry-after": String(retryAfterS) });
}

/** Gives back what was counted: it was right. */
export function notCounted(state: State, { kv }: Services, counted: Counted): Promise<void> {
  return giveBack(kv, counted.limit, triedOf(state, counted));
}

function triedOf({ clientAddress }: State, { nowMs, userId }: Counted): Tried {
  return { who: userId === undefined ? originOf(clientAddress) : `user ${userId}`, nowMs };
}

/** Whether an answer is one to a challenge that its holder was given and has not spent. */
export async function answersOurs(
  { kv }: Services,
  { answer, ...holder }: Holder & { readonly answer: Assertion },
): Promise<boolean> {
  const challenge = challengeOf(answer);
  return challenge !== null && await isChallengeHeld(kv, { ...holder, challenge });
}

/** The named parts of posted JSON; 400 where there are others. */
export async function readParts<Name extends string>(
  { req, state }: { readonly req: Request; readonly state: State },
  names: readonly Name[],
): Promise<Readonly<Partial<Record<Name, unknown>>>> {
  const json = await requireJson(req, state.base.clock);
  await requireStillThere(state);
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
