/**
 * Half-hourly energy of channels, a piece at a time and never more of it in memory.
 *
 * @module
 */

import { HALF_HOURS_A_DAY, type HalfHour, startMsOf } from "../../domain/half_hour.ts";
import { qualityOf } from "../../domain/reading.ts";
import type { ListedChannel } from "../../store/api_devices.ts";
import type { Database } from "../../store/db.ts";
import { type ChannelHalfHours, readHalfHours } from "../../store/half_hours.ts";
import type { IntervalAnswer } from "./schemas.ts";
import { instantOf } from "./sites.ts";
import type { Span } from "./span.ts";

/** Half-hours read at once: a month of a channel. */
const PIECE = 31 * HALF_HOURS_A_DAY;

/** Half-hours of one channel. */
export interface IntervalPiece {
  /** The channel. */
  readonly channel: ListedChannel;
  /** Its place among those asked for. */
  readonly index: number;
  /** Its half-hours. */
  readonly halfHours: ChannelHalfHours;
}

/** What to read. */
export interface IntervalSpan extends Span {
  /** The channels. */
  readonly channels: readonly ListedChannel[];
  /** Where to begin: place of a channel and half-hour; default: at the beginning. */
  readonly start?: { readonly after: number; readonly halfHour: HalfHour };
  /** Half-hours at once; default: a month. */
  readonly piece?: number;
}

/** The half-hours of channels one channel after the other, each from its first to its last expected one. */
export async function* intervalPieces(
  db: Database,
  { channels, from, to, start = { after: 0, halfHour: from }, piece = PIECE }: IntervalSpan,
): AsyncGenerator<IntervalPiece> {
  const size = Math.max(1, Math.min(piece, PIECE));
  for (const [index, channel] of channels.entries()) {
    if (index < start.after) continue;
    const first = Math.max(from, channel.since, index === start.after ? start.halfHour : from);
    const last = Math.min(to, channel.until ?? to);
    for (let at = first; at < last; at += size) {
      const part = { channelIds: [channel.id], from: at, to: Math.min(last, at + size) };
      const [halfHours] = await readHalfHours(db, part);
      if (halfHours) yield { channel, index, halfHours };
    }
  }
}

/** A half-hour as it goes out, with its number. */
export interface NumberedInterval {
  /** The half-hour. */
  readonly halfHour: HalfHour;
  /** As it goes out. */
  readonly answer: IntervalAnswer;
}

/** The half-hours of a piece in which something was expected and that were visited. */
export function intervalsOf({ channel, halfHours }: IntervalPiece): readonly NumberedInterval[] {
  const reasons = new Map(halfHours.reasons.map((reason) => [reason.index, reason]));
  return halfHours.amounts.flatMap((amount, index) => {
    const quality = qualityOf(halfHours.quality[index] ?? "-");
    if (quality === undefined) return [];
    const halfHour = halfHours.from + index;
    const reason = reasons.get(index);
    const answer: IntervalAnswer = {
      channelId: channel.id,
      start: instantOf(startMsOf(halfHour)),
      end: instantOf(startMsOf(halfHour + 1)),
      amount,
      unit: channel.unit,
      quality,
      amountReason: reason?.amountReason ?? null,
      readingReason: reason?.readingReason ?? null,
    };
    return [{ halfHour, answer }];
  });
}
