import { strictEqual } from "node:assert/strict";
import {
  floatCounterStep,
  floatStep,
  halfHoursForFiveSteps,
  stepInBase,
  uncertaintyOf,
} from "../../../lib/domain/step.ts";

const FLOATS: readonly [string, number, "f32" | "f64", number][] = [
  ["0", 0, "f32", 2 ** -149],
  ["the smallest f64", 0, "f64", 2 ** -1074],
  ["1.05 GWh in kWh", 1_050_000, "f32", 0.125],
  ["just below 2^20", 1_048_575.9375, "f32", 0.0625],
  ["exactly 2^20", 1_048_576, "f32", 0.125],
  ["a negative number", -1_050_000, "f32", 0.125],
  ["16.8 million, the last whole f32", 2 ** 24, "f32", 2],
  ["a double", 1_050_000, "f64", 2 ** -32],
];
for (const [name, value, encoding, want] of FLOATS) {
  Deno.test(`floatStep() of ${encoding} at ${name}`, () => strictEqual(floatStep(value, encoding), want));
}

Deno.test("floatStep() agrees with the next float in memory", () => {
  const view = new DataView(new ArrayBuffer(4));
  for (let bits = 0x3f800000; bits < 0x4f000000; bits += 1_234_567) {
    view.setUint32(0, bits);
    const value = view.getFloat32(0);
    view.setUint32(0, bits + 1);
    strictEqual(floatStep(value, "f32"), view.getFloat32(0) - value);
  }
});

Deno.test("floatCounterStep() gives whole base units, never less than one", () => {
  strictEqual(floatCounterStep({ encoding: "f32", value: 1_050_000_000, scale: 1000 }), 125);
  strictEqual(floatCounterStep({ encoding: "f32", value: 100_000, scale: 1000 }), 1);
  strictEqual(floatCounterStep({ encoding: "f64", value: 1_050_000_000, scale: 1000 }), 1);
});

Deno.test("stepInBase() turns counts into base units", () => {
  strictEqual(stepInBase(1, { numerator: 100, denominator: 1 }), 100);
  strictEqual(stepInBase(1, { numerator: 1, denominator: 10 }), 1);
});

Deno.test("uncertaintyOf() is said below five steps only", () => {
  strictEqual(uncertaintyOf(0, 100), 100);
  strictEqual(uncertaintyOf(400, 100), 100);
  strictEqual(uncertaintyOf(500, 100), null);
});

Deno.test("halfHoursForFiveSteps() waits longer for a small load", () => {
  strictEqual(halfHoursForFiveSteps(0, 100), null);
  strictEqual(halfHoursForFiveSteps(20, 100), 25);
  strictEqual(halfHoursForFiveSteps(9_000, 100), 1);
});
