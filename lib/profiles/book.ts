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
  /**
   * Makes sure that those of people's own that exist are found from now on. What it gives finds these for as long as it
   * is held, however many are asked for meanwhile.
   */
  load(ids: Iterable<string>): Promise<FindProfile>;
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
      const held = new Map<string, DeviceProfile>();
      const missing: OwnProfileId[] = [];
      for (const id of new Set(ids)) {
        const parsed = parseOwnProfileId(id);
        if (parsed === null) continue;
        const profile = keepLonger(own, id);
        if (profile) held.set(id, profile);
        else missing.push(parsed);
      }
      for (let at = 0; at < missing.length; at += IDS_A_LOAD) {
        for (const profile of await read(missing.slice(at, at + IDS_A_LOAD))) {
          // Two that ask at once go on with the same one: what is reckoned of a profile is remembered by it.
          const known = own.get(profile.id) ?? profile;
          held.set(known.id, known);
          own.set(known.id, known);
        }
      }
      for (const id of [...own.keys()].slice(0, Math.max(0, own.size - OWN_KEPT_MAX))) own.delete(id);
      return (id) => profileOf(id) ?? held.get(id) ?? own.get(id);
    },
  };
}

/** The profile, which is forgotten last from now on: what stands first goes first. */
function keepLonger(own: Map<string, DeviceProfile>, id: string): DeviceProfile | undefined {
  const profile = own.get(id);
  if (!profile || own.size < OWN_KEPT_MAX / 2) return profile;
  own.delete(id);
  own.set(id, profile);
  return profile;
}
