/**
 * Where keys take the cursor.
 *
 * @module
 */

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { indexAtMs, keyTarget, msAtIndex } from "../../../../lib/ui/charts/load_cursor.ts";
import { sampleLoad } from "./sample.ts";

const CASES = [
  { key: "ArrowLeft", from: 0, want: 0 },
  { key: "ArrowRight", from: 99, want: 99 },
  { key: "PageUp", from: 50, want: 2 },
  { key: "PageDown", from: 10, want: 58 },
  { key: "Home", from: 50, want: 0 },
  { key: "End", from: 50, want: 99 },
  { key: "a", from: 50, want: undefined },
];
for (const { key, from, want } of CASES) {
  Deno.test(`keyTarget() takes ${key} from ${from} to ${want} of 100`, () => {
    strictEqual(keyTarget(key, { from, count: 100 }), want);
  });
}

Deno.test("indexAtMs() is null outside the load", () => {
  const load = sampleLoad(1);
  const before = load.firstMs - 1;
  const end = msAtIndex(load, load.halfHours.length);
  deepStrictEqual([before, load.firstMs, end - 1, end, null].map((ms) => indexAtMs(load, ms)), [
    null,
    0,
    20,
    null,
    null,
  ]);
});
