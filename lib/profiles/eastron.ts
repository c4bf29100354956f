/**
 * Eastron meters: every value is an f32 in two input registers; start and count of a read must be even.
 *
 * @module
 */

import { defineProfile, type DeviceProfile } from "./profile.ts";
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

const SHARED = {
  version: 1,
  vendor: "Eastron",
  kind: "meter",
  confidence: "verified",
  functionCode: 4,
  wordOrder: "big",
} as const;

/** SDM630 v2: three phases. */
export const sdm630: DeviceProfile = defineProfile({
  ...SHARED,
  id: "eastron-sdm630",
  models: ["SDM630-Modbus V2", "SDM630-Modbus MID V2", "SDM630MCT-Modbus V2"],
  source: "Eastron SDM630 Modbus protocol v2.0 (parameter number - 30001), addresses as in mbmd sdm.go",
  wordsPerRequest: 80,
  gapWords: 34,
  requestMs: 350,
  maxPowerW: null,
  registers: {
    importWh: wattHours(72, "f32", { scale: 1000 }),
    exportWh: wattHours(74, "f32", { scale: 1000 }),
    importVarh: varHours(76, "f32", { scale: 1000 }),
    exportVarh: varHours(78, "f32", { scale: 1000 }),
    powerW: watts(52, "f32"),
    powerL1W: watts(12, "f32"),
    powerL2W: watts(14, "f32"),
    powerL3W: watts(16, "f32"),
    voltageL1V: volts(0, "f32"),
    voltageL2V: volts(2, "f32"),
    voltageL3V: volts(4, "f32"),
    currentL1A: amperes(6, "f32"),
    currentL2A: amperes(8, "f32"),
    currentL3A: amperes(10, "f32"),
    reactiveVar: vars(60, "f32"),
    apparentVA: voltAmperes(56, "f32"),
    powerFactor: powerFactor(62, "f32"),
    frequencyHz: hertz(70, "f32"),
  },
  quirks: [
    "At most 40 values, 80 registers, in a read; start and count even, else an exception",
    "Energy is a float in kWh: steps of 8 Wh from 65,536 kWh, 16 Wh from 131,072 kWh, 125 Wh from 1,048,576 kWh",
    "Registers 18 to 51 are read through: all but three pairs of them are documented values",
    "Quantities that the wiring mode does not have read 0, not NaN",
    "Registers 342 and 344 are import plus export, not net, and never used here",
  ],
});

/** SDM72DM-V2: three phases, a part of the SDM630's map. */
export const sdm72: DeviceProfile = defineProfile({
  ...SHARED,
  id: "eastron-sdm72dm-v2",
  models: ["SDM72DM-V2"],
  source:
    "Eastron SDM72D-M-v2 manual v1.1 (parameter number - 30001), addresses as in mbmd sdm72v2.go and sdm_modbus",
  wordsPerRequest: 60,
  gapWords: 8,
  requestMs: 350,
  maxPowerW: null,
  registers: {
    importWh: wattHours(72, "f32", { scale: 1000 }),
    exportWh: wattHours(74, "f32", { scale: 1000 }),
    powerW: watts(52, "f32"),
    powerL1W: watts(12, "f32"),
    powerL2W: watts(14, "f32"),
    powerL3W: watts(16, "f32"),
    voltageL1V: volts(0, "f32"),
    voltageL2V: volts(2, "f32"),
    voltageL3V: volts(4, "f32"),
    currentL1A: amperes(6, "f32"),
    currentL2A: amperes(8, "f32"),
    currentL3A: amperes(10, "f32"),
    reactiveVar: vars(60, "f32"),
    apparentVA: voltAmperes(56, "f32"),
    powerFactor: powerFactor(62, "f32"),
    frequencyHz: hertz(70, "f32"),
  },
  quirks: [
    "At most 30 values, 60 registers, in a read; start and count even",
    "Has no reactive energy by direction: registers 342 and 344 are sums of both and never used here",
    "Energy is a float in kWh: steps of 8 Wh from 65,536 kWh, 16 Wh from 131,072 kWh, 125 Wh from 1,048,576 kWh",
    "The older SDM72D (without V2) has another map",
  ],
});

/** SDM230: one phase. */
export const sdm230: DeviceProfile = defineProfile({
  ...SHARED,
  id: "eastron-sdm230",
  models: ["SDM230-Modbus", "SDM230-2T", "SDM220-Modbus"],
  source:
    "Eastron SDM230-Modbus protocol v1.1 (parameter number - 30001), addresses as in mbmd sdm230.go and sdm_modbus",
  wordsPerRequest: 60,
  gapWords: 8,
  requestMs: 350,
  maxPowerW: null,
  registers: {
    importWh: wattHours(72, "f32", { scale: 1000 }),
    exportWh: wattHours(74, "f32", { scale: 1000 }),
    importVarh: varHours(76, "f32", { scale: 1000 }),
    exportVarh: varHours(78, "f32", { scale: 1000 }),
    powerW: watts(12, "f32"),
    voltageL1V: volts(0, "f32"),
    currentL1A: amperes(6, "f32"),
    reactiveVar: vars(24, "f32"),
    apparentVA: voltAmperes(18, "f32"),
    powerFactor: powerFactor(30, "f32"),
    frequencyHz: hertz(70, "f32"),
  },
  quirks: [
    "The document says 30 values in one place and 40 in another: 30 values, 60 registers, are asked for at most",
    "Start and count of a read must be even; 9,600 baud 8N1 from the factory",
    "Registers 342 and 344 are import plus export, not net, and never used here",
  ],
});

/** SDM120: one phase, 45 A. */
export const sdm120: DeviceProfile = defineProfile({
  ...SHARED,
  id: "eastron-sdm120",
  models: ["SDM120-Modbus"],
  source: "Eastron SDM120-Modbus protocol v2.5 (parameter number - 30001), addresses as in mbmd sdm120.go",
  wordsPerRequest: 60,
  gapWords: 8,
  requestMs: 500,
  maxPowerW: 10_350,
  registers: {
    importWh: wattHours(72, "f32", { scale: 1000 }),
    exportWh: wattHours(74, "f32", { scale: 1000 }),
    importVarh: varHours(76, "f32", { scale: 1000 }),
    exportVarh: varHours(78, "f32", { scale: 1000 }),
    powerW: watts(12, "f32"),
    voltageL1V: volts(0, "f32"),
    currentL1A: amperes(6, "f32"),
    reactiveVar: vars(24, "f32"),
    apparentVA: voltAmperes(18, "f32"),
    powerFactor: powerFactor(30, "f32"),
    frequencyHz: hertz(70, "f32"),
  },
  quirks: [
    "2,400 baud from the factory: 60 registers take 0.6 s on the line",
    "The read limit is not stated in v2.5; 60 registers as for its sisters",
    "The largest power is 45 A at 230 V",
  ],
});
