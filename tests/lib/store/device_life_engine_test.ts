import { deepStrictEqual, ok as assert, strictEqual } from "node:assert/strict";
import { endMsOf, endSOf, firstHalfHourOf, type HalfHour, utcDayOf } from "../../../lib/domain/half_hour.ts";
import { listCorrections } from "../../../lib/store/corrections.ts";
import type { Database } from "../../../lib/store/db.ts";
import { carryOut, listDueReplacements, noteCounters } from "../../../lib/store/device_announced.ts";
import { listDeviceEvents } from "../../../lib/store/device_events.ts";
import {
  changeProfile,
  changeTransformer,
  moveDevice,
  type Replacement,
  replaceMeter,
  retireDevice,
  takeBackDevice,
} from "../../../lib/store/device_life.ts";
import { packNext } from "../../../lib/store/packing.ts";
import { getSitePlan } from "../../../lib/store/plans.ts";
import { readHalfHours } from "../../../lib/store/readings.ts";
import { authorAt } from "../../fakes/author.ts";
import { countedSite, FIND, visit, type Visited } from "./counted_site.ts";
import { onEveryEngine } from "./engines.ts";
import { H } from "./estate.ts";

/** Wh that have flowed since H at an instant: 6 kW, so that ten seconds are no round number of tenths of a kWh. */
function flowed(atS: number): number {
  return Math.floor((atS - H * 1800) * 6_000 / 3_600);
}

/** The meter is replaced ten minutes into the third half-hour. */
const SWAP: HalfHour = H + 3;
const SWAP_S = SWAP * 1800 + 600;
const OLD_START = 50_000;
const NEW_START = 17;
const FINAL = OLD_START + Math.floor(flowed(SWAP_S) / 100);

/** What the meter that hangs there shows at the visit of a half-hour. */
function shown(halfHour: HalfHour, silent: readonly HalfHour[] = []): Visited {
  const atS = endSOf(halfHour) + 7;
  const value = atS < SWAP_S
    ? OLD_START + Math.floor(flowed(atS) / 100)
    : NEW_START + flowed(atS) - flowed(SWAP_S);
  return { halfHour, readS: 7, value: silent.includes(halfHour) ? null : value };
}

async function visitAll(
  db: Database,
  siteId: number,
  { from, to, silent = [] }: {
    readonly from: HalfHour;
    readonly to: HalfHour;
    readonly silent?: readonly HalfHour[];
  },
): Promise<void> {
  for (let halfHour = from; halfHour < to; halfHour++) await visit(db, siteId, shown(halfHour, silent));
}

function replacement(siteId: number, meterId: number, changed: Partial<Replacement> = {}): Replacement {
  return {
    siteId,
    meterId,
    note: "Broken display",
    atS: SWAP_S,
    counters: [{ quantity: "importWh", final: FINAL, first: NEW_START }],
    serial: "N-2",
    profileId: "fine",
    transformer: null,
    confirmed: false,
    find: FIND,
    ...changed,
  };
}

async function registered(db: Database) {
  const plan = await countedSite(db, { since: H });
  const [channel, meter] = [plan.channels[0], plan.meters[0]];
  if (!channel || !meter) throw new Error("Nothing is registered");
  return { siteId: plan.site.id, channelId: channel.id, meterId: meter.id };
}

async function amounts(db: Database, channelId: number, to: HalfHour) {
  const [read] = await readHalfHours(db, { channelIds: [channelId], from: H, to });
  if (!read) throw new Error("Nothing was read");
  return read;
}

const END = H + 10;

/** 3,000 Wh each: both meters round down, the old one to 100 Wh. */
function assertTrue(
  read: { readonly amounts: readonly (number | null)[]; readonly quality: string },
  quality: string,
) {
  strictEqual(read.quality, quality);
  const from = 2; // the first reading's half-hour and the one after it have no amount
  const sum = read.amounts.slice(from).reduce<number>((total, amount) => total + (amount ?? 0), 0);
  for (const amount of read.amounts.slice(from)) {
    assert(Math.abs((amount ?? 0) - 3_000) <= 100, `${read.amounts}`);
  }
  assert(Math.abs(sum - 3_000 * (read.amounts.length - from)) <= 100, `${sum}`);
}

