/**
 * What the workbench says when it has seen the same registers before.
 *
 * @module
 */

import { strictEqual } from "node:assert/strict";
import { parseDisplay } from "../../../lib/profiles/display.ts";
import { findReadings } from "../../../lib/profiles/workbench.ts";

function displayed(text: string) {
  const read = parseDisplay(text);
  if (!read.ok) throw new Error(read.error);
  return read.value;
}

/** Two registers that hold the same number now, of which only the second moves. */
const NOW = [2_300, 7, 2_300];
const THEN = [2_300, 7, 2_312];

Deno.test("findReadings() cannot tell two registers apart that hold the same now", () => {
  const window = { functionCode: 3 as const, address: 10, words: NOW };
  strictEqual(findReadings({ window, display: displayed("230.0 V") }).verdict, "cannot-tell");
});

Deno.test("findReadings() tells them apart once the display has moved and only one moved with it", () => {
  const window = { functionCode: 3 as const, address: 10, words: THEN };
  const earlier = [{ words: NOW, display: displayed("230.0 V") }];
  const answer = findReadings({ window, display: displayed("231.2 V"), earlier });
  strictEqual(answer.candidates[0]?.address, 12);
  strictEqual(answer.candidates[0]?.encoding, "u16");
});

Deno.test("findReadings() finds nothing where no way fits both reads", () => {
  const window = { functionCode: 3 as const, address: 10, words: NOW };
  const earlier = [{ words: [9, 9, 9], display: displayed("230.0 V") }];
  strictEqual(findReadings({ window, display: displayed("230.0 V"), earlier }).verdict, "none");
});
