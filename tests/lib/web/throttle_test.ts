import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { createThrottle, SENT_MAX, WINDOW_MS } from "../../../lib/web/throttle.ts";

Deno.test("createThrottle() lets an address send so much in a minute and says when it may go on", () => {
  let nowMs = 1_000;
  const throttle = createThrottle({ monotonicMs: () => nowMs });
  for (let i = 0; i < SENT_MAX; i++) strictEqual(throttle.count("a"), null);
  nowMs += 20_000;
  strictEqual(throttle.count("a"), 40);
  strictEqual(throttle.count("b"), null);
  nowMs += WINDOW_MS - 20_000;
  strictEqual(throttle.count("a"), null);
});

Deno.test("createThrottle() counts the IPv6 addresses of one network together", () => {
  const throttle = createThrottle({ monotonicMs: () => 0 });
  for (let i = 0; i < SENT_MAX; i++) throttle.count(`2001:db8:1:2::${i.toString(16)}`);
  strictEqual(throttle.count("2001:db8:1:2:ffff::1"), 60);
  strictEqual(throttle.count("2001:db8:1:3::1"), null);
});

Deno.test("createThrottle() forgets the oldest of too many addresses", () => {
  const throttle = createThrottle({ monotonicMs: () => 0 });
  for (let i = 0; i <= SENT_MAX; i++) throttle.count("first");
  for (let i = 0; i < 10_000; i++) throttle.count(`${i}`);
  deepStrictEqual([throttle.count("first"), throttle.count("9999")], [null, null]);
});
