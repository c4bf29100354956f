/**
 * Reading a meter now, because a person asks. The web asks through this contract and does not know the collector.
 *
 * @module
 */

import type { ReadingReason } from "./reading.ts";
import type { Result } from "../result.ts";
import type { ChannelKind, Unit } from "./channel.ts";

/** One quantity read now. */
export interface LiveValue {
  /** Name of the quantity in the profile. */
  readonly quantity: string;
  /** Address of its first register, 0-based as on the wire. */
  readonly address: number;
  /** Register words as read, 4 hex digits each, separated by spaces; empty: not read. */
  readonly words: string;
  /** How it may be used. */
  readonly kind: ChannelKind;
  /** Base unit. */
  readonly unit: Unit;
  /** Decoded value in its base unit; text for a text; or why there is none. */
  readonly value: Result<number | string, ReadingReason>;
  /** Milliseconds from the request to its answer. */
  readonly tookMs: number;
}

/** A meter read now. */
export interface LiveReading {
  /** Epoch milliseconds of the first answer. */
  readonly atMs: number;
  /** The path that answered. */
  readonly pathId: number;
  /** Its quantities in the profile's order. */
  readonly values: readonly LiveValue[];
}

/** Reads a meter on the same queue as the half-hourly visits. */
export interface LiveReader {
  /** Reads all quantities of a meter; gives up when the signal aborts. */
  readMeter(
    meterId: number,
    signal: AbortSignal,
  ): Promise<Result<LiveReading, ReadingReason | "unknown-meter" | "busy">>;
}
