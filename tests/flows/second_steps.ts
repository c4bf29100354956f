/**
 * The second step of signing in as people take it: an app that makes codes, and the pages that ask for them.
 *
 * @module
 */

import { TOTP } from "otpauth";
import { recoveryCodeHash } from "../../lib/auth/recovery.ts";
import { newSeed } from "../../lib/auth/totp.ts";
import type { Role } from "../../lib/domain/permission.ts";
import { setTotp } from "../../lib/store/second_factors.ts";
import { writeSetting } from "../../lib/store/settings.ts";
import type { User } from "../../lib/store/users.ts";
import { authorAt } from "../fakes/author.ts";
import { ACCOUNT, type Answer, ask, type Flow, post } from "./running_product.ts";

/** What an app shows for a seed at an instant in epoch milliseconds. */
export function codeAt(seed: string, timestamp: number): string {
  return new TOTP({ secret: seed }).generate({ timestamp });
}

/** A code that is not the one of a seed now, nor before nor after. */
export function wrongCode(seed: string, nowMs: number): string {
  const near = [-30_000, 0, 30_000].map((ms) => codeAt(seed, nowMs + ms));
  return ["000000", "111111", "222222", "333333"].find((code) => !near.includes(code)) ?? "";
}

/** Gives somebody an app and one recovery code; the seed of the app. */
export async function giveApp({ opened, clock }: Flow, { id }: User, recoveryCode: string): Promise<string> {
  const seed = newSeed();
  const { db, keys } = opened;
  const nowMs = clock.nowMs();
  const by = authorAt(nowMs, { seal: keys.seal });
  const codeHashes = [await recoveryCodeHash(id, recoveryCode)];
  const set = await setTotp(db, by, { userId: id, nowMs, codeHashes, box: keys.box, seed });
  if (!set.ok) throw new Error(set.error.kind);
  return seed;
}

/** Makes a second factor something that roles must have. */
export async function requireFactor(
  { opened, clock }: Flow,
  roles: readonly Role[],
  version = 0,
): Promise<void> {
  const by = authorAt(clock.nowMs(), { seal: opened.keys.seal });
  const written = await writeSetting(opened.db, by, { name: "second-factor", value: { roles }, version });
  if (!written.ok) throw new Error(written.error.kind);
}

/** A cookie that an answer sets, as the browser sends it; `undefined`: it sets none, or takes it away. */
export function cookieIn({ headers }: Pick<Answer, "headers">, name: string): string | undefined {
  const set = headers.getSetCookie().find((one) => one.startsWith(`${name}=`));
  return set?.includes("Max-Age=0;") ? undefined : set?.split(";")[0];
}

/** Signs in by the password; the cookie of what is half done. */
export async function halfIn(
  { origin }: Pick<Flow, "origin">,
  email: string,
  cookie = "",
): Promise<{ readonly answer: Answer; readonly cookie: string }> {
  const form = { email, password: ACCOUNT.password, back: "/sites" };
  const answer = await post(origin, "/sign-in", form, { cookie });
  return { answer, cookie: cookieIn(answer, "wattpost-pending") ?? "" };
}

/** Types a code. */
export function typeCode(
  { origin }: Pick<Flow, "origin">,
  code: string,
  cookie: string,
  path = "/sign-in/second-factor",
): Promise<Answer> {
  return post(origin, path, { code }, { cookie });
}

/** The seed that a page of setting up shows to be typed. */
export async function shownSeed(
  { origin }: Pick<Flow, "origin">,
  path: string,
  cookie: string,
): Promise<string> {
  const { text } = await ask(origin, path, { headers: { cookie } });
  return (/<code>((?:[A-Z2-7]{4} ?){8})<\/code>/.exec(text)?.[1] ?? "").replaceAll(" ", "");
}

/** The recovery codes that a page shows. */
export function shownCodes({ text }: Pick<Answer, "text">): readonly string[] {
  return [...text.matchAll(/<code>((?:[0-9A-Z]{4}-){3}[0-9A-Z]{4})<\/code>/g)].map(([, code = ""]) => code);
}
