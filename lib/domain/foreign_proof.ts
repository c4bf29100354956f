/**
 * Proves what was stated of somebody else's load profile by comparing it with what we hold of the same channel: at
 * which shift of half-hours the two agree, and whether their sums do. Pure.
 *
 * @module
 */

import type { HalfHour } from "./half_hour.ts";

/** Amounts of a channel, without holes. */
export interface Amounts {
  /** The first half-hour. */
  readonly from: HalfHour;
  /** In base units; `null`: none. */
  readonly amounts: readonly (number | null)[];
}

/** How well two profiles agree where the file's is moved later by some half-hours. */
export interface ShiftFit {
  /** Half-hours by which the file is moved later; negative: earlier. */
  readonly shift: number;
  /** Half-hours that both have. */
  readonly pairs: number;
  /** Pearson's correlation, -1 to 1; `null`: one of them never changes. */
  readonly correlation: number | null;
  /** Sum of the file over the sum of ours, of the half-hours that both have; `null`: ours is 0. */
  readonly ratio: number | null;
  /** Sum of the file less sum of ours, in base units. */
  readonly difference: number;
  /** How much ours changes: its standard deviation as a share of its mean; `null`: the mean is 0. */
  readonly variation: number | null;
}

/** What follows for what was stated. */
export type ProofVerdict =
  /** Shift 0 is clearly best, and the sums agree. */
  | { readonly kind: "proved" }
  /** Another shift is clearly best. */
  | { readonly kind: "shifted"; readonly shift: number }
  /** Winter and summer want different shifts. */
  | { readonly kind: "seasons"; readonly shifts: readonly number[] }
  /** The shape agrees and the sums do not; `factor` is the usual mistake that explains it, `null`: none does. */
  | { readonly kind: "scaled"; readonly factor: number | null }
  /** No shift makes them alike. */
  | { readonly kind: "different" }
  /** It cannot be told. */
  | { readonly kind: "unprovable"; readonly why: "nothing-held" | "too-flat" };

/** A proof with its figures. */
export interface Proof {
  /** What follows. */
  readonly verdict: ProofVerdict;
  /** The best fit; `null`: there is none. */
  readonly best: ShiftFit | null;
  /** Every shift from -4 to 4. */
  readonly fits: readonly ShiftFit[];
}

/** Half-hours that are tried to both sides. */
export const SHIFT_MAX = 4;

/** Half-hours that both must have: a day. */
export const PAIRS_MIN = 48;

/** Correlation from which two profiles are of one thing. */
const ALIKE = 0.95;

/** The best leaves at most so much of what the second best leaves unexplained. */
const CLEARLY = 0.5;

/** What the second best must leave unexplained: where all fit, none is proved. */
const FLAT = 0.002;

/** Ours changes by less: then what rounding does to it hides the rest. */
const STEADY = 0.03;

/** Sums may differ by so much: meters and rounding. */
const SUM_TOLERANCE = 0.05;

/** Usual mistakes: kilo and mega, power for energy in half-hours and quarters, the other sign. */
const FACTORS = [1000, 0.001, 1e6, 1e-6, 2, 0.5, 4, 0.25, -1];

/** Compares a file with what we hold; `seasonOf` tells half-hours of different offsets from UTC apart. */
export function proveShift(
  file: Amounts,
  held: Amounts,
  seasonOf: (halfHour: HalfHour) => number = () => 0,
): Proof {
  const fits = fitsOf(file, held, () => true);
  const enough = fits.filter(({ pairs }) => pairs >= PAIRS_MIN);
  if (enough.length === 0) return { verdict: { kind: "unprovable", why: "nothing-held" }, best: null, fits };
  const seasons = [...new Set(held.amounts.map((_, i) => seasonOf(held.from + i)))];
  const shifts = seasons.length < 2 ? [] : seasons.flatMap((season) => {
    const clear = clearlyBest(fitsOf(file, held, (halfHour) => seasonOf(halfHour) === season));
    return typeof clear === "string" ? [] : [clear.shift];
  });
  if (new Set(shifts).size > 1) return { verdict: { kind: "seasons", shifts }, best: bestOf(enough), fits };
  const clear = clearlyBest(fits);
  if (clear === "too-flat") {
    return { verdict: { kind: "unprovable", why: clear }, best: bestOf(enough), fits };
  }
  if (clear === "different") return { verdict: { kind: clear }, best: bestOf(enough), fits };
  return { verdict: verdictOf(clear), best: clear, fits };
}

