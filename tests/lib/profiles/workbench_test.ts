import { deepStrictEqual, ok as isTrue, strictEqual } from "node:assert/strict";
import type { Unit } from "../../../lib/domain/channel.ts";
import { inOrder } from "../../../lib/profiles/decode.ts";
import { type DisplayValue, parseDisplay } from "../../../lib/profiles/display.ts";
import type { WordOrder } from "../../../lib/profiles/profile.ts";
import { type Candidate, findReadings, type WorkbenchAnswer } from "../../../lib/profiles/workbench.ts";

/** Random words that are the same in every run (xorshift32), none of them zero. */
function createNoise(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return ((state >>> 0) % 0xffff) + 1;
  };
}

type Coding = Candidate["encoding"];

function wordsFor(coding: Coding, coded: number, length: number): readonly number[] {
  const view = new DataView(new ArrayBuffer(8));
  switch (coding) {
    case "u16":
    case "i16":
      view.setInt16(0, coded);
      break;
    case "u32":
    case "i32":
      view.setInt32(0, coded);
      break;
    case "u64":
    case "i64":
      view.setBigInt64(0, BigInt(coded));
      break;
    case "f32":
      view.setFloat32(0, coded);
      break;
    case "f64":
      view.setFloat64(0, coded);
      break;
    case "bcd": {
      const digits = String(coded).padStart(length * 4, "0");
      return digits.match(/.{4}/g)?.map((four) => parseInt(four, 16)) ?? [];
    }
  }
  return Array.from({ length }, (_, i) => view.getUint16(i * 2));
}

interface Planted {
  readonly coding: Coding;
  readonly length: number;
  readonly order: WordOrder;
  /** Units of the display a count. */
  readonly exponent: number;
  /** What is coded. */
  readonly coded: number;
  readonly display: string;
}

const ORDERS: readonly WordOrder[] = ["big", "little", "big-swapped", "little-swapped"];
const WINDOW = 60;

function windowWith(
  planted: readonly { readonly at: number; readonly words: readonly number[] }[],
  seed: number,
) {
  const noise = createNoise(seed);
  const words = Array.from({ length: WINDOW }, noise);
  for (const { at, words: own } of planted) own.forEach((word, i) => words[at + i] = word);
  return { functionCode: 3, address: 3000, words } as const;
}

function displayOf(text: string): DisplayValue {
  const read = parseDisplay(text);
  if (!read.ok) throw new Error(`${text}: ${read.error}`);
  return read.value;
}

/** What a display of so many decimals shows of a number: it cuts. */
function cut(value: number, decimals: number): string {
  return (Math.trunc(Number((value * 10 ** decimals).toPrecision(15))) / 10 ** decimals).toFixed(decimals);
}

function shows(
  coded: number,
  exponent: number,
  { unit, decimals }: { unit: string; decimals: number },
): string {
  return `${cut(coded * 10 ** exponent, decimals)} ${unit}`;
}

