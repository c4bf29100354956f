/**
 * The device profiles that a device may be read by: those of the library, those that people made, and the one
 * that it is read by.
 *
 * @module
 */

import { parseOwnProfileId } from "../../../profiles/book.ts";
import { PROFILES } from "../../../profiles/mod.ts";
import { err, ok } from "../../../result.ts";
import type { FieldOption } from "../../../ui/Input.tsx";
import type { Field } from "../../form.ts";
import { type OpenDevice, profileName } from "./open_device.ts";

/** The choices, by name. `also` are profiles that were asked for, such as a version of one of people's own. */
export function profileOptions(
  open: Pick<OpenDevice, "own" | "findProfile"> & { readonly device: { readonly profileId: string } },
  also: readonly string[] = [],
): readonly FieldOption[] {
  const made = open.own.filter(({ kind }) => kind !== "router").map(({ id }) => id);
  const own = [open.device.profileId, ...also].filter((id) => PROFILES.every((profile) => profile.id !== id));
  const known = [...new Set([...own, ...made])].filter((id) => open.findProfile(id) !== undefined);
  return [
    ...known.map((id) => ({ value: id, label: ownLabel(open, id) })),
    ...PROFILES.map((profile) => ({
      value: profile.id,
      label: `${profileName(open, profile.id)}${profile.confidence === "verified" ? "" : " (unverified)"}`,
    })).sort((one, other) => one.label.localeCompare(other.label, "en")),
  ];
}

/** One of people's own with its version; by its id where that says none. */
function ownLabel(open: Pick<OpenDevice, "findProfile">, id: string): string {
  const own = parseOwnProfileId(id);
  return `${profileName(open, id)}${own ? `, version ${own.version}` : ` (${id})`}`;
}

/** One of them. */
export function profileField({ findProfile }: Pick<OpenDevice, "findProfile">): Field<string> {
  return (text) => {
    if (text === undefined || text === "") return err("Choose the model");
    return findProfile(text) ? ok(text) : err("Choose one of the models in the list");
  };
}
