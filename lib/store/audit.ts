/**
 * The audit trail: who changed what, from where, what it was and what it became.
 *
 * @module
 */

import type { Database, Executor } from "./db.ts";

/** Seals a text with the key of the trail: HMAC-SHA-256, as 64 hexadecimal digits. */
export type AuditSeal = (text: string) => string;

/** Who does something that is written down. */
export interface Author {
  /** Epoch milliseconds. */
  readonly atMs: number;
  /** An e-mail address, or the name of a command. */
  readonly actor: string;
  /** Whose account it is; `null`: nobody's. */
  readonly userId: number | null;
  /** Address of the client. */
  readonly origin: string;
  /** The request by which it was done; `null`: none. */
  readonly requestId: string | null;
  /** Seals the entry. */
  readonly seal: AuditSeal;
}

/** An entry of the trail. */
export interface AuditEntry {
  /** Epoch milliseconds. */
  readonly atMs: number;
  /** Who: an e-mail address, or the name of a command. */
  readonly actor: string;
  /** What was done, such as `sign-in` or `site-changed`. */
  readonly action: string;
  /** To what, such as `site 7`. */
  readonly subject: string;
  /** Address of the client. */
  readonly origin: string;
  /** What it was; absent: nothing. */
  readonly before?: unknown;
  /** What it became; absent: nothing. */
  readonly after?: unknown;
}

/** Entries of one page at most. */
const ENTRIES_LIMIT = 100;

/** Writes an entry, in the transaction of the change where there is one. */
export async function appendAudit(db: Database | Executor, entry: AuditEntry): Promise<void> {
  const executor = "kysely" in db ? db.kysely : db;
  await executor.insertInto("audit").values({
    at_ms: entry.atMs,
    actor: entry.actor.slice(0, 190),
    action: entry.action.slice(0, 64),
    subject: entry.subject.slice(0, 190),
    origin: entry.origin.slice(0, 64),
    before_json: entry.before === undefined ? null : JSON.stringify(entry.before),
    after_json: entry.after === undefined ? null : JSON.stringify(entry.after),
  }).execute();
}

/** The newest entries, at most 100. */
export async function listAudit(db: Database, limit = ENTRIES_LIMIT): Promise<readonly AuditEntry[]> {
  const rows = await db.reader.selectFrom("audit")
    .select(["at_ms", "actor", "action", "subject", "origin", "before_json", "after_json"])
    .orderBy("audit_id", "desc").limit(Math.min(limit, ENTRIES_LIMIT)).execute();
  return rows.map((row) => ({
    atMs: row.at_ms,
    actor: row.actor,
    action: row.action,
    subject: row.subject,
    origin: row.origin,
    ...(row.before_json === null ? {} : { before: JSON.parse(row.before_json) as unknown }),
    ...(row.after_json === null ? {} : { after: JSON.parse(row.after_json) as unknown }),
  }));
}
