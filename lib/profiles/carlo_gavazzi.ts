/**
 * Carlo Gavazzi meters: 32-bit values with the low word first, counters of 0.1 kWh.
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

/** 0x7FFFFFFF, "EEE" on the display, as it stands on the wire. */
const NO_I32 = ["ffff7fff"];
const COUNTER = { step: 100, sentinels: NO_I32 } as const;
const TENTH = { scale: 0.1, sentinels: NO_I32 } as const;
const MILLI = { scale: 0.001, sentinels: NO_I32 } as const;

/** Registers that lie alike in all three-phase families. */
const PHASES: Readonly<Record<string, RegisterSpec>> = {
  powerW: watts(40, "i32", TENTH),
  powerL1W: watts(18, "i32", TENTH),
  powerL2W: watts(20, "i32", TENTH),
  powerL3W: watts(22, "i32", TENTH),
  voltageL1V: volts(0, "i32", TENTH),
  voltageL2V: volts(2, "i32", TENTH),
  voltageL3V: volts(4, "i32", TENTH),
  currentL1A: amperes(12, "i32", MILLI),
  currentL2A: amperes(14, "i32", MILLI),
  currentL3A: amperes(16, "i32", MILLI),
};

/** With what the older families have besides. */
const COMMON: Readonly<Record<string, RegisterSpec>> = {
  ...PHASES,
  apparentVA: voltAmperes(42, "i32", TENTH),
  reactiveVar: vars(44, "i32", TENTH),
};

const SHARED = {
  version: 1,
  vendor: "Carlo Gavazzi",
  kind: "meter",
  functionCode: 4,
  wordOrder: "little",
  maxPowerW: null,
} as const;

/** EM340 and its sisters: three phases. */
export const em340: DeviceProfile = defineProfile({
  ...SHARED,
  id: "carlo-gavazzi-em340",
  models: ["EM330", "EM340", "EM341", "ET330", "ET340"],
  source:
    "Carlo Gavazzi EM300/ET300 Modbus document (Modicon number - 300001), as in mbmd and Victron dbus-cgwacs",
  confidence: "verified",
  wordsPerRequest: 50,
  gapWords: 22,
  requestMs: 600,
  registers: {
    importWh: wattHours(52, "i32", COUNTER),
    exportWh: wattHours(78, "i32", COUNTER),
    importVarh: varHours(54, "i32", COUNTER),
    exportVarh: varHours(80, "i32", COUNTER),
    ...COMMON,
    powerFactor: powerFactor(49, "i16", { scale: 0.001, sentinels: ["7fff"] }),
    frequencyHz: hertz(51, "u16", { scale: 0.1, sentinels: ["ffff"] }),
  },
  quirks: [
    "Answers take up to 500 ms; at most 50 registers in a read",
    "Engineering samples (model codes 330 and 340) send the high word first",
    "What is not available reads 0; the sign of the power depends on the measuring mode A or B",
    "Register 60 is the resettable partial counter, never used here",
  ],
});

/** EM24 on RS-485. */
export const em24: DeviceProfile = defineProfile({
  ...SHARED,
  id: "carlo-gavazzi-em24",
  models: ["EM24DIN (RS-485)"],
  source: "Carlo Gavazzi EM24 list (hex numbers unchanged), as in Victron dbus-cgwacs: total import is 0x3E",
  confidence: "unverified",
  wordsPerRequest: 6,
  gapWords: 2,
  requestMs: 600,
  pauseMs: 50,
  registers: {
    importWh: wattHours(62, "i32", COUNTER),
    exportWh: wattHours(92, "i32", { ...COUNTER, note: "Counts only with application H" }),
    importVarh: varHours(64, "i32", COUNTER),
    exportVarh: varHours(94, "i32", { ...COUNTER, note: "Counts only with application H" }),
    ...COMMON,
    powerFactor: powerFactor(53, "i16", { scale: 0.001 }),
    frequencyHz: hertz(55, "u16", { scale: 0.1 }),
  },
  quirks: [
    "Old firmware takes few registers in a read: six, as Victron does",
    "Register 66 is the resettable partial counter; some drivers take it for the total",
    "Not for the EM24 with Ethernet, which has another map",
  ],
});

