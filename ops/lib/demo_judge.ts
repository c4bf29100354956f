/**
 * Judges the past readings of one channel one after the other, as the collector would have: each reading knows
 * only what came before it.
 *
 * @module
 */

import { judgeReading } from "../../lib/domain/counter.ts";
import { endSOf, type HalfHour } from "../../lib/domain/half_hour.ts";
import { learnLoadShape, type LoadShape } from "../../lib/domain/load_shape.ts";
import { storedQuality } from "../../lib/domain/quality.ts";
import { letterOf, type ReadingReason } from "../../lib/domain/reading.ts";
import type { Series } from "../../lib/domain/series.ts";
import {
  type AcceptedReading,
  type CounterContext,
  keptWords,
  type ReadingRow,
  type RecoveredAmount,
} from "../../lib/domain/visit.ts";
import { counterRulesOf, type DeviceChannel } from "../../lib/profiles/counter_rules.ts";
import type { BroughtHome } from "./demo_readings.ts";

/** The past of a channel while it is made. */
export interface ChannelTrack {
  /** The channel. */
  readonly about: DeviceChannel;
  /** Its rows so far, oldest first. */
  readonly rows: ReadingRow[];
  /** Series that it began. */
  readonly series: Series[];
  /** What is known before the next reading. */
  context: CounterContext;
}

/** A channel without a past. */
export function newTrack(about: DeviceChannel): ChannelTrack {
  const context = { channelId: about.channel.id, last: null, inGap: false, candidate: null };
  return { about, rows: [], series: [], context };
}

/** What a visit says of a channel. */
export interface PastReading {
  /** The half-hour that it closes. */
  readonly halfHour: HalfHour;
  /** Epoch milliseconds at which it was read. */
  readonly atMs: number;
  /** What was brought home; or why nothing was. */
  readonly brought: BroughtHome | ReadingReason;
}

/** Appends the row of a visit. Half-hours come in their order; those of a counter without a hole. */
export function append(track: ChannelTrack, reading: PastReading): void {
  const { channel, profile } = track.about;
  const { halfHour, atMs } = reading;
  const brought = typeof reading.brought === "string" ? null : reading.brought;
  const readingReason = typeof reading.brought === "string" ? reading.brought : reading.brought.reason;
  const words = brought?.words ?? "";
  const value = brought?.value ?? null;
  const text = brought?.text;
  const row: Draft = {
    halfHour,
    channelId: channel.id,
    words: text === undefined ? keptWords(words) : null,
    readS: brought ? Math.floor(atMs / 1000) - endSOf(halfHour) : null,
    profileVersion: profile.version,
    value,
    boundary: null,
    amount: null,
    quality: value === null && text === undefined ? "missing" : "measured",
    readingReason,
    amountReason: null,
  };
  if (channel.kind === "counter") judge(track, row, Math.floor(atMs / 1000));
  track.rows.push(text === undefined ? row : { ...row, text });
}

/** A row while it is made. */
type Draft = { -readonly [K in keyof Omit<ReadingRow, "text">]: ReadingRow[K] };

/** Judges a counter's reading: completes its row and the rows of the gap that it ends. */
function judge(track: ChannelTrack, row: Draft, atS: number): void {
  const { halfHour, channelId, value } = row;
  const { context } = track;
  const words = row.words ?? "";
  const late = value !== null && context.last !== null &&
    (context.last.halfHour < halfHour - 1 || atS - endSOf(halfHour) > 60);
  const rules = counterRulesOf(track.about, value ?? 0);
  const judged = judgeReading({
    halfHour,
    channelId,
    rules,
    series: track.series.at(-1) ?? null,
    context,
    reading: value === null ? null : { atS, value, words },
    shape: late ? shapeOf(track) : null,
  });
  const { boundary, amount, amountReason } = judged;
  row.boundary = boundary;
  row.amount = amount;
  row.quality = storedQuality(judged, { rules, peak: null });
  row.amountReason = amountReason;
  for (const recovered of judged.recovered) recover(track, recovered);
  if (judged.newSeries) track.series.push(judged.newSeries);
  const accepted = judged.accepted && value !== null;
  track.context = {
    channelId,
    last: accepted ? { halfHour, atS, value, words, seriesId: 0, boundary } : context.last,
    inGap: !accepted && context.last !== null,
    candidate: amountReason === "implausible" && value !== null ? { atS, value } : null,
  };
}

/** The load shape as a night before would have learned it. */
function shapeOf({ rows }: ChannelTrack): LoadShape | null {
  const from = rows[0]?.halfHour ?? 0;
  return learnLoadShape({
    from,
    amounts: rows.map(({ amount }) => amount),
    quality: rows.map(({ quality }) => letterOf(quality)).join(""),
  });
}

function recover(track: ChannelTrack, { halfHour, amount, boundary, quality }: RecoveredAmount): void {
  const index = halfHour - (track.rows[0]?.halfHour ?? halfHour);
  const row = track.rows[index];
  if (row && row.quality === "missing") {
    track.rows[index] = { ...row, amount, boundary, quality, amountReason: null };
  }
}

/** The last accepted reading of a counter that is missing now; `null`: it is not. */
export function openGapOf(
  { about, context }: ChannelTrack,
): (AcceptedReading & { readonly channelId: number }) | null {
  return context.inGap && context.last ? { ...context.last, channelId: about.channel.id } : null;
}
