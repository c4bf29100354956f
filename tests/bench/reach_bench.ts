/**
 * Measures the pages Today and Sites of people with different reach over 2,000 sites: whoever reaches everything,
 * three groups of 200, 50 named sites. `deno task bench reach [--sites=2000]`.
 *
 * @module
 */

import type { KyselyPlugin } from "kysely";
import { systemClock } from "../../lib/clock.ts";
import { endMsOf, endSOf, type HalfHour } from "../../lib/domain/half_hour.ts";
import { ALL_SITES, type Reach } from "../../lib/domain/permission.ts";
import type { SitePlan } from "../../lib/domain/site.ts";
import type { StoredVisit } from "../../lib/domain/visit.ts";
import { type Database, openDatabase } from "../../lib/store/db.ts";
import { claimDue, openHalfHour } from "../../lib/store/ledger.ts";
import { migrate } from "../../lib/store/migrator.ts";
import { loadPlans } from "../../lib/store/plans.ts";
import { storeVisits } from "../../lib/store/readings.ts";
import { registerSites, type SiteDraft } from "../../lib/store/sites.ts";
import { loadFrame } from "../../lib/web/pages/frame.ts";
import { loadSitesView } from "../../lib/web/pages/sites_view.ts";
import { loadTodayView } from "../../lib/web/pages/today_view.ts";
import { migrations } from "../../migrations/mod.ts";
import { engines } from "../engines/mod.ts";

/** From midnight the day before yesterday's end to six in the morning: all of yesterday is there. */
const FIRST: HalfHour = Date.UTC(2026, 10, 24) / 1_800_000;
const HALF_HOURS = 60;
const DUE = FIRST + HALF_HOURS - 1;
const NOW_MS = endMsOf(DUE) + 240_000;
const GROUP_SITES = 200;
const NAMED_SITES = 50;
const SITES_A_CLAIM = 200;
const TIMES = 15;

/** One site in this many fails, at half-hours of its own. */
const FAILS_ONE_IN = 90;

function draftOf(i: number): SiteDraft {
  return {
    name: `Site ${String(i).padStart(5, "0")}`,
    town: `Town ${i % 40}`,
    zone: "UTC",
    latitude: null,
    longitude: null,
    hours: null,
    paths: [{ kind: "cellular", host: "127.0.0.1" }, { kind: "wired", host: "127.0.0.2" }],
    endpoints: [{
      port: 502,
      kind: "device",
      meters: [{
        name: "Main",
        unitId: 1,
        profileId: "bench",
        profileVersion: 1,
        endUse: "other",
        wholeSite: true,
        maxPowerW: null,
        transformer: null,
        channels: [{ quantity: "importWh", kind: "counter", unit: "Wh", decimals: 0 }],
      }],
    }],
    since: FIRST,
  };
}

function visitOf(plan: SitePlan, halfHour: HalfHour): StoredVisit {
  const siteId = plan.site.id;
  const channelId = plan.channels[0]?.id ?? 0;
  const isFailed = (siteId + halfHour) % FAILS_ONE_IN === 0;
  const value = 5_000_000 + (halfHour - FIRST) * 400;
  return {
    siteId,
    outcome: isFailed ? "failed" : "complete",
    reason: isFailed ? "connect-timeout" : null,
    pathId: isFailed ? null : plan.paths[siteId % 20 === 0 ? 1 : 0]?.id ?? null,
    retryAtMs: null,
    rows: isFailed ? [] : [{
      halfHour,
      channelId,
      words: value.toString(16).padStart(8, "0"),
      readS: 5,
      profileVersion: 1,
      value,
      boundary: value - 1_000,
      amount: 400,
      quality: "measured",
      readingReason: null,
      amountReason: null,
    }],
    recovered: [],
    newSeries: halfHour === FIRST && !isFailed
      ? [{
        id: 0,
        channelId,
        sinceS: endSOf(halfHour) + 5,
        numerator: 1,
        denominator: 1,
        origin: 1_000,
        modulus: null,
      }]
      : [],
    spentGaps: [],
    judgedBy: [],
    attempts: [],
  };
}

