/**
 * Siemens SENTRON meters: counters of two tariffs whose sum is the total.
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
  voltAmpereHours,
  voltAmperes,
  volts,
  wattHours,
  watts,
} from "./registers.ts";

const SHARED = {
  version: 1,
  vendor: "Siemens",
  kind: "meter",
  confidence: "verified",
  functionCode: 3,
  wordOrder: "big",
  wordsPerRequest: 125,
  requestMs: 200,
  maxPowerW: null,
} as const;

const TARIFFS = "Tariff 1 and tariff 2";

/** What both have. */
const COMMON: Readonly<Record<string, RegisterSpec>> = {
  importWh: wattHours(801, "f64", { plus: [805], note: TARIFFS }),
  exportWh: wattHours(809, "f64", { plus: [813], note: TARIFFS }),
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
};

/** PAC2200: three phases, Modbus TCP of its own. */
export const pac2200: DeviceProfile = defineProfile({
  ...SHARED,
  id: "siemens-pac2200",
  models: ["SENTRON PAC2200", "7KM2200"],
  source: "Siemens SENTRON PAC2200 manual, register table (offset unchanged), as in OpenEMS; frequency is 55",
  gapWords: 8,
  registers: COMMON,
  quirks: [
    "A request that starts or ends inside a value is refused",
    "Registers 43 to 54 are not defined and not read across",
    "Reactive counters at 817 to 832 are confirmed for the PAC3200 only: not read, as a refusal would cost the energy",
    "The second export tariff at 813 was found in one source only",
  ],
});

/** PAC3200: three phases with transformers, reactive and apparent energy. */
export const pac3200: DeviceProfile = defineProfile({
  ...SHARED,
  id: "siemens-pac3200",
  models: ["SENTRON PAC3200", "7KM2111", "7KM2112"],
  source:
    "Siemens SENTRON PAC3200 offset list 1 to 99 (unchanged), as in OpenEMS; a Zabbix template of it has the ten counters from 801",
  gapWords: 24,
  registers: {
    ...COMMON,
    importVarh: varHours(817, "f64", { plus: [821], note: TARIFFS }),
    exportVarh: varHours(825, "f64", { plus: [829], note: TARIFFS }),
    importVAh: voltAmpereHours(833, "f64", { plus: [837], note: TARIFFS }),
  },
  quirks: [
    "Leaves the factory with SEAbus TCP: Modbus TCP must be chosen on the display",
    "A request that starts or ends inside a value is refused; every register from 1 to 70 belongs to one",
    "The second export tariff of reactive energy at 829 lies between confirmed neighbours and was itself in no source",
    "PAC3100 (serial only), PAC3120 and PAC3220 are said to share the map: check on site",
  ],
});
