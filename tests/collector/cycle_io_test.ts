import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { planVisit } from "../../collector/visit_plan.ts";
import { endMsOf } from "../../lib/domain/half_hour.ts";
import { readingReasonOf } from "../../lib/domain/reading.ts";
import { phaseMsOf } from "../../lib/domain/schedule.ts";
import { profileOf } from "../../lib/profiles/mod.ts";
import type { SiteSpec } from "../../lib/simulator/spec.ts";
import { saveLoadShapes } from "../../lib/store/shapes.ts";
import { runUntil, until } from "../fakes/manual_clock.ts";
import { allChannels, dueAfter, FIRST, ledgerOf, withEstate } from "./estate.ts";
import { meter, ofUnit2, planOf } from "./simulated.ts";

const COMPLETE = 2;
const PARTIAL = 3;
const FAILED = 4;

/** A site with one meter behind a gateway. */
const SMALL: Partial<SiteSpec> = {
  endpoints: [{ port: 0, kind: "gateway", meters: [meter(1, "schneider-iem3000")] }],
};

Deno.test("wake() reads every site in its own phase, stores it, and says so in one line", () =>
  withEstate({ specs: [{}, {}, {}] }, async (estate) => {
    const { db, siteIds, lines, clock } = estate;
    const collector = estate.collector();
    await estate.cycle(collector);
    const ledger = await ledgerOf(db, FIRST);
    deepStrictEqual(ledger.map(({ state }) => state), [COMPLETE, COMPLETE, COMPLETE]);
    deepStrictEqual(
      ledger.map(({ due_at_ms }) => Number(due_at_ms)),
      siteIds.map((id) => endMsOf(FIRST) + phaseMsOf(id)),
    );
    const channels = await allChannels(db, { from: FIRST, to: FIRST + 1 });
    const counters = channels.filter(({ kind }) => kind === 0);
    ok(counters.length > 0 && channels.length > counters.length);
    deepStrictEqual(
      new Set(counters.map(({ reasons }) => reasons[0]?.amountReason)),
      new Set(["first-reading"]),
    );
    strictEqual(channels.every(({ reasons }) => reasons.every((r) => r.readingReason === undefined)), true);
    const said = lines.filter(({ msg }) => msg === "Half-hour collected");
    strictEqual(said.length, 1);
    deepStrictEqual([said[0]?.["sites"], said[0]?.["complete"], said[0]?.["failed"]], [3, 3, 0]);
    ok(Number(said[0]?.["latenessP95S"]) <= 31);
    strictEqual(collector.status().lastCycle?.complete, 3);
    strictEqual(collector.status().lag, 0);
    deepStrictEqual(collector.status().running, []);
    ok(clock.nowMs() < endMsOf(FIRST) + 60_000);
  }));

Deno.test("wake() gives the energy of a half-hour to the Wh when it is read on the boundary", () =>
  withEstate({ specs: [SMALL] }, async (estate) => {
    const { db, clock, sites } = estate;
    const collector = estate.collector();
    const registers: number[] = [];
    for (const halfHour of [FIRST, FIRST + 1, FIRST + 2]) {
      await estate.goTo(halfHour);
      await dueAfter(db, halfHour, 0);
      registers.push(Number(sites[0]?.endpoints[0]?.meters[0]?.energyWhAt(clock.nowMs())));
      await estate.cycle(collector);
    }
    const channels = await allChannels(db, { from: FIRST, to: FIRST + 3 });
    const energy = channels.find(({ quantity }) => quantity === "importWh");
    const [a = 0, b = 0, c = 0] = registers.map(Math.floor);
    deepStrictEqual(energy?.amounts, [null, b - a, c - b]);
    strictEqual(energy?.quality, "xmm");
  }));

Deno.test("wake() keeps the words of every number, those of a sum one after the other", () => {
  const meters = [meter(1, "siemens-pac2200"), meter(2, "shelly-pro3em")];
  return withEstate({ specs: [{ endpoints: [{ port: 0, kind: "gateway", meters }] }] }, async (estate) => {
    await dueAfter(estate.db, FIRST, 0);
    await estate.cycle(estate.collector());
    const rows = await estate.db.kysely.selectFrom("recent as r")
      .innerJoin("channel as c", "c.channel_id", "r.channel_id")
      .select(["c.quantity", "c.kind", "r.words"]).execute();
    const bytes = (quantity: string) => rows.find((row) => row.quantity === quantity)?.words?.length;
    strictEqual(rows.filter(({ words }) => words === null).length, 0);
    deepStrictEqual([bytes("importVarh"), bytes("powerW")], [12, 4]);
    ok(rows.some(({ words }) => words?.length === 16), "two f64");
  });
});

