/**
 * Finding a profile in the library by what somebody knows of the device: maker, model, or what it tells. Pure.
 *
 * @module
 */

import { PROFILES } from "./mod.ts";
import type { DeviceKind, DeviceProfile } from "./profile.ts";

/** What narrows a search besides its words. */
export interface ProfileFilter {
  /** What the device is; absent: anything. */
  readonly kind?: DeviceKind | undefined;
}

/** Characters of a search that are looked at. */
const TEXT_MAX = 80;

/**
 * The profiles in which every word of the text stands somewhere: in the vendor's name, a model, the id or the name of a
 * quantity. Case, accents, order and punctuation do not matter ("sdm 630", "SDM-630" and "eastron 630" find the same);
 * no words find all. In the library's order.
 */
export function searchProfiles(text: string, { kind }: ProfileFilter = {}): readonly DeviceProfile[] {
  return PROFILES.filter((profile) =>
    (kind === undefined || profile.kind === kind) && holdsWords(text, fieldsOf(profile))
  );
}

/** Whether every word of the text stands somewhere in the fields, as {@link searchProfiles} looks for them. */
export function holdsWords(text: string, fields: readonly string[]): boolean {
  const words = plain(text.slice(0, TEXT_MAX)).split(/\s+/).filter((word) => word !== "");
  const plainFields = fields.map(plain);
  return words.every((word) => standsIn(word, plainFields));
}

function fieldsOf(profile: DeviceProfile): readonly string[] {
  return [profile.vendor, ...profile.models, profile.id, ...Object.keys(profile.registers)];
}

/** As it is, or with neither side's punctuation; a word of punctuation alone stands nowhere. */
function standsIn(word: string, fields: readonly string[]): boolean {
  const bare = withoutMarks(word);
  return fields.some((field) => field.includes(word) || (bare !== "" && withoutMarks(field).includes(bare)));
}

function plain(text: string): string {
  return text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();
}

function withoutMarks(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}]/gu, "");
}
