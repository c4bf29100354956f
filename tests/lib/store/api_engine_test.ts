/**
 * What programs ask of the store, on every engine: nothing out of reach, no hole and no double between pages, a change
 * only by those who saw what they change, and a fingerprint that is another one when anything changed.
 *
 * @module
 */
import { deepStrictEqual, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { endMsOf } from "../../../lib/domain/half_hour.ts";
import { ALL_SITES, type Reach } from "../../../lib/domain/permission.ts";
import { listChannelsAfter, listDevicesAfter } from "../../../lib/store/api_devices.ts";
import { fingerprintOf, readReadings } from "../../../lib/store/api_readings.ts";
import { changeSiteWords, findSiteWithin, listSitesAfter } from "../../../lib/store/api_sites.ts";
import type { Database } from "../../../lib/store/db.ts";
import { forgetRecent, packNext } from "../../../lib/store/packing.ts";
import { storeVisits } from "../../../lib/store/readings.ts";
import { authorAt } from "../../fakes/author.ts";
import { onEveryEngine } from "./engines.ts";
import { channelOf, claimAll, failedVisit, H, plansOf, seriesAt, visitOf } from "./estate.ts";

const BY = authorAt(endMsOf(H));

const reaching = (...siteIds: readonly number[]): Reach => ({ kind: "some", groupIds: [], siteIds });

async function makeGroups(db: Database): Promise<void> {
  await db.kysely.deleteFrom("site_group").execute();
  await db.kysely.insertInto("site_group").values([
    { group_id: 1, name: "North" },
    { group_id: 2, name: "South" },
  ]).execute();
}

onEveryEngine("listSitesAfter() goes through all within reach, without hole or double", async (db) => {
  const plans = await plansOf(db, 7);
  const ids = plans.map(({ site }) => site.id);
  const seen: number[] = [];
  for (let afterId = 0;;) {
    const page = await listSitesAfter(db, { reaches: [ALL_SITES], afterId, limit: 3 });
    if (page.length === 0) break;
    seen.push(...page.map(({ id }) => id));
    afterId = seen.at(-1) ?? 0;
  }
  deepStrictEqual(seen, ids);
  await makeGroups(db);
  await db.kysely.updateTable("site").set({ group_id: 1 }).where("site_id", "in", ids.slice(0, 3)).execute();
  const list = async (reaches: readonly Reach[], more = {}) =>
    (await listSitesAfter(db, { reaches, afterId: 0, limit: 200, ...more })).map(({ id }) => ids.indexOf(id));
  const north: Reach = { kind: "some", groupIds: [1], siteIds: [ids[5] ?? 0] };
  deepStrictEqual(await list([north]), [0, 1, 2, 5]);
  deepStrictEqual(await list([north, reaching(ids[1] ?? 0, ids[6] ?? 0)]), [1], "both must agree");
  deepStrictEqual(await list([]), [], "nobody reaches nothing");
  deepStrictEqual(await list([reaching()]), []);
  deepStrictEqual(await list([ALL_SITES], { groupId: 1 }), [0, 1, 2]);
  deepStrictEqual(await list([ALL_SITES], { search: "SITE 00" }), [0, 1, 2, 3, 4, 5, 6]);
  deepStrictEqual(await list([ALL_SITES], { search: "%" }), [], "a per cent sign is only that");
});

onEveryEngine("listDevicesAfter() and listChannelsAfter() know nothing out of reach", async (db) => {
  const [near, far] = await plansOf(db, 2);
  ok(near && far);
  const meterId = far.meters[0]?.id ?? 0;
  const channelIds = far.channels.map(({ id }) => id);
  const part = { afterId: 0, limit: 20 };
  const within = { ...part, reaches: [reaching(far.site.id)] };
  const without = { ...part, reaches: [ALL_SITES, reaching(near.site.id)] };
  deepStrictEqual((await listDevicesAfter(db, { ...within, deviceId: meterId })).map(({ id }) => id), [
    meterId,
  ]);
  deepStrictEqual((await listDevicesAfter(db, { ...within, siteId: far.site.id })).length, 1);
  deepStrictEqual(await listDevicesAfter(db, { ...without, deviceId: meterId }), []);
  deepStrictEqual(await listDevicesAfter(db, { ...without, siteId: far.site.id }), []);
  const quantities = async (choice: object) =>
    (await listChannelsAfter(db, { ...within, ...choice })).map(({ quantity }) => quantity);
  deepStrictEqual(await quantities({ deviceId: meterId }), ["importWh", "voltageV", "firmware"]);
  deepStrictEqual(await quantities({ siteId: far.site.id, counters: true }), ["importWh"]);
  deepStrictEqual(await quantities({ channelIds, quantity: "voltageV" }), ["voltageV"]);
  deepStrictEqual(await quantities({}), [], "nothing named, nothing found");
  deepStrictEqual(await listChannelsAfter(db, { ...without, channelIds }), []);
  deepStrictEqual(await listChannelsAfter(db, { ...without, deviceId: meterId }), []);
});

onEveryEngine("changeSiteWords() changes what was seen, once, and writes it down", async (db) => {
  const [one, other] = await plansOf(db, 2);
  ok(one && other);
  await makeGroups(db);
  const siteId = one.site.id;
  const seen = { name: one.site.name, town: one.site.town, groupId: null };
  const wanted = { name: "Mill", town: "Kemi", groupId: 2 };
  const changed = await changeSiteWords(db, BY, { siteId, seen, wanted });
  ok(changed.ok);
  deepStrictEqual(await findSiteWithin(db, { siteId, reaches: [ALL_SITES] }), changed.value);
  const kinds = async (change: Partial<typeof wanted>, was = wanted) => {
    const done = await changeSiteWords(db, BY, { siteId, seen: was, wanted: { ...wanted, ...change } });
    return done.ok ? "ok" : done.error.kind;
  };
  strictEqual(await kinds({ town: "Oulu" }, { ...wanted, town: "Oulu" }), "stale");
  strictEqual(await kinds({ name: other.site.name.toUpperCase() }), "name-taken");
  strictEqual(await kinds({ groupId: 9 }), "unknown-group");
  strictEqual(await kinds({}), "ok", "nothing to change");
  const gone = await changeSiteWords(db, BY, { siteId: 2 ** 31 - 1, seen, wanted });
  deepStrictEqual(gone, { ok: false, error: { kind: "unknown" } });
  const rows = await db.kysely.selectFrom("audit").select(["action", "site_id", "before_json", "after_json"])
    .where("action", "=", "site-changed").execute();
  deepStrictEqual(rows.map((row) => [row.site_id, row.before_json, row.after_json]), [
    [siteId, JSON.stringify(seen), JSON.stringify(wanted)],
  ]);
});

onEveryEngine(
  "readReadings() gives the same from both shapes; fingerprintOf() changes with them",
  async (db) => {
    const [plan] = await plansOf(db, 1);
    ok(plan);
    const first = Math.floor(H / 48) * 48;
    for (let h = H; h < first + 48; h++) {
      const claim = await claimAll(db, h);
      const visit = h === H + 3
        ? failedVisit(plan, h, "no-route")
        : visitOf(plan, h, h === H ? { newSeries: [seriesAt(plan, h)] } : {});
      await storeVisits(db, claim, [visit], endMsOf(h));
    }
    const channels = plan.channels.map(({ id, kind }) => ({ id, kind }));
    const channelIds = channels.map(({ id }) => id);
    const range = { from: H, to: first + 48 };
    const read = () => readReadings(db, { channels, ...range });
    const open = await read();
    strictEqual(open.length, 3 * (first + 48 - H));
    strictEqual(open.find(({ channelId }) => channelId === channelOf(plan, "text"))?.text, "v1.2");
    strictEqual(open[0]?.readS, 5);
    const before = await fingerprintOf(db, { channelIds, ...range });
    strictEqual(await fingerprintOf(db, { channelIds, ...range }), before);
    notStrictEqual(await fingerprintOf(db, { channelIds, from: H, to: H + 1 }), before);
    await db.kysely.updateTable("recent").set({ amount: 99 }).where("half_hour", "=", H)
      .where("channel_id", "=", channelOf(plan, "counter")).execute();
    notStrictEqual(await fingerprintOf(db, { channelIds, ...range }), before);
    await db.kysely.updateTable("recent").set({ amount: 100 }).where("half_hour", "=", H)
      .where("channel_id", "=", channelOf(plan, "counter")).execute();
    strictEqual(await fingerprintOf(db, { channelIds, ...range }), before);
    await packNext(db, { nowMs: endMsOf(first + 47 + 97), token: 1 });
    await forgetRecent(db, { nowMs: endMsOf(first + 47 + 97) + 5 * 86_400_000 });
    deepStrictEqual(await read(), open);
    const packed = await fingerprintOf(db, { channelIds, ...range });
    await db.kysely.updateTable("day").set({ version: 7 })
      .where("channel_id", "=", channelOf(plan, "counter")).execute();
    notStrictEqual(await fingerprintOf(db, { channelIds, ...range }), packed);
  },
);
