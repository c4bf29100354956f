/**
 * Measures the store: one half-hour of 100,000 channels through claims and `storeVisits`, and 30 and 365 days of 20
 * channels, on each engine that can be had. `deno run -A tests/bench/store_bench.ts [--channels=100000]`.
 *
 * @module
 */

import { systemClock } from "../../lib/clock.ts";
import { endMsOf, endSOf, firstHalfHourOf, type HalfHour, utcDayOf } from "../../lib/domain/half_hour.ts";
import { packDay } from "../../lib/domain/packing.ts";
import type { SitePlan } from "../../lib/domain/site.ts";
import type { ReadingRow, StoredVisit } from "../../lib/domain/visit.ts";
import { DAY_FORGOTTEN } from "../../lib/store/days.ts";
import { type Database, openDatabase, transaction } from "../../lib/store/db.ts";
import { insertMissing } from "../../lib/store/dialect.ts";
import { claimDue, closeHalfHour, openHalfHour } from "../../lib/store/ledger.ts";
import { migrate } from "../../lib/store/migrator.ts";
import { writeDays } from "../../lib/store/packed.ts";
import { loadPlans } from "../../lib/store/plans.ts";
import { loadCounterContexts, readHalfHours, storeVisits } from "../../lib/store/readings.ts";
import { registerSites, type SiteDraft } from "../../lib/store/sites.ts";
import { migrations } from "../../migrations/mod.ts";
import { engines } from "../engines/mod.ts";

const CHANNELS_A_SITE = 10;
const SITES_A_CLAIM = 200;
const PACKED_DAYS = 365;
const PACKED_CHANNELS = 200;
const READ_CHANNELS = 20;

/** A line of the table. */
interface Line {
  readonly engine: string;
  readonly what: string;
  readonly ms: number;
  readonly rows: number;
  readonly longestPauseMs: number;
}

/** Runs something and watches how long the event loop did not turn meanwhile. */
async function measured<T>(run: () => Promise<T>): Promise<{ value: T; ms: number; longestPauseMs: number }> {
  let longestPauseMs = 0;
  let lastMs = performance.now();
  const timer = setInterval(() => {
    const nowMs = performance.now();
    longestPauseMs = Math.max(longestPauseMs, nowMs - lastMs);
    lastMs = nowMs;
  }, 1);
  const startMs = performance.now();
  try {
    const value = await run();
    const ms = performance.now() - startMs;
    await new Promise((resolve) => setTimeout(resolve, 2));
    return { value, ms, longestPauseMs };
  } finally {
    clearInterval(timer);
  }
}

function draftOf(i: number, since: HalfHour): SiteDraft {
  const counters = Array.from({ length: CHANNELS_A_SITE - 2 }, (_, n) => ({
    quantity: `import${n}Wh`,
    kind: "counter" as const,
    unit: "Wh" as const,
    decimals: 0,
  }));
  const gauges = Array.from({ length: 2 }, (_, n) => ({
    quantity: `voltage${n}V`,
    kind: "gauge" as const,
    unit: "V" as const,
    decimals: 1,
  }));
  return {
    name: `Site ${i}`,
    town: "",
    zone: "UTC",
    latitude: null,
    longitude: null,
    hours: null,
    paths: [{ kind: "cellular", host: "127.0.0.1" }],
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
        channels: [...counters, ...gauges],
      }],
    }],
    since,
  };
}

function rowOf(channelId: number, halfHour: HalfHour, counter: boolean): ReadingRow {
  const value = 5_000_000 + (halfHour % 100_000) * 400 + channelId % 300;
  return {
    halfHour,
    channelId,
    words: counter ? value.toString(16).padStart(8, "0") : "0901",
    readS: 5 + channelId % 20,
    profileVersion: 1,
    value: counter ? value : 2300 + channelId % 20,
    boundary: counter ? value - 1_000 : null,
    amount: counter ? 400 + channelId % 50 : null,
    quality: "measured",
    readingReason: null,
    amountReason: null,
  };
}

function visitOf(plan: SitePlan, halfHour: HalfHour, first: boolean): StoredVisit {
  return {
    siteId: plan.site.id,
    outcome: "complete",
    reason: null,
    pathId: plan.paths[0]?.id ?? null,
    retryAtMs: null,
    rows: plan.channels.map(({ id, kind }) => rowOf(id, halfHour, kind === "counter")),
    recovered: [],
    newSeries: first
      ? plan.channels.filter(({ kind }) => kind === "counter").map(({ id }) => ({
        id: 0,
        channelId: id,
        sinceS: endSOf(halfHour) + 5,
        numerator: 1,
        denominator: 1,
        origin: 1_000,
        modulus: null,
      }))
      : [],
    spentGaps: [],
    judgedBy: [],
    attempts: [{
      atMs: endMsOf(halfHour),
      endpointId: 1,
      pathId: 1,
      tookMs: 80,
      requests: 3,
      bytes: 200,
      reason: null,
    }],
  };
}