onEveryEngine("replaceMeter() keeps the sums right whenever it is noted", async (db) => {
  const found: (readonly (number | null)[])[] = [];
  for (const when of ["ahead", "now", "afterwards"] as const) {
    const { siteId, channelId, meterId } = await registered(db);
    const nowMs = when === "ahead" ? endMsOf(H) : when === "now" ? SWAP_S * 1000 : endMsOf(END - 1) + 60_000;
    const note = async () => {
      const done = await replaceMeter(db, authorAt(nowMs), replacement(siteId, meterId));
      assert(done.ok, JSON.stringify(done));
    };
    await visitAll(db, siteId, { from: H, to: H + 1 });
    if (when === "ahead") await note();
    await visitAll(db, siteId, { from: H + 1, to: SWAP });
    if (when === "now") await note();
    if (when === "ahead") {
      deepStrictEqual(await listDueReplacements(db, SWAP_S * 1000 - 1000), []);
      const due = await listDueReplacements(db, SWAP_S * 1000);
      deepStrictEqual(due.map(({ profileIds }) => profileIds), [["coarse", "fine"]]);
      for (const { id } of due) assert(await carryOut(db, id, { nowMs: SWAP_S * 1000, find: FIND }));
      for (const { id } of due) assert(!await carryOut(db, id, { nowMs: SWAP_S * 1000, find: FIND }));
    }
    await visitAll(db, siteId, { from: SWAP, to: END });
    if (when === "afterwards") {
      assert(
        (await amounts(db, channelId, END)).amounts.slice(3).some((amount) =>
          amount === null || amount !== 3_000
        ),
      );
      await note();
    }
    const read = await amounts(db, channelId, END);
    assertTrue(read, "xxmmmmmmmm");
    found.push(read.amounts);
    const plan = await getSitePlan(db, siteId, END);
    strictEqual(plan?.meters[0]?.profileId, "fine");
    strictEqual(plan?.series.length, 1);
    await visit(db, siteId, shown(END));
    strictEqual((await amounts(db, channelId, END + 1)).quality.at(-1), "m");
    await db.kysely.updateTable("site").set({ collected: 0, name: `${when}` }).where("site_id", "=", siteId)
      .execute();
  }
  deepStrictEqual(found[1], found[0]);
  deepStrictEqual(found[2], found[0]);
});

onEveryEngine("replaceMeter() noted late derives packed days again", async (db) => {
  const { siteId, channelId, meterId } = await registered(db);
  const to = firstHalfHourOf(utcDayOf(H) + 1) + 5;
  await visitAll(db, siteId, { from: H, to, silent: [SWAP - 1, SWAP, SWAP + 4] });
  const packMs = endMsOf(firstHalfHourOf(utcDayOf(H) + 3));
  assert(await packNext(db, { nowMs: packMs, token: 9 }));
  const done = await replaceMeter(db, authorAt(packMs), replacement(siteId, meterId));
  assert(done.ok, JSON.stringify(done));
  const read = await amounts(db, channelId, to);
  const letters = [...read.quality];
  deepStrictEqual(letters.slice(0, 9).join(""), "xxrrrmmrr");
  assertTrue(read, read.quality);
  assert(!read.quality.slice(2).includes("x"));
  const boundaries = await db.kysely.selectFrom("day").select(["version", "boundaries"]).execute();
  strictEqual(boundaries[0]?.version, 2);
  const [event] = await listDeviceEvents(db, meterId);
  assert(Number(event?.after.corrected) > 0);
  const kept = await listCorrections(db.kysely, { eventId: event?.id ?? 0, from: H, to });
  strictEqual(kept.length, event?.after.corrected);
  for (const { halfHour, is } of kept) strictEqual(is, read.amounts[halfHour - H]);
  assert(kept.some(({ was, is }) => was !== null && was !== is));
  const audit = await db.kysely.selectFrom("audit").select(["action", "after_json"]).execute();
  strictEqual(audit.at(-1)?.action, "device-replaced");
  assert(audit.at(-1)?.after_json?.includes("corrections"));
});