/** Every encoding, order and scale as meters have them, with values of five to twelve digits. */
function generatedCases(): readonly Planted[] {
  const cases: Planted[] = [];
  const add = (
    coding: Coding,
    length: number,
    exponent: number,
    coded: number,
    shown: { unit: string; decimals: number },
  ) => {
    for (const order of ORDERS) {
      if (length === 1 && order.startsWith("little")) continue;
      cases.push({ coding, length, order, exponent, coded, display: shows(coded, exponent, shown) });
    }
  };
  for (const [exponent, decimals] of [[-3, 3], [-3, 1], [-2, 2], [-2, 1], [-1, 1], [0, 0]] as const) {
    add("u32", 2, exponent, 184_302_117, { unit: "kWh", decimals });
    add("u64", 4, exponent, 8_734_184_302_117, { unit: "kWh", decimals });
    add("u32", 2, exponent, 3_912_345_678, { unit: "kvarh", decimals });
    add("bcd", 2, exponent, 12_345_678, { unit: "kWh", decimals });
    add("bcd", 4, exponent, 738_912_345_678, { unit: "kWh", decimals });
  }
  for (
    const [exponent, coded, decimals] of [[0, 12_345.677, 1], [0, 987_654.3, 2], [-3, 45_678_912, 1]] as const
  ) {
    add("f32", 2, exponent, Math.fround(coded), { unit: "kWh", decimals });
    add("f64", 4, exponent, coded + 0.125, { unit: "kWh", decimals });
  }
  for (
    const [coded, exponent, unit, decimals] of [
      [-123_456, -2, "kW", 2],
      [-1_234_567, -3, "kW", 3],
      [1_234_567, -3, "kW", 3],
      [-98_765, 0, "W", 0],
      [7_654_321, -3, "A", 3],
    ] as const
  ) add("i32", 2, exponent, coded, { unit, decimals });
  for (const [coded, exponent, unit, decimals] of [[-32_123, -1, "W", 1], [-12_345, -2, "kW", 2]] as const) {
    add("i16", 1, exponent, coded, { unit, decimals });
  }
  for (
    const [coded, exponent, unit, decimals] of [[54_321, -2, "V", 2], [23_457, -2, "V", 2], [
      65_432,
      0,
      "kWh",
      0,
    ]] as const
  ) {
    add("u16", 1, exponent, coded, { unit, decimals });
  }
  for (const coded of [238.4321, 49.98712, 1234.5678]) {
    add("f32", 2, 0, Math.fround(coded), { unit: "V", decimals: 4 });
    add("f64", 4, 0, coded, { unit: "V", decimals: 4 });
  }
  add("i64", 4, -3, -8_734_184_302_117, { unit: "kW", decimals: 3 });
  add("i64", 4, 0, -5_734_184_302, { unit: "W", decimals: 0 });
  return cases;
}

const GENERATED = generatedCases();

Deno.test("findReadings() is tried with at least 200 generated cases", () =>
  isTrue(GENERATED.length >= 200, `${GENERATED.length}`));

for (const [n, planted] of GENERATED.entries()) {
  const { coding, length, order, exponent, coded, display } = planted;
  Deno.test(`findReadings() finds "${display}" first as ${coding} of ${length} words, ${order}, 10^${exponent} (${n})`, () => {
    const at = 3 + (n * 7) % (WINDOW - 12);
    const words = inOrder(wordsFor(coding, coded, length), order);
    const shown = displayOf(display);
    const answer = findReadings({ window: windowWith([{ at, words }], n + 1), display: shown });
    const [first] = answer.candidates;
    deepStrictEqual(
      first && {
        address: first.address,
        encoding: signless(first.encoding),
        words: first.words,
        wordOrder: first.wordOrder,
        exponent: Math.round(Math.log10(first.scale / shown.factor)),
      },
      { address: 3000 + at, encoding: signless(coding), words: length, wordOrder: order, exponent },
    );
    strictEqual(answer.verdict, "found", describe(answer));
  });
}

/** Signed and unsigned read a positive number alike. */
function signless(encoding: Coding): string {
  return encoding.replace(/^[ui]/, "int");
}

function describe({ candidates }: WorkbenchAnswer): string {
  return candidates.slice(0, 4).map(({ encoding, wordOrder, scale, score }) =>
    `${encoding} ${wordOrder} ${scale} ${score.toFixed(3)}`
  )
    .join("; ");
}

Deno.test("findReadings() cannot tell which of two registers holds what both hold", () => {
  const words = wordsFor("u32", 1_234_567, 2);
  const window = windowWith([{ at: 5, words }, { at: 30, words }], 1);
  const answer = findReadings({ window, display: displayOf("1234.567 kWh") });
  strictEqual(answer.verdict, "cannot-tell");
  strictEqual(answer.alike, 2);
  deepStrictEqual(answer.candidates.slice(0, 2).map(({ address }) => address).sort(), [3005, 3030]);
});

