/**
 * A register map of one's own from being published to its readings: registered on pages, tested, collected, shown and
 * read now, and not touched by what is published later.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { halfHourOf } from "../../lib/domain/half_hour.ts";
import { faultWords, type RowFields } from "../../lib/profiles/map_fault.ts";
import { parseMap } from "../../lib/profiles/map_text.ts";
import { profileOfMap, type RegisterMap } from "../../lib/profiles/register_map.ts";
import { createMap, publishMap, removeMap, saveMap } from "../../lib/store/register_maps.ts";
import type { SimulatedSite } from "../../lib/simulator/site.ts";
import { storedMapOf } from "../../lib/web/own_maps.ts";
import { meter, simulatorClock, siteSpec } from "../collector/simulated.ts";
import { authorAt } from "../fakes/author.ts";
import { type Answer, ask, type Flow, post, withFlow, withSites } from "../flows/running_product.ts";
import { makeVisitor, type Visitor } from "../flows/visitors.ts";

type Form = Readonly<Record<string, string>>;

const MAP: RegisterMap = mapOf("0.1");

/** A power without a range: whatever comes is believed. */
const LOAD: RowFields = { quantity: "loadW", address: "0x140", encoding: "f64", unit: "W" };

/** A coil, a BCD counter, a temperature with an offset, a float counter with all bytes turned round. */
function mapOf(scale: string, more: readonly RowFields[] = []): RegisterMap {
  const read = parseMap({
    head: { name: "Chiller control", vendor: "Nobody", model: "CC-1", kind: "meter", wordsPerRequest: "20" },
    rows: [
      { quantity: "pumpRunning", address: "5", functionCode: "1", encoding: "bit" },
      { quantity: "importWh", address: "0x100", encoding: "bcd", words: "3", unit: "Wh", scale: "100" },
      {
        quantity: "supplyC",
        address: "7",
        encoding: "u16",
        unit: "°C",
        scale,
        offset: "-40",
        decimals: "1",
        low: "-40",
        high: "9000",
      },
      {
        quantity: "exportWh",
        address: "0x120",
        encoding: "f32",
        wordOrder: "little-swapped",
        unit: "Wh",
        scale: "1000",
      },
      ...more,
    ],
  });
  if (!read.ok) throw new Error(read.error.map(faultWords).join("; "));
  return read.value;
}

interface Desk {
  readonly flow: Flow;
  readonly visitor: Visitor;
  readonly site: SimulatedSite;
}

const send = ({ flow, visitor }: Desk, path: string, form: Form = {}): Promise<Answer> =>
  flow.settle(post(flow.origin, path, form, { cookie: visitor.cookie }));
const look = ({ flow, visitor }: Desk, path: string): Promise<Answer> =>
  ask(flow.origin, path, { headers: { cookie: visitor.cookie } });
const versionIn = ({ text }: Answer) => /name="version" value="(\d+)"/.exec(text)?.[1] ?? "";
const placeOf = ({ headers }: Answer) => headers.get("location") ?? "";
const wordsOf = ({ text }: Answer) => text.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");

async function save(desk: Desk, path: string, form: Form): Promise<Answer> {
  return await send(desk, path, { version: versionIn(await look(desk, path)), ...form });
}

async function withDesk(body: (desk: Desk) => Promise<void>): Promise<void> {
  await withFlow({ specs: [] }, async (flow) => {
    const visitor = await makeVisitor(flow, { name: "operator", role: "operator" });
    const spec = siteSpec({
      endpoints: [{
        port: 0,
        kind: "gateway",
        meters: [
          meter(1, "own-1@1", {
            profile: profileOfMap(mapOf("0.1", [LOAD]), { mapId: 1, version: 1 }),
            says: { pumpRunning: 1, supplyC: 21.7, exportWh: 678_500, loadW: 8e15 },
          }),
          meter(2, "eastron-sdm120"),
        ],
      }],
    });
    await withSites([spec], simulatorClock(flow.clock), async ([site]) => {
      if (!site) throw new Error("no site");
      await body({ flow, visitor, site });
    });
  });
}

const SITE: Form = { name: "Corbridge", group: "", town: "Corbridge", zone: "Europe/London", do: "next" };