onEveryEngine("replaceMeter() without a counter says so, and noteCounters() makes it exact", async (db) => {
  const { siteId, channelId, meterId } = await registered(db);
  await visitAll(db, siteId, { from: H, to: END });
  const nowMs = endMsOf(END - 1) + 60_000;
  const unknown = replacement(siteId, meterId, { counters: [] });
  assert((await replaceMeter(db, authorAt(nowMs), unknown)).ok);
  const nothing = await amounts(db, channelId, END);
  strictEqual(nothing.quality, "xxmxxmmmmm");
  strictEqual(nothing.reasons.find(({ index }) => index === 3)?.amountReason, "new-series");
  const some = { siteId, meterId, note: "", confirmed: false, find: FIND };
  const first = { quantity: "importWh", final: null, first: NEW_START };
  assert((await noteCounters(db, authorAt(nowMs), { ...some, counters: [first] })).ok);
  const atLeast = await amounts(db, channelId, END);
  strictEqual(atLeast.quality, "xxmammmmmm");
  assert((atLeast.amounts[3] ?? 0) < 3_000);
  const final = { quantity: "importWh", final: FINAL, first: null };
  assert((await noteCounters(db, authorAt(nowMs), { ...some, counters: [final] })).ok);
  const unseen = await amounts(db, channelId, END);
  strictEqual(unseen.quality, "xxmammmmmm");
  assert((unseen.amounts[3] ?? 0) < 3_000 && (unseen.amounts[3] ?? 0) > 500);
  const both = { quantity: "importWh", final: FINAL, first: NEW_START };
  assert((await noteCounters(db, authorAt(nowMs), { ...some, counters: [both] })).ok);
  assertTrue(await amounts(db, channelId, END), "xxmmmmmmmm");
});

onEveryEngine("replaceMeter() refuses by name what cannot be", async (db) => {
  const { siteId, meterId } = await registered(db);
  await visitAll(db, siteId, { from: H, to: END });
  const nowMs = endMsOf(END - 1) + 60_000;
  const kinds = async (changed: Partial<Replacement>) => {
    const done = await replaceMeter(db, authorAt(nowMs), replacement(siteId, meterId, changed));
    return done.ok ? [] : done.error.map(({ kind }) => kind);
  };
  deepStrictEqual(await kinds({ siteId: siteId + 1 }), ["no-such-device"]);
  deepStrictEqual(await kinds({ atS: H * 1800 - 1 }), ["too-early"]);
  deepStrictEqual(await kinds({ atS: Math.floor(nowMs / 1000) + 8 * 86_400 }), ["too-late"]);
  deepStrictEqual(await kinds({ profileId: "nothing" }), ["no-such-profile"]);
  deepStrictEqual(await kinds({ unitId: 250 }), ["unit-refused"]);
  deepStrictEqual(await kinds({ seen: 77 }), ["changed-meanwhile"]);
  const counters = (final: number | null, first: number | null) => [{ quantity: "importWh", final, first }];
  deepStrictEqual(await kinds({ counters: counters(OLD_START, 0) }), ["below-last"]);
  deepStrictEqual(await kinds({ counters: counters(FINAL, 99_000_000) }), ["above-since"]);
  deepStrictEqual(await kinds({ counters: counters(FINAL + 9_000, 0) }), ["implausible"]);
  deepStrictEqual(await kinds({ counters: counters(FINAL + 9_000, 0), confirmed: true }), []);
  deepStrictEqual(await kinds({}), ["too-early"]);
});

onEveryEngine("replaceMeter() is done by one of two who do it at once", async (db) => {
  const { siteId, meterId } = await registered(db);
  await visitAll(db, siteId, { from: H, to: SWAP });
  const act = replacement(siteId, meterId, { seen: 0 });
  const done = await Promise.all([0, 1].map(() => replaceMeter(db, authorAt(SWAP_S * 1000), act)));
  deepStrictEqual(done.map(({ ok }) => ok).sort(), [false, true]);
});

