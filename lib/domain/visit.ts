/**
 * What a visit brings home and what the store gives it to work with: the words between collector and store.
 *
 * @module
 */

import type { HalfHour } from "./half_hour.ts";
import type { AmountReason, Quality, ReadingReason } from "./reading.ts";
import type { Series } from "./series.ts";

/** Bytes of register words that are kept of a channel: a sum of three f64, or of six f32. */
export const WORD_BYTES_MAX = 24;

/** Register words in hex: 4 digits a register, nothing between. */
export function hexOf(words: readonly number[]): string {
  let hex = "";
  for (const word of words) hex += (word + 0x10000).toString(16).slice(1);
  return hex;
}

/** The words of a reading as they are kept, from hex; `null`: there are none. A text's words are not kept. */
export function keptWords(hex: string): string | null {
  return hex === "" || hex.length > 2 * WORD_BYTES_MAX ? null : hex;
}

/** A claim on the half-hour of some sites: whoever holds the token may store them. */
export interface Claim {
  /** The claimed half-hour. */
  readonly halfHour: HalfHour;
  /** Random, 31 bits, never 0. */
  readonly token: number;
  /** Sites that were claimed. */
  readonly siteIds: readonly number[];
}

/** The row of one channel for one half-hour, as it is stored. */
export interface ReadingRow {
  /** The half-hour that the reading closes. */
  readonly halfHour: HalfHour;
  /** The channel. */
  readonly channelId: number;
  /** Register words as read, 4 hex digits each, those of a sum one after the other, at most 48 digits; `null`: nothing was read, or a text. */
  readonly words: string | null;
  /** Seconds from the boundary that closes the half-hour to the reading, 0 to 1799; `null`: not read. */
  readonly readS: number | null;
  /** Version of the profile that decoded it, at least 1. */
  readonly profileVersion: number;
  /** Register counts of a counter, whole 10^-decimals units of a gauge, number of a state; `null`: none. */
  readonly value: number | null;
  /** A text channel's words; the store keeps a number for it in `value`. */
  readonly text?: string;
  /** Boundary counter at the end of the half-hour in base units of the series; `null`: not known (yet). */
  readonly boundary: number | null;
  /** Amount of the half-hour in the channel's base unit; `null`: none, or not a counter. */
  readonly amount: number | null;
  /** How far it can be trusted; `missing` has no amount (counter) or no value (other kinds). */
  readonly quality: Quality;
  /** Why there is no reading; `null`: there is one. */
  readonly readingReason: ReadingReason | null;
  /** Why a counter has no amount; `null`: it has one, or is no counter. */
  readonly amountReason: AmountReason | null;
}

/** An amount of an earlier half-hour that only now became known. */
export interface RecoveredAmount {
  /** The half-hour whose reading is missing. */
  readonly halfHour: HalfHour;
  /** The counter's channel. */
  readonly channelId: number;
  /** In the channel's base unit. */
  readonly amount: number;
  /** Boundary counter at its end in base units of the series. */
  readonly boundary: number;
  /** `recovered`, or `estimated` for "at least". */
  readonly quality: Quality;
}

/** The row of a half-hour whose amount only now became known; `old`: as it was, where there was one. */
export function recoveredRow(old: ReadingRow | undefined, recovered: RecoveredAmount): ReadingRow {
  const { halfHour, channelId, amount, boundary, quality } = recovered;
  const base = old ?? {
    halfHour,
    channelId,
    words: null,
    readS: null,
    profileVersion: 1,
    value: null,
    readingReason: "we-were-down" as const,
    amountReason: null,
  };
  // An implausible value stays marked: its amount does not make it accepted.
  const amountReason = base.amountReason === "implausible" ? base.amountReason : null;
  return { ...base, boundary, amount, quality, amountReason };
}

/** The last accepted reading of a counter. */
export interface AcceptedReading {
  /** The half-hour that it closed. */
  readonly halfHour: HalfHour;
  /** Epoch seconds at which it was read. */
  readonly atS: number;
  /** Register counts. */
  readonly value: number;
  /** Register words, hex. */
  readonly words: string;
  /** The series it belongs to. */
  readonly seriesId: number;
  /** Boundary counter at the end of its half-hour; `null`: the reading is the first of its series. */
  readonly boundary: number | null;
  /** The counter when it was read, in base units of its own series; absent: that series is not known. */
  readonly counter?: number;
}

/** What is known of a counter before a visit is judged. */
export interface CounterContext {
  /** The counter's channel. */
  readonly channelId: number;
  /** Last accepted reading: the previous half-hour's, else the open gap's; `null`: there is none yet. */
  readonly last: AcceptedReading | null;
  /** Whether `last` stands in an open gap, which storing the next accepted reading spends. */
  readonly inGap: boolean;
  /** The previous half-hour's reading if it was implausible: two that agree start a new series; else `null`. */
  readonly candidate: { readonly atS: number; readonly value: number } | null;
}

/** One try to reach an endpoint of a site. */
export interface Attempt {
  /** Epoch milliseconds at which it began. */
  readonly atMs: number;
  /** The endpoint; `null`: no address of the site was allowed or reachable. */
  readonly endpointId: number | null;
  /** The path that was tried. */
  readonly pathId: number | null;
  /** Milliseconds it took. */
  readonly tookMs: number;
  /** Requests answered. */
  readonly requests: number;
  /** Bytes sent and received on TCP payload level. */
  readonly bytes: number;
  /** Why it failed; `null`: it worked. */
  readonly reason: ReadingReason | null;
}

/** How the visit of a site ended. */
export type VisitOutcome =
  /** Every expected channel has a reading. */
  | "complete"
  /** Some have; the others have their reason. */
  | "partial"
  /** None has. */
  | "failed";

/** What a counter was judged by. */
export interface JudgedBy {
  /** The counter's channel. */
  readonly channelId: number;
  /** The half-hour of its last accepted reading. */
  readonly halfHour: HalfHour;
}

/** What is stored of one visit, all of it or nothing. */
export interface StoredVisit {
  /** The site. */
  readonly siteId: number;
  /** How it ended. */
  readonly outcome: VisitOutcome;
  /** The reason that goes for the site as a whole; `null` unless it failed. */
  readonly reason: ReadingReason | null;
  /** The path that answered; `null`: none did. */
  readonly pathId: number | null;
  /** Whether it may be tried again within the half-hour: the ledger row stays open then, due at `retryAtMs`. */
  readonly retryAtMs: number | null;
  /** A row for each expected channel that has a reading now, or whose reason is final. */
  readonly rows: readonly ReadingRow[];
  /** Amounts of earlier half-hours that became known. */
  readonly recovered: readonly RecoveredAmount[];
  /** Series that start with this reading; `id` is 0, the rows of their channels belong to them. */
  readonly newSeries: readonly Series[];
  /** Counters whose open gap is spent. */
  readonly spentGaps: readonly number[];
  /** The accepted readings that counters were judged by, where these are not of the half-hour before: a later one
   * that was stored meanwhile makes the visit outdated. */
  readonly judgedBy: readonly JudgedBy[];
  /** The tries. */
  readonly attempts: readonly Attempt[];
}
