/**
 * Inepro meters and those that WAGO sells with the same register map: floats in kW and kWh, hex addresses unchanged
 * on the wire.
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

const KILO = { scale: 1000 } as const;

const REGISTERS: Readonly<Record<string, RegisterSpec>> = {
  importWh: wattHours(0x600c, "f32", KILO),
  exportWh: wattHours(0x6018, "f32", KILO),
  importVarh: varHours(0x6030, "f32", KILO),
  exportVarh: varHours(0x603c, "f32", KILO),
  powerW: watts(0x5012, "f32", KILO),
  powerL1W: watts(0x5014, "f32", KILO),
  powerL2W: watts(0x5016, "f32", KILO),
  powerL3W: watts(0x5018, "f32", KILO),
  voltageL1V: volts(0x5002, "f32"),
  voltageL2V: volts(0x5004, "f32"),
  voltageL3V: volts(0x5006, "f32"),
  currentL1A: amperes(0x500c, "f32"),
  currentL2A: amperes(0x500e, "f32"),
  currentL3A: amperes(0x5010, "f32"),
  reactiveVar: vars(0x501a, "f32", KILO),
  apparentVA: voltAmperes(0x5022, "f32", KILO),
  powerFactor: powerFactor(0x502a, "f32"),
  frequencyHz: hertz(0x5008, "f32"),
};

const SHARED = {
  version: 1,
  kind: "meter",
  confidence: "verified",
  functionCode: 3,
  wordOrder: "big",
  wordsPerRequest: 125,
  requestMs: 300,
  maxPowerW: null,
  registers: REGISTERS,
} as const;

const STEPS =
  "Energy is a float in kWh: steps of 8 Wh from 65,536 kWh, 16 Wh from 131,072 kWh, 125 Wh from 1,048,576 kWh";

/** PRO380: three phases. */
export const pro380: DeviceProfile = defineProfile({
  ...SHARED,
  id: "inepro-pro380",
  vendor: "Inepro Metering",
  models: ["PRO380-Mod", "PRO380-Mod-CT"],
  source: "Inepro PRO380 manual V2.18 (hex addresses unchanged), as in mbmd inepro.go and the nymea plugin",
  gapWords: 0,
  quirks: [
    "Register 0x500A exists on the PRO1 only: no register that is not listed is read across",
    STEPS,
    "Register 0x6000 is the sum that the meter is set to, never used here",
    "Firmware of manual V1.14 has another map; 9,600 baud 8E1 from the factory",
    "PRO1-Mod and PRO2-Mod are said to share the map: not listed, check on site",
  ],
});

/** WAGO 879-30xx: three phases, direct or with transformers. */
export const wago879: DeviceProfile = defineProfile({
  ...SHARED,
  id: "wago-879-30xx",
  vendor: "WAGO",
  models: ["879-3000", "879-3001", "879-3020", "879-3021", "879-3040"],
  source:
    "WAGO 879-30xx manual V1.6 appendix A3.2 and V1.8 (hex addresses unchanged), as in mbmd wago87930.go and ha-wago",
  gapWords: 24,
  quirks: [
    "Registers 0x5000 to 0x5037 are one run of floats; so are 0x6000 to 0x6047, the word 0x6048 ends the pairs",
    STEPS,
    "Register 0x6000 is the sum that the meter is set to, never used here",
  ],
});
