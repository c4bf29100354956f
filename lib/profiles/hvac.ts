/**
 * Gateways of air conditioners: temperatures and what the unit is told to do, read and never written.
 *
 * @module
 */

import { defineProfile, type DeviceProfile, type FunctionCode, type RegisterSpec } from "./profile.ts";
import { amperes, watts } from "./registers.ts";

/** A temperature in tenths of a degree. */
const TENTH = { scale: 0.1, decimals: 1 } as const;

/** Believable in a room, outside and as a setpoint. */
const DEGREES = [-50, 100] as const;

function celsius(address: number, more: Partial<RegisterSpec> = {}): RegisterSpec {
  return { address, encoding: "i16", kind: "gauge", unit: "°C", range: DEGREES, ...more };
}

function state(address: number, note: string, more: Partial<RegisterSpec> = {}): RegisterSpec {
  return { address, encoding: "u16", kind: "state", unit: "", note, ...more };
}

const ON: Partial<RegisterSpec> = { range: [0, 1] };

/** Registers of an indoor unit begin here with virtual address 1: 16 times it, as on the wire. */
const VA_1 = 16;

/** CoolMasterNet: the indoor unit with virtual address 1. */
export const coolMasterNet: DeviceProfile = defineProfile({
  id: "coolautomation-coolmasternet",
  version: 1,
  vendor: "CoolAutomation",
  models: ["CoolMasterNet (virtual address 1)"],
  kind: "hvac",
  source:
    "CoolAutomation CoolMasterNet PRM 0.7 page 11 and the support page on Modbus (virtual address * 16 on the wire)",
  confidence: "verified",
  functionCode: 3,
  wordOrder: "big",
  wordsPerRequest: 16,
  gapWords: 0,
  requestMs: 200,
  maxPowerW: null,
  registers: {
    roomTemperatureC: celsius(VA_1 + 6, TENTH),
    setpointC: celsius(VA_1 + 2, TENTH),
    on: state(VA_1 + 3, "0 off, 1 on", ON),
    mode: state(VA_1, "0 cool, 1 heat, 2 auto, 3 dry, 4 heat with auxiliary, 5 fan"),
    fanSpeed: state(VA_1 + 1, "0 low, 1 medium, 2 high, 3 auto, 4 top, 5 very low"),
    filterSign: state(VA_1 + 4, "Filter sign"),
    swing: state(VA_1 + 5, "0 vertical, 1 to 3 at 30, 45, 60°, 4 horizontal, 5 auto, 6 off, 7 none"),
    malfunctionCode: state(VA_1 + 7, "Malfunction code"),
  },
  quirks: [
    "One indoor unit, the one with virtual address 1: for another add 16 to every address for each number above 1",
    'Virtual addresses are given out at the device ("VA AUTO") and are read there',
    "Modbus over IP is off by default; a request that starts in a register without a unit is refused",
    "The CoolGate 4 begins elsewhere",
    "Has no power or energy: that needs a meter",
  ],
});

const NO_I16 = { sentinels: ["8000"] } as const;

/** What the Intesis gateways share. */
const INMBS: Readonly<Record<string, RegisterSpec>> = {
  roomTemperatureC: celsius(5, { ...TENTH, ...NO_I16 }),
  setpointC: celsius(4, { ...TENTH, ...NO_I16 }),
  on: state(0, "0 off, 1 on", ON),
  mode: state(1, "0 auto, 1 heat, 2 dry, 3 fan, 4 cool"),
  fanSpeed: state(2, "0 auto, 1 to 3 speed"),
  alarm: state(10, "0 none, 1 alarm", ON),
  errorCode: state(11, "0 none, 65535 no communication with the unit"),
};

const INTESIS = {
  version: 1,
  vendor: "HMS Intesis",
  kind: "hvac",
  confidence: "unverified",
  functionCode: 3,
  wordOrder: "big",
  wordsPerRequest: 1,
  gapWords: 0,
  requestMs: 200,
  maxPowerW: null,
} as const;

const INTESIS_QUIRKS = [
  "Temperatures are tenths of a degree Celsius as from the factory; a switch in the device makes them whole degrees or Fahrenheit",
  "Registers 0 to 4 come from the table of the multi-unit INMBSMID: check on site",
  "One register a request: what lies between the documented ones is not known",
] as const;

/** Intesis INMBS for Daikin and Mitsubishi. */
export const inmbs: DeviceProfile = defineProfile({
  ...INTESIS,
  id: "intesis-inmbs",
  models: ["INMBSDAI001", "INMBSMIT001"],
  source: "Intesis INMBSDAI001 manual page 9 and INMBSMIT001 manual page 10 (protocol address unchanged)",
  registers: {
    ...INMBS,
    windowOpen: state(6, "0 closed, 1 open", ON),
  },
  quirks: [...INTESIS_QUIRKS, "Has no power or energy: that needs a meter"],
});

/** Intesis INMBS for Panasonic: with power. */
export const inmbsPanasonic: DeviceProfile = defineProfile({
  ...INTESIS,
  id: "intesis-inmbspan",
  models: ["INMBSPAN001"],
  source:
    "Intesis INMBSPAN001 manual page 10 (protocol address unchanged), registers 60 to 62; the rest as INMBSDAI001",
  registers: {
    powerW: watts(61, "u16", { range: [0, 65_535], note: "Of the whole system, not of one unit" }),
    currentA: amperes(62, "u16", { scale: 0.001, note: "Of the whole system" }),
    ...INMBS,
    outdoorTemperatureC: celsius(60, { ...TENTH, ...NO_I16 }),
  },
  quirks: [...INTESIS_QUIRKS, "Power and current are the unit's own, in 16 bits; it has no energy counter"],
});

const INPUT: FunctionCode = 4;

/** Haier YCJ-A002: one unit. */
export const ycjA002: DeviceProfile = defineProfile({
  id: "haier-ycj-a002",
  version: 1,
  vendor: "Haier",
  models: ["YCJ-A002"],
  kind: "hvac",
  source: "wb-mqtt-serial template config-haier-ycj-a002.json (addresses unchanged); no vendor document read",
  confidence: "unverified",
  functionCode: 3,
  wordOrder: "big",
  wordsPerRequest: 4,
  gapWords: 0,
  requestMs: 200,
  maxPowerW: null,
  registers: {
    roomTemperatureC: celsius(0, { functionCode: INPUT }),
    setpointC: celsius(0),
    mode: state(1, "Mode, a number of the unit's"),
    fanSpeed: state(2, "Fan speed, a number of the unit's"),
    lockMode: state(3, "What is locked, a number of the unit's"),
    errorCode: state(1, "Error code", { functionCode: INPUT }),
  },
  quirks: [
    "One source only: compare every value with the unit's remote control",
    "What the numbers of mode, fan and lock mean is not in the source",
    "Whether it is on is a coil (function code 1), which is not read here",
    "Has no power or energy: that needs a meter",
  ],
});
