/**
 * Register maps as pages and the collector know them: what the store keeps as text, read and written.
 *
 * @module
 */

import type { DeviceProfile } from "../profiles/profile.ts";
import { createProfileBook, type OwnProfileId, ownProfileId, type ProfileBook } from "../profiles/book.ts";
import { mapFromJson, mapToJson } from "../profiles/map_json.ts";
import { publishedProfile } from "../profiles/published.ts";
import type { RegisterMap } from "../profiles/register_map.ts";
import type { Database } from "../store/db.ts";
import { yieldToLoop } from "../store/sqlite.ts";
import {
  listMaps,
  type MapRecord,
  type PublishedMap,
  readPublished,
  type StoredMap,
} from "../store/register_maps.ts";

/** A map as the store keeps it. */
export function storedMapOf(map: RegisterMap): StoredMap {
  const { name, vendor, model, kind, rows } = map;
  return { name, vendor, model, kind, rowCount: rows.length, body: mapToJson(map) };
}

/** A map that was kept; what was kept passed all checks once, so that it is a bug where it does not any more. */
export function mapOfStored({ body }: Pick<MapRecord | PublishedMap, "body">): RegisterMap {
  const read = mapFromJson(body);
  if (!read.ok) throw new Error(`Cannot read a register map that was kept: ${JSON.stringify(read.error[0])}`);
  return read.value;
}

/** The profiles of people's own with these ids, as many as there are and can be read. */
export async function readOwnProfiles(
  db: Database,
  ids: readonly OwnProfileId[],
): Promise<readonly DeviceProfile[]> {
  const found = await readPublished(db, ids);
  const profiles: DeviceProfile[] = [];
  for (const published of found) {
    const profile = publishedProfile(published);
    if (profile) profiles.push(profile);
    // The largest map takes 10 ms to read: others work in between.
    await yieldToLoop();
  }
  return profiles;
}

/** The newest published version of each register map, by name. */
export async function listOwnProfiles(
  { db, profiles }: { readonly db: Database; readonly profiles: ProfileBook },
): Promise<readonly DeviceProfile[]> {
  const maps = (await listMaps(db)).filter(({ published }) => published > 0);
  const ids = maps.map(({ id, published }) => ownProfileId({ mapId: id, version: published }));
  const find = await profiles.load(ids);
  return ids.flatMap((id) => find(id) ?? []);
}

/** The library and people's own, of one database. */
export function openProfileBook(db: Database): ProfileBook {
  return createProfileBook((ids) => readOwnProfiles(db, ids));
}
