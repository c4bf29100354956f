/**
 * Janitza meters: floats in Wh, so that steps grow with the counter.
 *
 * @module
 */

import { defineProfile, type DeviceProfile } from "./profile.ts";
import {
  amperes,
  hertz,
  varHours,
  vars,
  voltAmpereHours,
  voltAmperes,
  volts,
  wattHours,
  watts,
} from "./registers.ts";

/** UMG 96RM, UMG 96-S2 and the B series. */
export const umg96: DeviceProfile = defineProfile({
  id: "janitza-umg96",
  version: 1,
  vendor: "Janitza",
  models: ["UMG 96RM", "UMG 96RM-E", "UMG 96-S2", "B21", "B23", "B24"],
  kind: "meter",
  source:
    "Janitza UMG 96RM Modbus address list from firmware 1.14 (addresses unchanged); mbmd and OpenEMS agree",
  confidence: "verified",
  functionCode: 3,
  wordOrder: "big",
  wordsPerRequest: 125,
  gapWords: 16,
  requestMs: 250,
  maxPowerW: null,
  registers: {
    importWh: wattHours(19068, "f32", { note: '"Consumed, rate 1"; with more tariffs in use check on site' }),
    exportWh: wattHours(19076, "f32"),
    importVarh: varHours(19100, "f32", { note: "Inductive" }),
    exportVarh: varHours(19108, "f32", { note: "Capacitive" }),
    importVAh: voltAmpereHours(19084, "f32"),
    powerW: watts(19026, "f32"),
    powerL1W: watts(19020, "f32"),
    powerL2W: watts(19022, "f32"),
    powerL3W: watts(19024, "f32"),
    voltageL1V: volts(19000, "f32"),
    voltageL2V: volts(19002, "f32"),
    voltageL3V: volts(19004, "f32"),
    currentL1A: amperes(19012, "f32"),
    currentL2A: amperes(19014, "f32"),
    currentL3A: amperes(19016, "f32"),
    apparentVA: voltAmperes(19034, "f32"),
    reactiveVar: vars(19042, "f32"),
    frequencyHz: hertz(19050, "f32"),
  },
  quirks: [
    "Energy is a float in Wh: steps of 1 Wh below 16.7 MWh, 8 Wh at 100 MWh, 64 Wh at 1 GWh",
    "Register 19060 is the balance of import and export, never used here",
    "UMG 604, 512 and others have other addresses",
  ],
});
