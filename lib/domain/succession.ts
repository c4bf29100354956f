/**
 * How the series of a counter goes on from the one before when a meter, ratio or register changes: from what the old
 * counter had counted as far as anybody knows, and from nothing where nobody does. Pure.
 *
 * @module
 */

import { counterOf } from "./boundary.ts";
import type { CounterRules } from "./counter.ts";
import type { CountersRead } from "./device_life.ts";
import { type Series, type SeriesBeginning, startsShort } from "./series.ts";
import type { AcceptedReading } from "./visit.ts";

/** What is known of a counter before it changes. */
export interface CounterPast {
  /** Its series until then, oldest first. */
  readonly series: readonly Series[];
  /** The last accepted reading; `null`: there is none. */
  readonly last: AcceptedReading | null;
}

/** A counter's register at an instant. */
export interface Standing {
  /** Epoch seconds. */
  readonly atS: number;
  /** Register counts. */
  readonly value: number;
}

/**
 * Where the newest counter stood at last: where it was read, or where a person saw it begin. A reading of the counter
 * before it says nothing of it. `null`: nobody knows.
 */
export function standingOf({ series, last }: CounterPast): Standing | null {
  const old = series.at(-1);
  if (last !== null && isOf(last, old)) return last;
  return old?.begins === "counted" || old?.begins === "at-least"
    ? { atS: old.sinceS, value: old.origin }
    : null;
}

function isOf(last: AcceptedReading, series: Series | undefined): boolean {
  return series === undefined || last.atS >= series.sinceS;
}

/** The series that begins when a counter changes. */
export function successorOf(
  past: CounterPast,
  { channelId, atS, rules, read }: {
    readonly channelId: number;
    readonly atS: number;
    readonly rules: CounterRules;
    readonly read: CountersRead | undefined;
  },
): Series {
  const { numerator, denominator, modulus } = rules;
  const first = read?.first ?? null;
  const plain = { id: 0, channelId, sinceS: atS, numerator, denominator, origin: first ?? 0, modulus };
  const known = countedBefore(past);
  const final = known === null ? null : finalOf(past, read?.final ?? null);
  if (known === null) return first === null ? plain : { ...plain, begins: "counted" };
  if (final === null) {
    return first === null ? plain : { ...plain, base: known.counter, begins: "at-least" };
  }
  const begins: SeriesBeginning = first === null ? "unseen" : known.atLeast ? "at-least" : "counted";
  return { ...plain, base: final, begins };
}

/** What had been counted for certain before a change; `null`: what was read before is of no counter that goes on. */
function countedBefore(
  { series, last }: CounterPast,
): { readonly counter: number; readonly atLeast: boolean } | null {
  const old = series.at(-1);
  if (last !== null && isOf(last, old)) {
    const { counter } = last;
    return counter === undefined ? null : { counter, atLeast: old !== undefined && startsShort(old, last) };
  }
  if (old?.begins === undefined || old.base === undefined) return null;
  return { counter: old.base, atLeast: old.begins !== "counted" };
}

/** What the old counter had counted at its end, in base units; it may have rolled over since it was read. */
function finalOf(past: CounterPast, final: number | null): number | null {
  const old = past.series.at(-1);
  const standing = standingOf(past);
  if (final === null || old === undefined || standing === null) return null;
  const turned = final < standing.value ? old.modulus ?? 0 : 0;
  return counterOf(final + turned, old);
}
