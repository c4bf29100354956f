/**
 * Half-hourly energy of the API: pages of JSON, or tables to take away.
 *
 * @module
 */

import type { Database } from "../../store/db.ts";
import { closedPart, type Span } from "./span.ts";
import { choose, type Chosen } from "./chosen.ts";
import { cursorOf, type CursorPlace, placeOf, questionOf } from "./cursor.ts";
import { jsonAnswer } from "./etag.ts";
import { figuresAnswer } from "./figures.ts";
import { fileAnswer } from "./files.ts";
import { longIntervals, wideIntervals } from "./interval_csv.ts";
import { intervalPieces, intervalsOf } from "./intervals.ts";
import { LIST_INTERVALS } from "./operations.ts";
import type { IntervalAnswer } from "./schemas.ts";
import { preferred } from "./preferred.ts";
import { served } from "./serve.ts";
import { FORGED } from "./sites.ts";

/** Longest question in days. */
export const INTERVAL_DAYS_MAX = 400;

/** Half-hours read at once for a small page. */
const PIECE_MIN = 48;

/** Half-hourly energy of channels. */
export const listIntervals = served(LIST_INTERVALS, async ({ ctx, services, query, nowMs }) => {
  const accepted = preferred(ctx.req.headers, LIST_INTERVALS.media.map(({ type }) => type));
  const format = query.format ?? (accepted === "text/csv" ? "csv" : "json");
  const found = await choose(ctx, services, {
    query,
    counters: true,
    daysMax: INTERVAL_DAYS_MAX,
    exports: format !== "json",
  });
  if (!found.ok) return found.error;
  const made = closedPart(found.value.span, nowMs);
  const chosen: Chosen = { ...found.value, span: made };
  if (format !== "json") {
    const pieces = format === "csv" ? longIntervals(services.db, chosen) : wideIntervals(services.db, chosen);
    const kind = format === "csv" ? "interval-readings" : "interval-readings-wide";
    return await fileAnswer(ctx, services, { chosen, made, kind, pieces });
  }
  const question = questionOf(LIST_INTERVALS.id, query);
  const start = startOf(question, query.cursor, made);
  if (!start) return FORGED;
  const { items, next } = await intervalPage(services.db, chosen, { start, limit: query.limit });
  const answer = jsonAnswer(ctx.req, { items, next: next && cursorOf(question, next) });
  return await figuresAnswer(ctx, services, { chosen, kind: "interval-readings", answer });
});

/** Where a list of half-hours begins; `null`: the cursor is none of this question. */
export function startOf(question: string, cursor: string | undefined, { from }: Span): CursorPlace | null {
  return cursor === undefined ? { after: 0, halfHour: from } : placeOf(question, cursor);
}

/** How much of a list is wanted. */
export interface PagePart {
  /** Where to begin. */
  readonly start: CursorPlace;
  /** Items at most. */
  readonly limit: number;
}

async function intervalPage(
  db: Database,
  { channels, span }: Chosen,
  { start, limit }: PagePart,
): Promise<{ readonly items: readonly IntervalAnswer[]; readonly next: CursorPlace | null }> {
  const items: IntervalAnswer[] = [];
  const piece = Math.max(PIECE_MIN, limit);
  for await (const one of intervalPieces(db, { channels, ...span, start, piece })) {
    for (const { halfHour, answer } of intervalsOf(one)) {
      if (items.length === limit) return { items, next: { after: one.index, halfHour } };
      items.push(answer);
    }
  }
  return { items, next: null };
}
