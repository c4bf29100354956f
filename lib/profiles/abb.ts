/**
 * ABB meters: unsigned 64-bit counters of 0.01 kWh; what a model lacks reads as all ones.
 *
 * @module
 */

import { defineProfile, type DeviceProfile } from "./profile.ts";
import { amperes, hertz, powerFactor, varHours, volts, wattHours, watts } from "./registers.ts";

const NO_U64 = ["ffffffffffffffff"];
const NO_U32 = ["ffffffff"];
const NO_I32 = ["7fffffff"];
const COUNTER = { step: 10, sentinels: NO_U64 } as const;
const POWER = { scale: 0.01, sentinels: NO_I32 } as const;
const VOLTAGE = { scale: 0.1, sentinels: NO_U32 } as const;
const CURRENT = { scale: 0.01, sentinels: NO_U32 } as const;

/** B23 (direct, 65 A) and B24 (transformers): three phases. */
export const b23: DeviceProfile = defineProfile({
  id: "abb-b23",
  version: 1,
  vendor: "ABB",
  models: ["B23", "B24"],
  kind: "meter",
  source:
    "ABB B-series manual (register tables, numbers unchanged on the wire), as in mbmd abb.go and Victron abb.py",
  confidence: "verified",
  functionCode: 3,
  wordOrder: "big",
  wordsPerRequest: 125,
  gapWords: 16,
  requestMs: 300,
  maxPowerW: null,
  registers: {
    importWh: wattHours(0x5000, "u64", COUNTER),
    exportWh: wattHours(0x5004, "u64", COUNTER),
    importVarh: varHours(0x500c, "u64", { ...COUNTER, note: "One source only; silver and gold versions" }),
    exportVarh: varHours(0x5010, "u64", { ...COUNTER, note: "Silver and gold versions" }),
    powerW: watts(0x5b14, "i32", POWER),
    powerL1W: watts(0x5b16, "i32", POWER),
    powerL2W: watts(0x5b18, "i32", POWER),
    powerL3W: watts(0x5b1a, "i32", POWER),
    voltageL1V: volts(0x5b00, "u32", VOLTAGE),
    voltageL2V: volts(0x5b02, "u32", VOLTAGE),
    voltageL3V: volts(0x5b04, "u32", VOLTAGE),
    currentL1A: amperes(0x5b0c, "u32", CURRENT),
    currentL2A: amperes(0x5b0e, "u32", CURRENT),
    currentL3A: amperes(0x5b10, "u32", CURRENT),
    powerFactor: powerFactor(0x5b3a, "i16", { scale: 0.001, sentinels: ["7fff"] }),
    frequencyHz: hertz(0x5b2c, "u16", { scale: 0.01, sentinels: ["ffff"] }),
    serial: {
      address: 0x8900,
      encoding: "u32",
      kind: "state",
      unit: "",
      daily: true,
      note: "Serial number",
    },
  },
  quirks: [
    "Only silver and gold versions have export and reactive energy; bronze and steel read all ones",
    "Answers can take 0.5 s",
    "Reactive import at 0x500C was not found in a second source: check on site",
  ],
});
