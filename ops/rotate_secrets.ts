/**
 * `deno task secrets:rotate`: makes a new key for the secrets in the database and seals all of them anew. Can be ended
 * at any point and run again; with MySQL it works while Wattpost runs.
 *
 * @module
 */

import { systemClock } from "../lib/clock.ts";
import { appendAudit, type AuditEntry } from "../lib/store/audit.ts";
import type { Database } from "../lib/store/db.ts";
import { readKeyFile, writeKeyFile } from "../lib/store/key_file.ts";
import { keyFileOf, type KeySettings, openKeys, readSetRing } from "../lib/store/keys.ts";
import { resealSecrets } from "../lib/store/reseal.ts";
import {
  createSecretBox,
  formatKeyRing,
  newRingKey,
  type RingKey,
  type SecretBox,
} from "../lib/store/secret_box.ts";
import { listSealingKeys } from "../lib/store/secrets.ts";
import { onDatabase, runCommand } from "./lib/command.ts";

/** How it is called. */
export const ROTATE_HELP = `deno task secrets:rotate [--dry-run] [--forget-old]

Makes a new key where the ring lies in secrets.key of DATA_DIR, and seals all secrets anew under it; the old key stays
in the ring, so that backups can be opened. What was ended half-way is finished before another key is made. Where
SECRETS_KEY or SECRETS_KEY_FILE gives the ring, it says what to put there.

  --dry-run     says what would be done, changes nothing
  --forget-old  makes no key; takes keys out of the ring that nothing needs any more. Keep a copy for old backups

With SQLite stop Wattpost first; with MySQL both run at once.`;

/** What it was told. */
export interface RotateOrder {
  /** Whether nothing is changed. */
  readonly dryRun: boolean;
  /** Whether keys that nothing needs are taken out, and none is made. */
  readonly forgetOld: boolean;
}

/** What rotating works with. */
export interface RotateTools extends KeySettings {
  /** The database's URL. */
  readonly databaseUrl: string;
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** Shows a line. */
  readonly print: (line: string) => void;
}

/** Rotates as it is told; the exit code. */
export async function runRotate(order: RotateOrder, tools: RotateTools): Promise<number> {
  const set = readSetRing(tools);
  const ring = set ?? await readKeyFile(keyFileOf(tools));
  if (!ring) {
    tools.print("There is no key yet: Wattpost makes one at its first start");
    return 1;
  }
  return await onDatabase(tools.databaseUrl, {
    refuse: (why) => {
      tools.print(why);
      return 1;
    },
    work: (db) => rotate(db, { order, tools, ring, isSet: set !== null }),
  });
}

interface Task {
  readonly order: RotateOrder;
  readonly tools: RotateTools;
  readonly ring: readonly RingKey[];
  /** Whether the ring is set, so that we cannot write it. */
  readonly isSet: boolean;
}

async function rotate(db: Database, task: Task): Promise<number> {
  const { order: { dryRun, forgetOld }, tools, ring, isSet } = task;
  const { print } = tools;
  const used = await listSealingKeys(db);
  const missing = used.filter((id) => !ring.some((key) => key.id === id));
  if (missing.length > 0) {
    print(`Cannot rotate: the ring lacks the keys ${missing.join(", ")}, under which secrets are sealed`);
    return 1;
  }
  const unfinished = used.some((id) => id !== ring[0]?.id);
  if (!forgetOld && !unfinished && isSet) return tellNewKey(ring, task);
  const wanted = forgetOld || unfinished ? ring : [newRingKey(), ...ring];
  if (wanted !== ring) {
    print(dryRun ? "Would make a new key" : `New key "${wanted[0]?.id}" in ${keyFileOf(tools)}`);
    if (!dryRun) await writeKeyFile(keyFileOf(tools), wanted);
  }
  const box = await createSecretBox(wanted);
  const note = noteIn(db, { box, tools });
  const rotates = !dryRun && (wanted !== ring || unfinished);
  // Before anything is sealed anew: what is ended half-way has then been written down as well.
  if (rotates) {
    await note("secrets-rotation-begun", { before: { keyIds: used }, after: { keyId: box.keyId } });
  }
  const { resealed, stuck } = await resealSecrets(db, box, { dryRun, nowMs: tools.nowMs });
  print(`${dryRun ? "Would seal" : "Sealed"} ${resealed} secrets anew`);
  if (rotates && stuck.length === 0) {
    const after = { keyId: box.keyId, resealed };
    await note("secrets-rotated", { before: { keyIds: used }, after });
  }
  if (stuck.length > 0) {
    print(`Cannot open ${stuck.length}: ${stuck.slice(0, 20).join(", ")}`);
    return 1;
  }
  return forgetOld ? await forget(db, { ...task, ring: wanted, note }) : 0;
}

