import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { checkDevice } from "../../../lib/domain/device_check.ts";
import { hexOf } from "../../../lib/domain/visit.ts";
import { deviceReadsOf, type StoredQuantity } from "../../../lib/profiles/checked_reads.ts";
import { profileOf } from "../../../lib/profiles/mod.ts";
import type { DeviceProfile, Encoding, WordOrder } from "../../../lib/profiles/profile.ts";
import { amperes, hertz, volts, wattHours, watts } from "../../../lib/profiles/registers.ts";
import { ALL_ORDERS, ORDER_LETTERS } from "../../../lib/profiles/words.ts";
import { encode } from "../../../lib/simulator/encode.ts";

const BASE = profileOf("eastron-sdm630");
if (!BASE) throw new Error("There is no SDM630");

/** A meter of three phases whose values all lie in one encoding. */
function meterIn(encoding: Encoding, order: WordOrder): DeviceProfile {
  const float = encoding.startsWith("f");
  const more = float ? {} : { scale: 0.1 };
  const registers = {
    importWh: wattHours(0, encoding, float ? { scale: 1000 } : { step: 10 }),
    powerW: watts(10, encoding, more),
    voltageL1V: volts(20, encoding, more),
    voltageL2V: volts(30, encoding, more),
    voltageL3V: volts(40, encoding, more),
    currentL1A: amperes(50, encoding, float ? {} : { scale: 0.001 }),
    frequencyHz: hertz(60, encoding, float ? {} : { scale: 0.01 }),
  };
  return { ...(BASE as DeviceProfile), wordOrder: order, registers };
}

const VALUES: Readonly<Record<string, number>> = {
  powerW: 6_573.4,
  voltageL1V: 231.7,
  voltageL2V: 229.3,
  voltageL3V: 230.9,
  currentL1A: 9.471,
  frequencyHz: 50.02,
};

/** What is stored of a day when the device sends in `sent`. */
function storedOf(profile: DeviceProfile, sent: WordOrder, readings = 48): readonly StoredQuantity[] {
  return Array.from(
    { length: readings },
    (_, i) =>
      Object.entries(profile.registers).map(([quantity, spec]): StoredQuantity => {
        const value = quantity === "importWh" ? 964_123_450 + 3_290 * i : VALUES[quantity] ?? 0;
        const { words } = encode(value, spec, sent);
        return { halfHour: 1_000_000 + i, quantity, words: hexOf(words), amount: null };
      }),
  ).flat();
}

const RULES = { transformer: null, generates: false, identity: [] };

for (const encoding of ["f32", "f64", "i32", "u32", "i64", "u64"] as const) {
  for (const own of ALL_ORDERS) {
    for (const sent of ALL_ORDERS) {
      const want = own === sent ? [] : [ORDER_LETTERS[sent]];
      const name = want.length > 0
        ? `${ORDER_LETTERS[sent]} read as ${ORDER_LETTERS[own]}`
        : `${ORDER_LETTERS[own]}`;
      Deno.test(`deviceReadsOf() on ${encoding} in ${name} says ${want.join() || "nothing"}`, () => {
        const profile = meterIn(encoding, own);
        const reads = deviceReadsOf({ profile, transformer: null }, storedOf(profile, sent));
        const { findings } = checkDevice(reads, RULES);
        deepStrictEqual(findings.map((each) => each.kind === "word-order" ? each.order : each.kind), want);
      });
    }
  }
}

Deno.test("deviceReadsOf() tells the word order by a single reading", () => {
  const profile = meterIn("f32", "big");
  const reads = deviceReadsOf({ profile, transformer: null }, storedOf(profile, "little", 1));
  const [finding] = checkDevice(reads, RULES).findings;
  strictEqual(finding?.kind, "word-order");
  if (finding?.kind !== "word-order") return;
  deepStrictEqual([finding.now, finding.order], ["ABCD", "CDAB"]);
  deepStrictEqual(finding.example, { quantity: "frequencyHz", unit: "Hz", was: null, would: 50.02 });
});

/** Counters alone, whose values no rule of wiring knows. */
const COUNTERS: readonly Encoding[] = ["u32", "i32", "u64", "f32", "f64"];
for (const encoding of COUNTERS) {
  for (const sent of ALL_ORDERS.filter((order) => order !== "big")) {
    Deno.test(`deviceReadsOf() finds ${ORDER_LETTERS[sent]} where a ${encoding} counter is all there is`, () => {
      const { registers: { importWh }, ...rest } = meterIn(encoding, "big");
      const profile = { ...rest, registers: { importWh } } as DeviceProfile;
      const reads = deviceReadsOf({ profile, transformer: null }, storedOf(profile, sent));
      const [finding] = checkDevice(reads, RULES).findings;
      strictEqual(finding?.kind, "word-order");
      if (finding?.kind === "word-order") {
        strictEqual(finding.order.includes(ORDER_LETTERS[sent]), true, finding.order);
      }
    });
  }
}

Deno.test("deviceReadsOf() does not blame a counter that was reset once, or stands still", () => {
  const { registers: { importWh }, ...rest } = meterIn("u32", "big");
  const profile = { ...rest, registers: { importWh } } as DeviceProfile;
  for (const at of [(i: number) => i < 20 ? 900_000 + 30 * i : 30 * i, () => 900_000]) {
    const stored = storedOf(profile, "big").map((row, i) => ({
      ...row,
      words: hexOf(encode(at(i), importWh as NonNullable<typeof importWh>, "big").words),
    }));
    deepStrictEqual(checkDevice(deviceReadsOf({ profile, transformer: null }, stored), RULES).findings, []);
  }
});

Deno.test("deviceReadsOf() leaves out words of another length, which another profile has read", () => {
  const profile = meterIn("f64", "big");
  const stored = storedOf(meterIn("f32", "big"), "big");
  deepStrictEqual(deviceReadsOf({ profile, transformer: null }, stored), { readings: [], orders: [] });
});

Deno.test("deviceReadsOf() takes a ratio of ours out of what the counter grew by", () => {
  const profile = meterIn("u32", "big");
  const transformer = {
    ctPrimaryA: 250,
    ctSecondaryA: 5,
    vtPrimaryV: 230,
    vtSecondaryV: 230,
    appliedBy: "wattpost",
  } as const;
  const stored = storedOf(profile, "big", 2).map((row) =>
    row.quantity === "importWh" ? { ...row, amount: 164_500 } : row
  );
  const { readings } = deviceReadsOf({ profile, transformer }, stored);
  deepStrictEqual(readings[1]?.growth, { importWh: 3_290, exportWh: null, stepWh: 10 });
});
