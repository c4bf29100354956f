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
import { piecesOf } from "./ids.ts";
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
  const head = await lockHead(tx);
  const sealed = sealedRow(head, by, entry);
  await tx.insertInto("audit").values(sealed).execute();
  await tx.updateTable("audit_head").set({ seq: sealed.seq, hash: sealed.hash }).where("head_id", "=", 1)
    .execute();
}

/** Entries of one statement. */
const ENTRIES_A_STATEMENT = 100;

/** Writes entries in their order, in the transaction of the changes, with one turn at the head of the chain. */
export async function appendAudits(
  tx: Executor,
  by: Author,
  entries: readonly AuditEntry[],
): Promise<void> {
  if (!tx.isTransaction) throw new TypeError("Entries are written down outside a transaction");
  if (entries.length === 0) return;
  let head = await lockHead(tx);
  const rows = entries.map((entry) => {
    const row = sealedRow(head, by, entry);
    head = row;
    return row;
  });
  for (const piece of piecesOf(rows, ENTRIES_A_STATEMENT)) {
    await tx.insertInto("audit").values([...piece]).execute();
  }
  await tx.updateTable("audit_head").set({ seq: head.seq, hash: head.hash }).where("head_id", "=", 1)
    .execute();
}

interface ChainHead {
  readonly seq: number;
  readonly hash: string;
}

function lockHead(tx: Executor): Promise<ChainHead> {
  return tx.selectFrom("audit_head").select(["seq", "hash"]).where("head_id", "=", 1)
    .modifyEnd(exclusiveLock(tx)).executeTakeFirstOrThrow();
}

function sealedRow(head: ChainHead, by: Author, entry: AuditEntry): ChainedRow & ChainHead {
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
  return { ...row, hash: by.seal(chainText(head.hash, row)) };
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
