/**
 * The audit trail: who changed what, from where, what it was and what it became. Each entry is sealed together with
 * the seal of the one before it, under the lock of the chain's head, so that two instances writing make one chain.
 *
 * @module
 */

import type { Transaction } from "kysely";
import { cleanText, traceJson } from "../domain/audit.ts";
import { type ChainedRow, chainText } from "./audit_chain.ts";
import { type Database, type Executor, transaction } from "./db.ts";
import { exclusiveLock } from "./dialect.ts";
import type { Schema } from "./schema.ts";

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

/** What is written down. */
export interface AuditEntry {
  /** What was done, such as `sign-in` or `site-changed`. */
  readonly action: string;
  /** To what, such as `site 7`. */
  readonly subject: string;
  /** The site it was done to; absent: none in particular. */
  readonly siteId?: number;
  /** What it was; absent: nothing. Secrets are masked by the names of their keys. */
  readonly before?: unknown;
  /** What it became; absent: nothing. Secrets are masked by the names of their keys. */
  readonly after?: unknown;
}

/** An entry as it stands in the trail. */
export interface AuditRecord extends AuditEntry {
  /** Epoch milliseconds. */
  readonly atMs: number;
  /** Who: an e-mail address, or the name of a command. */
  readonly actor: string;
  /** Address of the client. */
  readonly origin: string;
}

/** Entries of one page at most. */
const ENTRIES_LIMIT = 100;

/** Writes an entry: in the transaction of the change, or in one of its own where nothing else changes. */
export async function appendAudit(
  db: Database | Executor,
  by: Author,
  entry: AuditEntry,
): Promise<void> {
  if ("kysely" in db) return await transaction(db, (tx) => append(tx, by, entry));
  if (!db.isTransaction) throw new TypeError(`"${entry.action}" is written down outside a transaction`);
  await append(db as Transaction<Schema>, by, entry);
}

async function append(tx: Transaction<Schema>, by: Author, entry: AuditEntry): Promise<void> {
  const head = await tx.selectFrom("audit_head").select(["seq", "hash"]).where("head_id", "=", 1)
    .modifyEnd(exclusiveLock(tx)).executeTakeFirstOrThrow();
  const row: ChainedRow = {
    seq: head.seq + 1,
    at_ms: by.atMs,
    actor: cleanText(by.actor, 190),
    action: cleanText(entry.action, 64),
    subject: cleanText(entry.subject, 190),
    origin: cleanText(by.origin, 64),
    before_json: traceJson(entry.before),
    after_json: traceJson(entry.after),
    user_id: by.userId,
    site_id: entry.siteId ?? null,
    request_id: by.requestId === null ? null : cleanText(by.requestId, 40),
  };
  const hash = by.seal(chainText(head.hash, row));
  await tx.insertInto("audit").values({ ...row, hash }).execute();
  await tx.updateTable("audit_head").set({ seq: row.seq, hash }).where("head_id", "=", 1).execute();
}

/** The newest entries, at most 100. */
export async function listAudit(db: Database, limit = ENTRIES_LIMIT): Promise<readonly AuditRecord[]> {
  const rows = await db.reader.selectFrom("audit")
    .select(["at_ms", "actor", "action", "subject", "origin", "site_id", "before_json", "after_json"])
    .orderBy("audit_id", "desc").limit(Math.min(limit, ENTRIES_LIMIT)).execute();
  return rows.map((row) => ({
    atMs: row.at_ms,
    actor: row.actor,
    action: row.action,
    subject: row.subject,
    origin: row.origin,
    ...(row.site_id === null ? {} : { siteId: row.site_id }),
    ...(row.before_json === null ? {} : { before: JSON.parse(row.before_json) as unknown }),
    ...(row.after_json === null ? {} : { after: JSON.parse(row.after_json) as unknown }),
  }));
}
