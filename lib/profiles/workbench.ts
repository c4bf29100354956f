/**
 * The decoder workbench: every way to read some registers that gives what a display shows, the likeliest first. A way
 * is an address, an encoding, a word order and a scale. Pure.
 *
 * Each way is weighed by how common it is among meters, by how well its value fits, and, where the registers were read
 * twice, by whether it grew as the power says it must. A score is its share of all ways that fit.
 *
 * @module
 */

import { codedNumber, inOrder } from "./decode.ts";
import type { DisplayValue } from "./display.ts";
import type { Encoding, FunctionCode, WordOrder } from "./profile.ts";

/** Registers as they were read. */
export interface RegisterWindow {
  /** 3 holding, 4 input registers. */
  readonly functionCode: FunctionCode;
  /** First register, 0-based as on the wire. */
  readonly address: number;
  /** Its words, at most 125. */
  readonly words: readonly number[];
}

/** The same registers read once more. */
export interface LaterRead {
  /** Its words, as many. */
  readonly words: readonly number[];
  /** Seconds after the first read, above 0. */
  readonly elapsedS: number;
  /** Active power meanwhile in W; `null`: not known. */
  readonly powerW: number | null;
}

/** The same registers and what the display showed when they were read before. */
export interface EarlierRead {
  /** Its words, as many. */
  readonly words: readonly number[];
  /** What the display showed then. */
  readonly display: DisplayValue;
}

/** What the workbench is asked. */
export interface WorkbenchQuestion {
  /** The registers. */
  readonly window: RegisterWindow;
  /** What the display shows. */
  readonly display: DisplayValue;
  /** Read again; absent: they were read once. */
  readonly later?: LaterRead | undefined;
  /** Read before, when the display showed something else: only a way that fits then too is left. */
  readonly earlier?: readonly EarlierRead[] | undefined;
  /** Primary to secondary of the transformers, CT × VT for energy and power; absent: 1. */
  readonly ratio?: number | undefined;
}

/** Why a way is where it is. */
export type Because =
  /** Its value is what the display shows, to the last digit. */
  | { readonly kind: "exact" }
  /** Its value lies `by` of the display's units beside it: it may have moved between the display and the read. */
  | { readonly kind: "moved"; readonly by: number }
  /** Wider ones read the same now, because the words beside it are zero. */
  | { readonly kind: "zeros-beside" }
  /** It grew as power and time say. In the display's unit. */
  | { readonly kind: "grew"; readonly by: number; readonly expected: number }
  /** It grew otherwise than power and time say. In the display's unit. */
  | { readonly kind: "grew-otherwise"; readonly by: number; readonly expected: number }
  /** It did not change between the two reads, and should have. */
  | { readonly kind: "stood-still" }
  /** The register holds the secondary value: the ratio of the transformers makes it the display's. */
  | { readonly kind: "secondary"; readonly ratio: number };

/** A way to read the registers. */
export interface Candidate {
  /** First register, 0-based as on the wire. */
  readonly address: number;
  /** How the value is coded. */
  readonly encoding: Exclude<Encoding, "string" | "ipv4" | "bit" | "f32-4q" | "f32-either">;
  /** Registers that it takes. */
  readonly words: number;
  /** Order of its words and bytes. */
  readonly wordOrder: WordOrder;
  /** Base units a count, a power of ten. */
  readonly scale: number;
  /** Its value in the display's unit. */
  readonly value: number;
  /** Share of all ways that fit, 0 to 1. */
  readonly score: number;
  /** Why. */
  readonly because: readonly Because[];
}

/** What the workbench says. */
export interface WorkbenchAnswer {
  /** `found`: the first is it; `cannot-tell`: the first ones fit as well; `none`: nothing fits. */
  readonly verdict: "found" | "cannot-tell" | "none";
  /** Ways that fit, the likeliest first, at most {@link CANDIDATES_MAX}. */
  readonly candidates: readonly Candidate[];
  /** How many of them fit about as well as the first, itself included. */
  readonly alike: number;
}

/** Ways that an answer names at most. */
export const CANDIDATES_MAX = 12;

/** How a number may be coded, with its registers and how common it is among energy meters. */
const CODINGS: readonly {
  readonly encoding: Candidate["encoding"];
  readonly words: number;
  readonly prior: number;
}[] = [
  { encoding: "f32", words: 2, prior: 0.3 },
  { encoding: "u32", words: 2, prior: 0.25 },
  { encoding: "u16", words: 1, prior: 0.2 },
  { encoding: "i32", words: 2, prior: 0.15 },
  { encoding: "i16", words: 1, prior: 0.1 },
  { encoding: "u64", words: 4, prior: 0.1 },
  { encoding: "i64", words: 4, prior: 0.08 },
  { encoding: "f64", words: 4, prior: 0.05 },
  { encoding: "bcd", words: 2, prior: 0.01 },
  { encoding: "bcd", words: 4, prior: 0.01 },
];