async function beginSite(desk: Desk, name: string): Promise<string> {
  const base = placeOf(await send(desk, "/sites/register")).replace(/\/site$/, "");
  strictEqual(placeOf(await save(desk, `${base}/site`, { ...SITE, name })), `${base}/router`);
  const saved = await save(desk, `${base}/router`, {
    unitId: "1",
    path1Kind: "cellular",
    path1Host: "127.0.0.1",
    endpoint1Kind: "gateway",
    endpoint1Port: String(desk.site.endpoints[0]?.port),
    do: "next",
  });
  strictEqual(placeOf(saved), `${base}/devices`);
  return base;
}

async function startSite(desk: Desk, base: string): Promise<number> {
  const check = await look(desk, `${base}/check`);
  match(check.text, /Nobody CC-1, unit 1/);
  const started = await send(desk, `${base}/check`, { version: versionIn(check) });
  match(placeOf(started), /^\/sites\/\d+$/);
  return Number(placeOf(started).slice("/sites/".length));
}

/** The newest reading of each quantity of the device: the words' profile version and the value as it is kept. */
async function readingsOf({ flow: { opened: { db } } }: Desk, siteId: number) {
  const rows = await db.kysely.selectFrom("recent as r").innerJoin(
    "channel as c",
    "c.channel_id",
    "r.channel_id",
  )
    .innerJoin("meter as m", "m.meter_id", "c.meter_id")
    .select(["c.quantity", "r.half_hour", "r.profile_version", "r.value", "r.reading_reason"])
    .where("c.site_id", "=", siteId).where("m.unit_id", "=", 1).orderBy("r.half_hour").execute();
  return new Map(rows.map((row) => [row.quantity, row]));
}

