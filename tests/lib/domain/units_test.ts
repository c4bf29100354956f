import { strictEqual } from "node:assert/strict";
import {
  apparentVaOf,
  halfHourWhOf,
  kwhOf,
  powerFactorOf,
  powerWOf,
  sumOfParts,
  whOf,
} from "../../../lib/domain/units.ts";

Deno.test("powerWOf() is twice the energy of a half-hour, and unknown stays unknown", () => {
  strictEqual(powerWOf(null), null);
  strictEqual(powerWOf(0), 0);
  strictEqual(powerWOf(36_000), 72_000);
  strictEqual(halfHourWhOf(72_000), 36_000);
});

Deno.test("apparentVaOf() needs both parts", () => {
  strictEqual(apparentVaOf({ energyWh: 3, reactiveVarh: null }), null);
  strictEqual(apparentVaOf({ energyWh: null, reactiveVarh: 4 }), null);
  strictEqual(apparentVaOf({ energyWh: 3, reactiveVarh: -4 }), 10);
});

const FACTORS: readonly [string, Parameters<typeof powerFactorOf>[0], number | null][] = [
  ["nothing flowed", { energyWh: 0, reactiveVarh: 0 }, null],
  ["reactive energy is not metered", { energyWh: 5, reactiveVarh: null }, null],
  ["VAh are metered", { energyWh: 80, reactiveVarh: null, apparentVah: 100 }, 0.8],
  ["VAh are unknown this once", { energyWh: 3, reactiveVarh: 4, apparentVah: null }, 0.6],
  ["rounding would pass 1", { energyWh: 101, reactiveVarh: null, apparentVah: 100 }, 1],
  ["energy was sent out", { energyWh: -3, reactiveVarh: 4 }, 0.6],
];
for (const [name, energy, want] of FACTORS) {
  Deno.test(`powerFactorOf() is ${want} when ${name}`, () => strictEqual(powerFactorOf(energy), want));
}

Deno.test("kwhOf() and whOf() go there and back", () => {
  strictEqual(kwhOf(1_284_302_400), 1_284_302.4);
  strictEqual(whOf(1_284_302.4), 1_284_302_400);
  strictEqual(whOf(0.0004), 0);
});

const SUMS: readonly [string, readonly (number | null)[], number | null][] = [
  ["one tariff missing, all missing", [5, null], null],
  ["nothing to add", [], null],
  ["more than 53 bits", [2 ** 53 - 1, 1], null],
  ["two tariffs", [5, 7], 12],
];
for (const [name, parts, want] of SUMS) {
  Deno.test(`sumOfParts() of ${name}`, () => strictEqual(sumOfParts(parts), want));
}