type Note = (action: string, more: Pick<AuditEntry, "before" | "after">) => Promise<void>;

/** Writes down what is done with the keys. */
function noteIn(
  db: Database,
  { box, tools: { nowMs } }: { readonly box: SecretBox; readonly tools: RotateTools },
): Note {
  return async (action, more) => {
    const { seal } = await openKeys(db, box, nowMs);
    const by = { atMs: nowMs, actor: "deno task secrets:rotate", userId: null, origin: "command line" };
    await appendAudit(db, { ...by, requestId: null, seal }, { action, subject: "secrets", ...more });
  };
}

function tellNewKey(ring: readonly RingKey[], { order: { dryRun }, tools: { print } }: Task): number {
  if (dryRun) {
    print(
      "Would print a new key: the ring is set by SECRETS_KEY or SECRETS_KEY_FILE, which only you can change",
    );
    return 0;
  }
  const key = newRingKey();
  print(
    `The ring is set by SECRETS_KEY or SECRETS_KEY_FILE. Put this key before "${
      ring[0]?.id
    }" there, behind it`,
  );
  print("a comma or a line break, start Wattpost anew, then run this again:");
  print(`  ${formatKeyRing([key]).trim()}`);
  return 0;
}

/** Takes keys out that nothing needs; one that is needed again meanwhile is put back. */
async function forget(
  db: Database,
  { order: { dryRun }, tools, ring, isSet, note }: Task & { readonly note: Note },
): Promise<number> {
  const { print } = tools;
  const [first, ...old] = ring;
  if (!first || old.length === 0) {
    print("There is no old key");
    return 0;
  }
  const names = old.map(({ id }) => `"${id}"`).join(", ");
  if (isSet || dryRun) {
    print(isSet ? `Nothing needs ${names} any more: take it out of SECRETS_KEY` : `Would forget ${names}`);
    return 0;
  }
  const words = { before: { keyIds: ring.map(({ id }) => id) }, after: { keyIds: [first.id] } };
  await note("secrets-keys-forgotten", words);
  await writeKeyFile(keyFileOf(tools), [first]);
  if ((await listSealingKeys(db)).some((id) => id !== first.id)) {
    await writeKeyFile(keyFileOf(tools), ring);
    await note("secrets-keys-put-back", { before: words.after, after: words.before });
    print("Something was sealed under an old key meanwhile: run it again");
    return 1;
  }
  print(`Forgot ${names}`);
  return 0;
}

async function main(): Promise<number> {
  const unknown = Deno.args.find((arg) => !["--dry-run", "--forget-old", "--help"].includes(arg));
  if (unknown !== undefined || Deno.args.includes("--help")) {
    console.log(unknown === undefined ? ROTATE_HELP : `No option is called "${unknown}"\n\n${ROTATE_HELP}`);
    return unknown === undefined ? 0 : 2;
  }
  const order = { dryRun: Deno.args.includes("--dry-run"), forgetOld: Deno.args.includes("--forget-old") };
  const tools = { nowMs: systemClock.nowMs(), print: (line: string) => console.log(line) };
  return await runCommand("rotate the secrets", (settings) => runRotate(order, { ...settings, ...tools }));
}

if (import.meta.main) Deno.exit(await main());
