import { strictEqual, throws } from "node:assert/strict";
import {
  amountCodeOf,
  amountReasonOf,
  letterOf,
  qualityOf,
  readingCodeOf,
  readingReasonOf,
} from "../../../lib/domain/reading.ts";

Deno.test("readingReasonOf() refuses numbers that no reason is stored under", () => {
  for (const code of [0, 15, 99, 100, 356, -1, 1.5]) throws(() => readingReasonOf(code), RangeError);
});

Deno.test("readingCodeOf() gives every reason a number of its own that comes back", () => {
  for (const code of [...Array.from({ length: 14 }, (_, i) => i + 1), 101, 111, 355]) {
    strictEqual(readingCodeOf(readingReasonOf(code)), code);
  }
});

Deno.test("amountCodeOf() gives every reason a number of its own that comes back", () => {
  for (const code of [1, 2, 3, 4]) strictEqual(amountCodeOf(amountReasonOf(code)), code);
  for (const code of [0, 5]) throws(() => amountReasonOf(code), RangeError);
});

Deno.test("qualityOf() reads the letters that letterOf() writes", () => {
  for (const letter of ["m", "r", "a", "s", "x", "e"]) strictEqual(letterOf(qualityOf(letter)), letter);
  strictEqual(qualityOf("-"), undefined);
  strictEqual(qualityOf("?"), undefined);
  strictEqual(letterOf(undefined), "-");
});
