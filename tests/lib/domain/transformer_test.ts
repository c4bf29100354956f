import { deepStrictEqual, match, strictEqual, throws } from "node:assert/strict";
import type { Unit } from "../../../lib/domain/channel.ts";
import type { Transformer } from "../../../lib/domain/site.ts";
import {
  maxPerHourOf,
  maxPowerWOf,
  ratioOf,
  ratioTrouble,
  timesRatio,
  transformerRatio,
} from "../../../lib/domain/transformer.ts";

const CT: Transformer = {
  ctPrimaryA: 250,
  ctSecondaryA: 5,
  vtPrimaryV: 11_000,
  vtSecondaryV: 110,
  appliedBy: "wattpost",
};

Deno.test("ratioOf() refuses what is no ratio", () => {
  for (const [top, bottom] of [[0, 5], [5, 0], [-5, 5], [0.0001, 1]] as const) {
    throws(() => ratioOf(top, bottom), RangeError);
  }
});

const RATIOS: readonly [Unit, number, number][] = [
  ["Wh", 5000, 1],
  ["varh", 5000, 1],
  ["W", 5000, 1],
  ["A", 50, 1],
  ["V", 100, 1],
  ["Hz", 1, 1],
  ["", 1, 1],
  ["L", 1, 1],
];
for (const [unit, numerator, denominator] of RATIOS) {
  Deno.test(`transformerRatio() of "${unit}" is ${numerator}, and 1 when the meter applies it`, () => {
    deepStrictEqual(transformerRatio(CT, unit), { numerator, denominator });
    deepStrictEqual(transformerRatio({ ...CT, appliedBy: "meter" }, unit), { numerator: 1, denominator: 1 });
    deepStrictEqual(transformerRatio(null, unit), { numerator: 1, denominator: 1 });
  });
}

Deno.test("transformerRatio() keeps a ratio that is no whole number", () => {
  const odd = { ...CT, ctPrimaryA: 100, ctSecondaryA: 0.333, vtPrimaryV: 230, vtSecondaryV: 230 };
  deepStrictEqual(transformerRatio(odd, "Wh"), { numerator: 100_000, denominator: 333 });
});

const LIMITS = {
  maxPowerW: null,
  transformer: null,
  nominalV: 230,
  phases: 3,
  profileMaxPowerW: 69_000,
} as const;
const LOW_VOLTAGE: Transformer = { ...CT, vtPrimaryV: 230, vtSecondaryV: 230 };

Deno.test("maxPowerWOf() believes the breaker, then the transformers, then the model", () => {
  strictEqual(maxPowerWOf({ ...LIMITS, profileMaxPowerW: null }), null);
  strictEqual(maxPowerWOf(LIMITS), 69_000);
  strictEqual(maxPowerWOf({ ...LIMITS, transformer: LOW_VOLTAGE }), 172_500);
  strictEqual(maxPowerWOf({ ...LIMITS, transformer: { ...LOW_VOLTAGE, appliedBy: "meter" } }), 172_500);
  strictEqual(maxPowerWOf({ ...LIMITS, transformer: CT }), 4_763_140);
  strictEqual(maxPowerWOf({ ...LIMITS, transformer: CT, maxPowerW: 40_000 }), 40_000);
});

Deno.test("maxPerHourOf() bounds energy by power and seconds by the clock", () => {
  strictEqual(maxPerHourOf("s", null), 3600);
  strictEqual(maxPerHourOf("Wh", 40_000), 40_000);
  strictEqual(maxPerHourOf("varh", 40_000), 40_000);
  strictEqual(maxPerHourOf("L", 40_000), null);
  strictEqual(maxPerHourOf("Wh", null), null);
});

/** The most that the forms let through: each rating at its limit, with three decimals. */
const EXTREME: Transformer = {
  ctPrimaryA: 99_999.999,
  ctSecondaryA: 0.007,
  vtPrimaryV: 999_999.999,
  vtSecondaryV: 1.001,
  appliedBy: "wattpost",
};

Deno.test("transformerRatio() of extreme ratings is of whole numbers that every database can hold", () => {
  for (const counts of [1, 1_000_000]) {
    const counting = { numerator: counts, denominator: 7 };
    const counted = timesRatio(counting, transformerRatio(EXTREME, "Wh"));
    const { numerator, denominator } = counted;
    strictEqual([numerator, denominator].every((it) => Number.isSafeInteger(it) && it >= 1), true);
    const wanted = counts / 7 * (99_999.999 / 0.007) * (999_999.999 / 1.001);
    strictEqual(wanted > 1e15 || Math.abs(numerator / denominator / wanted - 1) < 1e-10, true);
    const turned = timesRatio(
      { numerator: counting.denominator, denominator: counting.numerator },
      { numerator: denominator, denominator: numerator },
    );
    strictEqual([turned.numerator, turned.denominator].every(Number.isSafeInteger), true);
  }
});

Deno.test("timesRatio() is exact where only the steps between are too long", () => {
  const one = { numerator: 9_000_000_000, denominator: 7 };
  deepStrictEqual(timesRatio(one, { numerator: 7_000_000, denominator: 9_000_000 }), {
    numerator: 1_000_000_000,
    denominator: 1,
  });
});

Deno.test("ratioTrouble() refuses ratings whose factor is too long, and no usual ones", () => {
  const phase = { ...CT, ctPrimaryA: 600, vtPrimaryV: 6350.853, vtSecondaryV: 63.509 };
  const large = { ...CT, ctPrimaryA: 5000, ctSecondaryA: 1, vtPrimaryV: 400_000, vtSecondaryV: 100 };
  const coil = { ...CT, ctPrimaryA: 4000, ctSecondaryA: 0.333, vtPrimaryV: 33_000, vtSecondaryV: 110 };
  for (const usual of [CT, phase, large, coil]) strictEqual(ratioTrouble(usual), null);
  match(
    ratioTrouble(EXTREME) ?? "",
    /^ratings whose CT × VT is a ratio of whole numbers up to 9000000000, not/,
  );
  strictEqual(ratioTrouble({ ...EXTREME, appliedBy: "meter" }), null);
});
