import { strictEqual } from "node:assert/strict";
import { agoWords, tookWords } from "../../../lib/domain/instant.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const AGES: readonly (readonly [number, string])[] = [
  [-5_000, "a moment ago"],
  [59_999, "a moment ago"],
  [MINUTE_MS, "1 minute ago"],
  [HOUR_MS - 1, "59 minutes ago"],
  [HOUR_MS, "1 hour ago"],
  [48 * HOUR_MS - 1, "47 hours ago"],
  [48 * HOUR_MS, "2 days ago"],
  [400 * 24 * HOUR_MS, "400 days ago"],
];
for (const [ageMs, want] of AGES) {
  Deno.test(`agoWords() says ${want}`, () => strictEqual(agoWords(ageMs), want));
}

const TIMES: readonly (readonly [number, string])[] = [
  [0, "under 1 s"],
  [12_900, "12 s"],
  [250_000, "4 min 10 s"],
  [2 * MINUTE_MS, "2 min"],
  [HOUR_MS + 4 * MINUTE_MS + 59_000, "1 h 4 min"],
  [3 * HOUR_MS, "3 h"],
];
for (const [tookMs, want] of TIMES) {
  Deno.test(`tookWords() says ${want}`, () => strictEqual(tookWords(tookMs), want));
}