async function fill(db: Database, count: number): Promise<readonly number[]> {
  const registered = await registerSites(db, Array.from({ length: count }, (_, i) => draftOf(i)));
  if (!registered.ok) throw new Error("A name is taken");
  const ids = registered.value;
  for (let groupId = 1; groupId <= Math.ceil(count / GROUP_SITES); groupId++) {
    await db.kysely.insertInto("site_group").values({ group_id: groupId, name: `Group ${groupId}` })
      .execute();
    const own = ids.slice((groupId - 1) * GROUP_SITES, groupId * GROUP_SITES);
    await db.kysely.updateTable("site").set({ group_id: groupId }).where("site_id", "in", own).execute();
  }
  const plans = new Map<number, SitePlan>();
  for (let at = 0; at < ids.length; at += 500) {
    for (const [id, plan] of await loadPlans(db, ids.slice(at, at + 500), FIRST)) plans.set(id, plan);
  }
  let token = 0;
  for (let halfHour = FIRST; halfHour <= DUE; halfHour++) {
    await openHalfHour(db, halfHour, { dueMsOf: endMsOf });
    const nowMs = endMsOf(halfHour) + 31_000;
    for (let cursor = 0, more = true; more;) {
      const options = {
        halfHour,
        nowMs,
        claimMs: 120_000,
        limit: SITES_A_CLAIM,
        afterSiteId: cursor,
        token: ++token,
        release: null,
      };
      const claimed = await claimDue(db, options);
      ({ cursor, more } = claimed);
      if (!claimed.claim) continue;
      const visits = claimed.claim.siteIds.flatMap((id) => {
        const plan = plans.get(id);
        return plan ? [visitOf(plan, halfHour)] : [];
      });
      await storeVisits(db, claimed.claim, visits, nowMs);
    }
  }
  return ids;
}

/** The same database, with its statements counted. */
function counting(db: Database): { readonly db: Database; readonly count: () => number } {
  let statements = 0;
  const plugin: KyselyPlugin = {
    transformQuery({ node }) {
      statements++;
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  };
  return { db: { ...db, reader: db.reader.withPlugin(plugin) }, count: () => statements };
}

/** What one page took: the first time, in the middle of the times after it, and how often it asked. */
async function measure(db: Database, page: (db: Database) => Promise<unknown>): Promise<string> {
  const counted = counting(db);
  const tookMs: number[] = [];
  const asked: number[] = [];
  for (let i = 0; i <= TIMES; i++) {
    const before = counted.count();
    const startMs = performance.now();
    await page(counted.db);
    tookMs.push(performance.now() - startMs);
    asked.push(counted.count() - before);
  }
  const [first = 0, ...later] = tookMs;
  later.sort((a, b) => a - b);
  const middle = later[Math.floor(later.length / 2)] ?? 0;
  return [first.toFixed(1), middle.toFixed(1), asked[0], asked.at(-1)].map((it) => String(it).padStart(9))
    .join(" ");
}

async function benchEngine(url: string, { name, sites }: { readonly name: string; readonly sites: number }) {
  const db = await openDatabase(url, { statementTimeoutMs: 120_000 });
  try {
    const migrated = await migrate(db, migrations, systemClock);
    if (!migrated.ok) throw new Error("The database cannot be migrated");
    const ids = await fill(db, sites);
    const named = ids.filter((_, i) => i % Math.floor(sites / NAMED_SITES) === 0).slice(0, NAMED_SITES);
    const people: readonly (readonly [string, Reach])[] = [
      ["everything", ALL_SITES],
      ["3 groups of 200", { kind: "some", groupIds: [2, 5, 8], siteIds: [] }],
      ["50 named sites", { kind: "some", groupIds: [], siteIds: named }],
      ["3 groups and 50 sites", { kind: "some", groupIds: [2, 5, 8], siteIds: named }],
    ];
    const query = { q: "", state: "any", path: "any", sort: "name", reverse: false, page: 1 } as const;
    const request = (reach: Reach) => ({ reaches: [reach], nowMs: NOW_MS });
    for (const [who, reach] of people) {
      const pages: readonly (readonly [string, (db: Database) => Promise<unknown>])[] = [
        ["Today", (it) => loadTodayView(it, request(reach))],
        ["Sites", (it) => loadSitesView(it, { query, ...request(reach) })],
        ["frame", (it) => loadFrame(it, { path: "/", adminHref: null, ...request(reach) })],
      ];
      for (const [page, load] of pages) {
        console.log(`${name.padEnd(8)} ${who.padEnd(22)} ${page.padEnd(6)} ${await measure(db, load)}`);
      }
    }
  } finally {
    await db.close();
  }
}

if (import.meta.main) {
  const asked = Deno.args.find((argument) => argument.startsWith("--sites="))?.split("=")[1];
  const sites = Math.min(10_000, Math.max(2_000, Number(asked ?? 2_000)));
  console.log("engine   reach                  page    first ms later ms  asked  asked later");
  for (const engine of await engines()) {
    if (engine.missing === undefined) {
      await benchEngine(await engine.createDatabase(), { name: engine.name, sites });
    } else console.log(`${engine.name} cannot be had here: ${engine.missing}`);
  }
}