const ORDERS: readonly (readonly [WordOrder, number])[] = [
  ["big", 0.7],
  ["little", 0.2],
  ["big-swapped", 0.05],
  ["little-swapped", 0.05],
];

/** Units of the display a count, as powers of ten, with how common they are. */
const SCALES: readonly (readonly [number, number])[] = [
  [0, 0.35],
  [-1, 0.2],
  [-2, 0.2],
  [-3, 0.2],
  [-4, 0.01],
  [1, 0.02],
  [2, 0.02],
  [3, 0.02],
];

/** Share by which a gauge may have moved between the display and the read. */
const GAUGE_MOVE = 0.03;

/** Share by which a counter may have grown between the display and the read, and steps of the display. */
const COUNTER_MOVE = 0.0005;
const COUNTER_STEPS = 5;

/** A way fits about as well as the first where its weight is at least this share of it. */
const ALIKE = 0.2;

/** Weight of one among zeros: most meters that leave words empty beside a value mean them as its high words. */
const ZEROS_BESIDE = 0.15;

/** Weight of a value that moved by one step, against one that is exact: whoever reads a display reads the registers soon. */
const MOVED = 0.1;

interface Way extends Omit<Candidate, "score"> {
  readonly weight: number;
}

/** Ranks every way to read the registers that gives what the display shows. */
export function findReadings(question: WorkbenchQuestion): WorkbenchAnswer {
  const ways = waysOf(question).sort((one, other) => other.weight - one.weight);
  const total = ways.reduce((sum, { weight }) => sum + weight, 0);
  const [first] = ways;
  if (!first || total === 0) return { verdict: "none", candidates: [], alike: 0 };
  const alike =
    ways.filter((way) => way.weight >= ALIKE * first.weight || differsInOrderAlone(way, first)).length;
  const candidates = ways.slice(0, CANDIDATES_MAX).map(({ weight, ...way }) => ({
    ...way,
    score: weight / total,
  }));
  return { verdict: alike === 1 ? "found" : "cannot-tell", candidates, alike };
}

/** Whether the words read the same in two orders: nothing in them tells which it is. */
function differsInOrderAlone(one: Way, other: Way): boolean {
  const same = one.address === other.address && one.encoding === other.encoding && one.scale === other.scale;
  return same && one.value === other.value && one.wordOrder !== other.wordOrder;
}

function waysOf(question: WorkbenchQuestion): Way[] {
  const { window: { words }, display, ratio = 1 } = question;
  const ways: Way[] = [];
  for (const coding of CODINGS) {
    if (isSignTwin(coding.encoding, display)) continue;
    for (let at = 0; at + coding.words <= words.length; at++) {
      for (const [wordOrder, orderPrior] of ORDERS) {
        if (coding.words === 1 && wordOrder.startsWith("little")) continue;
        const coded = codedAt(words, { ...coding, at, wordOrder });
        if (coded === null) continue;
        for (const [exponent, scalePrior] of SCALES) {
          for (const multiple of ratio === 1 ? [1] : [1, ratio]) {
            const fit = fitOf(coded * multiple, { exponent, display, coding });
            if (!fit) continue;
            const way = { at, coding, wordOrder, exponent, multiple, fit };
            const before = fitBefore(question, way);
            if (before > 0) ways.push(weigh(question, way, coding.prior * orderPrior * scalePrior * before));
          }
        }
      }
    }
  }
  return ways;
}

/** Of two that differ in their sign alone one is looked at: signed for what may flow both ways, else unsigned. */
function isSignTwin(encoding: Candidate["encoding"], { unit, value }: DisplayValue): boolean {
  const signed = value < 0 || ["W", "var", "A", "°C", ""].includes(unit);
  return encoding.startsWith(signed ? "u" : "i");
}

interface Spot {
  readonly at: number;
  readonly encoding: Candidate["encoding"];
  readonly words: number;
  readonly wordOrder: WordOrder;
}

function codedAt(words: readonly number[], { at, encoding, words: length, wordOrder }: Spot): number | null {
  const coded = codedNumber(inOrder(words.slice(at, at + length), wordOrder), { encoding });
  return coded === null ? null : Number(coded);
}

type Fit = { readonly kind: "exact" | "moved"; readonly value: number };

interface Fitting {
  readonly exponent: number;
  readonly display: DisplayValue;
  readonly coding: { readonly encoding: Candidate["encoding"] };
}

