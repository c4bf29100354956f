/**
 * Readings of the API, as they were read at the boundaries: pages of JSON, or a table to take away.
 *
 * @module
 */

import { endMsOf, type HalfHour } from "../../domain/half_hour.ts";
import type { ReadingRow } from "../../domain/visit.ts";
import type { ListedChannel } from "../../store/api_devices.ts";
import { readReadings } from "../../store/api_readings.ts";
import type { Database } from "../../store/db.ts";
import { type CsvCell, csvText } from "../csv.ts";
import { choose, type Chosen } from "./chosen.ts";
import { cursorOf, type CursorPlace, questionOf } from "./cursor.ts";
import { jsonAnswer } from "./etag.ts";
import { figuresAnswer } from "./figures.ts";
import { fileAnswer } from "./files.ts";
import { type PagePart, startOf } from "./interval_readings.ts";
import { LIST_READINGS } from "./operations.ts";
import type { ReadingAnswer } from "./schemas.ts";
import { preferred } from "./preferred.ts";
import { served } from "./serve.ts";
import { FORGED, instantOf } from "./sites.ts";
import { closedPart } from "./span.ts";

/** Longest question in days. */
export const READING_DAYS_MAX = 31;

/** What channels said. */
export const listReadings = served(LIST_READINGS, async ({ ctx, services, query, nowMs }) => {
  const accepted = preferred(ctx.req.headers, LIST_READINGS.media.map(({ type }) => type));
  const format = query.format ?? (accepted === "text/csv" ? "csv" : "json");
  const found = await choose(ctx, services, {
    query,
    counters: false,
    daysMax: READING_DAYS_MAX,
    exports: format === "csv",
  });
  if (!found.ok) return found.error;
  // The reading of a half-hour is due at its end: boundaries from 10:00 on are those of half-hours from 09:30 on.
  const { from, to } = found.value.span;
  const made = closedPart({ from: from - 1, to: to - 1 }, nowMs);
  const chosen: Chosen = { ...found.value, span: made };
  if (format === "csv") {
    const pieces = longReadings(services.db, chosen);
    return await fileAnswer(ctx, services, { chosen, made, kind: "readings", pieces });
  }
  const question = questionOf(LIST_READINGS.id, query);
  const start = startOf(question, query.cursor, made);
  if (!start) return FORGED;
  const { items, next } = await readingPage(services.db, chosen, { start, limit: query.limit });
  const answer = jsonAnswer(ctx.req, { items, next: next && cursorOf(question, next) });
  return await figuresAnswer(ctx, services, { chosen, kind: "readings", answer });
});

interface ReadingPiece {
  readonly channel: ListedChannel;
  readonly index: number;
  readonly rows: readonly ReadingRow[];
}

async function* readingPieces(
  db: Database,
  { channels, span }: Chosen,
  start: { readonly after: number; readonly halfHour: HalfHour } = { after: 0, halfHour: span.from },
): AsyncGenerator<ReadingPiece> {
  for (const [index, channel] of channels.entries()) {
    if (index < start.after) continue;
    const from = index === start.after ? Math.max(span.from, start.halfHour) : span.from;
    yield { channel, index, rows: await readReadings(db, { channels: [channel], from, to: span.to }) };
  }
}

async function readingPage(
  db: Database,
  chosen: Chosen,
  { start, limit }: PagePart,
): Promise<{ readonly items: readonly ReadingAnswer[]; readonly next: CursorPlace | null }> {
  const items: ReadingAnswer[] = [];
  for await (const { channel, index, rows } of readingPieces(db, chosen, start)) {
    for (const row of rows) {
      if (items.length === limit) return { items, next: { after: index, halfHour: row.halfHour } };
      items.push(readingOf(channel, row));
    }
  }
  return { items, next: null };
}

async function* longReadings(db: Database, chosen: Chosen): AsyncGenerator<string> {
  yield csvText([[
    ...["site", "device", "channel_id", "quantity", "due_utc", "at_utc", "value", "unit", "words", "quality"],
    "reason",
  ]]);
  for await (const { channel, rows } of readingPieces(db, chosen)) {
    yield csvText(rows.map((row): CsvCell[] => {
      const { due, at, value, unit, words, quality, reason } = readingOf(channel, row);
      const before = [chosen.site.name, channel.deviceName, channel.id, channel.quantity];
      return [...before, due, at, value, unit, words, quality, reason];
    }));
  }
}

function readingOf(channel: ListedChannel, row: ReadingRow): ReadingAnswer {
  const dueMs = endMsOf(row.halfHour);
  const value = valueOf(channel, row);
  const isGone = value === null && row.readingReason === null && row.readS === null;
  return {
    channelId: channel.id,
    due: instantOf(dueMs),
    at: row.readS === null ? null : instantOf(dueMs + row.readS * 1000),
    value,
    unit: channel.kind === "gauge" ? channel.unit : null,
    words: row.words,
    quality: row.quality,
    reason: row.readingReason ?? (isGone ? "no-longer-kept" : null),
  };
}

/** Kept whole, shown with its decimals: a division of whole numbers by a power of ten prints as it was. */
function valueOf({ kind, decimals }: ListedChannel, { value, text }: ReadingRow): number | string | null {
  switch (kind) {
    case "text":
      return text ?? null;
    case "gauge":
      return value === null ? null : value / 10 ** decimals;
    case "counter":
    case "state":
      return value;
  }
}