/** Claims and stores everybody; only the store's own work counts. */
async function storeHalfHour(
  db: Database,
  halfHour: HalfHour,
  { plans, first }: { readonly plans: ReadonlyMap<number, SitePlan>; readonly first: boolean },
): Promise<number> {
  const nowMs = endMsOf(halfHour) + 31_000;
  let rows = 0;
  for (let cursor = 0, more = true, token = halfHour % 1_000_000 * 1_000; more; token++) {
    const claimed = await claimDue(db, {
      halfHour,
      nowMs,
      claimMs: 120_000,
      limit: SITES_A_CLAIM,
      afterSiteId: cursor,
      token,
      release: null,
    });
    ({ cursor, more } = claimed);
    if (!claimed.claim) continue;
    const visits = claimed.claim.siteIds.flatMap((id) => {
      const plan = plans.get(id);
      return plan ? [visitOf(plan, halfHour, first)] : [];
    });
    rows += visits.reduce((sum, visit) => sum + visit.rows.length, 0);
    await storeVisits(db, claimed.claim, visits, nowMs);
  }
  return rows;
}

async function allPlans(
  db: Database,
  ids: readonly number[],
  halfHour: HalfHour,
): Promise<Map<number, SitePlan>> {
  const plans = new Map<number, SitePlan>();
  for (let i = 0; i < ids.length; i += 500) {
    for (const [id, plan] of await loadPlans(db, ids.slice(i, i + 500), halfHour)) plans.set(id, plan);
  }
  return plans;
}

/** A year of packed days before a half-hour, for the first channels. */
async function fillYear(db: Database, before: number): Promise<void> {
  for (let day = before - PACKED_DAYS; day < before; day++) {
    const days = Array.from({ length: PACKED_CHANNELS }, (_, i) => {
      const channelId = i + 1;
      const counter = i % CHANNELS_A_SITE < CHANNELS_A_SITE - 2;
      const rows = Array.from({ length: 48 }, (_, n) => rowOf(channelId, firstHalfHourOf(day) + n, counter));
      return { packed: packDay({ day, channelId, kind: counter ? "counter" : "gauge", rows }), version: 1 };
    });
    await transaction(db, async (tx) => {
      await writeDays(tx, days);
      await insertMissing(tx, "day_state", { day, state: DAY_FORGOTTEN });
    });
  }
}

async function benchEngine(url: string, engine: string, channels: number): Promise<readonly Line[]> {
  const db = await openDatabase(url, { statementTimeoutMs: 120_000 });
  const lines: Line[] = [];
  const line = async (what: string, run: () => Promise<number>) => {
    const { value, ms, longestPauseMs } = await measured(run);
    lines.push({ engine, what, ms, rows: value, longestPauseMs });
  };
  try {
    const migrated = await migrate(db, migrations, systemClock);
    if (!migrated.ok) throw new Error("The database cannot be migrated");
    const day = utcDayOf(Math.floor(Date.UTC(2026, 10, 25) / 1_800_000));
    const first = firstHalfHourOf(day) + 20;
    const drafts = Array.from({ length: channels / CHANNELS_A_SITE }, (_, i) => draftOf(i, first));
    let ids: readonly number[] = [];
    await line("register the sites", async () => {
      const registered = await registerSites(db, drafts);
      if (!registered.ok) throw new Error("A name is taken");
      ids = registered.value;
      return ids.length * CHANNELS_A_SITE;
    });
    const plans = await allPlans(db, ids, first);
    for (const [halfHour, name] of [[first, "first "], [first + 1, ""]] as const) {
      await line(`open a ${name}half-hour (sites)`, () => openHalfHour(db, halfHour));
      await line(
        `claim and store a ${name}half-hour`,
        () => storeHalfHour(db, halfHour, { plans, first: name !== "" }),
      );
    }
    await line("load contexts of 4,000 counters", async () => {
      const channelIds = [...plans.values()].flatMap((plan) => plan.channels.slice(0, 8).map(({ id }) => id));
      return (await loadCounterContexts(db, { halfHour: first + 2, channelIds: channelIds.slice(0, 4_000) }))
        .size;
    });
    await openHalfHour(db, first + 2);
    const closeMs = endMsOf(first + 3);
    await line(
      "close a half-hour nobody read (sites)",
      () => closeHalfHour(db, first + 2, { nowMs: closeMs }),
    );
    await fillYear(db, day);
    const channelIds = Array.from({ length: READ_CHANNELS }, (_, i) => i + 1);
    for (const days of [30, 365]) {
      const to = firstHalfHourOf(day);
      await line(`read ${days} days of ${READ_CHANNELS} channels`, async () => {
        const found = await readHalfHours(db, { channelIds, from: to - days * 48, to });
        return found.reduce((sum, { amounts }) => sum + amounts.filter((it) => it !== null).length, 0);
      });
    }
    return lines;
  } finally {
    await db.close();
  }
}

function print(lines: readonly Line[]): void {
  console.log(
    "engine   what                                        ms       rows     rows/s  longest pause ms",
  );
  for (const { engine, what, ms, rows, longestPauseMs } of lines) {
    console.log([
      engine.padEnd(8),
      what.padEnd(38),
      ms.toFixed(0).padStart(8),
      String(rows).padStart(10),
      (rows / ms * 1_000).toFixed(0).padStart(10),
      longestPauseMs.toFixed(0).padStart(17),
    ].join(" "));
  }
}

if (import.meta.main) {
  const asked = Deno.args.find((argument) => argument.startsWith("--channels="))?.split("=")[1];
  const channels = Math.min(1_000_000, Math.max(1_000, Number(asked ?? 100_000)));
  const lines: Line[] = [];
  for (const engine of await engines()) {
    if (engine.missing === undefined) {
      lines.push(...await benchEngine(await engine.createDatabase(), engine.name, channels));
    } else console.log(`${engine.name} cannot be had here: ${engine.missing}`);
  }
  print(lines);
}
