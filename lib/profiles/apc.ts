/**
 * APC uninterruptible power supplies: fixed-point numbers, raw divided by a power of two.
 *
 * @module
 */

import { defineProfile, type DeviceProfile } from "./profile.ts";
import { amperes, hertz, volts, wattHours } from "./registers.ts";

/** Smart-UPS with Modbus. */
export const smartUps: DeviceProfile = defineProfile({
  id: "apc-smart-ups",
  version: 1,
  vendor: "APC by Schneider Electric",
  models: ["Smart-UPS SMT", "Smart-UPS SMX", "Smart-UPS SURTD"],
  kind: "ups",
  source: "APC application note 176 (MPAO-98KJ7F R1), addresses unchanged, as in NUT apc_modbus.h",
  confidence: "unverified",
  functionCode: 3,
  wordOrder: "big",
  wordsPerRequest: 44,
  gapWords: 6,
  requestMs: 300,
  maxPowerW: null,
  registers: {
    outputWh: wattHours(145, "u32", { note: "Experimental in NUT; the unit is not certain" }),
    batteryPercent: {
      address: 130,
      encoding: "u16",
      kind: "gauge",
      unit: "%",
      scale: 1 / 512,
      decimals: 1,
      range: [0, 100.5],
    },
    runtimeS: { address: 128, encoding: "u32", kind: "gauge", unit: "s", range: [0, 1e7] },
    batteryV: volts(131, "i16", { scale: 1 / 32 }),
    batteryTemperatureC: {
      address: 135,
      encoding: "i16",
      kind: "gauge",
      unit: "°C",
      scale: 1 / 128,
      decimals: 1,
      range: [-40, 120],
    },
    loadPercent: {
      address: 136,
      encoding: "u16",
      kind: "gauge",
      unit: "%",
      scale: 1 / 256,
      decimals: 1,
      range: [0, 250],
      note: "Active power in percent of the rated",
    },
    outputA: amperes(140, "u16", { scale: 1 / 32 }),
    outputV: volts(142, "u16", { scale: 1 / 64 }),
    frequencyHz: hertz(144, "u16", { scale: 1 / 128 }),
    inputV: volts(151, "u16", { scale: 1 / 64, sentinels: ["ffff"] }),
    onLine: { address: 1, encoding: "bit", bit: 1, kind: "state", unit: "", range: [0, 1] },
    onBattery: { address: 1, encoding: "bit", bit: 2, kind: "state", unit: "", range: [0, 1] },
  },
  quirks: [
    "Ranges across undefined registers are refused; 128 to 171 may be read whole",
    "Modbus is off until it is turned on at the front panel",
    "Whether the network card serves the same map is not certain",
  ],
});
