/**
 * Socomec meters: scaled integers, high word first, addresses unchanged on the wire.
 *
 * @module
 */

import { defineProfile, type DeviceProfile } from "./profile.ts";
import { amperes, hertz, varHours, vars, voltAmperes, volts, wattHours, watts } from "./registers.ts";

/** Counters in whole kWh or kvarh. */
const KILO = { step: 1000 } as const;
const CENTI = { scale: 0.01 } as const;
const MILLI = { scale: 0.001 } as const;
/** Powers in steps of 0.01 kW. */
const TEN = { scale: 10 } as const;

const SHARED = {
  version: 1,
  vendor: "Socomec",
  kind: "meter",
  confidence: "unverified",
  functionCode: 3,
  wordOrder: "big",
  wordsPerRequest: 125,
  gapWords: 8,
  requestMs: 300,
  maxPowerW: null,
} as const;

/** COUNTIS E: three phases. */
export const countisE: DeviceProfile = defineProfile({
  ...SHARED,
  id: "socomec-countis-e",
  models: [
    "COUNTIS E23",
    "COUNTIS E24",
    "COUNTIS E27",
    "COUNTIS E28",
    "COUNTIS E33",
    "COUNTIS E34",
    "COUNTIS E43",
    "COUNTIS E44",
  ],
  source:
    "Socomec COUNTIS E34/E44 and E23 lists (addresses unchanged), OpenEMS MeterSocomecThreephase agrees on 0xC558 to 0xC57A",
  registers: {
    importWh: wattHours(50770, "u32", {
      ...KILO,
      note: "Cannot be reset; whole kWh, the unit is not in the list",
    }),
    exportWh: wattHours(50776, "u32", { ...KILO, note: "Whole kWh, the unit is not in the list" }),
    importVarh: varHours(50772, "u32", { ...KILO, note: "Whole kvarh, the unit is not in the list" }),
    powerW: watts(50536, "i32", TEN),
    powerL1W: watts(50544, "i32", TEN),
    powerL2W: watts(50546, "i32", TEN),
    powerL3W: watts(50548, "i32", TEN),
    voltageL1V: volts(50520, "u32", CENTI),
    voltageL2V: volts(50522, "u32", CENTI),
    voltageL3V: volts(50524, "u32", CENTI),
    currentL1A: amperes(50528, "u32", MILLI),
    currentL2A: amperes(50530, "u32", MILLI),
    currentL3A: amperes(50532, "u32", MILLI),
    reactiveVar: vars(50538, "i32", TEN),
    apparentVA: voltAmperes(50540, "u32", TEN),
    frequencyHz: hertz(50526, "u32", { ...CENTI, note: "Not in the list of the E23: check on site" }),
  },
  quirks: [
    "Energy moves in whole kWh; finer counters at 50946 and 50952 are left out, as their weight was only inferred",
    "Register 50780 is the resettable partial counter, never used here",
    "Power moves in steps of 10 W",
    "Diris A10 and A14 share the measurements but have their counters elsewhere: not listed",
    "The power factor at 50542 is left out, as no source gives its weight",
  ],
});

/** DIRIS A20: for switchboards. */
export const dirisA20: DeviceProfile = defineProfile({
  ...SHARED,
  id: "socomec-diris-a20",
  models: ["DIRIS A20"],
  source:
    "Socomec DIRIS A20 list (hex addresses unchanged), without weights: those of the COUNTIS E are taken",
  registers: {
    importWh: wattHours(0x358, "u32", { ...KILO, note: "Weight not in the list" }),
    importVarh: varHours(0x35a, "u32", { ...KILO, note: "Weight not in the list" }),
    powerW: watts(0x316, "i32", TEN),
    voltageL1V: volts(0x30e, "u32", CENTI),
    voltageL2V: volts(0x310, "u32", CENTI),
    voltageL3V: volts(0x312, "u32", CENTI),
    currentL1A: amperes(0x300, "u32", MILLI),
    currentL2A: amperes(0x302, "u32", MILLI),
    currentL3A: amperes(0x304, "u32", MILLI),
    reactiveVar: vars(0x318, "i32", TEN),
    apparentVA: voltAmperes(0x31a, "u32", TEN),
    frequencyHz: hertz(0x314, "u32", CENTI),
  },
  quirks: [
    "One list, and no weights in it: every value must be compared with the display before it is used",
    "Whether the counter can be reset is not in the list",
    "Imports only; the power factor at 796 is left out, as its weight is not known",
  ],
});

/** DIRIS B-30: current sensors on a bus. */
export const dirisB30: DeviceProfile = defineProfile({
  ...SHARED,
  id: "socomec-diris-b30",
  models: ["DIRIS B-30"],
  source:
    "OpenEMS MeterSocomecThreephase, tables for the DIRIS B30 (hex addresses unchanged); no second source",
  registers: {
    importWh: wattHours(0x4d83, "u32", KILO),
    exportWh: wattHours(0x4d86, "u32", KILO),
    powerW: watts(0x482c, "i32"),
    powerL1W: watts(0x4838, "i32"),
    powerL2W: watts(0x483a, "i32"),
    powerL3W: watts(0x483c, "i32"),
    voltageL1V: volts(0x480c, "u32", CENTI),
    voltageL2V: volts(0x480e, "u32", CENTI),
    voltageL3V: volts(0x4810, "u32", CENTI),
    currentL1A: amperes(0x481a, "u32", MILLI),
    currentL2A: amperes(0x481c, "u32", MILLI),
    currentL3A: amperes(0x481e, "u32", MILLI),
    reactiveVar: vars(0x482e, "i32"),
  },
  quirks: [
    "One source only; power in whole W, unlike the COUNTIS E",
    "Energy moves in whole kWh; whether the counter can be reset was not in the source",
  ],
});
