import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  type AmountToCheck,
  checkAmount,
  completenessOf,
  countQualities,
  shareOf,
  storedQuality,
  sumCompleteness,
} from "../../../lib/domain/quality.ts";

/** A week that draws 1,000 by day, from 07:00 to 19:00, and `night` else. */
function weekOf(night: number): readonly number[] {
  return Array.from({ length: 336 }, (_, i) => i % 48 >= 14 && i % 48 < 38 ? 1_000 : night);
}

const PLAIN: AmountToCheck = { amount: 100, earlier: weekOf(100), peak: null, step: 1, rated: 50_000 };

const CASES: readonly (Partial<AmountToCheck> & { name: string; want: string | null })[] = [
  { name: "more than the breaker is rated for", amount: 50_001, want: "high" },
  { name: "a peak three times the day's others", amount: 2_801, want: "spike" },
  { name: "a peak that is only high for a day", amount: 2_800, want: null },
  { name: "far above the usual peak", amount: 2_801, earlier: [], peak: 1_000, want: "spike" },
  {
    name: "a Monday morning after a closed Sunday",
    amount: 1_000,
    earlier: new Array(48).fill(30),
    peak: 990,
    want: null,
  },
  { name: "a usual peak of a few steps", amount: 90, peak: 4, want: null },
  { name: "a peak among a few steps", amount: 90, earlier: weekOf(0).map((x) => x / 1000), want: null },
  { name: "a peak with no day to compare with", amount: 9_000, earlier: [10, 10], want: null },
  { name: "one zero in a row", amount: 0, want: null },
  {
    name: "two zeros where it never stood still",
    amount: 0,
    earlier: [...weekOf(100).slice(1), 0],
    want: "zero",
  },
  { name: "zeros of a load that sleeps each night", amount: 0, earlier: weekOf(0), want: null },
  {
    name: "zeros for longer than any night",
    amount: 0,
    earlier: [...weekOf(0), ...new Array(14).fill(0)],
    want: "zero",
  },
  {
    name: "zeros of a coarse counter that needs twenty half-hours for five steps",
    amount: 0,
    step: 1000,
    earlier: [...new Array(20).fill([1000, 0, 0, 0]).flat(), 0, 0],
    want: null,
  },
  { name: "a counter that never counted", amount: 0, earlier: new Array(96).fill(0), want: null },
  { name: "a tenth of what this time never fell below", amount: 9, want: "low" },
  { name: "just a tenth of it", amount: 10, want: null },
  {
    name: "little, with only four days to compare",
    amount: 9,
    earlier: weekOf(100).slice(0, 192),
    want: null,
  },
  {
    name: "little, where the same time is not known",
    amount: 9,
    earlier: weekOf(100).map(() => null),
    want: null,
  },
  { name: "an ordinary amount", amount: 110, want: null },
];
for (const { name, want, ...change } of CASES) {
  Deno.test(`checkAmount() says ${want ?? "measured"} to ${name}`, () => {
    deepStrictEqual(checkAmount({ ...PLAIN, ...change }), {
      quality: want === null ? "measured" : "suspect",
      check: want,
    });
  });
}

Deno.test("completenessOf() counts what was not expected nowhere", () => {
  deepStrictEqual(completenessOf(""), { have: 0, expected: 0 });
  deepStrictEqual(completenessOf("----"), { have: 0, expected: 0 });
  deepStrictEqual(completenessOf("--mrasex"), { have: 5, expected: 6 });
  deepStrictEqual(sumCompleteness([{ have: 1, expected: 2 }, { have: 3, expected: 3 }]), {
    have: 4,
    expected: 5,
  });
});

Deno.test("shareOf() knows no share of nothing", () => {
  strictEqual(shareOf({ have: 0, expected: 0 }), null);
  strictEqual(shareOf({ have: 46, expected: 48 }), 46 / 48);
});

Deno.test("countQualities() counts each letter", () => {
  deepStrictEqual(countQualities("mm-rxxx"), {
    measured: 2,
    recovered: 1,
    estimated: 0,
    suspect: 0,
    missing: 3,
    edited: 0,
  });
});

const RULES = {
  numerator: 100,
  denominator: 1,
  modulus: null,
  maxPerHour: 20_000,
  step: 1,
  forgetsWithoutPower: false,
};
const STORED = [
  { name: "keeps what is within the rating and one step", amount: 10_100, peak: null, want: "measured" },
  { name: "doubts what the breaker cannot carry", amount: 10_101, peak: null, want: "suspect" },
  { name: "doubts a spike", amount: 5_700, peak: 2_000, want: "suspect" },
  { name: "has nothing to check where there is no amount", amount: null, peak: 2_000, want: "measured" },
] as const;
for (const { name, amount, peak, want } of STORED) {
  Deno.test(`storedQuality() ${name}`, () => {
    strictEqual(storedQuality({ amount, quality: "measured" }, { rules: RULES, peak }), want);
  });
}

Deno.test("storedQuality() leaves alone what was not measured", () => {
  strictEqual(
    storedQuality({ amount: 99_999, quality: "recovered" }, { rules: RULES, peak: 1 }),
    "recovered",
  );
  const unknown = { ...RULES, maxPerHour: null };
  strictEqual(
    storedQuality({ amount: 99_999, quality: "measured" }, { rules: unknown, peak: null }),
    "measured",
  );
});
