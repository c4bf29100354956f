import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { endMsOf, HALF_HOUR_MS, type HalfHour } from "../../../lib/domain/half_hour.ts";
import { eventAt, linkHealth } from "../../../lib/domain/link_health.ts";
import { ownBytesOf } from "../../../lib/domain/own_data.ts";
import { listAudit } from "../../../lib/store/audit.ts";
import type { Database } from "../../../lib/store/db.ts";
import { forgetLinkDays, LINK_DAYS_KEPT, listLinkDays, wireBytesOf } from "../../../lib/store/link_days.ts";
import { readSiteLink } from "../../../lib/store/link_facts.ts";
import { keepLinks } from "../../../lib/store/link_night.ts";
import {
  readLinkSettings,
  USUAL_LINK_SETTINGS,
  writeLinkSettings,
} from "../../../lib/store/link_settings.ts";
import { forgetRecent, forgetTraces, packNext } from "../../../lib/store/packing.ts";
import { authorAt } from "../../fakes/author.ts";
import { onEveryEngine } from "./engines.ts";
import { HOSTS, linkPlans, MIDNIGHT, tell, type Told, well } from "./link_estate.ts";

const LIVE = new AbortController().signal;
const DAY_MS = 48 * HALF_HOUR_MS;

/** Some half-hours, each answered over a path, or over none. */
function halfHours(from: HalfHour, ways: string, over: (halfHour: HalfHour) => Partial<Told> = () => ({})) {
  return [...ways].map((way, i): Told => ({
    halfHour: from + i,
    place: way === "-" ? null : way === "e" ? 1 : 0,
    ...(way === "-" ? {} : { said: well(from + i) }),
    ...over(from + i),
  }));
}

async function healthAt(db: Database, siteId: number, halfHour: HalfHour, days = 14) {
  const link = await readSiteLink(db, { siteId, nowMs: endMsOf(halfHour) + 60_000, days });
  if (!link) throw new Error("There is no such site");
  return { ...linkHealth(link.facts), facts: link.facts };
}

onEveryEngine("a link says the same before and after its days are kept, packed and forgotten", async (db) => {
  const [plan] = await linkPlans(db, 1, MIDNIGHT);
  ok(plan);
  const { id } = plan.site;
  const ways = `${"C".repeat(20)}--${"e".repeat(10)}${"C".repeat(64)}`;
  await tell(db, plan, halfHours(MIDNIGHT, ways));
  const last = MIDNIGHT + ways.length - 1;
  const before = await healthAt(db, id, last, 3);
  deepStrictEqual(before.events.map((event) => [event.kind, eventAt(event) - MIDNIGHT]), [["back", 32], [
    "failover",
    22,
  ]]);
  deepStrictEqual(before.days.map(({ ways: count }) => [count.main, count.backup, count.unanswered]), [
    [0, 0, 0],
    [36, 10, 2],
    [48, 0, 0],
  ]);
  const nowMs = endMsOf(last) + 7 * DAY_MS;
  deepStrictEqual(await keepLinks(db, { nowMs: endMsOf(last) + 60_000, signal: LIVE }), {
    sites: 1,
    days: 2,
  });
  deepStrictEqual(
    (await keepLinks(db, { nowMs: endMsOf(last) + 61_000, signal: LIVE })).days,
    0,
    "kept once",
  );
  for (let token = 1; await packNext(db, { nowMs, token }) !== null;) token++;
  while (await forgetRecent(db, { nowMs: nowMs + 3 * DAY_MS }) > 0);
  while (await forgetTraces(db, { nowMs: nowMs + 20 * DAY_MS }) > 0);
  strictEqual((await db.kysely.selectFrom("ledger").select("site_id").execute()).length, 0);
  const after = await healthAt(db, id, last, 3);
  deepStrictEqual(after, before);
  ok(before.days.every(({ ownB }, i) => i === 0 || (ownB ?? 0) > 0));
});