function verdictOf(best: ShiftFit): ProofVerdict {
  const ratio = best.ratio ?? 0;
  const near = (factor: number) => Math.abs(ratio / factor - 1) <= SUM_TOLERANCE;
  if (!near(1)) return { kind: "scaled", factor: FACTORS.find(near) ?? null };
  return best.shift === 0 ? { kind: "proved" } : { kind: "shifted", shift: best.shift };
}

/** The fit that explains clearly more than every other. */
function clearlyBest(fits: readonly ShiftFit[]): ShiftFit | "too-flat" | "different" {
  const ranked = fits.filter(({ pairs, correlation }) => pairs >= PAIRS_MIN && correlation !== null)
    .sort((one, other) => unexplained(one) - unexplained(other));
  const [best, second] = ranked;
  if (!best || !second) return "too-flat";
  if (Math.abs(best.correlation ?? 0) < ALIKE) {
    return best.variation !== null && best.variation < STEADY ? "too-flat" : "different";
  }
  return unexplained(second) >= FLAT && unexplained(best) <= CLEARLY * unexplained(second)
    ? best
    : "too-flat";
}

function bestOf(fits: readonly ShiftFit[]): ShiftFit | null {
  return fits.toSorted((one, other) => unexplained(one) - unexplained(other))[0] ?? null;
}

/** Share of the variance of one that the other leaves unexplained, 0 to 1. */
function unexplained({ correlation }: ShiftFit): number {
  return correlation === null ? 1 : Math.max(0, 1 - correlation ** 2);
}

function fitsOf(
  file: Amounts,
  held: Amounts,
  counts: (halfHour: HalfHour) => boolean,
): readonly ShiftFit[] {
  return Array.from(
    { length: 2 * SHIFT_MAX + 1 },
    (_, i) => fitAt(file, held, { shift: i - SHIFT_MAX, counts }),
  );
}

function fitAt(
  file: Amounts,
  held: Amounts,
  { shift, counts }: { readonly shift: number; readonly counts: (halfHour: HalfHour) => boolean },
): ShiftFit {
  const pairs: (readonly [number, number])[] = [];
  held.amounts.forEach((ours, i) => {
    const theirs = file.amounts[held.from + i - shift - file.from];
    if (ours !== null && theirs != null && counts(held.from + i)) pairs.push([theirs, ours]);
  });
  const sum = (side: 0 | 1) => pairs.reduce((all, pair) => all + pair[side], 0);
  const [theirs, ours] = [sum(0), sum(1)];
  return {
    shift,
    pairs: pairs.length,
    ...agreementOf(pairs, { x: theirs / pairs.length, y: ours / pairs.length }),
    ratio: ours === 0 ? null : theirs / ours,
    difference: theirs - ours,
  };
}

function agreementOf(
  pairs: readonly (readonly [number, number])[],
  { x, y }: { readonly x: number; readonly y: number },
): Pick<ShiftFit, "correlation" | "variation"> {
  let [xx, yy, xy] = [0, 0, 0];
  for (const [theirs, ours] of pairs) {
    xx += (theirs - x) ** 2;
    yy += (ours - y) ** 2;
    xy += (theirs - x) * (ours - y);
  }
  return {
    correlation: xx === 0 || yy === 0 || pairs.length < 2 ? null : xy / Math.sqrt(xx * yy),
    variation: y === 0 || pairs.length === 0 ? null : Math.sqrt(yy / pairs.length) / Math.abs(y),
  };
}