onEveryEngine("changeProfile() and moveDevice() keep the series where nothing of it differs", async (db) => {
  const { siteId, channelId, meterId } = await registered(db);
  await visitAll(db, siteId, { from: H, to: H + 3 });
  const nowMs = endMsOf(H + 2) + 600_000;
  const plan = await getSitePlan(db, siteId, H);
  const endpointId = plan?.endpoints[0]?.id ?? 0;
  const move = { siteId, meterId, note: "", endpointId, unitId: 7 };
  assert((await moveDevice(db, authorAt(nowMs), move)).ok);
  deepStrictEqual(await moveDevice(db, authorAt(nowMs), move), {
    ok: false,
    error: [{ kind: "nothing-changes" }],
  });
  const refused = await moveDevice(db, authorAt(nowMs), { ...move, unitId: 251 });
  deepStrictEqual(refused, { ok: false, error: [{ kind: "unit-refused", unitId: 251 }] });
  strictEqual((await getSitePlan(db, siteId, H + 3))?.series[0]?.id, plan?.series[0]?.id ?? 1);
  const change = { devices: [{ siteId, meterId }], profileId: "fine", note: "", find: FIND };
  assert((await changeProfile(db, authorAt(nowMs), change)).get(meterId)?.ok);
  const series = (await getSitePlan(db, siteId, H + 3))?.series[0];
  deepStrictEqual([series?.numerator, series?.sinceS], [1, nowMs / 1000]);
  const transformer = {
    ctPrimaryA: 100,
    ctSecondaryA: 5,
    vtPrimaryV: 1,
    vtSecondaryV: 1,
    appliedBy: "wattpost",
  } as const;
  const rated = {
    siteId,
    meterId,
    note: "",
    atS: nowMs / 1000 + 60,
    transformer,
    counters: [],
    confirmed: false,
    find: FIND,
  };
  assert((await changeTransformer(db, authorAt(nowMs + 60_000), rated)).ok);
  strictEqual((await getSitePlan(db, siteId, H + 3))?.series[0]?.numerator, 20);
  strictEqual((await amounts(db, channelId, H + 3)).quality, "xxm");
});

onEveryEngine("retireDevice() ends the channels, keeps the past, and can be taken back", async (db) => {
  const { siteId, channelId, meterId } = await registered(db);
  const read = async (halfHours: readonly HalfHour[]) => {
    for (const halfHour of halfHours) {
      const value = OLD_START + Math.floor(flowed(endSOf(halfHour) + 7) / 100);
      await visit(db, siteId, { halfHour, readS: 7, value });
    }
  };
  await read([H, H + 1, H + 2, H + 3]);
  const nowMs = endMsOf(H + 3) + 600_000;
  assert((await retireDevice(db, authorAt(nowMs), { siteId, meterId, note: "", gone: true })).ok);
  strictEqual((await getSitePlan(db, siteId, H + 4))?.channels.length, 0);
  strictEqual((await amounts(db, channelId, H + 6)).quality, "xxmm--");
  const again = await retireDevice(db, authorAt(nowMs), { siteId, meterId, note: "", gone: true });
  deepStrictEqual(again, { ok: false, error: [{ kind: "retired" }] });
  assert((await takeBackDevice(db, authorAt(nowMs + 60_000), { siteId, meterId, note: "" })).ok);
  await read([H + 4]);
  strictEqual((await amounts(db, channelId, H + 5)).quality, "xxmmm");
  assert((await retireDevice(db, authorAt(nowMs + 120_000), { siteId, meterId, note: "", gone: false })).ok);
  const laterMs = nowMs + 4 * 1_800_000;
  assert((await takeBackDevice(db, authorAt(laterMs), { siteId, meterId, note: "" })).ok);
  await read([H + 8, H + 9, H + 10]);
  const since = await amounts(db, channelId, H + 11);
  strictEqual(since.quality.slice(5), "---xxm");
});

