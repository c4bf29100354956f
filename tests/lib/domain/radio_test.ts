import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  isWeakSpan,
  SIGNAL_LIMITS,
  type SignalClass,
  signalClassOf,
  type SignalKind,
  signalSpan,
  temperatureClassOf,
} from "../../../lib/domain/radio.ts";
import { signalWord } from "../../../lib/ui/format.ts";

const CASES: readonly [number, SignalKind, SignalClass][] = [
  [-51, "rssi", "good"],
  [-75, "rssi", "good"],
  [-76, "rssi", "fair"],
  [-90, "rssi", "fair"],
  [-91, "rssi", "weak"],
  [-112, "rssi", "weak"],
  [-113, "rssi", "none"],
  [-95, "rsrp", "good"],
  [-96, "rsrp", "fair"],
  [-111, "rsrp", "weak"],
  [-140, "rsrp", "none"],
  [13, "sinr", "good"],
  [0, "sinr", "fair"],
  [-1, "sinr", "weak"],
  [-20, "sinr", "none"],
];
for (const [value, kind, want] of CASES) {
  Deno.test(`signalClassOf() calls ${kind} ${value} ${want}`, () =>
    strictEqual(signalClassOf(value, kind), want));
}

Deno.test("signalClassOf() agrees with the words that pages use", () => {
  for (const kind of ["rssi", "rsrp"] as const) {
    for (let dbm = -40; dbm > SIGNAL_LIMITS[kind].none; dbm--) {
      strictEqual(signalClassOf(dbm, kind), signalWord(dbm, kind), `${kind} ${dbm}`);
    }
  }
});

Deno.test("signalSpan() is of what was read, and null where nothing was", () => {
  deepStrictEqual(signalSpan([null, -70, -92, null], "rssi"), {
    count: 2,
    mean: -81,
    low: -92,
    high: -70,
    weak: 1,
  });
  deepStrictEqual(signalSpan([null], "rssi"), { count: 0, mean: null, low: null, high: null, weak: 0 });
});

const WEAK: readonly [number, number, boolean][] = [[3, 3, false], [4, 1, false], [4, 2, true], [
  48,
  12,
  false,
], [48, 13, true]];
for (const [count, weak, want] of WEAK) {
  Deno.test(`isWeakSpan() of ${weak} weak in ${count} half-hours`, () =>
    strictEqual(isWeakSpan({ count, weak, mean: -90, low: -95, high: -80 }), want));
}

for (const [celsius, want] of [[69.9, "right"], [70, "hot"], [-34.9, "right"], [-35, "cold"]] as const) {
  Deno.test(`temperatureClassOf() calls ${celsius} °C ${want}`, () =>
    strictEqual(temperatureClassOf(celsius), want));
}
