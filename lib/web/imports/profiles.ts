/**
 * Finds the device profile that a sheet means: by its id, or by vendor and model as people write them.
 *
 * @module
 */

import { nearestOf } from "../../domain/site_sheet.ts";
import { type FindProfile, parseOwnProfileId } from "../../profiles/book.ts";
import { PROFILES } from "../../profiles/mod.ts";
import type { DeviceProfile } from "../../profiles/profile.ts";
import { searchProfiles } from "../../profiles/search.ts";

/** What a profile is wanted for. */
export type ProfileFor = "router" | "device";

const known = new Map<string, DeviceProfile | null>();

/** Texts that are remembered: as many as sheets have devices, all of them read alike. */
const KNOWN_MAX = 2_000;

/** Where a profile is looked for. */
export interface ProfileSearch {
  /** What it is wanted for. */
  readonly wanted: ProfileFor;
  /** Finds people's own, which a text means by their id alone. */
  readonly find: FindProfile;
}

/** The profile that a text means; `null`: none, or more than one. */
export function findProfile(text: string, { wanted, find }: ProfileSearch): DeviceProfile | null {
  const own = text.toLowerCase();
  if (parseOwnProfileId(own) !== null) {
    const profile = find(own);
    return profile && fits(profile, wanted) ? profile : null;
  }
  const key = `${wanted} ${text}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const found = searched(text, wanted);
  if (known.size >= KNOWN_MAX) known.clear();
  known.set(key, found);
  return found;
}

function fits({ kind }: DeviceProfile, wanted: ProfileFor): boolean {
  return (kind === "router") === (wanted === "router");
}

function searched(text: string, wanted: ProfileFor): DeviceProfile | null {
  if (text === "") return null;
  const fitting = (profile: DeviceProfile) => fits(profile, wanted);
  const id = text.toLowerCase();
  const byId = PROFILES.find((profile) => profile.id === id && fitting(profile));
  if (byId) return byId;
  const found = searchProfiles(text).filter(fitting);
  const exact = found.filter(({ vendor, models }) =>
    models.some((model) => [model, `${vendor} ${model}`].some((one) => one.toLowerCase() === id))
  );
  const [one] = exact.length > 0 ? exact : found;
  return one && (exact.length === 1 || (exact.length === 0 && found.length === 1)) ? one : null;
}

/** Why a text means no profile, and which may be meant. */
export function profileFault(text: string, wanted: ProfileFor): string {
  const expected = wanted === "router" ? "teltonika-rut9xx" : "eastron-sdm630";
  if (text === "") return `Is missing: the id of a device profile such as ${expected}, or vendor and model`;
  if (parseOwnProfileId(text.toLowerCase()) !== null) {
    return `Is no published version of a register map of a ${wanted}: its page under Profiles says which there are`;
  }
  const ids = PROFILES.filter((profile) => fits(profile, wanted)).map(({ id }) => id);
  const several = searchProfiles(text).map(({ id }) => id).filter((id) => ids.includes(id)).slice(0, 3);
  if (several.length > 1) return `Means several profiles: ${several.join(", ")}`;
  const near = nearestOf(text, ids);
  return `Is no profile of a ${wanted}: an id such as ${expected} is expected${
    near === null ? "" : `; did you mean ${near}?`
  }`;
}
