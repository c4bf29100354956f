/**
 * Half-hourly energy as tables to take away: long with a row a half-hour, wide with a row a channel and local day, as
 * people of the trade exchange it.
 *
 * @module
 */

import { endMsOf, startMsOf } from "../../domain/half_hour.ts";
import { localDateOf, type LocalDay, localDaysBetween, localLabel } from "../../domain/local_day.ts";
import type { Database } from "../../store/db.ts";
import { type ChannelHalfHours, readHalfHours } from "../../store/half_hours.ts";
import { type CsvCell, csvText } from "../csv.ts";
import type { Chosen } from "./chosen.ts";
import { intervalPieces, intervalsOf } from "./intervals.ts";
import { instantOf } from "./sites.ts";

/** Local days of a channel that are read at once. */
const DAYS_A_PIECE = 60;

/** Columns of a day: 00:00 to 23:30. */
const COLUMNS = 48;

const LABELS = Array.from(
  { length: COLUMNS },
  (_, i) => `${String(i >> 1).padStart(2, "0")}:${i % 2 ? "30" : "00"}`,
);

/** A row a half-hour. */
export async function* longIntervals(db: Database, { site, channels, span }: Chosen): AsyncGenerator<string> {
  yield csvText([[
    ...[
      "site",
      "device",
      "channel_id",
      "quantity",
      "start_utc",
      "end_utc",
      "local_date",
      "local_time",
      "amount",
    ],
    ...["unit", "quality", "amount_reason", "reading_reason"],
  ]]);
  for await (const piece of intervalPieces(db, { channels, ...span })) {
    const { channel } = piece;
    yield csvText(
      intervalsOf(piece).map(({ halfHour, answer }): CsvCell[] => [
        ...[site.name, channel.deviceName, channel.id, channel.quantity],
        ...[instantOf(startMsOf(halfHour)), instantOf(endMsOf(halfHour))],
        ...[localDateOf(site.zone, halfHour), localLabel(site.zone, startMsOf(halfHour))],
        ...[answer.amount, channel.unit, answer.quality, answer.amountReason, answer.readingReason],
      ]),
    );
  }
}

/** A row a channel and local day. */
export async function* wideIntervals(db: Database, { site, channels, span }: Chosen): AsyncGenerator<string> {
  if (span.to <= span.from) return yield csvText([headOf(2)]);
  const first = localDateOf(site.zone, span.from);
  const days = localDaysBetween(site.zone, { from: first, to: localDateOf(site.zone, span.to - 1) })
    .filter(({ count }) => count > 0);
  const extras = Math.max(2, ...days.map((day) => repeatsOf(day).length));
  yield csvText([headOf(extras)]);
  for (const channel of channels) {
    for (let at = 0; at < days.length; at += DAYS_A_PIECE) {
      const some = days.slice(at, at + DAYS_A_PIECE);
      const last = some.at(-1);
      if (!some[0] || !last) continue;
      const from = Math.max(span.from, some[0].first);
      const to = Math.min(span.to, last.first + last.count);
      if (to <= Math.max(from, channel.since) || from >= (channel.until ?? Infinity)) continue;
      const [halfHours] = await readHalfHours(db, { channelIds: [channel.id], from, to });
      if (!halfHours) continue;
      const before = [site.name, channel.deviceName, channel.id, channel.quantity, channel.unit];
      yield csvText(some.flatMap((day) => {
        const row = dayRow(day, halfHours, extras);
        return row ? [[...before, ...row]] : [];
      }));
    }
  }
}

function headOf(extras: number): readonly string[] {
  return [
    ...["site", "device", "channel_id", "quantity", "unit", "local_date", "half_hours", "clock_change"],
    ...["total", "missing", "qualities"],
    ...LABELS,
    ...Array.from({ length: extras }, (_, i) => `extra_${i + 1}`),
  ];
}

function repeatsOf({ labels }: LocalDay): readonly string[] {
  return labels.filter(({ mark }) => mark === "repeated").map(({ label }) => label);
}

/** The cells of a day; `null`: nothing was expected in it. A sum that lacks a part is empty. */
function dayRow(day: LocalDay, halfHours: ChannelHalfHours, extras: number): readonly CsvCell[] | null {
  const cells = new Array<number | null>(COLUMNS).fill(null);
  const repeated: (number | null)[] = [];
  let letters = "";
  let sum: number | null = 0;
  let missing = 0;
  day.labels.forEach(({ minute, mark }, i) => {
    const index = day.first + i - halfHours.from;
    const amount = halfHours.amounts[index] ?? null;
    const letter = halfHours.quality[index] ?? "-";
    letters += letter === "-" ? "." : letter;
    if (mark === "repeated") repeated.push(amount);
    else cells[minute / 30] = amount;
    if (letter === "-") return;
    if (amount === null) missing += 1;
    sum = sum === null || amount === null ? null : sum + amount;
  });
  if (/^\.*$/.test(letters)) return null;
  const padding = new Array<null>(Math.max(0, extras - repeated.length)).fill(null);
  return [day.date, day.count, changeOf(day), sum, missing, letters, ...cells, ...repeated, ...padding];
}

/** What the clocks did on a day, in words; `null`: nothing. */
function changeOf(day: LocalDay): string | null {
  const repeats = repeatsOf(day);
  if (repeats.length > 0) return `repeats ${repeats.join(" ")}`;
  const heard = new Set(day.labels.map(({ label }) => label));
  const skipped = LABELS.filter((label) => !heard.has(label));
  return skipped.length > 0 ? `skips ${skipped.join(" ")}` : null;
}
