/**
 * How the half-hours of sites ended, from both shapes of the ledger: rows while they are new, 48 letters a day
 * once they are packed.
 *
 * @module
 */

import { firstHalfHourOf, HALF_HOURS_A_DAY, type HalfHour, utcDayOf } from "../domain/half_hour.ts";
import { readingCodeOf, type ReadingReason, readingReasonOf } from "../domain/reading.ts";
import type { Database } from "./db.ts";
import { listOutages } from "./outages.ts";

/** Outcomes of one site. */
export interface SiteOutcomes {
  /** The site. */
  readonly siteId: number;
  /** The first half-hour. */
  readonly from: HalfHour;
  /** A letter each: c complete, p partial, f failed, o open or claimed, `-` not expected. */
  readonly outcomes: string;
  /** Why, for those that did not read everything and for open ones that failed so far. */
  readonly reasons: readonly { readonly halfHour: HalfHour; readonly reason: ReadingReason }[];
}

/** Letters by ledger state. */
export const OUTCOME_LETTERS = "oocpf";

const SITES_LIMIT = 500;
const HALF_HOURS_LIMIT = 400 * HALF_HOURS_A_DAY;

/** Rows of one statement at most. */
const PAIRS_A_STATEMENT = 10_000;

/** How sites fared from one half-hour to another (exclusive); at most 500 sites and 400 days. */
export async function listSiteOutcomes(
  db: Database,
  siteIds: readonly number[],
  range: { readonly from: HalfHour; readonly to: HalfHour },
): Promise<ReadonlyMap<number, SiteOutcomes>> {
  const { from, to } = range;
  if (siteIds.length > SITES_LIMIT) throw new RangeError(`${siteIds.length} sites: at most ${SITES_LIMIT}`);
  const count = to - from;
  if (count > HALF_HOURS_LIMIT) throw new RangeError(`${count} half-hours: at most ${HALF_HOURS_LIMIT}`);
  const found = new Map(siteIds.map((siteId) => [siteId, {
    letters: new Array<string>(Math.max(0, count)).fill("-"),
    reasons: new Map<HalfHour, ReadingReason>(),
  }]));
  const put = (siteId: number, halfHour: HalfHour, [letter, reason]: readonly [string, number | null]) => {
    const site = found.get(siteId);
    if (!site || halfHour < from || halfHour >= to) return;
    site.letters[halfHour - from] = letter;
    if (reason !== null) site.reasons.set(halfHour, readingReasonOf(reason));
  };
  if (siteIds.length > 0 && count > 0) {
    await putPacked(db, siteIds, { from, to, put });
    await putRows(db, siteIds, { from, to, put });
    await putOutages(db, siteIds, {
      from,
      to,
      put: (siteId, halfHour, outcome) => {
        if (found.get(siteId)?.letters[halfHour - from] === "-") put(siteId, halfHour, outcome);
      },
    });
  }
  return new Map([...found].map(([siteId, { letters, reasons }]) => {
    const sorted = [...reasons].map(([halfHour, reason]) => ({ halfHour, reason }))
      .sort((a, b) => a.halfHour - b.halfHour);
    return [siteId, { siteId, from, outcomes: letters.join(""), reasons: sorted }];
  }));
}

interface Sink {
  readonly from: HalfHour;
  readonly to: HalfHour;
  readonly put: (siteId: number, halfHour: HalfHour, outcome: readonly [string, number | null]) => void;
}

async function putPacked(db: Database, siteIds: readonly number[], { from, to, put }: Sink): Promise<void> {
  const days = rangeOf(utcDayOf(from), utcDayOf(to - 1) + 1);
  for (const piece of chunksOf(days, siteIds.length)) {
    const rows = await db.reader.selectFrom("ledger_day").select(["day", "site_id", "outcomes", "reasons"])
      .where("day", "in", piece).where("site_id", "in", siteIds).execute();
    for (const row of rows) {
      const reasons = new Map(JSON.parse(row.reasons ?? "[]") as [number, number][]);
      [...row.outcomes].forEach((letter, i) => {
        if (letter !== "-") put(row.site_id, firstHalfHourOf(row.day) + i, [letter, reasons.get(i) ?? null]);
      });
    }
  }
}

async function putRows(db: Database, siteIds: readonly number[], { from, to, put }: Sink): Promise<void> {
  const oldest = await db.reader.selectFrom("ledger").select((eb) => eb.fn.min("half_hour").as("oldest"))
    .executeTakeFirst();
  if (oldest?.oldest == null) return;
  for (const piece of chunksOf(rangeOf(Math.max(from, oldest.oldest), to), siteIds.length)) {
    const rows = await db.reader.selectFrom("ledger").select(["half_hour", "site_id", "state", "reason"])
      .where("half_hour", "in", piece).where("site_id", "in", siteIds).execute();
    for (const { half_hour, site_id, state, reason } of rows) {
      put(site_id, half_hour, [OUTCOME_LETTERS[state] ?? "-", state === 2 ? null : reason]);
    }
  }
}

/** Half-hours that nobody opened while nobody collected. */
async function putOutages(db: Database, siteIds: readonly number[], { from, to, put }: Sink): Promise<void> {
  const outages = await listOutages(db.reader, { from, to });
  if (outages.length === 0) return;
  const sites = await db.reader.selectFrom("site").select(["site_id", "since"]).where(
    "site_id",
    "in",
    siteIds,
  )
    .where("collected", "=", 1).execute();
  for (const { site_id, since } of sites) {
    for (const outage of outages) {
      for (let halfHour = Math.max(outage.from, since); halfHour < outage.to; halfHour++) {
        put(site_id, halfHour, ["f", readingCodeOf(outage.reason)]);
      }
    }
  }
}

/** Whole numbers from one to another (exclusive). */
export function rangeOf(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}

/** Pieces of a list, so small that each, joined with `others` ids, stays within what one statement may ask. */
export function chunksOf<T>(list: readonly T[], others: number): readonly (readonly T[])[] {
  const size = Math.max(1, Math.floor(PAIRS_A_STATEMENT / Math.max(1, others)));
  return Array.from(
    { length: Math.ceil(list.length / size) },
    (_, i) => list.slice(i * size, (i + 1) * size),
  );
}
