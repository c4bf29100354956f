/**
 * Setting a second factor up: a seed lies ready, sealed, for whoever began; the first code of it makes it theirs,
 * with new recovery codes, and ends all sessions of before.
 *
 * @module
 */

import type { Kv } from "../kv/mod.ts";
import { getSeedDraft, putSeedDraft, spendSeedDraft } from "../kv/seed_drafts.ts";
import { err, ok, type Result } from "../result.ts";
import { appendAudit, type Author } from "../store/audit.ts";
import { type Database, transaction } from "../store/db.ts";
import type { SecretBox } from "../store/secret_box.ts";
import { setTotp } from "../store/second_factors.ts";
import { endAllSessions, type User } from "../store/users.ts";
import { newRecoveryCodes, recoveryCodeHash } from "./recovery.ts";
import { newSeed, stepOf } from "./totp.ts";

/** What setting up works with. */
export interface SetupServices {
  /** Second factors. */
  readonly db: Database;
  /** Seeds that are being set up. */
  readonly kv: Kv;
  /** Seals them. */
  readonly box: SecretBox;
}

/** Who sets up, and when. */
export interface SeedHolder {
  /** Name of the session or of the half-done sign-in. */
  readonly holder: string;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** The seed that lies ready for a holder; `null`: none. */
export async function seedInHand(
  { kv, box }: Pick<SetupServices, "kv" | "box">,
  held: SeedHolder,
): Promise<string | null> {
  const draft = await getSeedDraft(kv, held);
  const opened = draft && await box.open(sealName(held), draft.sealed);
  return opened?.ok ? opened.value : null;
}

/** The seed that lies ready, else a new one: a page that is loaded again shows the same picture. */
export async function beginSeed(
  services: Pick<SetupServices, "kv" | "box">,
  held: SeedHolder,
): Promise<string> {
  const there = await seedInHand(services, held);
  if (there !== null) return there;
  const seed = newSeed();
  await putSeedDraft(services.kv, { ...held, sealed: await services.box.seal(sealName(held), seed) });
  return seed;
}

/** Forgets the seed that lies ready: its holder goes on without. */
export async function dropSeed({ kv }: Pick<SetupServices, "kv">, held: SeedHolder): Promise<void> {
  const draft = await getSeedDraft(kv, held);
  if (draft) await spendSeedDraft(kv, { holder: held.holder, version: draft.version });
}

/** A second factor that was set up. */
export interface SetUpFactor {
  /** Who, as they are now: all sessions of before are over. */
  readonly user: User;
  /** Recovery codes, to be shown this once. */
  readonly codes: readonly string[];
}

/** A first code as it was typed. */
export interface FirstCode {
  /** Who began. */
  readonly holder: string;
  /** Whose second factor it becomes. */
  readonly user: User;
  /** As typed. */
  readonly typed: string;
}

/** Takes the first code; `over`: no seed lies ready (any more), `wrong`: it is not a code of it. */
export async function confirmSeed(
  services: SetupServices,
  by: Author,
  { holder, user, typed }: FirstCode,
): Promise<Result<SetUpFactor, "over" | "wrong">> {
  const { db, kv, box } = services;
  const held = { holder, nowMs: by.atMs };
  const draft = await getSeedDraft(kv, held);
  const opened = draft && await box.open(sealName(held), draft.sealed);
  if (!draft || !opened?.ok) return err("over");
  const seed = opened.value;
  const code = typed.replaceAll(/[\s-]/g, "");
  const step = /^\d{6}$/.test(code) ? stepOf(seed, { code, nowMs: by.atMs }) : null;
  if (step === null) {
    const words = { subject: `user ${user.id}`, after: { why: "wrong", setUp: true } };
    await appendAudit(db, by, { action: "second-factor-refused", ...words });
    return err("wrong");
  }
  if (!await spendSeedDraft(kv, { holder, version: draft.version })) return err("over");
  const codes = newRecoveryCodes();
  const codeHashes = await Promise.all(codes.map((one) => recoveryCodeHash(user.id, one)));
  return await transaction(db, async (tx): Promise<Result<SetUpFactor, "over">> => {
    const draft = { userId: user.id, nowMs: by.atMs, step, codeHashes, box, seed };
    // Whoever was signed out meanwhile, or has set another one up, is not as they began.
    const set = await setTotp(tx, by, { ...draft, seen: user });
    if (!set.ok) return err("over");
    const sessionEpoch = await endAllSessions(tx, by, user.id);
    return ok({ user: { ...user, secondFactor: true, sessionEpoch }, codes });
  });
}

function sealName({ holder }: SeedHolder): string {
  return `seed-draft:${holder}`;
}
