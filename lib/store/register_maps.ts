/**
 * Register maps that people make: one copy of each is worked on and changed by compare-and-set, and published versions
 * never change. What stands in a map is text here; `lib/web/own_maps.ts` reads and writes it.
 *
 * @module
 */

import { err, ok, type Result } from "../result.ts";
import { appendAudit, type Author } from "./audit.ts";
import { type Database, type Executor, isStoreError } from "./db.ts";
import { exclusiveLock } from "./dialect.ts";
import { takeIds } from "./ids.ts";
import type { RegisterMapTable } from "./schema_register_map.ts";
import { type Changing, within } from "./within.ts";

/** Register maps at most. */
export const MAPS_MAX = 500;

/** Published versions of one at most. */
export const VERSIONS_MAX = 999;

/** Bytes of a map at most: its column holds 65,535. */
export const MAP_BYTES_MAX = 60_000;

/** Characters of the note of a version at most. */
export const VERSION_NOTE_MAX = 200;

/** What is kept of a map. */
export interface StoredMap {
  /** Unique, whatever its case. */
  readonly name: string;
  /** Who makes the device. */
  readonly vendor: string;
  /** Its model. */
  readonly model: string;
  /** What it is. */
  readonly kind: string;
  /** Rows that it has. */
  readonly rowCount: number;
  /** All of it, as JSON. */
  readonly body: string;
}

/** A map as it stands in the list. */
export interface MapSummary extends Omit<StoredMap, "body"> {
  /** 32-bit. */
  readonly id: number;
  /** How often the working copy was changed. */
  readonly version: number;
  /** Newest published version; 0: none. */
  readonly published: number;
  /** Whether the working copy was changed since it was published. */
  readonly hasChanges: boolean;
  /** Epoch milliseconds at which it was begun. */
  readonly createdMs: number;
  /** Epoch milliseconds of the last change. */
  readonly changedMs: number;
  /** Who made the last change. */
  readonly changedBy: string;
}

/** A map with its working copy. */
export interface MapRecord extends MapSummary {
  /** The working copy, as JSON. */
  readonly body: string;
}

/** A version of which a map is. */
export interface MapVersionId {
  /** The map. */
  readonly mapId: number;
  /** Its published version, 1 and up. */
  readonly version: number;
}

/** A published version as it stands in a list. */
export interface MapVersion extends MapVersionId {
  /** What changed, in its publisher's words; may be empty. */
  readonly note: string;
  /** Who published it. */
  readonly author: string;
  /** Epoch milliseconds. */
  readonly publishedMs: number;
}

/** A published version. */
export interface PublishedMap extends MapVersion {
  /** All of it, as JSON. */
  readonly body: string;
}

/** Why a map was not made. */
export type CreateTrouble = "too-many" | "name-taken" | "too-large";

/** Why a working copy was not changed; `changed`: somebody else has since, or the map is gone. */
export type SaveTrouble = "changed" | "name-taken" | "too-large";

/**
 * Why a working copy was not published; `changed`: it is another one by now, or gone; `too-many`: it has
 * {@link VERSIONS_MAX} versions; `nothing-new`: it is what was published last.
 */
export type PublishTrouble = "changed" | "too-many" | "nothing-new";

/** Makes a map with a working copy and no version; its id. */
export async function createMap(
  db: Changing,
  by: Author,
  map: StoredMap,
): Promise<Result<number, CreateTrouble>> {
  if (isTooLarge(map)) return err("too-large");
  return await unlessTaken(() =>
    within(db, async (tx): Promise<Result<number, CreateTrouble>> => {
      // Whoever takes an id waits for the one before, so that the count is true.
      const id = await takeIds(tx, "register-map", 1);
      const there = await tx.selectFrom("register_map").select((eb) => eb.fn.countAll<number>().as("maps"))
        .executeTakeFirstOrThrow();
      if (Number(there.maps) >= MAPS_MAX) return err("too-many");
      await tx.insertInto("register_map").values({
        map_id: id,
        ...columnsOf(map),
        version: 0,
        published: 0,
        published_edit: 0,
        created_ms: by.atMs,
        changed_ms: by.atMs,
        changed_by: by.actor,
      }).execute();
      await appendAudit(tx, by, { action: "register-map-made", subject: subjectOf(id), after: traceOf(map) });
      return ok(id);
    })
  );
}