/** EM24 with Ethernet: another map than on RS-485, that of the EM340 in holding registers. */
export const em24Ethernet: DeviceProfile = defineProfile({
  ...SHARED,
  id: "carlo-gavazzi-em24-e1",
  models: ["EM24DINAV23XE1X", "EM24DINAV53XE1X", "EM24_E1 (Ethernet)"],
  source:
    "Carlo Gavazzi EM24 Ethernet protocol (hex numbers unchanged), as in mbmd carlogavazzi-em24_e1.go and Victron carlo_gavazzi.py",
  confidence: "verified",
  functionCode: 3,
  wordsPerRequest: 50,
  gapWords: 4,
  requestMs: 500,
  registers: {
    importWh: wattHours(52, "i32", COUNTER),
    exportWh: wattHours(78, "i32", { ...COUNTER, note: "Counts only with application H" }),
    ...PHASES,
    powerFactor: powerFactor(49, "i16", { scale: 0.001, note: "Position from the EM340: check on site" }),
    frequencyHz: hertz(51, "u16", { scale: 0.1 }),
    serial: { address: 0x5000, encoding: "string", words: 7, kind: "text", unit: "", daily: true },
  },
  quirks: [
    "Values of phases and export need application H (register 0xA000 is 7), which is set at the meter and never from here",
    "Firmware 1.8.3 or later, as evcc says",
    "Register 11 tells the model and is read alone: it is not read across",
    "Not for the EM24 on RS-485, which has another map",
    "Where reactive energy lies was not found in a source: it is left out",
  ],
});

/** EM530 and EM540: three phases, as the EM340 with a finer frequency. */
export const em540: DeviceProfile = defineProfile({
  ...SHARED,
  id: "carlo-gavazzi-em540",
  models: ["EM530", "EM540"],
  source: "Victron dbus-cgwacs ac_sensor_updater.cpp (hex numbers unchanged); evcc groups it with the EM340",
  confidence: "unverified",
  wordsPerRequest: 50,
  gapWords: 8,
  requestMs: 300,
  registers: {
    importWh: wattHours(52, "i32", COUNTER),
    exportWh: wattHours(78, "i32", COUNTER),
    ...PHASES,
    powerFactor: powerFactor(49, "i16", { scale: 0.001 }),
    frequencyHz: hertz(0x53c, "i32", { scale: 0.001 }),
  },
  quirks: [
    "No vendor document was read: the addresses are those of two open drivers",
    "Measurement mode C counts all energy; what A and B count as export is for the manual to say",
    "Reactive energy is said to lie as in the EM340 but was seen in no source: it is left out",
  ],
});

/** EM111 and its sisters: one phase. */
export const em111: DeviceProfile = defineProfile({
  ...SHARED,
  id: "carlo-gavazzi-em111",
  models: ["EM110", "EM111", "EM112"],
  source: "Carlo Gavazzi EM100/ET100 Modbus document (Modicon number - 300001), as in OpenEMS and Victron",
  confidence: "verified",
  wordsPerRequest: 50,
  gapWords: 8,
  requestMs: 600,
  registers: {
    importWh: wattHours(16, "i32", COUNTER),
    exportWh: wattHours(32, "i32", COUNTER),
    importVarh: varHours(18, "i32", COUNTER),
    exportVarh: varHours(34, "i32", COUNTER),
    powerW: watts(4, "i32", TENTH),
    voltageL1V: volts(0, "i32", TENTH),
    currentL1A: amperes(2, "i32", MILLI),
    apparentVA: voltAmperes(6, "i32", TENTH),
    reactiveVar: vars(8, "i32", TENTH),
    powerFactor: powerFactor(14, "i16", { scale: 0.001 }),
    frequencyHz: hertz(15, "u16", { scale: 0.1 }),
  },
  quirks: [
    "At most 50 registers in a read of an EM111; answers take up to 500 ms",
    "Reactive energy and power factor were found in the vendor's document only",
    "An ET112 sends its exported energy as a negative number, which is refused here: not listed",
    "Register 20 is the resettable partial counter, never used here",
    "Finer 64-bit counters at 1280 and 1308 (from 2020 on) are left out, as their weight was not read",
    "A template of evcc reads these values high word first, against the vendor's document",
  ],
});
