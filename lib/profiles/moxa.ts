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

/** ioLogik E1242: inputs as states and pulse counters. */
export const e1242: DeviceProfile = defineProfile({
  id: "moxa-iologik-e1242",
  version: 1,
  vendor: "Moxa",
  models: ["ioLogik E1242"],
  kind: "io",
  source:
    "Moxa ioLogik E1200 manual, default address mapping (3xxxx - 30001); EPICS module agrees on the counters",
  confidence: "unverified",
  functionCode: 4,
  wordOrder: "big",
  wordsPerRequest: 125,
  gapWords: 16,
  requestMs: 150,
  maxPowerW: null,
  forgetsWithoutPower: true,
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
