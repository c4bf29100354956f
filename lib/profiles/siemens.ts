/**
 * Siemens SENTRON meters: counters of two tariffs whose sum is the total.
 *
 * @module
 */

import { defineProfile, type DeviceProfile } from "./profile.ts";
import { amperes, hertz, powerFactor, vars, voltAmperes, volts, wattHours, watts } from "./registers.ts";

/** PAC2200: three phases, Modbus TCP of its own. */
export const pac2200: DeviceProfile = defineProfile({
  id: "siemens-pac2200",
  version: 1,
  vendor: "Siemens",
  models: ["SENTRON PAC2200", "7KM2200"],
  kind: "meter",
  source: "Siemens SENTRON PAC2200 manual, register table (offset unchanged), as in OpenEMS; frequency is 55",
  confidence: "verified",
  functionCode: 3,
  wordOrder: "big",
  wordsPerRequest: 125,
  gapWords: 8,
  requestMs: 200,
  maxPowerW: null,
  registers: {
    importWh: wattHours(801, "f64", { plus: [805], note: "Tariff 1 and tariff 2" }),
    exportWh: wattHours(809, "f64", { plus: [813], note: "Tariff 1 and tariff 2" }),
    powerW: watts(65, "f32"),
    powerL1W: watts(25, "f32"),
    powerL2W: watts(27, "f32"),
    powerL3W: watts(29, "f32"),
    voltageL1V: volts(1, "f32"),
    voltageL2V: volts(3, "f32"),
    voltageL3V: volts(5, "f32"),
    currentL1A: amperes(13, "f32"),
    currentL2A: amperes(15, "f32"),
    currentL3A: amperes(17, "f32"),
    apparentVA: voltAmperes(63, "f32"),
    reactiveVar: vars(67, "f32"),
    powerFactor: powerFactor(69, "f32"),
    frequencyHz: hertz(55, "f32"),
  },
  quirks: [
    "A request that starts or ends inside a value is refused",
    "Registers 43 to 54 are not defined and not read across",
    "Reactive counters at 817 to 832 are confirmed for the PAC3200 only: not read, as a refusal would cost the energy",
    "The second export tariff at 813 was found in one source only",
  ],
});
