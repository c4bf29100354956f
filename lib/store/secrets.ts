/**
 * Secrets in the database: each sealed under its name, so that neither a copy of the database nor a row moved to
 * another name gives anything away.
 *
 * @module
 */

import type { Database, Executor } from "./db.ts";
import { insertMissing } from "./dialect.ts";
import type { SecretBox } from "./secret_box.ts";

/** A secret cannot be opened: whoever runs Wattpost has to give the right key. */
export class SecretError extends Error {
  /** The key that is not there; `null`: it is there, but does not open this. */
  readonly missingKeyId: string | null;

  /** Says which secret; never what it is. */
  constructor(name: string, missingKeyId: string | null) {
    super(
      missingKeyId === null
        ? `Cannot open the secret "${name}": its key is another one, or it was tampered with`
        : `Cannot open the secret "${name}": the key "${missingKeyId}" is missing`,
    );
    this.name = "SecretError";
    this.missingKeyId = missingKeyId;
  }
}

/** A secret to be kept. */
export interface SecretDraft {
  /** What it is called, such as `smtp-password` or `totp:7`; at most 80 characters. */
  readonly name: string;
  /** What must not be seen; at most 20,000 characters. */
  readonly plain: string;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** Characters of a secret at most: sealed it fits the column. */
export const SECRET_MAX = 10_000;

/** Keeps a secret, in place of what was under its name. */
export async function putSecret(
  tx: Database | Executor,
  box: SecretBox,
  { name, plain, nowMs }: SecretDraft,
): Promise<void> {
  const db = executorOf(tx);
  const row = await sealedRow(box, { name, plain, nowMs });
  const { name: _, ...columns } = row;
  await insertMissing(db, "secret", row);
  await db.updateTable("secret").set(columns).where("name", "=", name).execute();
}

/** A secret; `null`: there is none. @throws SecretError when its key is not there or does not open it. */
export async function readSecret(
  tx: Database | Executor,
  box: SecretBox,
  name: string,
): Promise<string | null> {
  const row = await executorOf(tx).selectFrom("secret").select("sealed").where("name", "=", name)
    .executeTakeFirst();
  if (!row) return null;
  const opened = await box.open(name, row.sealed);
  if (opened.ok) return opened.value;
  throw new SecretError(name, opened.error.kind === "unknown-key" ? opened.error.keyId : null);
}

/** Whether there is a secret; it is not opened. */
export async function hasSecret(tx: Database | Executor, name: string): Promise<boolean> {
  const row = await executorOf(tx).selectFrom("secret").select("name").where("name", "=", name)
    .executeTakeFirst();
  return row !== undefined;
}

/** Forgets a secret. */
export async function deleteSecret(tx: Database | Executor, name: string): Promise<void> {
  await executorOf(tx).deleteFrom("secret").where("name", "=", name).execute();
}

/** Names of kept secrets that begin with `prefix`, in order, at most 1,000 after `after`. */
export async function listSecretNames(
  tx: Database | Executor,
  { prefix = "", after = "" }: { readonly prefix?: string; readonly after?: string } = {},
): Promise<readonly string[]> {
  const rows = await executorOf(tx).selectFrom("secret").select("name").where("name", ">", after)
    .where("name", ">=", prefix).where("name", "<", `${prefix}\u{ffff}`).orderBy("name").limit(1_000)
    .execute();
  return rows.map(({ name }) => name);
}

/** A secret that is made once, by whichever process comes first; all get the same. */
export async function onceSecret(
  db: Database,
  box: SecretBox,
  { name, nowMs, make }: Omit<SecretDraft, "plain"> & { readonly make: () => Promise<string> },
): Promise<string> {
  const found = await readSecret(db, box, name);
  if (found !== null) return found;
  const row = await sealedRow(box, { name, nowMs, plain: await make() });
  await insertMissing(db.kysely, "secret", row);
  const kept = await readSecret(db, box, name);
  if (kept === null) throw new Error(`The secret "${name}" was made and is not there`);
  return kept;
}

/** Ids of the keys under which something is sealed, at most 100. */
export async function listSealingKeys(db: Database): Promise<readonly string[]> {
  const rows = await db.kysely.selectFrom("secret").select("key_id").distinct().orderBy("key_id").limit(100)
    .execute();
  return rows.map(({ key_id }) => key_id);
}

async function sealedRow(box: SecretBox, { name, plain, nowMs }: SecretDraft) {
  if (plain.length > SECRET_MAX) throw new RangeError(`The secret "${name}" is longer than ${SECRET_MAX}`);
  const sealed = await box.seal(name, plain);
  return { name, sealed, key_id: keyIdOf(sealed), changed_ms: nowMs };
}

/** The key that a sealed text names. */
export function keyIdOf(sealed: string): string {
  return sealed.split(".", 2)[1] ?? "";
}

function executorOf(db: Database | Executor): Executor {
  return "kysely" in db ? db.kysely : db;
}
