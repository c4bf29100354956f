import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { planVisit } from "../../collector/visit_plan.ts";
import { endMsOf, type HalfHour } from "../../lib/domain/half_hour.ts";
import { isDailyQuantity, isDailyTurn } from "../../lib/domain/daily.ts";
import { eventAt, linkHealth } from "../../lib/domain/link_health.ts";
import { profileOf } from "../../lib/profiles/mod.ts";
import type { Fault, SiteSpec } from "../../lib/simulator/spec.ts";
import { readSiteLink } from "../../lib/store/link_facts.ts";
import { keepLinks } from "../../lib/store/link_night.ts";
import { getSitePlan } from "../../lib/store/plans.ts";
import { runUntil } from "../fakes/manual_clock.ts";
import { dueAfter, type Estate, FIRST, withEstate } from "./estate.ts";
import { meter } from "./simulated.ts";

const HOME = { latitude: 51.5, longitude: -0.12 };

/** A router with two ways in, and nothing behind it. */
const SPEC: Partial<SiteSpec> = {
  ...HOME,
  hosts: ["127.0.0.1", "127.0.0.2"],
  endpoints: [{ port: 0, kind: "router", meters: [meter(1, "teltonika-rutx", { endUse: null })] }],
};

const LOST: Fault = { kind: "refused", path: 0 };

/** Collects half-hours, each with what is wrong in it; between two of them nobody collects, as a day has many timers. */
async function collect(
  estate: Estate,
  halfHours: readonly (readonly [HalfHour, readonly Fault[]])[],
): Promise<void> {
  for (const [halfHour, faults] of halfHours) {
    await estate.goTo(halfHour);
    await estate.sites[0]?.setFaults(faults);
    await dueAfter(estate.db, halfHour, 0);
    const collector = estate.collector();
    await estate.cycle(collector);
    await runUntil(estate.clock, collector.drain(1_000), () => collector.status().visiting > 0);
  }
}

async function healthOf({ db, siteIds, clock }: Estate, days = 2) {
  const link = await readSiteLink(db, { siteId: siteIds[0] ?? 0, nowMs: clock.nowMs(), days });
  if (!link) throw new Error("There is no such site");
  return { ...linkHealth(link.facts), facts: link.facts };
}

async function registerHome({ db, siteIds }: Estate): Promise<void> {
  await db.kysely.updateTable("site").set(HOME).where("site_id", "=", siteIds[0] ?? 0).execute();
}

Deno.test("a router that fails over to its line, comes back, is carried off and returned tells each once", () =>
  withEstate({ specs: [SPEC] }, async (estate) => {
    await registerHome(estate);
    const moved: Fault = { kind: "moved", metres: 2_000 };
    const faults: readonly (readonly Fault[])[] = [
      [],
      [],
      [LOST],
      [LOST],
      [],
      [moved],
      [moved, { kind: "unregistered" }],
      [],
    ];
    await collect(estate, faults.map((own, i) => [FIRST + i, own]));
    const { events, facts, wan, place, newest } = await healthOf(estate);
    ok(facts.ways.endsWith("CCeeCC?C"), facts.ways);
    deepStrictEqual(events.map((event) => `${eventAt(event) - FIRST} ${event.kind}`).sort(), [
      "2 failover",
      "4 back",
      "5 moved",
      "6 registration",
      "7 registration",
      "7 returned",
    ]);
    deepStrictEqual([wan?.way, (wan?.since ?? 0) - FIRST, place.state], ["C", 4, "at-home"]);
    ok(newest && newest.signalDbm !== null && newest.operator !== null && newest.satellites !== null);
    const trip = events.find((event) => event.kind === "moved");
    ok(trip && "distanceM" in trip && Math.abs(trip.distanceM - 2_000) < 30);
  }));

/** Half-hours in which the site's daily quantities are read, from the day after {@link FIRST} on. */
function turnsOf(siteId: number, days: number): readonly HalfHour[] {
  const turns: HalfHour[] = [];
  for (let halfHour = FIRST + 1; turns.length < days; halfHour++) {
    if (isDailyTurn(siteId, halfHour)) turns.push(halfHour);
  }
  return turns;
}

Deno.test("data counters that begin again make the month at least, and another SIM is asked about", () =>
  withEstate({ specs: [SPEC] }, async (estate) => {
    const { db, siteIds, clock } = estate;
    const turns = turnsOf(siteIds[0] ?? 0, 8);
    const reset: Fault = { kind: "data-reset", atMs: endMsOf(turns[4] ?? 0) - 3_600_000 };
    const swap: Fault = { kind: "sim-swap", atMs: endMsOf(turns[6] ?? 0) - 1_000 };
    await collect(estate, turns.map((halfHour, i) => [halfHour, i >= 4 ? [reset, swap] : []]));
    const { sim, events } = await healthOf(estate, 14);
    ok(sim);
    const whole = sim.days.filter((day) => day.whole);
    deepStrictEqual(whole.map(({ atLeast }) => atLeast), [false, false, true, true, false, false]);
    strictEqual(sim.use.atLeast, true);
    ok(sim.forecast.kind === "known" && sim.forecast.bytes > sim.use.bytes);
    ok(sim.parts && sim.parts.ownB > 0 && sim.parts.other.bytes > sim.parts.ownB);
    const swapped = events.find((event) => event.kind === "sim-changed");
    strictEqual(swapped && eventAt(swapped), turns[6]);
    await keepLinks(db, { nowMs: clock.nowMs(), signal: new AbortController().signal });
    const state = await db.kysely.selectFrom("link_state").select(["asks_sim", "used_b"])
      .executeTakeFirstOrThrow();
    deepStrictEqual([state.asks_sim, Number(state.used_b)], [1, sim.use.bytes]);
  }));

Deno.test("each half-hour asks the router for one block, and for identity and data counters once a day", () =>
  withEstate({ specs: [SPEC] }, async ({ db, siteIds }) => {
    const plan = await getSitePlan(db, siteIds[0] ?? 0, FIRST);
    ok(plan);
    const asked = (daily: boolean) => {
      const visit = planVisit(plan, {
        findProfile: profileOf,
        wants: ({ quantity }) => daily || !isDailyQuantity(quantity),
      });
      return {
        quantities: [...visit.channels.values()].map(({ channel }) => channel.quantity),
        requests: visit.requestMs.length,
      };
    };
    const half = asked(false);
    for (
      const quantity of [
        "signalDbm",
        "registration",
        "operator",
        "simSlot",
        "wanAddress",
        "inputPower4",
        "uptimeS",
      ]
    ) {
      ok(half.quantities.includes(quantity), quantity);
    }
    const once = asked(true).quantities.filter((quantity) => !half.quantities.includes(quantity)).sort();
    deepStrictEqual(once, [
      "hostname",
      "imsi",
      "serial",
      "sim1ReceivedMonthB",
      "sim1SentMonthB",
      "sim2ReceivedMonthB",
      "sim2SentMonthB",
    ]);
    ok(half.requests <= 9, `${half.requests} requests a half-hour`);
  }));