Deno.test("wake() doubts an amount far above the usual peak, and keeps it", () =>
  withEstate({ specs: [SMALL] }, async (estate) => {
    const { db } = estate;
    const collector = estate.collector();
    const read = async () =>
      (await allChannels(db, { from: FIRST, to: FIRST + 3 })).find(({ quantity }) => quantity === "importWh");
    for (const halfHour of [FIRST, FIRST + 1, FIRST + 2]) {
      await estate.goTo(halfHour);
      await dueAfter(db, halfHour, 0);
      if (halfHour === FIRST + 2) {
        const { channelId = 0, amounts = [] } = await read() ?? {};
        const peak = Math.floor((amounts[1] ?? 0) / 10);
        const shape = { weights: new Array<number>(336).fill(1_000), samples: 400, peak };
        await saveLoadShapes(db, new Map([[channelId, shape]]), 0);
      }
      await estate.cycle(collector);
    }
    const energy = await read();
    strictEqual(energy?.quality, "xms");
    ok((energy?.amounts[2] ?? 0) > 0);
  }));

Deno.test("wake() recovers what a dark site has drawn, exactly in sum", () =>
  withEstate({ specs: [SMALL, SMALL] }, async (estate) => {
    const { db, clock, sites } = estate;
    const collector = estate.collector();
    const at: number[] = [];
    for (let i = 0; i < 7; i++) {
      await estate.goTo(FIRST + i);
      await dueAfter(db, FIRST + i, 0);
      await sites[0]?.setFaults(i >= 2 && i <= 4 ? [{ kind: "refused" }] : []);
      at.push(Math.floor(Number(sites[0]?.endpoints[0]?.meters[0]?.energyWhAt(clock.nowMs()))));
      await estate.cycle(collector);
    }
    const channels = await allChannels(db, { from: FIRST, to: FIRST + 7 });
    const energy = channels.find(({ quantity, siteId }) =>
      quantity === "importWh" && siteId === estate.siteIds[0]
    );
    strictEqual(energy?.quality, "xmrrrrm");
    const recovered = energy?.amounts.slice(2, 6).reduce((sum: number, amount) => sum + (amount ?? NaN), 0);
    strictEqual(recovered, (at[5] ?? 0) - (at[1] ?? 0));
    deepStrictEqual(
      energy?.reasons.filter(({ index }) => index >= 2),
      [2, 3, 4].map((index) => ({
        index,
        readingReason: "refused",
      })),
    );
    strictEqual((await db.kysely.selectFrom("open_gap").select("channel_id").execute()).length, 0);
  }));

Deno.test("wake() tries a site again that failed, keeps what it had, and counts nothing twice", () =>
  withEstate(
    { specs: [{ faults: [ofUnit2({ kind: "silent", untilMs: endMsOf(FIRST) + 60_000 })] }] },
    async (estate) => {
      const { db, sites } = estate;
      const collector = estate.collector();
      await dueAfter(db, FIRST, 0);
      const before = sites[0]?.endpoints[1]?.requests() ?? 0;
      await estate.cycle(collector);
      const [row] = await ledgerOf(db, FIRST);
      strictEqual(row?.state, COMPLETE);
      ok((row?.tries ?? 0) > 1);
      const single = (sites[0]?.endpoints[1]?.requests() ?? 0) - before;
      const plan = sites[0] && planVisit(planOf(sites[0]), { findProfile: profileOf, wants: () => true });
      strictEqual(single, plan?.endpoints[1]?.tasks.length, "a meter that was read is not read again");
      const channels = await allChannels(db, { from: FIRST, to: FIRST + 1 });
      strictEqual(channels.every(({ reasons }) => reasons.every((r) => r.readingReason === undefined)), true);
    },
  ));

Deno.test("wake() writes down the path that answered, and none when all were silent", () => {
  const hosts = ["127.0.0.1", "127.0.0.2"];
  return withEstate({
    specs: [
      { ...SMALL, hosts },
      { ...SMALL, hosts, faults: [{ kind: "hang", path: 0 }] },
      { ...SMALL, hosts, faults: [{ kind: "hang" }] },
    ],
  }, async (estate) => {
    const { db, siteIds } = estate;
    await dueAfter(db, FIRST, 0);
    await estate.cycle(estate.collector());
    const paths = await db.kysely.selectFrom("path").select(["path_id", "site_id", "place"]).execute();
    const ledger = await ledgerOf(db, FIRST);
    deepStrictEqual(
      ledger.map(({ site_id, state, path_id }) => [
        state,
        paths.find((path) => path.site_id === site_id && path.path_id === path_id)?.place ?? null,
      ]),
      [[COMPLETE, 0], [COMPLETE, 1], [FAILED, null]],
    );
    strictEqual(ledger.length, siteIds.length);
  });
});

