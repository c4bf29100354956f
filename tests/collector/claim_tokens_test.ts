import { notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { createClaimTokens, randomToken } from "../../collector/claim_tokens.ts";
import { RETRY_DELAYS_MS } from "../../lib/domain/schedule.ts";
import { manualClock } from "../fakes/manual_clock.ts";

Deno.test("createClaimTokens() lets claims share a token for a while, and never two tries of a site", async () => {
  const clock = manualClock(0);
  let drawn = 0;
  const token = createClaimTokens(clock, () => ++drawn / 10);
  const first = token();
  await clock.advance(9_999);
  strictEqual(token(), first);
  await clock.advance((RETRY_DELAYS_MS[0] ?? 0) - 9_999);
  notStrictEqual(token(), first);
});

Deno.test("randomToken() is never 0 and fits 31 bits", () => {
  strictEqual(randomToken(() => 0), 1);
  ok(randomToken(() => 1 - Number.EPSILON) <= 2 ** 31 - 1);
});
