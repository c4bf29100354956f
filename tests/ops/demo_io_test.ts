/**
 * The demo from its first start: sites that answer, a past, a sign-in; started again, killed in between, beside
 * another one; and the collector that goes on from its past.
 *
 * @module
 */
import assert from "node:assert/strict";
import { createCollector } from "../../collector/runner.ts";
import { endMsOf, type HalfHour, halfHourOf, utcDayOf } from "../../lib/domain/half_hour.ts";
import { createLog } from "../../lib/log.ts";
import { profileOf } from "../../lib/profiles/mod.ts";
import { type Database, openDatabase } from "../../lib/store/db.ts";
import { readHalfHours } from "../../lib/store/readings.ts";
import { registerSite } from "../../lib/store/sites.ts";
import { findUserByEmail } from "../../lib/store/users.ts";
import { type Demo, DEMO_EMAIL, startDemo } from "../../ops/demo.ts";
import { CONFIG, migrateOrThrow } from "../collector/estate.ts";
import { simulatorClock } from "../collector/simulated.ts";
import { type ManualClock, manualClock, runUntil } from "../fakes/manual_clock.ts";
import { draftOf } from "../lib/store/estate.ts";

/** The newest half-hour of the past. */
const NEWEST: HalfHour = halfHourOf(Date.UTC(2026, 10, 25, 3));
const DAYS = 9;

interface World {
  readonly db: Database;
  readonly clock: ManualClock;
  readonly lines: Record<string, unknown>[];
  start(options?: StartOptions): Promise<Demo>;
}

interface StartOptions {
  readonly signal?: AbortSignal;
  readonly sites?: number;
}

async function inWorld(body: (world: World) => Promise<void>): Promise<void> {
  const clock = manualClock(endMsOf(NEWEST) + 60_000);
  const db = await openDatabase("sqlite::memory:");
  const running: Demo[] = [];
  const lines: Record<string, unknown>[] = [];
  const log = createLog({ clock, level: "info", write: (line) => lines.push(JSON.parse(line)) });
  const firstPort = 20_000 + 10 * Math.floor(Math.random() * 1_000);
  try {
    await migrateOrThrow(db, clock);
    await body({
      db,
      clock,
      lines,
      async start({ signal = new AbortController().signal, sites = 3 } = {}) {
        const demo = await startDemo({
          db,
          clock: simulatorClock(clock),
          log,
          config: { demoSites: sites, demoDays: DAYS },
          signal,
          hashPassword: (text) => Promise.resolve(`hashed ${text}`),
          firstPort,
        });
        running.push(demo);
        return demo;
      },
    });
  } finally {
    await Promise.all(running.map((demo) => demo.stop()));
    await db.close();
  }
}

async function countersOf(db: Database): Promise<readonly number[]> {
  const rows = await db.kysely.selectFrom("channel").select("channel_id").where("kind", "=", 0)
    .orderBy("channel_id").execute();
  return rows.map(({ channel_id }) => channel_id);
}

async function energyOf(db: Database) {
  const channelIds = await countersOf(db);
  return await readHalfHours(db, { channelIds, from: NEWEST + 1 - DAYS * 48, to: NEWEST + 1 });
}

async function countRows(db: Database): Promise<readonly number[]> {
  const tables = ["site", "series", "recent", "day", "ledger", "ledger_day", "open_gap", "user"] as const;
  return await Promise.all(tables.map(async (table) => {
    const row = await db.kysely.selectFrom(table).select((eb) => eb.fn.countAll<number>().as("rows"))
      .executeTakeFirstOrThrow();
    return Number(row.rows);
  }));
}