onEveryEngine(
  "a day that was packed before links were kept says that it was answered, not how",
  async (db) => {
    const [plan] = await linkPlans(db, 1, MIDNIGHT);
    ok(plan);
    await db.kysely.insertInto("ledger_day").values({
      day: Math.floor(MIDNIGHT / 48) + 1,
      site_id: plan.site.id,
      outcomes: `cp${"f".repeat(4)}${"-".repeat(42)}`,
      reasons: null,
    }).execute();
    const { facts, events } = await healthAt(db, plan.site.id, MIDNIGHT + 60);
    ok(facts.ways.includes("aa----"));
    deepStrictEqual(events, []);
  },
);

onEveryEngine("what the router says against the path that answered makes the way unknown", async (db) => {
  const [plan] = await linkPlans(db, 1, MIDNIGHT);
  ok(plan);
  const words = [HOSTS[0], HOSTS[1], "10.64.1.2"];
  await tell(
    db,
    plan,
    halfHours(MIDNIGHT, "CCC", (halfHour) => ({
      said: well(halfHour, { wanAddress: words[halfHour - MIDNIGHT] ?? "" }),
    })),
  );
  const { facts } = await healthAt(db, plan.site.id, MIDNIGHT + 2, 1);
  strictEqual(facts.ways, "C?C");
});

onEveryEngine("a router that moved, swapped its SIM and restarted tells each once", async (db) => {
  const [plan] = await linkPlans(db, 1, MIDNIGHT);
  ok(plan);
  const away = { latitudeDeg: 6_503_000 };
  await tell(
    db,
    plan,
    halfHours(MIDNIGHT, "CCCCCC", (halfHour) => {
      const index = halfHour - MIDNIGHT;
      return {
        said: well(halfHour, {
          ...(index > 2 ? away : {}),
          ...(index > 3 ? { uptimeS: index * 60, operator: "DNA" } : {}),
        }),
      };
    }),
  );
  const { events, place } = await healthAt(db, plan.site.id, MIDNIGHT + 5, 1);
  deepStrictEqual(events.map((event) => `${event.kind} ${eventAt(event) - MIDNIGHT}`).sort(), [
    "moved 3",
    "operator 4",
    "restarted 4",
    "restarted 5",
  ]);
  strictEqual(place.state, "moved");
  ok(Math.abs((place.distanceM ?? 0) - 2_224) < 20);
  await keepLinks(db, { nowMs: endMsOf(MIDNIGHT + 5), signal: LIVE });
  const state = await db.kysely.selectFrom("link_state").select(["moved_m", "signal_dbm", "weak", "asks_sim"])
    .executeTakeFirstOrThrow();
  deepStrictEqual({ ...state }, {
    moved_m: Math.round(place.distanceM ?? 0),
    signal_dbm: -71,
    weak: 0,
    asks_sim: 0,
  });
});

/** Twenty daily readings from 28 October on, 6 MB a day, begun again with November. */
async function tellData(db: Database, plan: Awaited<ReturnType<typeof linkPlans>>[number]) {
  const told = Array.from({ length: 20 }, (_, i): Told => {
    const halfHour = MIDNIGHT - 5 * 48 + i * 48 + 15;
    const since = halfHour < MIDNIGHT - 48 ? i + 28 : (halfHour - (MIDNIGHT - 48)) / 48;
    const said = { sim1ReceivedMonthB: Math.round(4e6 * since), sim1SentMonthB: Math.round(2e6 * since) };
    return { halfHour, place: 0, said: { ...well(halfHour), ...said }, tries: [48_000, 300, 100] };
  });
  await tell(db, plan, told);
  return MIDNIGHT - 5 * 48 + 19 * 48 + 15;
}

