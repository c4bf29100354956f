import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { countedLetters, isCovered, isExplained, windowTroubles } from "../../../lib/domain/maintenance.ts";

const NOW = 900_000;
const WINDOWS = [
  { name: "an hour ahead", from: NOW, to: NOW + 2, want: [] },
  { name: "30 days", from: NOW, to: NOW + 1_440, want: [] },
  { name: "longer than 30 days", from: NOW, to: NOW + 1_441, want: ["too-long"] },
  { name: "nothing", from: NOW, to: NOW, want: ["ends-before-it-begins"] },
  { name: "60 days ago", from: NOW - 2_880, to: NOW - 2_879, want: [] },
  { name: "longer ago", from: NOW - 2_881, to: NOW - 2_879, want: ["too-early"] },
  { name: "in two years", from: NOW + 40_000, to: NOW + 40_001, want: ["too-late"] },
];
for (const { name, from, to, want } of WINDOWS) {
  Deno.test(`windowTroubles() says ${want.join(", ") || "nothing"} to ${name}`, () => {
    deepStrictEqual(windowTroubles({ meterId: null, from, to }, NOW).map(({ kind }) => kind), want);
  });
}

Deno.test("isCovered() takes a window of the site for every device, one of a device for that alone", () => {
  const site = [{ meterId: null, from: NOW, to: NOW + 2 }];
  const device = [{ meterId: 7, from: NOW, to: NOW + 2 }];
  strictEqual(isCovered(site, { meterId: 7, halfHour: NOW }), true);
  strictEqual(isCovered(site, { meterId: null, halfHour: NOW + 1 }), true);
  strictEqual(isCovered(site, { meterId: 7, halfHour: NOW + 2 }), false);
  strictEqual(isCovered(site, { meterId: 7, halfHour: NOW - 1 }), false);
  strictEqual(isCovered(device, { meterId: 7, halfHour: NOW }), true);
  strictEqual(isCovered(device, { meterId: 8, halfHour: NOW }), false);
  strictEqual(isCovered(device, { meterId: null, halfHour: NOW }), false);
});

Deno.test("isExplained() leaves alone a device that answered and had nothing to say", () => {
  const all = [
    "no-route",
    "unit-silent",
    "exception-4",
    "not-a-number",
    "out-of-range",
    "maintenance",
    null,
  ] as const;
  deepStrictEqual(all.filter(isExplained), ["no-route", "unit-silent", "exception-4"]);
});

Deno.test("countedLetters() leaves out what maintenance explains, but for what was recovered", () => {
  const reasons = [1, 2, 3].map((index) => ({ index, readingReason: "maintenance" as const }));
  const silent = { index: 4, readingReason: "unit-silent" as const };
  strictEqual(countedLetters({ quality: "mxxrxm", reasons: [...reasons, silent] }), "m--rxm");
  strictEqual(countedLetters({ quality: "mx", reasons: [] }), "mx");
});
