import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { boundariesBetween, counterOf } from "../../../lib/domain/boundary.ts";
import { endSOf } from "../../../lib/domain/half_hour.ts";

const COUNTERS: readonly [string, number, Parameters<typeof counterOf>[1], number | null][] = [
  ["NaN", NaN, { numerator: 1, denominator: 1, origin: 0 }, null],
  ["a fraction", 1.5, { numerator: 1, denominator: 1, origin: 0 }, null],
  ["a product beyond 53 bits", 2 ** 50, { numerator: 100, denominator: 1, origin: 0 }, null],
  ["tenths of kWh", 9_999_999, { numerator: 100, denominator: 1, origin: 0 }, 999_999_900],
  ["a third, rounded down", 5, { numerator: 1, denominator: 3, origin: 0 }, 1],
  ["a third below its origin, rounded down", 5, { numerator: 1, denominator: 3, origin: 6 }, -1],
  ["a turn before", 5, { numerator: 10, denominator: 1, origin: -1_000_000 }, 10_000_050],
  [
    "a product that only fits in between",
    2 ** 52,
    { numerator: 1000, denominator: 1000, origin: 0 },
    2 ** 52,
  ],
];
for (const [name, raw, rule, want] of COUNTERS) {
  Deno.test(`counterOf() of ${name}`, () => strictEqual(counterOf(raw, rule), want));
}

const H = 1_000_000;

/** Only the half-hour after H draws more than the others: nine times as much. */
const SHAPE = {
  weights: Array.from({ length: 336 }, (_, i) => i === (H + 1 + 144) % 336 ? 9_000 : 1_000),
  samples: 400,
  peak: 9_000,
};

Deno.test("boundariesBetween() uses seconds for a read within 60 s and the shape for a later one", () => {
  const at = (lateS: number) =>
    boundariesBetween(
      {
        earlier: { atS: endSOf(H) - 1800, counter: 0 },
        later: { atS: endSOf(H) + lateS, counter: 1_000_000 },
        shape: SHAPE,
      },
      { first: H, last: H },
    )[0]?.boundary;
  strictEqual(at(0), 1_000_000);
  strictEqual(at(60), Math.floor(1_000_000 * 1800 / 1860));
  strictEqual(at(61), Math.floor(1_000_000 * 1800 / (1800 + 61 * 9)));
});

Deno.test("boundariesBetween() uses the shape as soon as two boundaries lie between the reads", () => {
  const found = boundariesBetween(
    {
      earlier: { atS: endSOf(H) - 1800, counter: 500 },
      later: { atS: endSOf(H + 1), counter: 1_500 },
      shape: SHAPE,
    },
    { first: H, last: H + 1 },
  );
  deepStrictEqual(found, [{ halfHour: H, boundary: 600 }, { halfHour: H + 1, boundary: 1_500 }]);
});

Deno.test("boundariesBetween() never falls and never leaves its reads, however large they are", () => {
  const later = { atS: endSOf(H + 400) + 977, counter: 9_007_199_254_740_991 };
  const found = boundariesBetween(
    { earlier: { atS: endSOf(H) - 333, counter: 1 }, later, shape: SHAPE },
    { first: H, last: H + 400 },
  );
  strictEqual(found.length, 401);
  found.forEach(({ boundary }, i) => {
    ok(boundary >= (found[i - 1]?.boundary ?? 1) && boundary <= later.counter);
  });
});