Deno.test("wake() ends each channel with a value or exactly one reason when its retries are over", () =>
  withEstate(
    { specs: [{ faults: [ofUnit2({ kind: "silent" })] }, { faults: [{ kind: "refused" }] }] },
    async (estate) => {
      const { db, clock } = estate;
      const collector = estate.collector();
      await estate.cycle(collector);
      const ledger = await ledgerOf(db, FIRST);
      deepStrictEqual(ledger.map(({ state }) => state), [PARTIAL, FAILED]);
      strictEqual(readingReasonOf(ledger[1]?.reason ?? 0), "refused");
      const channels = await allChannels(db, { from: FIRST, to: FIRST + 1 });
      for (const { siteId, unitId, profileId, reasons, quality } of channels) {
        const reason = siteId === estate.siteIds[1] ? "refused" : unitId === 2 ? "unit-silent" : undefined;
        strictEqual(quality.length, 1);
        ok(quality !== "-", `${profileId} of site ${siteId} has a row`);
        strictEqual(reasons[0]?.readingReason, reason);
      }
      ok(clock.nowMs() <= endMsOf(FIRST + 1) - 300_000, "retries end 5 minutes before the next boundary");
    },
  ));

Deno.test("wake() lets one site of 50 hang, one refuse and one send garbage, and completes the other 47", () =>
  withEstate({
    specs: Array.from({ length: 50 }, (_, i): Partial<SiteSpec> => ({
      ...SMALL,
      faults: i === 7
        ? [{ kind: "hang" }]
        : i === 21
        ? [{ kind: "refused" }]
        : i === 33
        ? [{ kind: "garbage" }]
        : [],
    })),
  }, async (estate) => {
    const { db, clock, siteIds } = estate;
    const collector = estate.collector({ visitsAtOnce: 10 });
    await dueAfter(db, FIRST, 0);
    collector.wake();
    let lastGoodMs = 0;
    await until("47 sites are complete", async () => {
      const next = clock.nextInMs();
      if (next !== null) await clock.advance(next);
      const done = (await ledgerOf(db, FIRST)).filter(({ state }) => state === COMPLETE).length;
      lastGoodMs = clock.nowMs();
      return done === 47;
    });
    ok(
      lastGoodMs - endMsOf(FIRST) <= 60_000,
      `done after ${lastGoodMs - endMsOf(FIRST)} ms, less than one deadline`,
    );
    await estate.cycle(collector);
    const ledger = await ledgerOf(db, FIRST);
    deepStrictEqual(
      [7, 21, 33].map((i) => {
        const row = ledger.find(({ site_id }) => site_id === siteIds[i]);
        return [row?.state, readingReasonOf(row?.reason ?? 0)];
      }),
      [[FAILED, "response-timeout"], [FAILED, "refused"], [FAILED, "bad-frame"]],
    );
    strictEqual(ledger.filter(({ state }) => state === COMPLETE).length, 47);
    deepStrictEqual(collector.status().lastCycle?.failedBy, {
      "response-timeout": 1,
      "refused": 1,
      "bad-frame": 1,
    });
  }));

Deno.test("wake() starts the next half-hour beside a cycle that outlasts its boundary, and stores both in order", () => {
  const meters = [1, 2, 3, 4].map((unitId) => meter(unitId, "eastron-sdm120"));
  const slow = [{ port: 0, kind: "gateway" as const, meters }];
  const late = endMsOf(FIRST + 1) - 20_000;
  return withEstate({
    specs: [{ endpoints: slow, faults: [{ kind: "hang", untilMs: endMsOf(FIRST + 1) }] }, SMALL],
  }, async (estate) => {
    const { db, clock } = estate;
    await dueAfter(db, FIRST, late - endMsOf(FIRST)); // its visit hangs until the boundary
    const collector = estate.collector();
    collector.wake();
    await until("the cycle waits", () => clock.sleepers() > 0);
    while (clock.nowMs() < endMsOf(FIRST + 1)) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      await clock.advance(Math.min(clock.nextInMs() ?? 1_000, endMsOf(FIRST + 1) - clock.nowMs()));
    }
    deepStrictEqual(collector.status().running, [FIRST]);
    await dueAfter(db, FIRST + 1, 0);
    collector.wake();
    await until(
      "both run",
      () => collector.status().running.length === 2 || collector.status().lastCycle !== null,
    );
    await estate.cycle(collector);
    deepStrictEqual((await ledgerOf(db, FIRST + 1)).map(({ state }) => state), [COMPLETE, COMPLETE]);
    const first = await ledgerOf(db, FIRST);
    deepStrictEqual(first.map(({ state }) => state), [FAILED, COMPLETE]);
    const channels = await allChannels(db, { from: FIRST, to: FIRST + 2 });
    strictEqual(channels.every(({ quality }) => !quality.includes("-")), true);
  });
});

