/**
 * Where device profiles are found: those of the library, and those that people made, each version of which has an id
 * of its own and never changes, so that what was found once stays true.
 *
 * @module
 */

import { profileOf } from "./mod.ts";
import type { DeviceProfile } from "./profile.ts";

/** Finds a device profile; `undefined`: there is none with this id, or it was not loaded. */
export type FindProfile = (profileId: string) => DeviceProfile | undefined;

/** Finds device profiles by id. */
export interface ProfileBook {
  /** The profile; `undefined`: there is none, or it is one of people's own that was not loaded. */
  readonly find: FindProfile;
  /** Makes sure that those of people's own that exist are found from now on. */
  load(ids: Iterable<string>): Promise<void>;
}

/** A version of a register map that people made. */
export interface OwnProfileId {
  /** The register map. */
  readonly mapId: number;
  /** Its version, 1 and up. */
  readonly version: number;
}

/** Profiles of people's own that a book remembers; those asked for longest ago are forgotten and read again. */
export const OWN_KEPT_MAX = 2_000;

/** Ids of one question to the store at most. */
const IDS_A_LOAD = 500;

/** The id of a version of a register map, such as `own-12@3`. */
export function ownProfileId({ mapId, version }: OwnProfileId): string {
  return `own-${mapId}@${version}`;
}

/** Which register map and version an id means; `null`: it is none of people's own. */
export function parseOwnProfileId(id: string): OwnProfileId | null {
  const [, mapId, version] = /^own-([1-9]\d{0,8})@([1-9]\d{0,4})$/.exec(id) ?? [];
  return mapId && version ? { mapId: Number(mapId), version: Number(version) } : null;
}

/** A book over the library and over what `read` brings of people's own: those of the ids that exist. */
export function createProfileBook(
  read: (ids: readonly OwnProfileId[]) => Promise<readonly DeviceProfile[]>,
): ProfileBook {
  const own = new Map<string, DeviceProfile>();
  return {
    find: (id) => profileOf(id) ?? own.get(id),
    async load(ids) {
      const asked = [...new Set(ids)];
      for (const id of asked) keepLonger(own, id);
      const wanted = new Map(asked.filter((id) => !own.has(id)).map((id) => [id, parseOwnProfileId(id)]));
      const missing = [...wanted.values()].filter((id) => id !== null);
      for (let at = 0; at < missing.length; at += IDS_A_LOAD) {
        for (const profile of await read(missing.slice(at, at + IDS_A_LOAD))) own.set(profile.id, profile);
      }
      for (const id of [...own.keys()].slice(0, Math.max(0, own.size - OWN_KEPT_MAX))) own.delete(id);
    },
  };
}

/** A map forgets what stands first. */
function keepLonger(own: Map<string, DeviceProfile>, id: string): void {
  const profile = own.get(id);
  if (!profile || own.size < OWN_KEPT_MAX / 2) return;
  own.delete(id);
  own.set(id, profile);
}
