/**
 * What the pages and scripts of passkeys share: who asks for one, how often, and what is said when it does not work.
 *
 * @module
 */

import { originOf } from "../auth/origin.ts";
import type { PasskeyTrouble } from "../auth/passkey.ts";
import { noPasskeysText, type RelyingParty, relyingPartyOf } from "../auth/relying_party.ts";
import { countTry, type Limit } from "../kv/limits.ts";
import { problemAnswer } from "./json.ts";
import { type Services, servicesOf, type State } from "./state.ts";

/** Challenges for one address: 120 in ten minutes; a sign-in page asks for one each time it is opened. */
export const CHALLENGES_BY_ADDRESS: Limit = { name: "passkey-challenge", tries: 120, windowMs: 600_000 };

/** Passkeys shown or made from one address: 30 in ten minutes. */
export const ANSWERS_BY_ADDRESS: Limit = { name: "passkey-answer", tries: 30, windowMs: 600_000 };

/** Said of every passkey that is not taken, whatever was wrong with it. */
export const NOT_TAKEN = "This passkey was not taken. Try again, or use your password.";

/** The services with the relying party, or the answer that there can be no passkeys here. */
export function partyOf(
  state: State,
): { readonly party: RelyingParty; readonly services: Services } | Response {
  const services = servicesOf(state);
  const party = relyingPartyOf(state.base.config.publicUrl);
  return typeof party === "string" ? problemAnswer(409, `${noPasskeysText(party)}`) : { party, services };
}

/** Counts what an address asks for; the answer that it was too much, `null`: it was not. */
export async function tooMany(state: State, { kv }: Services, limit: Limit): Promise<Response | null> {
  const tried = { who: originOf(state.clientAddress), nowMs: state.base.clock.nowMs() };
  const { allowed, retryAfterS } = await countTry(kv, limit, tried);
  if (allowed) return null;
  const words = `Too many tries. Try again in ${retryAfterS} s.`;
  return problemAnswer(429, words, { "retry-after": String(retryAfterS) });
}

/** Why an answer was not taken, as the trail keeps it. */
export function troubleText(trouble: PasskeyTrouble): string {
  switch (trouble.kind) {
    case "challenge":
      return "challenge not ours, spent or over";
    case "not-verified":
      return "not verified";
    case "copied":
      return `counter went from ${trouble.had} to ${trouble.got}: there is a copy`;
  }
}