Deno.test("findReadings() tells two registers apart by the one that grows as the power says", () => {
  const words = wordsFor("u32", 1_234_567, 2);
  const window = windowWith([{ at: 5, words }, { at: 30, words }], 1);
  const later = windowWith([{ at: 5, words }, { at: 30, words: wordsFor("u32", 1_234_704, 2) }], 1).words;
  const question = {
    window,
    display: displayOf("1234.567 kWh"),
    later: { words: later, elapsedS: 60, powerW: 8214 },
  };
  const answer = findReadings(question);
  strictEqual(answer.verdict, "found");
  strictEqual(answer.candidates[0]?.address, 3030);
  isTrue(answer.candidates[0]?.because.some(({ kind }) => kind === "grew"));
});

Deno.test("findReadings() puts the wider of two first where its high words are zero, and cannot tell", () => {
  const words = wordsFor("u64", 184_302_117, 4);
  const answer = findReadings({
    window: windowWith([{ at: 8, words }], 3),
    display: displayOf("184302.117 kWh"),
  });
  const [first, second] = answer.candidates;
  deepStrictEqual([first?.encoding, first?.address, second?.encoding, second?.address], [
    "u64",
    3008,
    "u32",
    3010,
  ]);
  strictEqual(answer.verdict, "cannot-tell");
});

Deno.test("findReadings() cannot tell bytes that read the same forwards and backwards", () => {
  const answer = findReadings({
    window: windowWith([{ at: 20, words: [0x1212] }], 4),
    display: displayOf("4626 kWh"),
  });
  strictEqual(answer.verdict, "cannot-tell");
});

Deno.test("findReadings() cannot tell a value of two digits among many registers", () => {
  const noise = createNoise(9);
  const words = Array.from({ length: 120 }, () => noise() % 100);
  strictEqual(
    findReadings({ window: { functionCode: 4, address: 0, words }, display: displayOf("12 A") }).verdict,
    "cannot-tell",
  );
});

Deno.test("findReadings() finds a counter that went on between the display and the read", () => {
  const words = wordsFor("u32", 1_234_569, 2);
  const answer = findReadings({
    window: windowWith([{ at: 11, words }], 5),
    display: displayOf("1234.567 kWh"),
  });
  deepStrictEqual([answer.verdict, answer.candidates[0]?.address], ["found", 3011]);
  strictEqual(answer.candidates[0]?.because[0]?.kind, "moved");
});

Deno.test("findReadings() finds a register that holds the secondary value of a transformer", () => {
  const words = wordsFor("u32", 1_234_567, 2);
  const display = displayOf("74074.02 kWh");
  const answer = findReadings({ window: windowWith([{ at: 14, words }], 6), display, ratio: 60 });
  deepStrictEqual([answer.candidates[0]?.address, answer.candidates[0]?.scale], [3014, 1]);
  isTrue(answer.candidates[0]?.because.some(({ kind }) => kind === "secondary"));
});

Deno.test("findReadings() says that nothing fits", () => {
  const answer = findReadings({ window: windowWith([], 7), display: displayOf("987654.321 kWh") });
  deepStrictEqual(answer, { verdict: "none", candidates: [], alike: 0 });
  const empty = { functionCode: 3, address: 0, words: [] } as const;
  strictEqual(findReadings({ window: empty, display: displayOf("1 kWh") }).verdict, "none");
});

Deno.test("findReadings() gives scores that add up to no more than one", () => {
  const noise = createNoise(11);
  const words = Array.from({ length: 125 }, () => noise() % 300);
  const unit: Unit = "V";
  const display = { value: 230, decimals: 0, unit, factor: 1, written: "V" };
  const answer = findReadings({ window: { functionCode: 3, address: 0, words }, display });
  isTrue(answer.candidates.length <= 12);
  isTrue(answer.candidates.reduce((sum, { score }) => sum + score, 0) <= 1 + 1e-9);
});
