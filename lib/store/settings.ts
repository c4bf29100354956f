/**
 * What administrators set on pages: a JSON value under a name, changed by compare-and-set so that of two who change
 * the same at once the second learns of the first.
 *
 * @module
 */

import { err, ok, type Result } from "../result.ts";
import { appendAudit, type Author } from "./audit.ts";
import { type Database, isStoreError } from "./db.ts";
import { exclusiveLock } from "./dialect.ts";
import { type Changing, executorOf, within } from "./within.ts";

/** Names of settings. */
export type SettingName = "mail" | "sms" | "second-factor" | "networks" | "own-addresses";

/** A setting as it stands. */
export interface Setting<T> {
  /** As parsed. */
  readonly value: T;
  /** How often it was changed; 0: never, it is what parsing nothing gave. */
  readonly version: number;
}

/** Reads a setting; `parse` is given `undefined` while it was never set. */
export async function readSetting<T>(
  db: Database | Changing,
  name: SettingName,
  parse: (value: unknown) => T,
): Promise<Setting<T>> {
  const executor = "kysely" in db ? db.reader : executorOf(db);
  const row = await executor.selectFrom("setting").select(["value", "version"]).where("name", "=", name)
    .executeTakeFirst();
  return row
    ? { value: parse(JSON.parse(row.value) as unknown), version: row.version }
    : { value: parse(undefined), version: 0 };
}

/** A setting as it is to be. */
export interface SettingChange {
  /** Which. */
  readonly name: SettingName;
  /** As JSON keeps it; no secrets, which lie sealed elsewhere. */
  readonly value: unknown;
  /** The version that was seen when it was changed. */
  readonly version: number;
}

/** Changes a setting unless somebody else has since; its new version. */
export async function writeSetting(
  db: Changing,
  by: Author,
  { name, value, version }: SettingChange,
): Promise<Result<number, { readonly kind: "changed" }>> {
  try {
    return await within(db, async (tx): Promise<Result<number, { readonly kind: "changed" }>> => {
      const row = await tx.selectFrom("setting").select(["value", "version"]).where("name", "=", name)
        .modifyEnd(exclusiveLock(tx)).executeTakeFirst();
      if ((row?.version ?? 0) !== version) return err({ kind: "changed" });
      const next = { value: JSON.stringify(value), version: version + 1 };
      if (row) await tx.updateTable("setting").set(next).where("name", "=", name).execute();
      else await tx.insertInto("setting").values({ name, ...next }).execute();
      await appendAudit(tx, by, {
        action: "setting-changed",
        subject: `setting ${name}`,
        ...(row ? { before: JSON.parse(row.value) as unknown } : {}),
        after: value,
      });
      return ok(next.version);
    });
  } catch (error) {
    if (isStoreError(error, "duplicate")) return err({ kind: "changed" });
    throw error;
  }
}
