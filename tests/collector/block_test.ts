import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { type Limits, planBlocks, type Wanted, wordsIn } from "../../collector/block.ts";
import { profileOf, PROFILES } from "../../lib/profiles/mod.ts";
import { addressesOf, type Encoding, wordsOf } from "../../lib/profiles/profile.ts";
import { hertz, volts, wattHours, watts } from "../../lib/profiles/registers.ts";

const LIMITS: Limits = { functionCode: 4, wordsPerRequest: 80, gapWords: 8 };

function wanted(registers: Readonly<Record<string, Wanted["spec"]>>): readonly Wanted[] {
  return Object.entries(registers).map(([quantity, spec]) => ({ quantity, spec }));
}

Deno.test("planBlocks() refuses a value that no request can hold", () => {
  const sum = wanted({ importWh: wattHours(100, "f64", { plus: [300] }) });
  throws(() => planBlocks(sum, LIMITS), /at most 80/);
});

Deno.test("planBlocks() plans nothing for nothing", () => deepStrictEqual(planBlocks([], LIMITS), []));

Deno.test("planBlocks() never cuts a value at the limit", () => {
  const spans = planBlocks(
    wanted({ a: volts(0, "f32"), b: volts(2, "f32"), importWh: wattHours(4, "f64") }),
    { ...LIMITS, wordsPerRequest: 7 },
  );
  deepStrictEqual(spans.map((span) => [span.address, span.count]), [[4, 4], [0, 4]]);
});

Deno.test("planBlocks() reads through small gaps and no others", () => {
  const registers = wanted({ a: volts(0, "f32"), b: volts(10, "f32"), c: volts(21, "f32") });
  deepStrictEqual(planBlocks(registers, LIMITS).map((span) => [span.address, span.count]), [[0, 12], [
    21,
    2,
  ]]);
  strictEqual(planBlocks(registers, { ...LIMITS, gapWords: 0 }).length, 3);
});

Deno.test("planBlocks() keeps function codes apart", () => {
  const spans = planBlocks(wanted({ a: volts(0, "f32"), b: volts(2, "f32", { functionCode: 3 }) }), LIMITS);
  deepStrictEqual(spans.map((span) => [span.functionCode, span.address]), [[3, 2], [4, 0]]);
});

Deno.test("planBlocks() asks for coils and discrete inputs by themselves, through gaps like registers", () => {
  const coil = (address: number, functionCode: 1 | 2): Wanted["spec"] => (
    { address, functionCode, encoding: "bit", bit: 0, kind: "state", unit: "" }
  );
  const spans = planBlocks(
    wanted({ a: coil(3, 1), b: coil(9, 1), c: coil(4, 2), d: volts(3, "u16") }),
    LIMITS,
  );
  deepStrictEqual(
    spans.map(({ functionCode, address, count }) => [functionCode, address, count]),
    [[1, 3, 7], [2, 4, 1], [4, 3, 1]],
  );
});

Deno.test("planBlocks() brings the counters first", () => {
  const spans = planBlocks(
    wanted({ voltageL1V: volts(0, "f32"), importWh: wattHours(900, "f32"), frequencyHz: hertz(300, "f32") }),
    LIMITS,
  );
  deepStrictEqual(spans.map((span) => [span.address, span.hasCounter]), [[900, true], [0, false], [
    300,
    false,
  ]]);
});

Deno.test("planBlocks() reads all parts of a sum in one request", () => {
  const spans = planBlocks(
    wanted({ powerW: watts(0, "f32"), importWh: wattHours(10, "f64", { plus: [60] }) }),
    { ...LIMITS, gapWords: 0 },
  );
  deepStrictEqual(spans.map((span) => [span.address, span.count]), [[10, 54], [0, 2]]);
});

Deno.test("wordsIn() finds a value and the parts of a sum in the answer", () => {
  const sum = wattHours(10, "u32", { plus: [14] });
  const [span] = planBlocks(wanted({ powerW: watts(12, "f32"), sum }), LIMITS);
  ok(span);
  deepStrictEqual(wordsIn(span, [1, 2, 3, 4, 5, 6], sum), [1, 2, 5, 6]);
  deepStrictEqual(wordsIn(span, [1, 2, 3, 4, 5, 6], watts(12, "f32")), [3, 4]);
});

