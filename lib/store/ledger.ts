/**
 * The ledger has a row per half-hour and site, made before anything is read. It says what is expected, who has
 * claimed it, how it ended; and it is the fence: only who still holds the token of a row may store its readings.
 *
 * @module
 */

import { type ExpressionBuilder, sql } from "kysely";
import { type HalfHour, utcDayOf } from "../domain/half_hour.ts";
import { dueMsOf, VISITS_MAX } from "../domain/schedule.ts";
import type { Claim } from "../domain/visit.ts";
import { LEDGER_STATES, type LedgerState } from "./codes.ts";
import { type Database, isStoreError, transaction } from "./db.ts";
import { lockDays } from "./days.ts";
import { writeLedger } from "./ledger_rows.ts";
import { isWorking, workingRelease } from "./releases.ts";
import type { LedgerTable, Schema } from "./schema.ts";
import { noteOpened } from "./unclosed.ts";

export { closeHalfHour, closeUnvisited, recordOutage } from "./closing.ts";
export type { LedgerState } from "./codes.ts";
export { listSiteOutcomes, type SiteOutcomes } from "./outcomes.ts";
export { unclosedHalfHours } from "./unclosed.ts";

/** Sites of one claim at most. */
export const CLAIM_LIMIT = 200;

const SITES_A_BATCH = 2_000;

/** Tries of a batch that another process opened at the same time. */
const OPEN_TRIES = 5;

/** How to open a half-hour. */
export interface OpenHalfHourOptions {
  /** When a site is due, epoch milliseconds; default: the boundary and the site's own phase. */
  readonly dueMsOf?: (halfHour: HalfHour, siteId: number) => number;
}

/** Makes the rows of all collected sites that are expected and have none; how many. Repeatable. */
export async function openHalfHour(
  db: Database,
  halfHour: HalfHour,
  options: OpenHalfHourOptions = {},
): Promise<number> {
  const due = options.dueMsOf ?? dueMsOf;
  let made = 0;
  for (let cursor: number | null = 0; cursor !== null;) {
    const batch: OpenBatch = await openBatch(db, halfHour, { after: cursor, due });
    made += batch.made;
    cursor = batch.next;
  }
  if (made > 0) noteOpened(db, halfHour);
  return made;
}

interface OpenBatch {
  readonly made: number;
  readonly next: number | null;
}

async function openBatch(
  db: Database,
  halfHour: HalfHour,
  { after, due }: { readonly after: number; readonly due: (halfHour: HalfHour, siteId: number) => number },
): Promise<OpenBatch> {
  for (let tries = 1;; tries++) {
    try {
      return await transaction(db, async (tx) => {
        await lockDays(tx, [utcDayOf(halfHour)]);
        const sites = await tx.selectFrom("site").select("site_id").where("site_id", ">", after)
          .where("collected", "=", 1).where("since", "<=", halfHour)
          .where(({ not, exists, selectFrom }) =>
            not(exists(
              selectFrom("ledger").select("ledger.site_id").where("half_hour", "=", halfHour)
                .whereRef("ledger.site_id", "=", "site.site_id"),
            ))
          )
          .orderBy("site_id").limit(SITES_A_BATCH).execute();
        await writeLedger(
          tx,
          sites.map(({ site_id }) => newRow(halfHour, site_id, due(halfHour, site_id))),
          "insert",
        );
        const last = sites.at(-1);
        return { made: sites.length, next: sites.length === SITES_A_BATCH && last ? last.site_id : null };
      });
    } catch (error) {
      if (!isStoreError(error, "duplicate") || tries >= OPEN_TRIES) throw error;
    }
  }
}

function newRow(halfHour: HalfHour, siteId: number, dueAtMs: number): LedgerTable {
  return {
    half_hour: halfHour,
    site_id: siteId,
    state: 0,
    due_at_ms: dueAtMs,
    token: null,
    claim_until_ms: null,
    mark: null,
    tries: 0,
    has_reading: 0,
    reason: null,
    path_id: null,
    stored_at_ms: null,
    judged: 0,
  };
}

/** The sites of a half-hour, as far as ids go. */
export interface SiteRange {
  /** Smallest id. */
  readonly first: number;
  /** Largest id. */
  readonly last: number;
}

/** The range of a half-hour's sites; `null`: it has none. */
export async function siteRangeOf(db: Database, halfHour: HalfHour): Promise<SiteRange | null> {
  const row = await db.kysely.selectFrom("ledger")
    .select((eb) => [eb.fn.min("site_id").as("first"), eb.fn.max("site_id").as("last")])
    .where("half_hour", "=", halfHour).executeTakeFirst();
  return row?.first == null || row.last == null ? null : { first: row.first, last: row.last };
}

/** What to claim. */
export interface ClaimRequest {
  /** The half-hour. */
  readonly halfHour: HalfHour;
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** How long the claim lives, in milliseconds: the visits' deadline and 30 s. */
  readonly claimMs: number;
  /** Sites at most, up to 200; 0 or less claims nothing. */
  readonly limit: number;
  /** Sites with greater ids alone: a cursor that goes round once. */
  readonly afterSiteId: number;
  /** Random, 31 bits, never 0, used for this claim alone. */
  readonly token: number;
  /** The release that claims: it claims nothing once another one works. `null`: whichever works. */
  readonly release: string | null;
  /** Sites that are passed over: this process is at them already. */
  readonly skip?: (siteId: number) => boolean;
}