/** Whether a coded number is what the display shows, or what it may have become since. */
function fitOf(coded: number, { exponent, display, coding }: Fitting): Fit | null {
  const value = coded * 10 ** exponent;
  if (!Number.isFinite(value)) return null;
  const step = 10 ** -display.decimals;
  const off = value - display.value;
  // A display cuts or rounds; a float holds some 7 or 16 digits; our own arithmetic loses a little.
  const blur = Math.abs(value) * (coding.encoding === "f32" ? 2 ** -24 : 2 ** -50) + step * 1e-6;
  if (off >= -step / 2 - blur && off < step + blur) return { kind: "exact", value };
  if (coded === 0) return null;
  if (isCounter(display)) {
    const most = Math.max(COUNTER_STEPS * step, Math.abs(display.value) * COUNTER_MOVE);
    return off > 0 && off <= most ? { kind: "moved", value } : null;
  }
  return Math.abs(off) <= Math.abs(display.value) * GAUGE_MOVE ? { kind: "moved", value } : null;
}

/** How well a way fits all that was read before: 1 exactly, less where it moved, 0 not at all. */
function fitBefore({ earlier = [] }: WorkbenchQuestion, hit: Hit): number {
  return earlier.reduce((share, { words, display }) => {
    const { at, coding, wordOrder, exponent, multiple } = hit;
    const coded = codedAt(words, { ...coding, at, wordOrder });
    const fit = coded === null ? null : fitOf(coded * multiple, { exponent, display, coding });
    return share * (fit === null ? 0 : fit.kind === "exact" ? 1 : MOVED);
  }, 1);
}

function isCounter({ unit }: DisplayValue): boolean {
  return unit === "Wh" || unit === "varh" || unit === "VAh" || unit === "L" || unit === "s";
}

interface Hit {
  readonly at: number;
  readonly coding: (typeof CODINGS)[number];
  readonly wordOrder: WordOrder;
  readonly exponent: number;
  readonly multiple: number;
  readonly fit: Fit;
}

function weigh(question: WorkbenchQuestion, hit: Hit, prior: number): Way {
  const { window, display } = question;
  const { at, coding, wordOrder, exponent, multiple, fit } = hit;
  const because: Because[] = fit.kind === "exact"
    ? [{ kind: "exact" }]
    : [{ kind: "moved", by: fit.value - display.value }];
  // The further off, the more other values would have fitted as well.
  const steps = Math.abs(fit.value - display.value) * 10 ** display.decimals;
  let weight = prior * (fit.kind === "exact" ? 1 : MOVED / (1 + steps));
  if (multiple !== 1) {
    because.push({ kind: "secondary", ratio: multiple });
    weight /= 4;
  }
  if (hasZerosBeside(window.words, hit)) {
    because.push({ kind: "zeros-beside" });
    weight *= ZEROS_BESIDE;
  }
  const grown = growthOf(question, hit);
  if (grown) {
    because.push(grown.because);
    weight *= grown.factor;
  }
  return {
    address: window.address + at,
    encoding: coding.encoding,
    words: coding.words,
    wordOrder,
    scale: 10 ** exponent * display.factor,
    value: fit.value,
    because,
    weight,
  };
}

/** Whether an integer of twice the width, whose further words are all zero, reads the same in the same order. */
function hasZerosBeside(words: readonly number[], { at, coding, wordOrder }: Hit): boolean {
  if (!/^[ui](16|32)$/.test(coding.encoding)) return false;
  const high = wordOrder.startsWith("big") ? at - coding.words : at + coding.words;
  const beside = words.slice(Math.max(0, high), high + coding.words);
  return high >= 0 && beside.length === coding.words && beside.every((word) => word === 0);
}

interface Growth {
  readonly because: Because;
  readonly factor: number;
}

/** What two reads say of a counter of energy; `null`: nothing. */
function growthOf({ later, display }: WorkbenchQuestion, hit: Hit): Growth | null {
  if (!later || !isCounter(display)) return null;
  const { at, coding, wordOrder, exponent, multiple, fit } = hit;
  const coded = codedAt(later.words, { ...coding, at, wordOrder });
  if (coded === null) return { because: { kind: "stood-still" }, factor: 0.01 };
  const by = coded * multiple * 10 ** exponent - fit.value;
  if (later.powerW === null || display.unit !== "Wh") {
    return by > 0 ? { because: { kind: "grew", by, expected: by }, factor: 3 } : null;
  }
  const expected = later.powerW * later.elapsedS / 3600 / display.factor;
  const count = 10 ** exponent * multiple;
  const floatStep = coding.encoding === "f32" ? Math.abs(fit.value) * 2 ** -23 : 0;
  const step = Math.max(count, floatStep);
  if (Math.abs(by - expected) <= 2 * step + 0.2 * Math.abs(expected)) {
    // Where less than a step was to come, standing still says nothing.
    return Math.abs(expected) < step ? null : { because: { kind: "grew", by, expected }, factor: 20 };
  }
  if (by === 0) return { because: { kind: "stood-still" }, factor: 0.05 };
  return { because: { kind: "grew-otherwise", by, expected }, factor: by > 0 ? 0.05 : 0.005 };
}