Deno.test("planBlocks() reads an SDM630 in one request of 80 registers", () => {
  const profile = profileOf("eastron-sdm630");
  ok(profile);
  const spans = planBlocks(wanted(profile.registers), profile);
  deepStrictEqual(spans.map((span) => [span.address, span.count]), [[0, 80]]);
});

/** Small repeatable generator of whole numbers below `below`. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor(state / 2 ** 32 * below);
  };
}

const ENCODINGS: readonly Encoding[] = ["u16", "i32", "f32", "u64", "f64", "bit"];

function generatedMap(seed: number): { readonly registers: readonly Wanted[]; readonly limits: Limits } {
  const next = generator(seed);
  const registers: Wanted[] = [];
  let address = next(50);
  const count = 1 + next(40);
  for (let i = 0; i < count; i++) {
    const encoding = ENCODINGS[next(ENCODINGS.length)] ?? "u16";
    const functionCode = next(4) === 0 ? 3 : 4;
    const spec = next(3) === 0
      ? wattHours(address, encoding, { functionCode })
      : watts(address, encoding, { functionCode });
    const words = wordsOf(spec);
    const summed = spec.kind === "counter" && next(4) === 0;
    registers.push({ quantity: `q${i}`, spec: summed ? { ...spec, plus: [address + words] } : spec });
    address += words * (summed ? 2 : 1) + (next(2) === 0 ? 0 : next(30));
  }
  return { registers, limits: { functionCode: 4, wordsPerRequest: 8 + next(118), gapWords: next(20) } };
}

/** Fewest spans over sorted stretches, by looking at every place to cut: too slow for anything but a test. */
function fewest(registers: readonly Wanted[], limits: Limits): number {
  let total = 0;
  for (const functionCode of [3, 4]) {
    const ranges = registers.filter(({ spec }) => (spec.functionCode ?? limits.functionCode) === functionCode)
      .map(({ spec }) => ({ from: spec.address, to: Math.max(...addressesOf(spec)) + wordsOf(spec) }));
    const best = [0];
    for (let end = 1; end <= ranges.length; end++) {
      let least = Infinity;
      for (let start = end - 1; start >= 0; start--) {
        const gapAfter = (ranges[start + 1]?.from ?? 0) - (ranges[start]?.to ?? 0);
        if (start < end - 1 && gapAfter > limits.gapWords) break;
        if ((ranges[end - 1]?.to ?? 0) - (ranges[start]?.from ?? 0) > limits.wordsPerRequest) break;
        least = Math.min(least, (best[start] ?? Infinity) + 1);
      }
      best.push(least);
    }
    total += best[ranges.length] ?? 0;
  }
  return total;
}

Deno.test("planBlocks() obeys the limits and needs the fewest requests for 500 generated maps", () => {
  for (let seed = 1; seed <= 500; seed++) {
    const { registers, limits } = generatedMap(seed);
    const spans = planBlocks(registers, limits);
    strictEqual(spans.length, fewest(registers, limits), `seed ${seed}`);
    deepStrictEqual(spans.flatMap((span) => span.quantities).sort(), registers.map((r) => r.quantity).sort());
    const firstOther = spans.findIndex((span) => !span.hasCounter);
    ok(firstOther < 0 || spans.slice(firstOther).every((span) => !span.hasCounter), `seed ${seed}`);
    for (const span of spans) {
      ok(span.count >= 1 && span.count <= limits.wordsPerRequest, `seed ${seed}`);
      for (const quantity of span.quantities) {
        const spec = registers.find((register) => register.quantity === quantity)?.spec;
        ok(spec);
        strictEqual(spec.functionCode ?? limits.functionCode, span.functionCode);
        for (const address of addressesOf(spec)) {
          ok(address >= span.address && address + wordsOf(spec) <= span.address + span.count, `seed ${seed}`);
        }
      }
    }
  }
});

Deno.test("planBlocks() stays within the limits of every profile", () => {
  for (const profile of PROFILES) {
    for (const span of planBlocks(wanted(profile.registers), profile)) {
      ok(span.count <= profile.wordsPerRequest, profile.id);
    }
  }
});
