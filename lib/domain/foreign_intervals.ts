/**
 * Half-hours out of a load profile of somebody else: what its stamps, period and unit mean is stated by a person, and
 * nothing is guessed that was not stated. Pure.
 *
 * @module
 */

import { err, ok, type Result } from "../result.ts";
import type { Unit } from "./channel.ts";
import {
  meaningsOf,
  placeStamp,
  readStamp,
  STAMP_EXPECTED,
  type StampStatement,
  type StampTrouble,
} from "./foreign_stamps.ts";
import { HALF_HOUR_MS, type HalfHour, halfHourOf } from "./half_hour.ts";

/** Minutes of a period that can become half-hours. An hour does not say which half of it took what. */
export type PeriodMin = 15 | 30;

/** What a figure is: used within its period, the mean power of it, or what a counter showed at the stamp. */
export type FigureKind = "amount" | "mean" | "counter";

/** A unit as files write it. */
export interface StatedUnit {
  /** Its name in a form. */
  readonly id: string;
  /** What people call it. */
  readonly label: string;
  /** What a figure is. */
  readonly kind: FigureKind;
  /** Base units in one; of a mean, base units in one for an hour. */
  readonly factor: number;
}

/** What a person states of a file. */
export interface ForeignStatement extends StampStatement {
  /** Minutes of a period. */
  readonly periodMin: PeriodMin;
  /** Unit of the figures. */
  readonly unit: StatedUnit;
}

/** A row of a file. */
export interface ForeignRow {
  /** Its number in the file, the headings being 1. */
  readonly row: number;
  /** The stamp as written. */
  readonly stamp: string;
  /** The figure as written; empty: there is none. */
  readonly figure: string;
}

/** What is wrong with a cell. */
export interface ForeignFault {
  /** Number of the row. */
  readonly row: number;
  /** Which cell. */
  readonly field: "stamp" | "figure";
  /** What stands there. */
  readonly value: string;
  /** What is expected. */
  readonly expected: string;
}

/** Half-hours of a file, without holes; `null`: the file has no amount, or not all of it. */
export interface ForeignHalfHours {
  /** The first one. */
  readonly from: HalfHour;
  /** Amounts in base units. */
  readonly amounts: readonly (number | null)[];
  /** Half-hours left out because the clock came twice to them and the file tells it once. */
  readonly ambiguous: number;
  /** Half-hours left out because a counter fell. */
  readonly fell: number;
}

/** Rows of one file at most: 400 days of quarter-hours and what clocks add. */
export const FOREIGN_ROWS_MAX: number = 400 * 96;

/** Half-hours from the first to the last at most. */
export const FOREIGN_HALF_HOURS_MAX: number = 400 * 48 - 16;

/** Faults that are kept; a file stated wrongly has one in each row. */
export const FOREIGN_FAULTS_MAX = 200;

/** Characters of a cell that are shown again. */
const SHOWN_CHARS = 60;

const KILO = 1_000;
const HOUR_MIN = 60;
const MINUTE_MS = 60_000;

/** Units that files of a channel may be in; the first is the usual one. */
export function statedUnits(unit: Unit): readonly StatedUnit[] {
  const of = (label: string, factor: number, kind: FigureKind = "amount"): StatedUnit => ({
    id: kind === "amount" ? label : `${label}-${kind}`,
    label: kind === "counter"
      ? `${label}, readings of a counter`
      : kind === "mean"
      ? `${label}, mean`
      : label,
    kind,
    factor,
  });
  switch (unit) {
    case "Wh":
    case "varh":
    case "VAh": {
      const power = unit.slice(0, -1);
      return [
        of(`k${unit}`, KILO),
        of(unit, 1),
        of(`M${unit}`, KILO * KILO),
        of(`k${power}`, KILO, "mean"),
        of(power, 1, "mean"),
        of(`k${unit}`, KILO, "counter"),
        of(unit, 1, "counter"),
        of(`M${unit}`, KILO * KILO, "counter"),
      ];
    }
    case "L":
      return [of("m³", KILO), of("L", 1), of("m³", KILO, "counter"), of("L", 1, "counter")];
    default:
      return [of(unit, 1), of(unit, 1, "counter")];
  }
}

/** A figure with a point or a comma before its decimals; `null`: it is none. */
function readFigure(text: string): number | null {
  return /^-?\d{1,15}([.,]\d{1,9})?$/.test(text) ? Number(text.replace(",", ".")) : null;
}

const STAMP_TROUBLE: Readonly<Record<StampTrouble, string>> = {
  "skipped": "a time that clocks showed: they were put forward over this one",
  "not-after": "a stamp after the one above, in the order of time",
  "off-period": "a whole number of periods after midnight",
};

interface Placed {
  /** Start of the period, in epoch milliseconds; of a counter, the instant of the reading. */
  readonly atMs: number;
  readonly figure: number | null;
  /** What its stamp can mean, as `atMs`; two where the clock came twice to it. */
  readonly meanings: readonly number[];
}

/** One of which it is known whether it is told as often as the clock came to it. */
interface Told extends Pick<Placed, "atMs" | "figure"> {
  readonly ambiguous: boolean;
}

