import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { isCount, isInstant, isLine, plainOf } from "../../../lib/domain/plain.ts";

Deno.test("plainOf() takes an object and nothing else", () => {
  deepStrictEqual(plainOf('{"a":1}'), { a: 1 });
  for (const text of ["", "{", "[]", "null", "1", '"a"']) strictEqual(plainOf(text), null, text);
});

Deno.test("isInstant() takes what a date can hold", () => {
  for (const value of [0, 1_764_000_000_000, 8.64e15 - 1]) {
    strictEqual(isInstant(value), true, String(value));
    new Date(Number(value)).toISOString();
  }
  for (const value of [-1, 0.5, 8.64e15, 2 ** 53, NaN, "0", null]) strictEqual(isInstant(value), false);
  strictEqual(isCount(8.64e15), true);
});

Deno.test("isLine() takes no more characters than asked, and no line end", () => {
  strictEqual(isLine("ab", 2), true);
  for (const value of ["abc", "a\n", "\x1b", "\x7f", 1, null]) strictEqual(isLine(value, 2), false);
});
