/**
 * What a visit brings besides its readings, and the two questions that are asked before and after it is written:
 * whether its contexts are still true, and whether a site that was tried again is complete now.
 *
 * @module
 */

import { sql } from "kysely";
import { endSOf, type HalfHour } from "../domain/half_hour.ts";
import { readingCodeOf } from "../domain/reading.ts";
import type { Series } from "../domain/series.ts";
import type { StoredVisit } from "../domain/visit.ts";
import { newestAccepted, recentBounds } from "./accepted.ts";
import { codeIn, SERIES_BEGINNINGS } from "./codes.ts";
import type { Executor } from "./db.ts";
import { bulkRows } from "./dialect.ts";
import { ROWS_A_STATEMENT, spendOvertaken } from "./gaps.ts";
import { piecesOf } from "./ids.ts";

/** Writes series that start; one that starts at the same instant is there already. */
export async function writeSeries(tx: Executor, series: readonly Series[]): Promise<void> {
  const types = {
    channel_id: "int",
    since_s: "bigint",
    series_id: "int",
    numerator: "bigint",
    denominator: "bigint",
    origin: "bigint",
    modulus: "bigint",
    base: "bigint",
    begins: "int",
  } as const;
  const columns = Object.keys(types) as (keyof typeof types)[];
  for (const piece of piecesOf(series, ROWS_A_STATEMENT)) {
    const list = bulkRows(
      tx,
      types,
      piece.map((it) => [
        it.channelId,
        it.sinceS,
        it.id,
        it.numerator,
        it.denominator,
        it.origin,
        it.modulus,
        it.base ?? null,
        it.begins ? codeIn(SERIES_BEGINNINGS, it.begins) + 1 : null,
      ]),
    );
    await tx.insertInto("series").columns(columns).expression(
      tx.selectFrom(list.as("j")).select(columns).where(
        sql<
          boolean
        >`not exists (select 1 from series s where s.channel_id = j.channel_id and s.since_s = j.since_s)`,
      ),
    ).execute();
  }
}

/** Attempts kept of one visit at most. */
const ATTEMPTS_A_VISIT = 200;

/** Writes the tries of visits; `tries` counts the visits of the site's half-hour. */
export async function writeAttempts(
  tx: Executor,
  halfHour: HalfHour,
  visits: readonly {
    readonly visit: Pick<StoredVisit, "siteId" | "attempts">;
    readonly tries: number;
  }[],
): Promise<void> {
  const types = {
    half_hour: "int",
    site_id: "int",
    tries: "int",
    attempt_no: "int",
    at_ms: "bigint",
    endpoint_id: "int",
    path_id: "int",
    took_ms: "int",
    requests: "int",
    bytes: "int",
    reason: "int",
  } as const;
  const columns = Object.keys(types) as (keyof typeof types)[];
  const rows = visits.flatMap(({ visit, tries }) =>
    visit.attempts.slice(0, ATTEMPTS_A_VISIT).map((it, i) => [
      halfHour,
      visit.siteId,
      tries,
      i,
      it.atMs,
      it.endpointId,
      it.pathId,
      Math.round(it.tookMs),
      it.requests,
      it.bytes,
      it.reason && readingCodeOf(it.reason),
    ])
  );
  for (const piece of piecesOf(rows, ROWS_A_STATEMENT)) {
    await tx.replaceInto("attempt").columns(columns)
      .expression(tx.selectFrom(bulkRows(tx, types, piece).as("j")).select(columns)).execute();
  }
}

/**
 * Sites whose visit was judged before another process stored an earlier half-hour: a counter has a later accepted
 * reading than the one it was judged by, or a first reading although the half-hour before began a series. Gaps that
 * a later reading has overtaken are spent, so that the next judgement is not made by them again.
 */
export async function staleSites(
  tx: Executor,
  halfHour: HalfHour,
  visits: readonly StoredVisit[],
): Promise<ReadonlySet<number>> {
  const stale = new Set<number>();
  const siteOf = new Map(
    visits.flatMap(({ siteId, judgedBy }) => judgedBy.map(({ channelId }) => [channelId, siteId] as const)),
  );
  const oldest = (await recentBounds(tx))?.oldest ?? halfHour;
  const groups = Map.groupBy(visits.flatMap(({ judgedBy }) => judgedBy), (it) => it.halfHour);
  for (const [judgedBy, group] of groups) {
    const ids = group.map(({ channelId }) => channelId);
    const range = { from: Math.max(oldest, judgedBy + 1), to: halfHour };
    const later = await newestAccepted(tx, ids, range);
    for (const [channelId, at] of later) {
      stale.add(siteOf.get(channelId) ?? 0);
      await spendOvertaken(tx, at, [channelId]);
    }
  }
  const first = new Map(
    visits.flatMap(({ siteId, rows, newSeries }) =>
      rows.filter(({ amountReason, channelId }) =>
        amountReason === "first-reading" && newSeries.some((series) => series.channelId === channelId)
      ).map((row) => [row.channelId, siteId] as const)
    ),
  );
  for (const ids of piecesOf([...first.keys()], ROWS_A_STATEMENT)) {
    const rows = await tx.selectFrom("series").select("channel_id").where("channel_id", "in", ids)
      .where("since_s", ">=", endSOf(halfHour - 1)).where("since_s", "<", endSOf(halfHour)).execute();
    for (const { channel_id } of rows) stale.add(first.get(channel_id) ?? 0);
  }
  return stale;
}

/** Which sites, tried more than once, have a reading of every expected channel now. */
export async function completeSites(
  tx: Executor,
  halfHour: HalfHour,
  siteIds: readonly number[],
): Promise<ReadonlySet<number>> {
  if (siteIds.length === 0) return new Set();
  const rows = await tx.selectFrom("channel as c")
    .leftJoin(
      "recent as r",
      (join) => join.on("r.half_hour", "=", halfHour).onRef("r.channel_id", "=", "c.channel_id"),
    )
    .select("c.site_id")
    .select(
      sql<number>`sum(case when r.channel_id is not null and r.reading_reason is null then 0 else 1 end)`
        .as("missing"),
    )
    .where("c.site_id", "in", siteIds).where("c.since", "<=", halfHour)
    .where((eb) => eb.or([eb("c.until", "is", null), eb("c.until", ">", halfHour)]))
    .groupBy("c.site_id").execute();
  return new Set(rows.filter(({ missing }) => Number(missing) === 0).map(({ site_id }) => site_id));
}
