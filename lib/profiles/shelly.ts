/**
 * Shelly meters: input registers, low word first.
 *
 * @module
 */

import { defineProfile, type DeviceProfile } from "./profile.ts";
import { amperes, hertz, varHours, voltAmperes, volts, wattHours, watts } from "./registers.ts";

/** Pro 3EM in its three-phase profile, by cable on the LAN. */
export const pro3em: DeviceProfile = defineProfile({
  id: "shelly-pro3em",
  version: 1,
  vendor: "Shelly",
  models: ["Pro 3EM", "Pro 3EM-400"],
  kind: "meter",
  source:
    "Shelly API documentation, EM and EMData, Modbus registers (number - 30000); map seen on firmware 2.1.0-beta1",
  confidence: "verified",
  functionCode: 4,
  wordOrder: "little",
  wordsPerRequest: 125,
  gapWords: 20,
  requestMs: 200,
  maxPowerW: null,
  registers: {
    importWh: wattHours(1162, "f32"),
    exportWh: wattHours(1164, "f32"),
    importVarh: varHours(1178, "f32", { plus: [1198, 1218], note: "Inductive, three phases" }),
    exportVarh: varHours(1180, "f32", { plus: [1200, 1220], note: "Capacitive, three phases" }),
    powerW: watts(1013, "f32"),
    powerL1W: watts(1024, "f32"),
    powerL2W: watts(1044, "f32"),
    powerL3W: watts(1064, "f32"),
    voltageL1V: volts(1020, "f32"),
    voltageL2V: volts(1040, "f32"),
    voltageL3V: volts(1060, "f32"),
    currentL1A: amperes(1022, "f32"),
    currentL2A: amperes(1042, "f32"),
    currentL3A: amperes(1062, "f32"),
    apparentVA: voltAmperes(1015, "f32"),
    frequencyHz: hertz(1033, "f32", { note: "Phase 1" }),
  },
  quirks: [
    "Modbus TCP is off by default",
    "Registers 1000 to 1075 and 1160 to 1226 may be read whole, as a driver does",
    "Only for the three-phase profile; with three single phases the map is another one",
    "Energy is a float in Wh and is counted for each phase, not netted across them",
    "Single precision: steps of 1 Wh below 16.7 MWh, 8 Wh at 100 MWh",
  ],
});
