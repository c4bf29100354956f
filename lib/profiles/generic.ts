/**
 * Counters of no particular make: for a pulse input or a meter whose vendor lets the map be set.
 *
 * @module
 */

import { defineProfile, type DeviceProfile, type RegisterSpec } from "./profile.ts";
import { wattHours, watts } from "./registers.ts";

const SHARED = {
  version: 1,
  vendor: "Generic",
  source: "Our own layout, not a vendor's: set the device to it, or check its manual against it",
  confidence: "unverified",
  functionCode: 3,
  wordOrder: "big",
  wordsPerRequest: 125,
  gapWords: 0,
  requestMs: 300,
  maxPowerW: null,
} as const;

/** A 32-bit counter rolls over here. */
const U32 = 4_294_967_296;

function pulses(address: number): RegisterSpec {
  return {
    address,
    encoding: "u32",
    kind: "counter",
    unit: "count",
    range: [0, U32 - 1],
    counter: { numerator: 1, denominator: 1, modulus: U32 },
  };
}

/** Four pulse inputs, a 32-bit counter each from holding register 0 on. */
export const genericPulse: DeviceProfile = defineProfile({
  ...SHARED,
  id: "generic-pulse",
  models: ["Pulse counter, 4 inputs"],
  kind: "pulse",
  registers: { pulses1: pulses(0), pulses2: pulses(2), pulses3: pulses(4), pulses4: pulses(6) },
  quirks: ["What a pulse is worth is not known to the device"],
});

/** An energy counter in Wh and the power in W, 32 bits each from holding register 0 on. */
export const genericCounter: DeviceProfile = defineProfile({
  ...SHARED,
  id: "generic-counter",
  models: ["Energy counter, 32 bits"],
  kind: "meter",
  registers: {
    importWh: wattHours(0, "u32", { modulus: U32, range: [0, U32 - 1] }),
    powerW: watts(2, "i32"),
  },
  quirks: ["Rolls over after 4,294,967 kWh"],
});
