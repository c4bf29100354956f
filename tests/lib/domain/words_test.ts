import { ok, strictEqual } from "node:assert/strict";
import {
  type AmountReason,
  amountReasonOf,
  type Quality,
  readingReasonOf,
} from "../../../lib/domain/reading.ts";
import {
  amountReasonWords,
  qualityWords,
  readingReasonWords,
  siteReasonWords,
} from "../../../lib/domain/words.ts";

Deno.test("readingReasonWords() has other words for every reason there is", () => {
  const codes = [...Array.from({ length: 14 }, (_, i) => i + 1), 101, 102, 103, 104, 105, 106, 108, 355];
  const said = codes.map((code) => readingReasonWords(readingReasonOf(code)));
  strictEqual(new Set(said.map(({ short }) => short)).size, codes.length);
  for (const { short, advice } of said) {
    ok(short.length > 0 && short.length <= 60 && !short.endsWith("."), short);
    ok(
      advice === null || (advice.length <= 100 && /^[A-Z]/.test(advice) && !advice.endsWith(".")),
      advice ?? "",
    );
  }
});

const SAID: readonly [Parameters<typeof readingReasonWords>[0], number | undefined, string][] = [
  ["unit-silent", 3, "router answers, unit 3 silent"],
  ["unit-silent", undefined, "router answers, the meter silent"],
  ["exception-2", 7, "unit 7 does not know the address (exception 2)"],
  ["exception-200", 7, "unit 7 answered exception 200"],
  ["connect-timeout", 7, "the router does not answer"],
];
for (const [reason, unitId, want] of SAID) {
  Deno.test(`readingReasonWords() says "${want}"`, () => {
    strictEqual(readingReasonWords(reason, unitId === undefined ? {} : { unitId }).short, want);
  });
}

Deno.test("amountReasonWords() has other words for every reason", () => {
  const reasons: readonly AmountReason[] = [1, 2, 3, 4].map(amountReasonOf);
  strictEqual(new Set(reasons.map((reason) => amountReasonWords(reason).short)).size, 4);
});

Deno.test("qualityWords() has other words for every quality", () => {
  const all: readonly Quality[] = ["measured", "recovered", "estimated", "suspect", "missing", "edited"];
  strictEqual(new Set(all.map(qualityWords)).size, 6);
});

Deno.test("siteReasonWords() speaks of the router where a meter's words would mislead", () => {
  strictEqual(siteReasonWords("response-timeout").short, "the router connects but does not answer");
  strictEqual(siteReasonWords("refused").short, readingReasonWords("refused").short);
});
