/**
 * A day of one channel packed into one row and back: 48 values as a JSON list and 48 quality letters, so that any
 * SQL user can unpack it. The words as read lie beside it, because they are kept for a shorter time.
 *
 * @module
 */

import type { ChannelKind } from "./channel.ts";
import { firstHalfHourOf, HALF_HOURS_A_DAY, indexInDay, type UtcDay, utcDayOf } from "./half_hour.ts";
import {
  amountCodeOf,
  amountReasonOf,
  letterOf,
  qualityOf,
  readingCodeOf,
  readingReasonOf,
} from "./reading.ts";
import { type ReadingRow, WORD_BYTES_MAX } from "./visit.ts";

/** A UTC day of one channel, packed. */
export interface PackedDay {
  /** The day. */
  readonly day: UtcDay;
  /** The channel. */
  readonly channelId: number;
  /** JSON list of 48 whole numbers or null: amounts of a counter, values of the other kinds. */
  readonly amounts: string;
  /** 48 quality letters, `-` where the channel was not expected. */
  readonly quality: string;
  /** JSON list of runs [index, half-hours, reading code or 0, amount code or 0]; half-hours without reason lack. */
  readonly reasons: string;
  /** JSON list of [index, boundary or null]: the boundary counters that are not the one before plus the amount. */
  readonly boundaries: string;
  /** What was read; `null`: forgotten, or nothing was. */
  readonly raw: PackedRaw | null;
}

/** The words of a day as read, packed. */
export interface PackedRaw {
  /** JSON list of 48 register words in hex or null. */
  readonly words: string;
  /** JSON list of 48 seconds after the boundary or null. */
  readonly readS: string;
  /** JSON list of 48 register counts of a counter or null; of the other kinds empty: their values are amounts. */
  readonly values: string;
  /** JSON list of [index, profile version] where the version changes, the first half-hour's first. */
  readonly versions: string;
}

/** The rows of one channel and UTC day. */
export interface DayRows {
  /** The day. */
  readonly day: UtcDay;
  /** The channel. */
  readonly channelId: number;
  /** How its values are used: a counter's day holds amounts. */
  readonly kind: ChannelKind;
  /** At most one row for each half-hour of the day, in any order. */
  readonly rows: readonly ReadingRow[];
}

type Slots = readonly (ReadingRow | undefined)[];

const WORDS = new RegExp(`^(?:[0-9a-f]{4}){1,${WORD_BYTES_MAX / 2}}$`, "i");

/**
 * Packs a day. The same rows always give the same text, so that packing can be repeated.
 *
 * @throws {RangeError} For a row of another day or channel, twice the same half-hour, or a number out of range:
 * only a bug makes those.
 */
export function packDay(input: DayRows): PackedDay {
  const slots = slotsOf(input);
  const counter = input.kind === "counter";
  return {
    day: input.day,
    channelId: input.channelId,
    amounts: JSON.stringify(slots.map((row) => (counter ? row?.amount : row?.value) ?? null)),
    quality: slots.map((row) => letterOf(row?.quality)).join(""),
    reasons: JSON.stringify(packReasons(slots)),
    boundaries: JSON.stringify(packBoundaries(slots)),
    raw: packRaw(slots, counter),
  };
}

/**
 * The rows of a packed day, oldest first, one for each half-hour that was expected. Without `raw` their words,
 * seconds and (of a counter) values are null and their profile version is 1.
 *
 * @throws {RangeError} When the text is no packed day.
 */
export function unpackDay(packed: PackedDay, kind: ChannelKind): readonly ReadingRow[] {
  const amounts = listOf(packed.amounts);
  const boundaries = unpackBoundaries(packed, amounts);
  const reasons = new Map(
    (JSON.parse(packed.reasons) as [number, number, number, number][])
      .flatMap(([from, count, reading, amount]) => range(from, count).map((i) => [i, { reading, amount }])),
  );
  const raw = unpackRaw(packed.raw);
  return range(0, HALF_HOURS_A_DAY).flatMap((i): ReadingRow[] => {
    const quality = qualityOf(packed.quality[i] ?? "-");
    if (quality === undefined) return [];
    const codes = reasons.get(i);
    const counter = kind === "counter";
    return [{
      halfHour: firstHalfHourOf(packed.day) + i,
      channelId: packed.channelId,
      words: raw?.words[i] ?? null,
      readS: raw?.readS[i] ?? null,
      profileVersion: raw?.versions[i] ?? 1,
      value: (counter ? raw?.values[i] : amounts[i]) ?? null,
      boundary: counter ? boundaries[i] ?? null : null,
      amount: counter ? amounts[i] ?? null : null,
      quality,
      readingReason: codes?.reading ? readingReasonOf(codes.reading) : null,
      amountReason: codes?.amount ? amountReasonOf(codes.amount) : null,
    }];
  });
}

