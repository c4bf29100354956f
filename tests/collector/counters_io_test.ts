import { deepStrictEqual } from "node:assert/strict";
import { endMsOf } from "../../lib/domain/half_hour.ts";
import type { Fault } from "../../lib/simulator/spec.ts";
import { allChannels, dueAfter, FIRST, withEstate } from "./estate.ts";
import { meter } from "./simulated.ts";

/** Counts at which the generic counter rolls over. */
const MODULUS = 2 ** 32;

/** Collects four half-hours of a counter on the boundary; what it showed and what was kept. */
async function collect(fault: Fault) {
  const endpoints = [{ port: 0, kind: "gateway" as const, meters: [meter(1, "generic-counter")] }];
  const shown: number[] = [];
  let kept: unknown = null;
  await withEstate({ specs: [{ endpoints, faults: [fault] }] }, async (estate) => {
    const collector = estate.collector();
    const device = estate.sites[0]?.endpoints[0]?.meters[0];
    for (let halfHour = FIRST; halfHour < FIRST + 4; halfHour++) {
      await estate.goTo(halfHour);
      await dueAfter(estate.db, halfHour, 0);
      shown.push(device?.readingAt(estate.clock.nowMs(), [fault])["importWh"]?.value ?? NaN);
      await estate.cycle(collector);
    }
    const channels = await allChannels(estate.db, { from: FIRST, to: FIRST + 4 });
    const energy = channels.find(({ quantity }) => quantity === "importWh");
    kept = { quality: energy?.quality, amounts: energy?.amounts, why: energy?.reasons };
  });
  return { shown, kept };
}

const BETWEEN_MS = endMsOf(FIRST + 1) + 600_000;

Deno.test("wake() counts on over a rollover, to the Wh", async () => {
  const { shown: [a = 0, b = 0, c = 0, d = 0], kept } = await collect({ kind: "rollover", atMs: BETWEEN_MS });
  deepStrictEqual([b > c, b > MODULUS - 20_000], [true, true]);
  deepStrictEqual(kept, {
    quality: "xmmm",
    amounts: [null, b - a, MODULUS - b + c, d - c],
    why: [{ index: 0, amountReason: "first-reading" }],
  });
});

Deno.test("wake() loses one half-hour to a reset, and counts on from the next, to the Wh", async () => {
  const { shown: [a = 0, b = 0, c = 0, d = 0], kept } = await collect({
    kind: "counter-reset",
    atMs: BETWEEN_MS,
  });
  deepStrictEqual([b > c, c > 0], [true, true]);
  deepStrictEqual(kept, {
    quality: "xmxm",
    amounts: [null, b - a, null, d - c],
    why: [{ index: 0, amountReason: "first-reading" }, { index: 2, amountReason: "implausible" }],
  });
});
