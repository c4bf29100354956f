/**
 * Schneider Electric meters.
 *
 * @module
 */

import { defineProfile, type DeviceProfile, type RegisterSpec } from "./profile.ts";
import {
  amperes,
  hertz,
  powerFactor,
  varHours,
  vars,
  voltAmperes,
  volts,
  wattHours,
  watts,
} from "./registers.ts";

/** Registers that every iEM3000 has; power is in kW on the wire. */
const COMMON: Readonly<Record<string, RegisterSpec>> = {
  importWh: wattHours(3203, "i64"),
  powerW: watts(3059, "f32", { scale: 1000 }),
  powerL1W: watts(3053, "f32", { scale: 1000 }),
  powerL2W: watts(3055, "f32", { scale: 1000 }),
  powerL3W: watts(3057, "f32", { scale: 1000 }),
  voltageL1V: volts(3027, "f32"),
  voltageL2V: volts(3029, "f32"),
  voltageL3V: volts(3031, "f32"),
  currentL1A: amperes(2999, "f32"),
  currentL2A: amperes(3001, "f32"),
  currentL3A: amperes(3003, "f32"),
  powerFactor: powerFactor(3083, "f32-4q"),
  frequencyHz: hertz(3109, "f32"),
};

/** Counters of the PM5000 that do not count. */
const NO_I64 = { sentinels: ["8000000000000000"] } as const;
const LIKE_IEM = "Position from the iEM3000 list: check on site";

const SHARED = {
  version: 1,
  vendor: "Schneider Electric",
  kind: "meter",
  source:
    "Schneider DOCA0005DE-12 (register list), addresses as in mbmd iem3000.go; number in the manual - 1",
  confidence: "verified",
  functionCode: 3,
  wordOrder: "big",
  wordsPerRequest: 125,
  gapWords: 8,
  requestMs: 300,
  maxPowerW: null,
} as const;

/** iEM3x55: with export and reactive energy. */
export const iem3155: DeviceProfile = defineProfile({
  ...SHARED,
  id: "schneider-iem3000",
  models: ["iEM3155", "iEM3255", "iEM3355"],
  registers: {
    ...COMMON,
    exportWh: wattHours(3207, "i64"),
    importVarh: varHours(3219, "i64"),
    exportVarh: varHours(3223, "i64"),
    reactiveVar: vars(3067, "f32", { scale: 1000 }),
    apparentVA: voltAmperes(3075, "f32", { scale: 1000 }),
  },
  quirks: [
    "Only function codes 3 and 16; 19,200 baud 8E1 from the factory",
    "The power factor is coded for four quadrants (4Q_FP_PF)",
    "Register 3255 is the resettable partial counter, never used here",
  ],
});

/** PM5000: for switchboards, with transformers. */
export const pm5000: DeviceProfile = defineProfile({
  ...SHARED,
  id: "schneider-pm5000",
  models: ["PM5110", "PM5111", "PM5310", "PM5320", "PM5330", "PM5340", "PM5560", "PM5561", "PM5563"],
  source:
    "Schneider register list PM51xx/PM53xx v2011/v2021 (number - 1) as used on a PM5110; EnergyICT PowerLogic has the 64-bit counters",
  gapWords: 24,
  registers: {
    ...COMMON,
    importWh: wattHours(3203, "i64", NO_I64),
    exportWh: wattHours(3207, "i64", NO_I64),
    importVarh: varHours(3219, "i64", { ...NO_I64, note: LIKE_IEM }),
    exportVarh: varHours(3223, "i64", { ...NO_I64, note: LIKE_IEM }),
    reactiveVar: vars(3067, "f32", { scale: 1000 }),
    apparentVA: voltAmperes(3075, "f32", { scale: 1000 }),
  },
  quirks: [
    "Registers 2999 to 3118 were read in one request from a PM5110: gaps of 24 are read through",
    "The power factor is coded for four quadrants (4Q_FP_PF)",
    "One catalogue says low word first for the PM5320, all other sources high word first: 50 Hz tells",
    "What is not wired is said to read as NaN, a 64-bit counter as 0x8000000000000000",
    "PM556x can be gateways: the meter itself is said to be unit 255 or 1",
    "Registers 3211 and 3215 are the sum and the difference of both directions, never used here",
    "PM710, PM8000 and ION meters have other maps",
  ],
});

/** iEM3x50: imported energy only. */
export const iem3150: DeviceProfile = defineProfile({
  ...SHARED,
  id: "schneider-iem3x50",
  models: ["iEM3150", "iEM3250", "iEM3350"],
  registers: COMMON,
  quirks: ["Has no export, reactive, apparent or per-phase energy"],
});
