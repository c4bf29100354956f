import { strictEqual } from "node:assert/strict";
import { hexOf, keptWords } from "../../../lib/domain/visit.ts";

Deno.test("hexOf() writes four digits a register", () => {
  strictEqual(hexOf([0, 0xff, 0xabcd]), "000000ffabcd");
  strictEqual(hexOf([]), "");
});

Deno.test("keptWords() keeps the words of sums, and none of a text", () => {
  strictEqual(keptWords("0".repeat(48)), "0".repeat(48));
  strictEqual(keptWords("0".repeat(52)), null);
  strictEqual(keptWords(""), null);
});
