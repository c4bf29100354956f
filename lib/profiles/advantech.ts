/**
 * Advantech remote I/O: counters of two registers, low word first.
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

/** ADAM-6050: twelve inputs as pulse counters. */
export const adam6050: DeviceProfile = defineProfile({
  id: "advantech-adam-6050",
  version: 1,
  vendor: "Advantech",
  models: ["ADAM-6050"],
  kind: "pulse",
  source:
    "Advantech ADAM-6000 manual edition 9, appendix B.2 (4xxxx - 40001); adam-6xxx agrees on order and addresses",
  confidence: "unverified",
  functionCode: 3,
  wordOrder: "little",
  wordsPerRequest: 125,
  gapWords: 0,
  requestMs: 150,
  maxPowerW: null,
  registers: {
    pulses1: pulses(0),
    pulses2: pulses(2),
    pulses3: pulses(4),
    pulses4: pulses(6),
    pulses5: pulses(8),
    pulses6: pulses(10),
    pulses7: pulses(12),
    pulses8: pulses(14),
    pulses9: pulses(16),
    pulses10: pulses(18),
    pulses11: pulses(20),
    pulses12: pulses(22),
  },
  quirks: [
    "The pattern is confirmed for ADAM-6051, 6052 and 6060; that the 6050 has twelve inputs was not read in its manual",
    "Channel 1 here is DI0 there; an input counts only when the Adam utility has set it to counter mode",
    "In frequency mode the same registers are tenths of a hertz: not for this profile",
    "Whether counters keep their value without power is not in the sources that were read",
    "The states of the inputs are coils (function code 1), which are not read here",
  ],
});