function slotsOf({ day, channelId, rows }: DayRows): Slots {
  const slots = new Array<ReadingRow | undefined>(HALF_HOURS_A_DAY).fill(undefined);
  for (const row of rows) {
    const index = indexInDay(row.halfHour);
    if (utcDayOf(row.halfHour) !== day || row.channelId !== channelId || slots[index]) {
      throw new RangeError(
        `Half-hour ${row.halfHour} of channel ${row.channelId} has no place in day ${day}`,
      );
    }
    checkRow(row);
    slots[index] = row;
  }
  return slots;
}

/** Engines alter numbers out of range silently: they are refused before. */
export function checkRow(row: ReadingRow): void {
  const whole = (value: number | null, range: readonly [number, number]) =>
    value === null || (Number.isSafeInteger(value) && value >= range[0] && value <= range[1]);
  const bad = !whole(row.halfHour, [0, 2 ** 31 - 1])
    ? "half-hour"
    : !whole(row.amount, [-(2 ** 31), 2 ** 31 - 1])
    ? "amount"
    : !whole(row.value, [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER])
    ? "value"
    : !whole(row.boundary, [0, Number.MAX_SAFE_INTEGER])
    ? "boundary"
    : !whole(row.readS, [0, 1799])
    ? "seconds"
    : !whole(row.profileVersion, [1, 65_535])
    ? "profile version"
    : row.words !== null && !WORDS.test(row.words)
    ? "words"
    : null;
  if (bad !== null) {
    throw new RangeError(
      `The ${bad} of channel ${row.channelId}, half-hour ${row.halfHour} cannot be stored`,
    );
  }
}

function packReasons(slots: Slots): readonly (readonly number[])[] {
  const runs: [number, number, number, number][] = [];
  slots.forEach((row, i) => {
    const reading = row?.readingReason ? readingCodeOf(row.readingReason) : 0;
    const amount = row?.amountReason ? amountCodeOf(row.amountReason) : 0;
    if (reading === 0 && amount === 0) return;
    const run = runs.at(-1);
    if (run && run[0] + run[1] === i && run[2] === reading && run[3] === amount) run[1]++;
    else runs.push([i, 1, reading, amount]);
  });
  return runs;
}

function packBoundaries(slots: Slots): readonly (readonly [number, number | null])[] {
  const found: [number, number | null][] = [];
  let derived: number | null = null;
  slots.forEach((row, i) => {
    const amount: number | null = row?.amount ?? null;
    const boundary: number | null = row?.boundary ?? null;
    derived = derived === null || amount === null ? null : derived + amount;
    if (boundary !== derived) found.push([i, boundary]);
    derived = boundary;
  });
  return found;
}

function unpackBoundaries(
  packed: PackedDay,
  amounts: readonly (number | null)[],
): readonly (number | null)[] {
  const given = new Map(JSON.parse(packed.boundaries) as [number, number | null][]);
  let derived: number | null = null;
  return amounts.map((amount, i) => {
    derived = derived === null || amount === null ? null : derived + amount;
    const stated = given.get(i);
    if (stated !== undefined) derived = stated;
    return derived;
  });
}

function packRaw(slots: Slots, counter: boolean): PackedRaw | null {
  if (slots.every((row) => row === undefined)) return null;
  const versions: [number, number][] = [];
  slots.forEach((row, i) => {
    if (row && versions.at(-1)?.[1] !== row.profileVersion) versions.push([i, row.profileVersion]);
  });
  return {
    words: JSON.stringify(slots.map((row) => row?.words ?? null)),
    readS: JSON.stringify(slots.map((row) => row?.readS ?? null)),
    values: JSON.stringify(counter ? slots.map((row) => row?.value ?? null) : []),
    versions: JSON.stringify(versions),
  };
}

interface Raw {
  readonly words: readonly (string | null)[];
  readonly readS: readonly (number | null)[];
  readonly values: readonly (number | null)[];
  readonly versions: readonly number[];
}

function unpackRaw(raw: PackedRaw | null): Raw | null {
  if (raw === null) return null;
  const changes = new Map(JSON.parse(raw.versions) as [number, number][]);
  let version = 1;
  return {
    words: JSON.parse(raw.words),
    readS: listOf(raw.readS),
    values: JSON.parse(raw.values),
    versions: range(0, HALF_HOURS_A_DAY).map((i) => version = changes.get(i) ?? version),
  };
}

function listOf(json: string): readonly (number | null)[] {
  const list: unknown = JSON.parse(json);
  if (!Array.isArray(list) || list.length !== HALF_HOURS_A_DAY) {
    throw new RangeError("A packed day has 48 half-hours");
  }
  return list;
}

function range(from: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => from + i);
}
