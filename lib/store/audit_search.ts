/**
 * Looks through the audit trail from its newest entry backwards, along its primary key and never further than a limit:
 * the trail grows for ever, and no index could serve a search in what people typed.
 *
 * @module
 */

import { type RawBuilder, sql } from "kysely";
import type { Database } from "./db.ts";

/** Entries looked at for one page at most. */
export const LOOKED_MAX = 20_000;

/** Milliseconds by which the clocks of two instances may differ: entries of one moment lie no further apart. */
const CLOCKS_MS = 600_000;

/** Halvings by which an instant is found among all ids. */
const HALVINGS_MAX = 64;

/** What is looked for. */
export interface AuditQuery {
  /** In who, what it was done to, or what was done; empty: anything. */
  readonly text: string;
  /** What was done; `null`: anything. */
  readonly action: string | null;
  /** To which site; `null`: any or none. */
  readonly siteId: number | null;
  /** Not before, epoch milliseconds; `null`: from the beginning. */
  readonly fromMs: number | null;
  /** Before, epoch milliseconds; `null`: to the end. */
  readonly toMs: number | null;
  /** Only entries with a lower id; `null`: from the newest. */
  readonly below: number | null;
  /** Entries at most. */
  readonly limit: number;
}

/** An entry as it is found. */
export interface FoundEntry {
  /** Unique, later ones higher. */
  readonly id: number;
  /** Place in the chain; `null`: older than the chain. */
  readonly seq: number | null;
  /** Epoch milliseconds. */
  readonly atMs: number;
  /** Who. */
  readonly actor: string;
  /** What was done. */
  readonly action: string;
  /** To what. */
  readonly subject: string;
  /** To which site; `null`: none in particular. */
  readonly siteId: number | null;
  /** From where. */
  readonly origin: string;
  /** By which request; `null`: none. */
  readonly requestId: string | null;
  /** What it was, JSON; `null`: nothing. */
  readonly beforeJson: string | null;
  /** What it became, JSON; `null`: nothing. */
  readonly afterJson: string | null;
}

/** What was found. */
export interface AuditPage {
  /** The newest first. */
  readonly entries: readonly FoundEntry[];
  /** Where to go on; `null`: there is nothing more. */
  readonly next: number | null;
  /** When the oldest entry was written that was looked at, where the limit ended it; `null`: it ended by itself. */
  readonly lookedBackToMs: number | null;
}

/** Looks for entries, the newest first. */
export async function searchAudit(db: Database, query: AuditQuery): Promise<AuditPage> {
  const { fromMs, toMs, limit } = query;
  const upper = toMs === null ? null : await firstIdAt(db, toMs + CLOCKS_MS);
  const lower = fromMs === null ? null : await firstIdAt(db, fromMs - CLOCKS_MS);
  const below = [query.below, upper].reduce<number | null>(
    (least, id) => id === null ? least : Math.min(id, least ?? id),
    null,
  );
  let looked = db.reader.selectFrom("audit")
    .select(["audit_id", "at_ms", "actor", "action", "subject", "site_id"]);
  if (below !== null) looked = looked.where("audit_id", "<", below);
  if (lower !== null) looked = looked.where("audit_id", ">=", lower);
  const window = looked.orderBy("audit_id", "desc").limit(LOOKED_MAX).as("looked");
  const end = await db.reader.selectFrom(window)
    .select((eb) => [eb.fn.countAll<number>().as("rows"), eb.fn.min("audit_id").as("lowest")])
    .select((eb) => eb.fn.min("at_ms").as("oldest")).executeTakeFirstOrThrow();
  const hits = await db.reader.selectFrom(window).select("audit_id")
    .where(sql.join(conditionsOf(query), sql` and `) as RawBuilder<boolean>)
    .orderBy("audit_id", "desc").limit(limit + 1).execute();
  const ids = hits.slice(0, limit).map(({ audit_id }) => audit_id);
  const entries = await entriesOf(db, ids);
  if (hits.length > limit) return { entries, next: ids.at(-1) ?? null, lookedBackToMs: null };
  const ended = Number(end.rows) < LOOKED_MAX;
  return {
    entries,
    next: ended ? null : Number(end.lowest),
    lookedBackToMs: ended ? null : Number(end.oldest),
  };
}

function conditionsOf({ text, action, siteId, fromMs, toMs }: AuditQuery): readonly RawBuilder<boolean>[] {
  const all: RawBuilder<boolean>[] = [sql`1 = 1`];
  if (text !== "") {
    const pattern = `%${text.replaceAll(/[!%_]/g, "!$&")}%`;
    const columns = ["actor", "action", "subject"].map((column) =>
      sql`lower(${sql.ref(column)}) like lower(${pattern}) escape '!'`
    );
    all.push(sql`(${sql.join(columns, sql` or `)})`);
  }
  if (action !== null) all.push(sql`action = ${action}`);
  if (siteId !== null) all.push(sql`site_id = ${siteId}`);
  if (fromMs !== null) all.push(sql`at_ms >= ${fromMs}`);
  if (toMs !== null) all.push(sql`at_ms < ${toMs}`);
  return all;
}

/** The lowest id from which entries are not older than an instant, by halving; entries lie by their time but for the
 * difference of clocks. */
async function firstIdAt(db: Database, instantMs: number): Promise<number> {
  const ends = await db.reader.selectFrom("audit")
    .select((eb) => [eb.fn.min("audit_id").as("low"), eb.fn.max("audit_id").as("high")])
    .executeTakeFirst();
  let low = Number(ends?.low ?? 0);
  let high = Number(ends?.high ?? 0) + 1;
  for (let i = 0; i < HALVINGS_MAX && low < high; i++) {
    const middle = Math.floor((low + high) / 2);
    const row = await db.reader.selectFrom("audit").select(["audit_id", "at_ms"])
      .where("audit_id", ">=", middle).orderBy("audit_id").limit(1).executeTakeFirst();
    if (row && row.at_ms < instantMs) low = row.audit_id + 1;
    else high = middle;
  }
  return low;
}

async function entriesOf(db: Database, ids: readonly number[]): Promise<readonly FoundEntry[]> {
  if (ids.length === 0) return [];
  const rows = await db.reader.selectFrom("audit")
    .select(["audit_id", "seq", "at_ms", "actor", "action", "subject", "site_id", "origin", "request_id"])
    .select(["before_json", "after_json"])
    .where("audit_id", "in", ids).orderBy("audit_id", "desc").execute();
  return rows.map((row) => ({
    id: row.audit_id,
    seq: row.seq,
    atMs: row.at_ms,
    actor: row.actor,
    action: row.action,
    subject: row.subject,
    siteId: row.site_id,
    origin: row.origin,
    requestId: row.request_id,
    beforeJson: row.before_json,
    afterJson: row.after_json,
  }));
}
