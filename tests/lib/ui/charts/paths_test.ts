/**
 * Steps as path data.
 *
 * @module
 */

import { strictEqual } from "node:assert/strict";
import { barSeams, barsPath, stepArea, stepLine } from "../../../../lib/ui/charts/paths.ts";

const CASES = [
  { name: "is empty without values", path: stepLine([]), want: "" },
  { name: "is empty when all are missing", path: stepLine([null, null]), want: "" },
  { name: "merges equal neighbours", path: stepLine([5, 5, 5]), want: "M0 5H3" },
  { name: "steps at the boundary", path: stepLine([5, 2]), want: "M0 5H1V2H2" },
  { name: "breaks at a gap instead of falling to 0", path: stepLine([5, null, 2]), want: "M0 5H1M2 2H3" },
];
for (const { name, path, want } of CASES) Deno.test(`stepLine() ${name}`, () => strictEqual(path, want));

Deno.test("stepArea() closes each run along its bottom", () => {
  strictEqual(stepArea([2, 4], [10, 8]), "M0 2H1V4H2V8H1V10H0Z");
  strictEqual(stepArea([2, null, 4], [10, 10, 10]), "M0 2H1V10H0ZM2 4H3V10H2Z");
});

Deno.test("barsPath() shows a measured 0 as a line, and nothing where one is missing", () => {
  strictEqual(barsPath([100, null], 100), "M0 99.5H1V100H0Z");
});

Deno.test("barSeams() are as high as the higher neighbour and leave gaps alone", () => {
  strictEqual(barSeams([50, 20, null, null, 30], 100), "M1 100V19M2 100V19M4 100V29");
});