onEveryEngine(
  "two replacements with no reading between them bring no spike, whoever read what",
  async (db) => {
    const { siteId, channelId, meterId } = await registered(db);
    await visitAll(db, siteId, { from: H, to: SWAP });
    const middleS = SWAP_S - 300;
    // The meter between hung there for five minutes, from 900,000 Wh on, and was never read.
    const between = flowed(SWAP_S) - flowed(middleS);
    const end = OLD_START + Math.floor(flowed(middleS) / 100);
    const act = (changed: Partial<Replacement>) => replacement(siteId, meterId, changed);
    const counters = (final: number | null, first: number | null) => [{ quantity: "importWh", final, first }];
    const one = act({ atS: middleS, counters: counters(end, 900_000) });
    assert((await replaceMeter(db, authorAt(middleS * 1000), one)).ok);
    const two = act({ counters: counters(900_000 + between, NEW_START), serial: "N-3" });
    const done = await replaceMeter(db, authorAt(SWAP_S * 1000), two);
    assert(done.ok, JSON.stringify(done));
    await visitAll(db, siteId, { from: SWAP, to: END });
    assertTrue(await amounts(db, channelId, END), "xxmmmmmmmm");
  },
);

onEveryEngine("what a meter ended with that nobody ever read is no energy", async (db) => {
  const { siteId, channelId, meterId } = await registered(db);
  await visitAll(db, siteId, { from: H, to: SWAP });
  const middleS = SWAP_S - 300;
  const act = (changed: Partial<Replacement>) => replacement(siteId, meterId, changed);
  assert((await replaceMeter(db, authorAt(middleS * 1000), act({ atS: middleS, counters: [] }))).ok);
  const ended = [{ quantity: "importWh", final: 5_040_000, first: NEW_START }];
  const done = await replaceMeter(db, authorAt(SWAP_S * 1000), act({ counters: ended, serial: "N-3" }));
  assert(done.ok, JSON.stringify(done));
  await visitAll(db, siteId, { from: SWAP, to: END });
  const read = await amounts(db, channelId, END);
  strictEqual(read.quality, "xxmxmmmmmm");
  for (const amount of read.amounts) assert(amount === null || amount <= 3_100, `${read.amounts}`);
});

onEveryEngine("a device that is moved stays where it is when its announced replacement comes", async (db) => {
  const { siteId, meterId } = await registered(db);
  const early = authorAt(endMsOf(H));
  assert((await replaceMeter(db, early, replacement(siteId, meterId))).ok);
  const plan = await getSitePlan(db, siteId, H);
  const move = { siteId, meterId, note: "", endpointId: plan?.endpoints[0]?.id ?? 0, unitId: 7 };
  assert((await moveDevice(db, early, move)).ok);
  for (const { id } of await listDueReplacements(db, SWAP_S * 1000)) {
    assert(await carryOut(db, id, { nowMs: SWAP_S * 1000, find: FIND }));
  }
  const now = (await getSitePlan(db, siteId, END))?.meters[0];
  deepStrictEqual([now?.unitId, now?.profileId], [7, "fine"]);
});

onEveryEngine("an announced replacement does not read another device's unit", async (db) => {
  const { siteId, meterId } = await registered(db);
  const early = authorAt(endMsOf(H));
  assert((await replaceMeter(db, early, replacement(siteId, meterId, { unitId: 9 }))).ok);
  const other = await db.kysely.selectFrom("meter").selectAll().where("meter_id", "=", meterId)
    .executeTakeFirstOrThrow();
  await db.kysely.insertInto("meter").values({ ...other, meter_id: meterId + 900, unit_id: 9, name: "Other" })
    .execute();
  for (const { id } of await listDueReplacements(db, SWAP_S * 1000)) {
    assert(await carryOut(db, id, { nowMs: SWAP_S * 1000, find: FIND }));
  }
  const rows = await db.kysely.selectFrom("meter").select("unit_id").where("meter_id", "=", meterId)
    .execute();
  strictEqual(rows[0]?.unit_id === 9, false);
  const [event] = await listDeviceEvents(db, meterId);
  deepStrictEqual([event?.state, (event?.after.refused as { kind: string }[])[0]?.kind], [
    "withdrawn",
    "unit-taken",
  ]);
});
