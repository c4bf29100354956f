import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { ALL_SITES, type Reach } from "../../../lib/domain/permission.ts";
import { mapOfProfile, type RegisterMap } from "../../../lib/profiles/register_map.ts";
import { PROFILES } from "../../../lib/profiles/mod.ts";
import { listAudit } from "../../../lib/store/audit.ts";
import { whereUsed } from "../../../lib/store/map_use.ts";
import {
  createMap,
  listMaps,
  MAP_BYTES_MAX,
  MAPS_MAX,
  publishMap,
  readMap,
  readPublished,
  readVersions,
  removeMap,
  saveMap,
  type StoredMap,
  VERSIONS_MAX,
} from "../../../lib/store/register_maps.ts";
import { mapOfStored, openProfileBook, storedMapOf } from "../../../lib/web/own_maps.ts";
import { authorAt } from "../../fakes/author.ts";
import { onEveryEngine } from "./engines.ts";
import { H, plansOf } from "./estate.ts";
import { NOW, valueOf } from "./people_rows.ts";

const BY = authorAt(NOW);
const [PROFILE] = PROFILES;
ok(PROFILE);
const MAP: RegisterMap = { ...mapOfProfile(PROFILE), name: "Chiller 3" };
const STORED = storedMapOf(MAP);
const named = (name: string): StoredMap => storedMapOf({ ...MAP, name });
const errorOf = (result: { readonly ok: boolean; readonly error?: unknown }) =>
  result.ok ? null : result.error;

onEveryEngine(
  "a register map is kept as it is, and its working copy changes by compare-and-set",
  async (db) => {
    const mapId = valueOf(await createMap(db, BY, STORED));
    const begun = await readMap(db, mapId);
    ok(begun);
    deepStrictEqual(mapOfStored(begun), MAP);
    deepStrictEqual([begun.version, begun.published, begun.hasChanges, begun.rowCount], [0, 0, true, 17]);
    const next = storedMapOf({ ...MAP, notes: "Ünïcode €, 😀" });
    const saved = await Promise.all([1, 2].map(() => saveMap(db, BY, { mapId, version: 0, map: next })));
    deepStrictEqual(saved.map((one) => one.ok ? one.value : one.error).sort(), [1, "changed"]);
    strictEqual(valueOf(await saveMap(db, BY, { mapId, version: 1, map: next })), 1, "the same is no change");
    const now = await readMap(db, mapId);
    strictEqual(now && mapOfStored(now).notes, "Ünïcode €, 😀");
    strictEqual(errorOf(await saveMap(db, BY, { mapId: 999, version: 0, map: next })), "changed");
    const large = { ...STORED, body: "x".repeat(MAP_BYTES_MAX + 1) };
    strictEqual(errorOf(await saveMap(db, BY, { mapId, version: 1, map: large })), "too-large");
    strictEqual(errorOf(await createMap(db, BY, { ...large, name: "Other" })), "too-large");
  },
);

onEveryEngine("a register map has a name of its own, whatever its case", async (db) => {
  const first = valueOf(await createMap(db, BY, STORED));
  strictEqual(errorOf(await createMap(db, BY, named("CHILLER 3"))), "name-taken");
  const second = valueOf(await createMap(db, BY, named("Chiller 4")));
  const renaming = { mapId: second, version: 0, map: named("chiller 3") };
  strictEqual(errorOf(await saveMap(db, BY, renaming)), "name-taken");
  deepStrictEqual((await listMaps(db)).map(({ id, name }) => [id, name]), [
    [first, "Chiller 3"],
    [second, "Chiller 4"],
  ]);
});

onEveryEngine(
  "a published version never changes, whatever is worked on, published or looked at twice",
  async (db) => {
    const mapId = valueOf(await createMap(db, BY, STORED));
    strictEqual(valueOf(await publishMap(db, BY, { mapId, version: 0, note: "first" })), 1);
    strictEqual(errorOf(await publishMap(db, BY, { mapId, version: 0, note: "" })), "nothing-new");
    const next = storedMapOf({ ...MAP, wordOrder: "little" });
    valueOf(await saveMap(db, BY, { mapId, version: 0, map: next }));
    strictEqual((await readMap(db, mapId))?.hasChanges, true);
    strictEqual(errorOf(await publishMap(db, BY, { mapId, version: 0, note: "" })), "changed");
    const both = await Promise.all(
      [1, 2].map(() => publishMap(db, BY, { mapId, version: 1, note: "second" })),
    );
    deepStrictEqual(both.map((one) => one.ok ? one.value : one.error).sort(), [2, "nothing-new"]);
    deepStrictEqual(
      (await readVersions(db, mapId)).map(({ version, note, author, publishedMs }) => [
        version,
        note,
        author,
        publishedMs,
      ]),
      [[2, "second", BY.actor, NOW], [1, "first", BY.actor, NOW]],
    );
    const ids = [{ mapId, version: 1 }, { mapId, version: 2 }, { mapId, version: 3 }, {
      mapId: 99,
      version: 1,
    }];
    const found = (await readPublished(db, ids)).toSorted((one, other) => one.version - other.version);
    deepStrictEqual(found.map((one) => mapOfStored(one).wordOrder), ["big", "little"]);
    strictEqual((await readMap(db, mapId))?.hasChanges, false);
    const trail = (await listAudit(db)).map(({ action, subject }) => [action, subject]).toReversed();
    deepStrictEqual(
      trail,
      ["made", "published", "changed", "published"].map((
        what,
      ) => [`register-map-${what}`, `register map ${mapId}`]),
    );
  },
);