/** A working copy as it is to be. */
export interface MapChange {
  /** Which map. */
  readonly mapId: number;
  /** The version that was seen when it was changed. */
  readonly version: number;
  /** What stands in it now. */
  readonly map: StoredMap;
}

/** Changes a working copy; its new version, the old one where it is the same. */
export async function saveMap(
  db: Changing,
  by: Author,
  { mapId, version, map }: MapChange,
): Promise<Result<number, SaveTrouble>> {
  if (isTooLarge(map)) return err("too-large");
  return await unlessTaken(() =>
    within(db, async (tx): Promise<Result<number, SaveTrouble>> => {
      const before = await holdMap(tx, mapId);
      if (!before || before.version !== version) return err("changed");
      if (before.body === map.body) return ok(version);
      await tx.updateTable("register_map").set({
        ...columnsOf(map),
        version: version + 1,
        changed_ms: by.atMs,
        changed_by: by.actor,
      }).where("map_id", "=", mapId).execute();
      const words = {
        before: { ...traceOf(before), version },
        after: { ...traceOf(map), version: version + 1 },
      };
      await appendAudit(tx, by, { action: "register-map-changed", subject: subjectOf(mapId), ...words });
      return ok(version + 1);
    })
  );
}

/** A working copy that is to be published. */
export interface MapPublishing {
  /** Which map. */
  readonly mapId: number;
  /** The version of the working copy that was looked at. */
  readonly version: number;
  /** What changed, at most {@link VERSION_NOTE_MAX} characters; may be empty. */
  readonly note: string;
}

/** Publishes a working copy as it was looked at; the number of the published version. */
export function publishMap(
  db: Changing,
  by: Author,
  { mapId, version, note }: MapPublishing,
): Promise<Result<number, PublishTrouble>> {
  return within(db, async (tx): Promise<Result<number, PublishTrouble>> => {
    const map = await holdMap(tx, mapId);
    if (!map || map.version !== version) return err("changed");
    if (map.published >= VERSIONS_MAX) return err("too-many");
    if (map.published > 0 && await isPublished(tx, { mapId, version: map.published, body: map.body })) {
      return err("nothing-new");
    }
    const published = map.published + 1;
    await tx.insertInto("register_map_version").values({
      map_id: mapId,
      version: published,
      body: map.body,
      note,
      author: by.actor,
      published_ms: by.atMs,
    }).execute();
    await tx.updateTable("register_map").set({ published, published_edit: version })
      .where("map_id", "=", mapId).execute();
    const after = { ...traceOf(map), version: published, note };
    await appendAudit(tx, by, { action: "register-map-published", subject: subjectOf(mapId), after });
    return ok(published);
  });
}

async function isPublished(
  tx: Executor,
  { mapId, version, body }: MapVersionId & { readonly body: string },
): Promise<boolean> {
  const row = await tx.selectFrom("register_map_version").select("body")
    .where("map_id", "=", mapId).where("version", "=", version).executeTakeFirst();
  return row?.body === body;
}

/** Why a map was not removed: there is none, or devices use a version of it, wherever they are. */
export type RemoveMapTrouble =
  | { readonly kind: "unknown" }
  | { readonly kind: "in-use"; readonly devices: number };

/**
 * Removes a map unless a device uses a version of it, or used one before it went. Published versions stay: what a draft,
 * an announcement or the history of a device holds is found for ever, also where it is registered at this instant.
 */
export function removeMap(
  db: Changing,
  by: Author,
  { mapId }: { readonly mapId: number },
): Promise<Result<void, RemoveMapTrouble>> {
  return within(db, async (tx): Promise<Result<void, RemoveMapTrouble>> => {
    const map = await holdMap(tx, mapId);
    if (!map) return err({ kind: "unknown" });
    const { devices } = await tx.selectFrom("meter").select((eb) => eb.fn.countAll<number>().as("devices"))
      .where("profile_id", "like", profilesOf(mapId)).executeTakeFirstOrThrow();
    if (Number(devices) > 0) return err({ kind: "in-use", devices: Number(devices) });
    await tx.deleteFrom("register_map").where("map_id", "=", mapId).execute();
    const before = { ...traceOf(map), versions: map.published };
    await appendAudit(tx, by, { action: "register-map-removed", subject: subjectOf(mapId), before });
    return ok(undefined);
  });
}

