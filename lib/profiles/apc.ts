/**
 * APC uninterruptible power supplies: fixed-point numbers, raw divided by a power of two.
 *
 * @module
 */

import { defineProfile, type DeviceProfile, type RegisterSpec } from "./profile.ts";
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

/** A bit of a status word. */
function bitOf(address: number, bit: number, note: string): RegisterSpec {
  return { address, encoding: "bit", bit, kind: "state", unit: "", range: [0, 1], note };
}

/** A whole percentage. */
function percent(address: number, largest: number): RegisterSpec {
  return { address, encoding: "u16", kind: "gauge", unit: "%", range: [0, largest] };
}

/** Network card NMC2 with its older map of whole numbers. */
export const nmc2: DeviceProfile = defineProfile({
  id: "apc-nmc2",
  version: 1,
  vendor: "APC by Schneider Electric",
  models: ["AP9630 (older map)", "AP9631 (older map)"],
  kind: "ups",
  source:
    "wb-mqtt-serial template config-apc-nmc2.json (holding registers 0 to 32, unchanged); no vendor document read",
  confidence: "unverified",
  functionCode: 3,
  wordOrder: "big",
  wordsPerRequest: 32,
  gapWords: 0,
  requestMs: 200,
  maxPowerW: null,
  registers: {
    batteryPercent: percent(5, 100),
    runtimeMin: { address: 6, encoding: "u16", kind: "gauge", unit: "min", range: [0, 65_534] },
    loadPercent: percent(12, 250),
    outputV: volts(14, "u16"),
    inputV: volts(17, "u16"),
    frequencyHz: hertz(18, "u16", { note: "Of the output" }),
    batteryV: volts(7, "u16"),
    batteryTemperatureC: { address: 8, encoding: "u16", kind: "gauge", unit: "°C", range: [0, 120] },
    batteriesFaulty: { address: 10, encoding: "u16", kind: "state", unit: "" },
    on: bitOf(0, 0, "The supply is on"),
    onLine: bitOf(3, 3, "Mains"),
    onBattery: bitOf(3, 4, "On battery"),
    overload: bitOf(3, 5, "Overload"),
    batteryLow: bitOf(3, 6, "Battery low"),
    replaceBattery: bitOf(3, 7, "Battery to be replaced"),
  },
  quirks: [
    "One source only: compare every value with the card's own page",
    "Another, older map than that of the Smart-UPS: which one a card serves is seen when it is read",
    "Whole volts, hertz and percent; registers 4 and 9 are not in the list and not read across",
    "Has no energy",
  ],
});
