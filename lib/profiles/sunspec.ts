/**
 * SunSpec meters with floats (models 211 and 213). A SunSpec device lists its models one after the other, so that the
 * address depends on what comes before: these profiles hold for a meter model that follows a common model of 65
 * registers at 40000. The models 201 to 204 with integers are no profiles, as their weights are registers themselves.
 *
 * @module
 */

import { defineProfile, type DeviceProfile, type RegisterSpec } from "./profile.ts";
import { amperes, hertz, vars, voltAmperes, volts, wattHours, watts } from "./registers.ts";

/** Marker of 2 registers at 40000, then the common model: 2 and 65 registers. */
const HEADER = 40_000 + 2 + 2 + 65;

/** What one phase has. */
const COMMON: Readonly<Record<string, RegisterSpec>> = {
  importWh: wattHours(HEADER + 68, "f32", { note: "TotWhImp" }),
  exportWh: wattHours(HEADER + 60, "f32", { note: "TotWhExp" }),
  powerW: watts(HEADER + 28, "f32", { note: "W: drawn is positive, but vendors differ" }),
  voltageL1V: volts(HEADER + 12, "f32", { note: "PhVphA" }),
  currentL1A: amperes(HEADER + 4, "f32", { note: "AphA" }),
  apparentVA: voltAmperes(HEADER + 36, "f32", { note: "VA" }),
  reactiveVar: vars(HEADER + 44, "f32", { note: "VAR" }),
  frequencyHz: hertz(HEADER + 26, "f32", { note: "Hz" }),
  modelId: {
    address: HEADER,
    encoding: "u16",
    kind: "state",
    unit: "",
    note: "Number of the model: another one means that the meter begins elsewhere",
  },
};

const SHARED = {
  version: 1,
  vendor: "SunSpec",
  kind: "meter",
  confidence: "unverified",
  functionCode: 3,
  wordOrder: "big",
  wordsPerRequest: 125,
  gapWords: 16,
  requestMs: 200,
  maxPowerW: null,
} as const;

const QUIRKS = [
  "Holds where the marker is at 40000 and the common model has 65 registers; with 66 every address is one higher",
  "A device may begin at 0 or 50000, or list other models first: then this profile reads something else",
  "What a device does not measure reads as NaN",
  "The power factor is left out, as vendors send it as a share or in percent",
  "Energy is a float in Wh: steps of 1 Wh below 16.7 MWh, 8 Wh at 100 MWh, 64 Wh at 1 GWh",
] as const;

/** Model 211: one phase. */
export const meter211: DeviceProfile = defineProfile({
  ...SHARED,
  id: "sunspec-211",
  models: ["Meter model 211 at 40069 (single phase, float)"],
  source:
    "SunSpec sunspec/models model_211.json, offsets summed from the sizes of its points; evcc uses the same points",
  registers: COMMON,
  quirks: QUIRKS,
});

/** Model 213: three phases, star. */
export const meter213: DeviceProfile = defineProfile({
  ...SHARED,
  id: "sunspec-213",
  models: ["Meter model 213 at 40069 (three phases, star, float)"],
  source:
    "SunSpec sunspec/models model_213.json, offsets summed from the sizes of its points; evcc uses the same points",
  registers: {
    ...COMMON,
    powerL1W: watts(HEADER + 30, "f32", { note: "WphA" }),
    powerL2W: watts(HEADER + 32, "f32", { note: "WphB" }),
    powerL3W: watts(HEADER + 34, "f32", { note: "WphC" }),
    voltageL2V: volts(HEADER + 14, "f32", { note: "PhVphB" }),
    voltageL3V: volts(HEADER + 16, "f32", { note: "PhVphC" }),
    currentL2A: amperes(HEADER + 6, "f32", { note: "AphB" }),
    currentL3A: amperes(HEADER + 8, "f32", { note: "AphC" }),
  },
  quirks: QUIRKS,
});
