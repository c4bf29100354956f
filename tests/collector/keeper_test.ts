import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { createFlights } from "../../collector/flights.ts";
import type { FinishedVisit } from "../../collector/ingest.ts";
import { type BatchOutcome, createKeeper } from "../../collector/keeper.ts";
import { createLog } from "../../lib/log.ts";
import { StoreError } from "../../lib/store/errors.ts";
import { manualClock, runUntil } from "../fakes/manual_clock.ts";

/** What the keeper looks at of a visit. */
function visitAt(siteId: number, token = 7): FinishedVisit {
  const site = { site: { id: siteId } };
  return {
    halfHour: 100,
    token,
    site,
    plan: { channels: new Map(), unknown: [] },
  } as unknown as FinishedVisit;
}

function idsOf(visits: readonly FinishedVisit[]): readonly number[] {
  return visits.map(({ site }) => site.site.id);
}

function keeperWith(over: {
  readonly store: (visits: readonly FinishedVisit[]) => Promise<BatchOutcome>;
  readonly keepClaims?: (visits: readonly FinishedVisit[]) => Promise<void>;
  readonly deferredMaxMs?: number;
}) {
  const clock = manualClock(0);
  const stopping = new AbortController();
  const log = createLog({ clock, level: "debug", write: () => {} });
  const keeper = createKeeper({
    clock,
    log,
    flights: createFlights(),
    valuesMax: 1_000,
    stopping: stopping.signal,
    keepClaims: () => Promise.resolve(),
    ...over,
  });
  return { clock, keeper, stopping };
}

Deno.test("createKeeper() gives up what is still put off some seconds after the process must end", async () => {
  const put = (visits: readonly FinishedVisit[]) =>
    Promise.resolve({ stored: [], deferred: idsOf(visits), lost: [] });
  const { clock, keeper, stopping } = keeperWith({ store: put });
  const held = keeper.hold(visitAt(1));
  await clock.advance(10_000);
  strictEqual(keeper.held().visits, 1);
  stopping.abort();
  await clock.advance(4_000);
  strictEqual(keeper.held().visits, 1, "there may still be time");
  await clock.advance(2_000);
  strictEqual(keeper.held().visits, 0);
  strictEqual(await held, null);
});

Deno.test("createKeeper() keeps the claims of all that waits before it stores after an outage", async () => {
  let away = true;
  const calls: string[] = [];
  const answer = (what: string) => {
    if (away) return Promise.reject(new StoreError("unavailable", "away"));
    calls.push(what);
    return Promise.resolve();
  };
  const { clock, keeper } = keeperWith({
    keepClaims: (visits) => answer(`keep ${idsOf(visits)}`),
    store: (visits) =>
      answer(`store ${idsOf(visits)}`).then(() => ({ stored: [], deferred: [], lost: idsOf(visits) })),
  });
  const held = [keeper.hold(visitAt(1)), keeper.hold(visitAt(2, 8)), keeper.hold(visitAt(3, 9))];
  for (let s = 0; s < 180; s += 10) await clock.advance(10_000);
  deepStrictEqual([calls, keeper.held().visits], [[], 3]);
  away = false;
  await runUntil(clock, Promise.all(held), () => false);
  deepStrictEqual(calls, ["keep 1,2,3", "store 1", "store 2", "store 3"]);
  strictEqual(keeper.away(), null);
});

Deno.test("createKeeper() gives up a visit that is deferred for too long", async () => {
  let tries = 0;
  const store = (visits: readonly FinishedVisit[]) => {
    tries++;
    return Promise.resolve({ stored: [], deferred: idsOf(visits), lost: [] });
  };
  const { clock, keeper } = keeperWith({ store, deferredMaxMs: 30_000 });
  const held = keeper.hold(visitAt(1));
  await clock.advance(10_000);
  await clock.advance(15_000);
  strictEqual(keeper.held().visits, 1);
  await clock.advance(10_000);
  await clock.advance(10_000);
  await clock.advance(10_000);
  strictEqual(await held, null);
  strictEqual(keeper.held().visits, 0);
  strictEqual(tries > 20, true, "it was tried again and again");
});