/** Which ids of device profiles are versions of a map, as a pattern of `like`. */
export function profilesOf(mapId: number): string {
  return `own-${mapId}@%`;
}

function columnsOf({ name, vendor, model, kind, rowCount, body }: StoredMap) {
  return { name, vendor, model, kind, row_count: rowCount, body };
}

function isTooLarge({ body }: StoredMap): boolean {
  return new TextEncoder().encode(body).length > MAP_BYTES_MAX;
}

function subjectOf(mapId: number): string {
  return `register map ${mapId}`;
}

function traceOf(map: Pick<StoredMap, "name" | "rowCount">) {
  return { name: map.name, rows: map.rowCount };
}

/** The map, which stays as it is until the transaction is over; `null`: there is none. */
async function holdMap(tx: Executor, mapId: number) {
  const row = await tx.selectFrom("register_map")
    .select(["name", "row_count", "body", "version", "published"])
    .where("map_id", "=", mapId).modifyEnd(exclusiveLock(tx)).executeTakeFirst();
  return row ? { ...row, rowCount: row.row_count } : null;
}

async function unlessTaken<T, E>(
  run: () => Promise<Result<T, E | "name-taken">>,
): Promise<Result<T, E | "name-taken">> {
  try {
    return await run();
  } catch (error) {
    if (isStoreError(error, "duplicate")) return err("name-taken");
    throw error;
  }
}

const SUMMARY = [
  "map_id",
  "name",
  "vendor",
  "model",
  "kind",
  "row_count",
  "version",
  "published",
  "published_edit",
  "created_ms",
  "changed_ms",
  "changed_by",
] as const;

type SummaryRow = Pick<RegisterMapTable, (typeof SUMMARY)[number]>;

function summaryOf(row: SummaryRow): MapSummary {
  return {
    id: row.map_id,
    name: row.name,
    vendor: row.vendor,
    model: row.model,
    kind: row.kind,
    rowCount: row.row_count,
    version: row.version,
    published: row.published,
    hasChanges: row.published === 0 || row.published_edit !== row.version,
    createdMs: row.created_ms,
    changedMs: row.changed_ms,
    changedBy: row.changed_by,
  };
}

/** A map with its working copy; `null`: there is none. */
export async function readMap(db: Database, mapId: number): Promise<MapRecord | null> {
  const row = await db.kysely.selectFrom("register_map").select([...SUMMARY, "body"])
    .where("map_id", "=", mapId).executeTakeFirst();
  return row ? { ...summaryOf(row), body: row.body } : null;
}

/** All maps by name. */
export async function listMaps(db: Database): Promise<readonly MapSummary[]> {
  const rows = await db.reader.selectFrom("register_map").select(SUMMARY).orderBy("name").limit(MAPS_MAX)
    .execute();
  return rows.map(summaryOf);
}

/** The published versions of a map, the newest first. */
export async function readVersions(db: Database, mapId: number): Promise<readonly MapVersion[]> {
  const rows = await db.reader.selectFrom("register_map_version")
    .select(["map_id", "version", "note", "author", "published_ms"])
    .where("map_id", "=", mapId).orderBy("version", "desc").limit(VERSIONS_MAX).execute();
  return rows.map((row) => ({
    mapId: row.map_id,
    version: row.version,
    note: row.note,
    author: row.author,
    publishedMs: row.published_ms,
  }));
}

/** Versions of one statement. */
const VERSIONS_AT_ONCE = 50;

/** The published versions with these ids, as many as there are, in no order. */
export async function readPublished(
  db: Database,
  ids: readonly MapVersionId[],
): Promise<readonly PublishedMap[]> {
  const found: PublishedMap[] = [];
  for (let at = 0; at < ids.length; at += VERSIONS_AT_ONCE) {
    const piece = ids.slice(at, at + VERSIONS_AT_ONCE);
    const rows = await db.reader.selectFrom("register_map_version")
      .select(["map_id", "version", "body", "note", "author", "published_ms"])
      .where(({ and, or, eb }) =>
        or(piece.map(({ mapId, version }) => and([eb("map_id", "=", mapId), eb("version", "=", version)])))
      ).execute();
    found.push(...rows.map((row) => ({
      mapId: row.map_id,
      version: row.version,
      body: row.body,
      note: row.note,
      author: row.author,
      publishedMs: row.published_ms,
    })));
  }
  return found;
}