onEveryEngine("a book finds the versions that were published, and no others", async (db) => {
  const mapId = valueOf(await createMap(db, BY, STORED));
  valueOf(await publishMap(db, BY, { mapId, version: 0, note: "" }));
  const book = openProfileBook(db);
  await book.load([`own-${mapId}@1`, `own-${mapId}@2`, "own-77@1"]);
  const profile = book.find(`own-${mapId}@1`);
  deepStrictEqual([profile?.version, profile?.vendor], [1, PROFILE.vendor]);
  deepStrictEqual(Object.keys(profile?.registers ?? {}), Object.keys(PROFILE.registers));
  strictEqual(book.find(`own-${mapId}@2`), undefined);
  await db.kysely.updateTable("register_map_version").set({ body: "{}" }).execute();
  const later = openProfileBook(db);
  await later.load([`own-${mapId}@1`]);
  strictEqual(
    later.find(`own-${mapId}@1`),
    undefined,
    "what cannot be read is not there, and breaks nothing",
  );
});

onEveryEngine("a register map is removed only when no device uses a version of it", async (db) => {
  const [mapId, other] = [
    valueOf(await createMap(db, BY, STORED)),
    valueOf(await createMap(db, BY, named("Other"))),
  ];
  valueOf(await publishMap(db, BY, { mapId, version: 0, note: "" }));
  const plans = await plansOf(db, 2);
  const [device] = plans[0]?.meters ?? [];
  ok(device);
  await db.kysely.updateTable("meter").set({ profile_id: `own-${mapId}@1` })
    .where("meter_id", "=", device.id).execute();
  deepStrictEqual(errorOf(await removeMap(db, BY, { mapId })), { kind: "in-use", devices: 1 });
  strictEqual(errorOf(await removeMap(db, BY, { mapId: other })), null);
  await db.kysely.updateTable("meter").set({ until: H - 100 }).where("meter_id", "=", device.id).execute();
  deepStrictEqual(
    errorOf(await removeMap(db, BY, { mapId })),
    { kind: "in-use", devices: 1 },
    "history stays",
  );
  await db.kysely.updateTable("meter").set({ profile_id: `own-${mapId}0@1` })
    .where("meter_id", "=", device.id).execute();
  strictEqual(errorOf(await removeMap(db, BY, { mapId })), null, "another map begins with the same digits");
  deepStrictEqual([await readMap(db, mapId), (await listMaps(db)).some(({ id }) => id === mapId)], [
    null,
    false,
  ]);
  const held = openProfileBook(db);
  await held.load([`own-${mapId}@1`]);
  strictEqual(held.find(`own-${mapId}@1`)?.version, 1, "a draft that holds it can still be started");
  deepStrictEqual(errorOf(await removeMap(db, BY, { mapId })), { kind: "unknown" });
});

onEveryEngine("whereUsed() tells devices within reach, with the version that each uses", async (db) => {
  const plans = await plansOf(db, 3);
  const devices = plans.map(({ meters }) => meters[0]?.id ?? 0);
  const use = (meterId: number | undefined, profile_id: string) =>
    db.kysely.updateTable("meter").set({ profile_id }).where("meter_id", "=", meterId ?? 0).execute();
  await use(devices[0], "own-12@3");
  await use(devices[1], "own-12@10");
  await use(devices[2], "own-1@2");
  const used = async (reaches: readonly Reach[], halfHour = H) =>
    (await whereUsed(db, { mapId: 12, reaches, halfHour })).map(({ siteId, meterId, version }) => [
      siteId,
      meterId,
      version,
    ]);
  const [first = 0, second = 0] = plans.map(({ site }) => site.id);
  deepStrictEqual(await used([ALL_SITES]), [[first, devices[0], 3], [second, devices[1], 10]]);
  deepStrictEqual(await used([{ kind: "some", siteIds: [second], groupIds: [] }]), [[
    second,
    devices[1],
    10,
  ]]);
  deepStrictEqual(await used([]), []);
  await db.kysely.updateTable("meter").set({ until: H }).where("meter_id", "=", devices[0] ?? 0).execute();
  deepStrictEqual(await used([ALL_SITES]), [[second, devices[1], 10]]);
});

onEveryEngine(
  "there are 500 register maps at most, also when two are made at once, and 999 versions",
  async (db) => {
    const mapId = valueOf(await createMap(db, BY, STORED));
    const row = await db.kysely.selectFrom("register_map").selectAll().executeTakeFirstOrThrow();
    for (let n = 2; n < MAPS_MAX; n += 100) {
      const count = Math.min(100, MAPS_MAX - n);
      await db.kysely.insertInto("register_map").values(
        Array.from({ length: count }, (_, i) => ({ ...row, map_id: 10_000 + n + i, name: `Map ${n + i}` })),
      ).execute();
    }
    const both = await Promise.all(["One", "Two"].map((name) => createMap(db, BY, named(name))));
    deepStrictEqual(both.map(errorOf).sort(), [null, "too-many"].sort());
    await db.kysely.updateTable("register_map").set({ published: VERSIONS_MAX }).where("map_id", "=", mapId)
      .execute();
    strictEqual(errorOf(await publishMap(db, BY, { mapId, version: 0, note: "" })), "too-many");
  },
);
