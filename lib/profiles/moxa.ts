/**
 * Moxa remote I/O.
 *
 * @module
 */

import { defineProfile, type DeviceProfile, type RegisterSpec } from "./profile.ts";

const U32 = 4_294_967_296;

function pulses(address: number): RegisterSpec {
  return {
    address,
    encoding: "u32",
    kind: "counter",
    unit: "count",
    range: [0, U32 - 1],
    counter: { numerator: 1, denominator: 1, modulus: U32 },
    note: "Only while the channel is in counter mode",
  };
}

function input(bit: number): RegisterSpec {
  return { address: 48, encoding: "bit", bit, kind: "state", unit: "", range: [0, 1] };
}

const SHARED = {
  version: 1,
  vendor: "Moxa",
  kind: "io",
  functionCode: 4,
  wordOrder: "big",
  wordsPerRequest: 125,
  gapWords: 16,
  requestMs: 150,
  maxPowerW: null,
  forgetsWithoutPower: true,
} as const;

/** ioLogik E1242: inputs as states and pulse counters. */
export const e1242: DeviceProfile = defineProfile({
  ...SHARED,
  id: "moxa-iologik-e1242",
  models: ["ioLogik E1242"],
  source:
    "Moxa ioLogik E1200 manual, default address mapping (3xxxx - 30001); EPICS module agrees on the counters",
  confidence: "unverified",
  registers: {
    pulses1: pulses(16),
    pulses2: pulses(18),
    pulses3: pulses(20),
    pulses4: pulses(22),
    input1: input(0),
    input2: input(1),
    input3: input(2),
    input4: input(3),
  },
  quirks: [
    "Counters fall to 0 without power unless power-on storage is on",
    "The scaling of the analog inputs is not in the documents that were read: they are left out",
  ],
});

/** ioLogik E1214: six inputs as states and pulse counters; its relays are never touched. */
export const e1214: DeviceProfile = defineProfile({
  ...SHARED,
  id: "moxa-iologik-e1214",
  models: ["ioLogik E1214"],
  source:
    "Moxa ioLogik E1200 manual, default address mapping (3xxxx - 30001); EPICS-MOXA-IOLOGIK-E12XX agrees on the counters",
  confidence: "verified",
  registers: {
    pulses1: pulses(16),
    pulses2: pulses(18),
    pulses3: pulses(20),
    pulses4: pulses(22),
    pulses5: pulses(24),
    pulses6: pulses(26),
    input1: input(0),
    input2: input(1),
    input3: input(2),
    input4: input(3),
    input5: input(4),
    input6: input(5),
  },
  quirks: [
    "Counters fall to 0 without power unless power-on storage is on",
    "An input counts only in counter mode; from the factory it is a plain input",
    "The word of inputs at 48 was found in the manual only",
    "E1210 to E1213 share the positions of the inputs but have other numbers of them: not listed",
  ],
});

/** One of eight analog inputs. */
function analog(channel: number): RegisterSpec {
  return {
    address: channel - 1,
    encoding: "u16",
    kind: "gauge",
    unit: "%",
    scale: 100 / 65_535,
    decimals: 2,
    range: [0, 100],
    note: "Of the range that is set: 0 to 10 V or 4 to 20 mA",
  };
}

function analogState(channel: number): RegisterSpec {
  return {
    address: 59 + channel,
    encoding: "u16",
    kind: "state",
    unit: "",
    range: [0, 3],
    note: "0 normal, 1 burnt out, 2 over range, 3 under range",
  };
}

/** ioLogik E1240: eight analog inputs. */
export const e1240: DeviceProfile = defineProfile({
  ...SHARED,
  id: "moxa-iologik-e1240",
  models: ["ioLogik E1240"],
  source:
    "EPICS-MOXA-IOLOGIK-E12XX startup.script (raw inputs and their states), Moxa ioLogik E1200 manual (3xxxx - 30001)",
  confidence: "unverified",
  forgetsWithoutPower: false,
  registers: {
    analog1: analog(1),
    analog2: analog(2),
    analog3: analog(3),
    analog4: analog(4),
    analog5: analog(5),
    analog6: analog(6),
    analog7: analog(7),
    analog8: analog(8),
    analogState1: analogState(1),
    analogState2: analogState(2),
    analogState3: analogState(3),
    analogState4: analogState(4),
    analogState5: analogState(5),
    analogState6: analogState(6),
    analogState7: analogState(7),
    analogState8: analogState(8),
  },
  quirks: [
    "Values are a share of the range that is set in the module: what it means in its unit is not known to it here",
    "Addresses were found in one driver only",
    "Floats in the unit that is set exist, but no source tells where: they are left out",
  ],
});