/** Brings a file to half-hours, or says what is wrong with it, cell by cell. */
export function foreignHalfHours(
  rows: readonly ForeignRow[],
  statement: ForeignStatement,
): Result<ForeignHalfHours, readonly ForeignFault[]> {
  const faults: ForeignFault[] = [];
  const placed: Placed[] = [];
  const periodMs = statement.periodMin * MINUTE_MS;
  const reads = statement.unit.kind === "counter";
  // A reading is of an instant, whichever period it closes.
  const stamps: StampStatement = reads ? { ...statement, stamp: "end" } : statement;
  let beforeMs: number | null = null;
  for (const { row, stamp, figure } of rows) {
    const fault = (field: ForeignFault["field"], value: string, expected: string) => {
      if (faults.length < FOREIGN_FAULTS_MAX) {
        faults.push({ row, field, value: value.slice(0, SHOWN_CHARS), expected });
      }
    };
    const written = readStamp(stamp);
    const at: Result<number, StampTrouble> | null = written &&
      placeStamp(written, stamps, { beforeMs, periodMs });
    const number = readFigure(figure);
    if (!written || !at) fault("stamp", stamp, STAMP_EXPECTED);
    else if (!at.ok) fault("stamp", stamp, STAMP_TROUBLE[at.error]);
    if (number === null && figure !== "") fault("figure", figure, "a number such as 12.5, or nothing");
    if (!written || !at?.ok) continue;
    beforeMs = at.value;
    const beginsMs = (instantMs: number) =>
      stamps.stamp === "end" && !reads ? instantMs - periodMs : instantMs;
    const meanings = meaningsOf(written, stamps).map(beginsMs);
    placed.push({ atMs: beginsMs(at.value), figure: number, meanings });
  }
  return faults.length > 0 ? err(faults) : inHalfHours(placed, statement);
}

function inHalfHours(
  placed: readonly Placed[],
  { unit, periodMin }: ForeignStatement,
): Result<ForeignHalfHours, readonly ForeignFault[]> {
  const [first] = placed;
  const last = placed.at(-1);
  if (!first || !last) return ok({ from: 0, amounts: [], ambiguous: 0, fell: 0 });
  const from = halfHourOf(first.atMs);
  const count = halfHourOf(last.atMs) - from + 1;
  if (count > FOREIGN_HALF_HOURS_MAX) {
    const value = `${count} half-hours`;
    return err([{
      row: 1,
      field: "stamp",
      value,
      expected: "less than 400 days from the first to the last",
    }]);
  }
  const told = toldOnce(placed);
  if (unit.kind === "counter") return ok(fromReadings(told, { from, count, factor: unit.factor }));
  const parts = 30 / periodMin;
  const factor = unit.kind === "mean" ? unit.factor * periodMin / HOUR_MIN : unit.factor;
  const sums = Array.from({ length: count }, () => ({ sum: 0, parts: 0 }));
  let left = 0;
  for (const { atMs, figure, ambiguous } of told) {
    const sum = sums[halfHourOf(atMs) - from];
    if (ambiguous) left++;
    if (!sum || figure === null || ambiguous) continue;
    sum.sum += figure * factor;
    sum.parts++;
  }
  const exact = sums.map(({ sum, parts: have }) => have === parts ? sum : null);
  return ok({ from, amounts: roundRuns(exact), ambiguous: Math.ceil(left / parts), fell: 0 });
}

/** Of an hour that came twice both must be told: once alone, nobody knows which it is, or whether it is the sum. */
function toldOnce(placed: readonly Placed[]): readonly Told[] {
  let sure = placed;
  for (let before = Infinity; sure.length < before;) {
    before = sure.length;
    const instants = new Set(sure.map(({ atMs }) => atMs));
    sure = sure.filter(({ meanings }) => meanings.every((instantMs) => instants.has(instantMs)));
  }
  const instants = new Set(sure.map(({ atMs }) => atMs));
  return placed.map(({ atMs, figure }) => ({ atMs, figure, ambiguous: !instants.has(atMs) }));
}

/** Differences of readings at both ends of a half-hour. */
function fromReadings(
  placed: readonly Told[],
  { from, count, factor }: { readonly from: HalfHour; readonly count: number; readonly factor: number },
): ForeignHalfHours {
  const readings = new Map(
    placed.filter(({ ambiguous }) => !ambiguous).map(({ atMs, figure }) => [atMs, figure]),
  );
  let fell = 0;
  const amounts = Array.from({ length: Math.max(0, count - 1) }, (_, i) => {
    const [opens, closes] = [from + i, from + i + 1].map((halfHour) => readings.get(halfHour * HALF_HOUR_MS));
    if (opens == null || closes == null) return null;
    // The counter in whole base units first, so that amounts add up to its own difference.
    const amount = Math.round(closes * factor) - Math.round(opens * factor);
    if (amount >= 0) return amount;
    fell++;
    return null;
  });
  return { from, amounts, ambiguous: placed.filter(({ ambiguous }) => ambiguous).length, fell };
}

/** Whole base units; what is rounded off goes on within a run, so that its sum is right to half a unit. */
function roundRuns(amounts: readonly (number | null)[]): readonly (number | null)[] {
  let exact = 0;
  let whole = 0;
  return amounts.map((amount) => {
    if (amount === null) {
      exact = whole = 0;
      return null;
    }
    exact += amount;
    const rounded = Math.round(exact) - whole;
    whole += rounded;
    return rounded;
  });
}