Deno.test("a register map of one's own is registered, tested, collected, shown and read now", async (t) => {
  await withDesk(async (desk) => {
    const { flow, site } = desk;
    const { db, keys } = flow.opened;
    const by = authorAt(flow.clock.nowMs(), { seal: keys.seal });
    const made = await createMap(db, by, storedMapOf(MAP));
    ok(made.ok);
    const mapId = made.value;
    strictEqual(mapId, 1);
    const base = await beginSite(desk, "Corbridge");
    const device: Form = {
      name: "Chiller",
      profileId: "own-1@1",
      unitId: "1",
      endpointId: "1",
      appliedBy: "",
    };
    await t.step("what is not published cannot be chosen", async () => {
      const refused = await save(desk, `${base}/devices/new`, device);
      strictEqual(refused.status, 422);
      match(refused.text, /Choose one of the models in the list/);
    });
    ok((await publishMap(db, by, { mapId, version: 0, note: "first" })).ok);
    await t.step("what is published stands beside the library, and is tested as it is typed", async () => {
      match(
        (await look(desk, `${base}/devices/new`)).text,
        /value="own-1@1"[^>]*>Nobody CC-1 \(own, version 1\)</,
      );
      const version = versionIn(await look(desk, `${base}/devices/new`));
      const tested = await send(desk, `${base}/devices/new/test`, { ...device, version });
      strictEqual(tested.status, 200);
      match(wordsOf(tested), /4 of 4 plausible/);
      match(wordsOf(tested), /21\.7/);
      match(wordsOf(tested), /678\.5/);
      strictEqual(placeOf(await save(desk, `${base}/devices/new`, device)), `${base}/devices/1`);
      const other = { ...device, name: "Fans", profileId: "eastron-sdm120", unitId: "2" };
      strictEqual(placeOf(await save(desk, `${base}/devices/new`, other)), `${base}/devices/2`);
    });
    const siteId = await startSite(desk, base);
    await t.step("a half-hour keeps its values and the version that read them", async () => {
      await flow.collect(halfHourOf(flow.clock.nowMs()));
      const readings = await readingsOf(desk, siteId);
      const truth = site.endpoints[0]?.meters[0]?.readingAt(flow.clock.nowMs())["importWh"]?.value ?? 0;
      deepStrictEqual(
        ["pumpRunning", "supplyC", "exportWh"].map((quantity) => readings.get(quantity)?.value),
        [1, 217, 678_500],
      );
      const counted = readings.get("importWh")?.value ?? 0;
      ok(counted > 0 && truth - counted >= 0 && truth - counted < 1_000, `${counted} of ${truth} counts`);
      deepStrictEqual([...readings.values()].map((row) => row.profile_version), [1, 1, 1, 1]);
    });
    await t.step("the site's page knows the device, and reading it now gives the same", async () => {
      await flow.collect(halfHourOf(flow.clock.nowMs()));
      const page = await look(desk, `/sites/${siteId}`);
      strictEqual(page.status, 200);
      match(wordsOf(page), /Nobody CC-1/);
      const { meter_id } = await db.kysely.selectFrom("meter").select("meter_id")
        .where("site_id", "=", siteId).where("unit_id", "=", 1).executeTakeFirstOrThrow();
      const read = await send(desk, `/sites/${siteId}/devices/${meter_id}/read`);
      strictEqual(read.status, 200);
      match(wordsOf(read), /Nobody CC-1, unit 1/);
      match(wordsOf(read), /Supply/);
      match(wordsOf(read), /21\.7/);
      match(wordsOf(read), /678\.5/);
      const profile = await look(desk, "/profiles/own-1@1");
      strictEqual(profile.status, 200);
      match(wordsOf(profile), /1, coils/);
      match(wordsOf(profile), /00006/);
      strictEqual((await look(desk, "/profiles/own-1@2")).status, 404);
    });
    await t.step("a second version is offered, and the device stays on the first", async () => {
      const now = authorAt(flow.clock.nowMs(), { seal: keys.seal });
      ok((await saveMap(db, now, { mapId, version: 0, map: storedMapOf(mapOf("1", [LOAD])) })).ok);
      deepStrictEqual(await publishMap(db, now, { mapId, version: 1, note: "scale" }), {
        ok: true,
        value: 2,
      });
      await flow.collect(halfHourOf(flow.clock.nowMs()));
      const supply = (await readingsOf(desk, siteId)).get("supplyC");
      deepStrictEqual([supply?.profile_version, supply?.value], [1, 217]);
      const next = await beginSite(desk, "Second");
      const offered = (await look(desk, `${next}/devices/new`)).text;
      match(offered, /value="own-1@2"/);
      ok(!offered.includes('value="own-1@1"'), "the first is offered no more");
      const ratio = { appliedBy: "wattpost", ctPrimaryA: "4000", ctSecondaryA: "1" };
      const second = { ...device, profileId: "own-1@2", ...ratio };
      strictEqual(placeOf(await save(desk, `${next}/devices/new`, second)), `${next}/devices/1`);
      const secondId = await startSite(desk, next);
      await flow.collect(halfHourOf(flow.clock.nowMs()));
      const read = (await readingsOf(desk, secondId)).get("supplyC");
      deepStrictEqual([read?.profile_version, read?.value], [2, 5_770], "617 counts, less 40, at scale 1");
      const load = (await readingsOf(desk, secondId)).get("loadW");
      strictEqual(load?.value, null, "8 · 10¹⁵ W through 4000 to 1 is no number to keep");
      ok(load.reading_reason !== null);
      deepStrictEqual((await readingsOf(desk, siteId)).get("supplyC")?.profile_version, 1);
    });
    await t.step("it cannot be removed while devices use it", async () => {
      const now = authorAt(flow.clock.nowMs(), { seal: keys.seal });
      deepStrictEqual(await removeMap(db, now, { mapId }), {
        ok: false,
        error: { kind: "in-use", devices: 2 },
      });
    });
    await t.step(
      "a version that vanished breaks no cycle: all else is collected, and the pages stand",
      async () => {
        await db.kysely.updateTable("meter").set({ profile_id: "own-99@7" })
          .where("site_id", "=", siteId).where("unit_id", "=", 1).execute();
        const halfHour = halfHourOf(flow.clock.nowMs());
        await flow.collect(halfHour);
        const gone = await readingsOf(desk, siteId);
        ok([...gone.values()].every((row) => row.half_hour === halfHour && row.reading_reason !== null));
        const other = await db.kysely.selectFrom("recent as r")
          .innerJoin("channel as c", "c.channel_id", "r.channel_id")
          .innerJoin("meter as m", "m.meter_id", "c.meter_id").select("r.value")
          .where("m.site_id", "=", siteId).where("m.unit_id", "=", 2).where("r.half_hour", "=", halfHour)
          .where("c.quantity", "=", "importWh").executeTakeFirstOrThrow();
        ok(other.value !== null && other.value > 0);
        strictEqual((await look(desk, `/sites/${siteId}`)).status, 200);
      },
    );
    await t.step("nothing of it was an error of ours", () => {
      deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
    });
  });
});
