/**
 * Who shows a passkey: alone, to sign in, or after the password. Every refusal is written down with its reason, and
 * whoever is refused is told none.
 *
 * @module
 */

import type { Kv } from "../kv/mod.ts";
import { err, ok, type Result } from "../result.ts";
import { appendAudit, type Author } from "../store/audit.ts";
import type { Database } from "../store/db.ts";
import { findPasskey, type Passkey, usePasskey } from "../store/passkeys.ts";
import { findUserAnyState, type User } from "../store/users.ts";
import { credentialHashOf, type Holder, type PasskeyTrouble, verifyShown } from "./passkey.ts";
import type { Assertion } from "./passkey_answer.ts";
import type { RelyingParty } from "./relying_party.ts";

/** What looking at one works with. */
export interface ShowingServices {
  /** People, their passkeys, audit. */
  readonly db: Database;
  /** Challenges. */
  readonly kv: Kv;
}

/** A passkey that somebody shows. */
export interface ShownAnswer extends Holder {
  /** Who asked for it. */
  readonly party: RelyingParty;
  /** The answer. */
  readonly answer: Assertion;
  /** Whose it must be; absent: whoever has it. */
  readonly only?: User;
}

/** Why somebody was not let in, for the trail. */
type Refused = PasskeyTrouble | { readonly kind: "not-active" } | { readonly kind: "of-another" };

/** Whoever has shown a passkey of theirs and may come in; `null`: nobody, which is written down. */
export async function personShowing(
  services: ShowingServices,
  by: Author,
  shown: ShownAnswer,
): Promise<User | null> {
  const { db } = services;
  const passkey = await findPasskey(db, await credentialHashOf(shown.answer.id));
  const owner = passkey && await findUserAnyState(db, passkey.userId);
  const judged = await judge(services, shown, { passkey, owner });
  if (judged.ok) return judged.value;
  const who = shown.only ?? owner;
  const actor = who === null ? { actor: "-", userId: null } : { actor: who.email, userId: who.id };
  const refusal = {
    action: shown.only ? "second-factor-refused" : "sign-in-refused",
    subject: `user ${who?.id ?? "unknown"}`,
    after: { by: "passkey", why: refusedText(judged.error) },
  };
  await appendAudit(db, { ...by, ...actor }, refusal);
  return null;
}

interface Claimed {
  readonly passkey: Passkey | null;
  readonly owner: User | null;
}

async function judge(
  { db, kv }: ShowingServices,
  { only, party, ...answer }: ShownAnswer,
  { passkey, owner }: Claimed,
): Promise<Result<User, Refused>> {
  const verified = await verifyShown(kv, party, { ...answer, passkey });
  if (!verified.ok) return verified;
  const { signCount } = verified.value;
  if (owner?.state !== "active") return err({ kind: "not-active" });
  if (only && only.id !== owner.id) return err({ kind: "of-another" });
  const { credentialHash, signCount: had } = verified.value.passkey;
  const used = await usePasskey(db, { credentialHash, signCount, nowMs: answer.nowMs });
  return used ? ok(owner) : err({ kind: "copied", had, got: signCount });
}

/** Why an answer was not taken, as the trail keeps it. */
function refusedText(trouble: Refused): string {
  switch (trouble.kind) {
    case "challenge":
      return "challenge not ours, spent or over";
    case "not-verified":
      return "not verified";
    case "copied":
      return `counter went from ${trouble.had} to ${trouble.got}: there is a copy`;
    case "not-active":
      return "locked or only invited";
    case "of-another":
      return "passkey of somebody else";
  }
}