Deno.test("startDemo() fills in every half-hour with an amount or exactly one reason", async () => {
  await inWorld(async ({ db, start }) => {
    await start();
    for (const { channelId, amounts, quality, reasons } of await energyOf(db)) {
      assert.ok(!quality.includes("-"), `channel ${channelId}: ${quality}`);
      const lacking = new Set(reasons.filter((it) => it.amountReason).map(({ index }) => index));
      amounts.forEach((amount, i) => assert.equal(amount === null, lacking.has(i), `${channelId} at ${i}`));
      assert.ok(amounts.filter((amount) => amount !== null).length > 400);
    }
    const states = await db.kysely.selectFrom("day_state").select(["day", "state"]).orderBy("day").execute();
    const packed = states.filter(({ state }) => state >= 2).map(({ day }) => day);
    assert.equal(packed.at(-1), utcDayOf(NEWEST + 1 - 96) - 1);
    assert.equal(packed.length, DAYS - 2);
  });
});

Deno.test("startDemo() lets the collector go on with measured amounts", async () => {
  await inWorld(async ({ db, clock, start, lines }) => {
    await start();
    const log = createLog({ clock, level: "info", write: (line) => lines.push(JSON.parse(line)) });
    const tools = { db, clock, log, random: Math.random, findProfile: profileOf };
    const collector = createCollector({ ...tools, config: CONFIG });
    try {
      await clock.advance(endMsOf(NEWEST + 1) - clock.nowMs());
      collector.wake();
      await runUntil(clock, collector.idle());
      const rows = await readHalfHours(db, {
        channelIds: await countersOf(db),
        from: NEWEST,
        to: NEWEST + 2,
      });
      assert.ok(rows.length > 10);
      for (const { channelId, quality, amounts } of rows) {
        assert.equal(quality, "mm", `channel ${channelId}: ${quality} ${amounts}`);
      }
    } finally {
      await runUntil(clock, collector.drain(1_000));
    }
  });
});

Deno.test("startDemo() goes on where a first start was ended, and counts nothing twice", async () => {
  let whole: readonly number[] = [];
  let energy: unknown;
  await inWorld(async ({ db, start }) => {
    await start();
    whole = await countRows(db);
    energy = await energyOf(db);
  });
  await inWorld(async ({ db, clock, start }) => {
    const end = new AbortController();
    const watch = setInterval(async () => {
      const ledger = await db.kysely.selectFrom("ledger").select("site_id").limit(1).execute();
      if (ledger.length > 0) end.abort();
    }, 1);
    const first = await start({ signal: end.signal }).finally(() => clearInterval(watch));
    await first.stop();
    const sites = await db.kysely.selectFrom("ledger").select("site_id").distinct().execute();
    assert.ok(sites.length > 0 && sites.length < 3, `${sites.length} sites were done`);
    await clock.advance(90 * 60_000); // the collector has not run: the past ends where it ended for the others
    const second = await start();
    assert.deepEqual(await countRows(db), whole);
    assert.deepEqual(await energyOf(db), energy);
    await second.stop();
    await start();
    assert.deepEqual(await countRows(db), whole);
  });
});

Deno.test("startDemo() gives a new password at each start", async () => {
  await inWorld(async ({ db, start }) => {
    const first = await start({ sites: 1 });
    await first.stop();
    const second = await start({ sites: 1 });
    assert.notEqual(first.signIn.password, second.signIn.password);
    const account = await findUserByEmail(db, DEMO_EMAIL);
    assert.equal(account?.passwordHash, `hashed ${second.signIn.password}`);
    assert.equal(account?.user.role, "administrator");
  });
});

Deno.test("startDemo() says that another demo is running", async () => {
  await inWorld(async ({ start }) => {
    await start({ sites: 1 });
    await assert.rejects(start({ sites: 1 }), /another demo/);
  });
});

Deno.test("startDemo() refuses a database with other sites", async () => {
  await inWorld(async ({ db, start }) => {
    await registerSite(db, draftOf("Somebody's own site", NEWEST));
    await assert.rejects(start({ sites: 1 }), /"Somebody's own site".*DEMO_SITES/);
  });
});