onEveryEngine(
  "the data of a SIM is of its billing month, ours beside it, and forecast to its end",
  async (db) => {
    const [plan] = await linkPlans(db, 1, MIDNIGHT - 10 * 48);
    ok(plan);
    const last = await tellData(db, plan);
    await db.kysely.updateTable("router").set({ sim: JSON.stringify({ allowanceMB: 150 }) })
      .where("site_id", "=", plan.site.id).execute();
    const { sim } = await healthAt(db, plan.site.id, last);
    ok(sim);
    deepStrictEqual([sim.slot, sim.month, sim.allowanceB], [
      1,
      { from: "2026-11-01", to: "2026-12-01" },
      150e6,
    ]);
    strictEqual(sim.use.atLeast, false, "the counter began with the month");
    ok(Math.abs(sim.use.bytes - 6e6 * 15.3125) < 1e5, `${sim.use.bytes}`);
    ok(
      sim.forecast.kind === "known" && Math.abs(sim.forecast.bytes - 180e6) < 1e6,
      JSON.stringify(sim.forecast),
    );
    deepStrictEqual([sim.over, sim.usedUp], [true, { kind: "on", date: "2026-11-25" }]);
    const own = ownBytesOf({ connections: 100, requests: 300, contentB: 48_000 });
    ok(sim.parts && Math.abs(sim.parts.ownB / sim.parts.days / own - 1) < 0.05);
    ok(sim.parts.other.bytes > 0 && sim.parts.other.causes[0]?.id === "pings-3s");
  },
);

onEveryEngine("the settings of a link are changed by whoever saw them last, and written down", async (db) => {
  const [plan] = await linkPlans(db, 1, MIDNIGHT);
  const siteId = plan?.site.id ?? 0;
  deepStrictEqual(await readLinkSettings(db, siteId), USUAL_LINK_SETTINGS);
  const settings = { radiusM: 2_500, billingDay: 15 };
  const by = authorAt(endMsOf(MIDNIGHT));
  deepStrictEqual(await writeLinkSettings(db, by, { siteId, version: 0, settings }), { ok: true, value: 1 });
  const late = await writeLinkSettings(db, by, {
    siteId,
    version: 0,
    settings: { ...settings, radiusM: 60 },
  });
  deepStrictEqual(late, { ok: false, error: { kind: "changed" } });
  deepStrictEqual(await readLinkSettings(db, siteId), { ...settings, version: 1 });
  const [entry] = await listAudit(db);
  deepStrictEqual([entry?.action, entry?.siteId, entry?.before, entry?.after], [
    "link-changed",
    siteId,
    { radiusM: 300, billingDay: 1 },
    settings,
  ]);
});

onEveryEngine("keepLinks() ended early goes on where it was, and forgets days after 400", async (db) => {
  const plans = await linkPlans(db, 3, MIDNIGHT);
  for (const plan of plans) await tell(db, plan, halfHours(MIDNIGHT, "C".repeat(48)));
  const nowMs = endMsOf(MIDNIGHT + 50);
  const stop = new AbortController();
  stop.abort();
  deepStrictEqual(await keepLinks(db, { nowMs, signal: stop.signal }), { sites: 0, days: 0 });
  deepStrictEqual(await keepLinks(db, { nowMs, signal: LIVE }), { sites: 3, days: 3 });
  const [day] = await listLinkDays(db, plans[0]?.site.id ?? 0, { from: "2026-11-01", to: "2026-11-03" });
  deepStrictEqual([day?.date, day?.first, day?.ways], ["2026-11-02", MIDNIGHT, "C".repeat(48)]);
  ok(day && wireBytesOf(day).cellularB > day.ownB);
  strictEqual(await forgetLinkDays(db, { nowMs: nowMs + (LINK_DAYS_KEPT - 1) * DAY_MS, signal: LIVE }), 0);
  strictEqual(await forgetLinkDays(db, { nowMs: nowMs + (LINK_DAYS_KEPT + 2) * DAY_MS, signal: LIVE }), 3);
});