Deno.test("wake() claims nothing while another release is the promoted one, and takes over when its heart stops", () =>
  withEstate({ specs: [SMALL] }, async (estate) => {
    const { db, clock } = estate;
    const blue = estate.collector({ release: "blue" });
    await estate.cycle(blue);
    strictEqual(blue.status().promoted, true);
    const green = estate.collector({ release: "green" });
    await estate.goTo(FIRST + 1);
    await estate.cycle(green);
    strictEqual(green.status().promoted, false);
    strictEqual(green.status().activeRelease, "blue");
    strictEqual((await ledgerOf(db, FIRST + 1)).length, 0);
    await blue.drain(1_000);
    for (let i = 0; i < 12 && green.status().promoted !== true; i++) {
      await clock.advance(30_000);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    strictEqual(green.status().promoted, true);
    await until(
      "the cycle has begun",
      () => green.status().running.length > 0 || green.status().lastCycle !== null,
    );
    await estate.cycle(green);
    deepStrictEqual((await ledgerOf(db, FIRST + 1)).map(({ state }) => state), [COMPLETE]);
  }));

Deno.test("wake() closes the half-hours in which nobody was there, and calls a longer time one outage", () =>
  withEstate({ specs: [SMALL] }, async (estate) => {
    const { db } = estate;
    const before = estate.collector();
    await estate.cycle(before);
    await before.drain(1_000);
    const due = FIRST + 60;
    await estate.goTo(due);
    await estate.cycle(estate.collector());
    const rows = await db.kysely.selectFrom("ledger").select(["half_hour", "state", "reason"]).orderBy(
      "half_hour",
    ).execute();
    strictEqual(rows.length, 1 + 48 + 1);
    deepStrictEqual(
      rows.slice(1, -1).map(({ state, reason }) => [state, readingReasonOf(reason ?? 0)]),
      Array(48).fill([FAILED, "we-were-down"]),
    );
    const outages = await db.kysely.selectFrom("outage").select(["from_half_hour", "to_half_hour"]).execute();
    deepStrictEqual(outages.map((outage) => ({ ...outage })), [{
      from_half_hour: FIRST + 1,
      to_half_hour: due - 48,
    }]);
    const channels = await allChannels(db, { from: due, to: due + 1 });
    const energy = channels.find(({ quantity }) => quantity === "importWh");
    strictEqual(energy?.quality, "r");
  }));

Deno.test("drain() stores what was claimed and claims nothing more", () =>
  withEstate({ specs: [SMALL, SMALL, SMALL] }, async (estate) => {
    const { db, clock } = estate;
    const collector = estate.collector();
    collector.wake();
    await until("a site is due", async () => {
      await clock.advance(1_000);
      return (await ledgerOf(db, FIRST)).some(({ state }) => state === 1 || state === COMPLETE);
    });
    const states = async () => (await ledgerOf(db, FIRST)).map(({ state }) => state);
    await runUntil(clock, collector.drain(30_000), () => collector.status().visiting > 0);
    strictEqual((await states()).includes(1), false, "no claim is left");
    ok((await states()).includes(COMPLETE));
    ok((await states()).includes(0), "the others are left to whoever follows");
  }));

Deno.test("readMeter() reads a meter now and shows words beside values", () =>
  withEstate({ specs: [{}] }, async (estate) => {
    const { db, clock } = estate;
    const { reader } = estate.collector();
    const meters = await db.kysely.selectFrom("meter").select(["meter_id", "profile_id"]).execute();
    const sdm = meters.find(({ profile_id }) => profile_id === "eastron-sdm630");
    const never = new AbortController().signal;
    const reading = reader.readMeter(sdm?.meter_id ?? 0, never);
    const read = await reading;
    ok(read.ok);
    strictEqual(read.value.values[0]?.quantity, "importWh");
    strictEqual(/^[0-9a-f]{4} [0-9a-f]{4}$/.test(read.value.values[0]?.words ?? ""), true);
    strictEqual(read.value.values.every(({ value }) => value.ok), true);
    strictEqual(read.value.atMs, clock.nowMs());
    deepStrictEqual(await reader.readMeter(999_999, never), { ok: false, error: "unknown-meter" });
    await estate.sites[0]?.setFaults([{ kind: "refused" }]);
    deepStrictEqual(await reader.readMeter(sdm?.meter_id ?? 0, never), { ok: false, error: "refused" });
  }));