/** What was claimed. */
export interface ClaimResult {
  /** The claim; `null`: nothing, or others were quicker. */
  readonly claim: Claim | null;
  /** How often each of its sites was claimed in this half-hour, this time included. */
  readonly tries: ReadonlyMap<number, number>;
  /** Whether further sites may be due behind the cursor. */
  readonly more: boolean;
  /** Where to go on. */
  readonly cursor: number;
  /** When the next row becomes due or free, epoch milliseconds; `null`: none, or not looked because of `more`. */
  readonly nextDueMs: number | null;
  /** Whether sites were left alone because another release works. */
  readonly fenced: boolean;
}

/** Claims due sites behind a cursor. */
export async function claimDue(db: Database, request: ClaimRequest): Promise<ClaimResult> {
  const { halfHour, nowMs, token } = request;
  const limit = Math.min(request.limit, CLAIM_LIMIT);
  if (limit <= 0) {
    const cursor = request.afterSiteId;
    return { claim: null, tries: new Map(), more: true, cursor, nextDueMs: null, fenced: false };
  }
  const candidates = await db.kysely.selectFrom("ledger").select("site_id").where("half_hour", "=", halfHour)
    .where("site_id", ">", request.afterSiteId).where((eb) => claimable(eb, nowMs))
    .orderBy("site_id").limit(limit).execute();
  const ids = candidates.map(({ site_id }) => site_id);
  const more = ids.length === limit;
  const cursor = ids.at(-1) ?? request.afterSiteId;
  const wanted = ids.filter((siteId) => !request.skip?.(siteId));
  const tries = await claimRows(db, wanted, request);
  const siteIds = [...tries.keys()];
  const nextDueMs = more ? null : await nextDueOf(db, halfHour, nowMs);
  const fenced = siteIds.length < wanted.length && request.release !== null &&
    await workingRelease(db) !== request.release;
  const claim = siteIds.length > 0 ? { halfHour, token, siteIds } : null;
  return { claim, tries, more, cursor, nextDueMs, fenced };
}

async function claimRows(
  db: Database,
  ids: readonly number[],
  request: ClaimRequest,
): Promise<ReadonlyMap<number, number>> {
  if (ids.length === 0) return new Map();
  const { halfHour, nowMs, token, release } = request;
  try {
    await db.kysely.updateTable("ledger")
      .set({ state: 1, token, claim_until_ms: nowMs + request.claimMs, tries: sql`tries + 1` })
      .where("half_hour", "=", halfHour).where("site_id", "in", ids).where((eb) => claimable(eb, nowMs))
      .$if(release !== null, (q) => q.where(isWorking(db.kysely, release ?? "")))
      .execute();
  } catch (error) {
    // Someone else is at these rows: the cursor moves on, the next round finds what is left.
    if (!isStoreError(error, "conflict")) throw error;
  }
  const rows = await db.kysely.selectFrom("ledger").select(["site_id", "tries"])
    .where("half_hour", "=", halfHour)
    .where("site_id", "in", ids).where("token", "=", token).orderBy("site_id").execute();
  return new Map(rows.map(({ site_id, tries }) => [site_id, tries]));
}

/** Due, or left by one who is no more; but a site whose visits cannot be stored is not visited for ever. */
function claimable(eb: ExpressionBuilder<Schema, "ledger">, nowMs: number) {
  return eb.or([
    eb.and([eb("state", "=", 0), eb("due_at_ms", "<=", nowMs)]),
    eb.and([eb("state", "=", 1), eb("claim_until_ms", "<", nowMs), eb("tries", "<", VISITS_MAX)]),
  ]);
}

async function nextDueOf(db: Database, halfHour: HalfHour, nowMs: number): Promise<number | null> {
  const row = await db.kysely.selectFrom("ledger")
    .select(
      sql<number | null>`min(case when state = 0 then due_at_ms else claim_until_ms + 1 end)`.as("next_ms"),
    )
    .where("half_hour", "=", halfHour).where("state", "in", [0, 1])
    .where((eb) =>
      eb.or([
        eb.and([eb("state", "=", 0), eb("due_at_ms", ">", nowMs)]),
        eb.and([eb("state", "=", 1), eb("claim_until_ms", ">=", nowMs)]),
      ])
    ).executeTakeFirst();
  return row?.next_ms ?? null;
}

/** Lets a claim live longer; how many of its sites are still held. */
export async function extendClaim(db: Database, claim: Claim, untilMs: number): Promise<number> {
  if (claim.siteIds.length === 0) return 0;
  const updated = await db.kysely.updateTable("ledger").set({ claim_until_ms: untilMs })
    .where("half_hour", "=", claim.halfHour).where("site_id", "in", claim.siteIds)
    .where("token", "=", claim.token).executeTakeFirst();
  return Number(updated.numUpdatedRows);
}

/** The newest half-hour with ledger rows; `null`: none was ever opened. */
export async function lastOpenedHalfHour(db: Database): Promise<HalfHour | null> {
  const row = await db.kysely.selectFrom("ledger").select((eb) => eb.fn.max("half_hour").as("newest"))
    .executeTakeFirst();
  return row?.newest ?? null;
}

/** How many sites of a half-hour stand how. */
export async function countLedger(db: Database, halfHour: HalfHour): Promise<Record<LedgerState, number>> {
  const rows = await db.reader.selectFrom("ledger").select((
    eb,
  ) => ["state", eb.fn.countAll<number>().as("sites")])
    .where("half_hour", "=", halfHour).groupBy("state").execute();
  const counts = { open: 0, claimed: 0, complete: 0, partial: 0, failed: 0 };
  for (const { state, sites } of rows) counts[LEDGER_STATES[state] ?? "open"] = Number(sites);
  return counts;
}
