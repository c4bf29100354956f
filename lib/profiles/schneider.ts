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

/** iEM3x50: imported energy only. */
export const iem3150: DeviceProfile = defineProfile({
  ...SHARED,
  id: "schneider-iem3x50",
  models: ["iEM3150", "iEM3250", "iEM3350"],
  registers: COMMON,
  quirks: ["Has no export, reactive, apparent or per-phase energy"],
});
