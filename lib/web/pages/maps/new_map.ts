/**
 * Begins a register map: empty, as a copy of a profile of the library, or from a file.
 *
 * @module
 */

import { type FindProfile, parseOwnProfileId } from "../../../profiles/book.ts";
import { PROFILES } from "../../../profiles/mod.ts";
import { EMPTY_MAP, mapOfProfile, NAME_MAX, type RegisterMap } from "../../../profiles/register_map.ts";
import { err, ok, type Result } from "../../../result.ts";
import type { Author } from "../../../store/audit.ts";
import type { Database } from "../../../store/db.ts";
import { createMap, type CreateTrouble } from "../../../store/register_maps.ts";
import type { NewMapPageProps, NewMapTexts } from "../../../ui/pages/maps/ImportPages.tsx";
import { authorOf } from "../../author.ts";
import { choice, type Field, type FieldErrors, line, readForm } from "../../form.ts";
import { listOwnProfiles, storedMapOf } from "../../own_maps.ts";
import { servicesOf, type State } from "../../state.ts";
import { profileOption } from "../register/device_view.ts";
import { mapOfFile } from "./map_file.ts";

/** Why a map was not begun. */
export interface NewMapFaults {
  /** By field. */
  readonly faults: FieldErrors;
  /** Of the file, each a sentence. */
  readonly fileFaults: readonly string[];
}

const STARTS = ["empty", "profile", "file"] as const;

/** Copies that are named by counting, at most. */
const COPIES_MAX = 99;

interface SentNew {
  readonly name: string;
  readonly start: (typeof STARTS)[number];
  readonly profileId: string;
  readonly text: string;
  readonly file: string;
  readonly at: string;
}

const anyText: Field<string> = (text) => ok(text ?? "");

/** What was typed, for showing it again. */
export function typedNew(form: URLSearchParams): NewMapTexts {
  const text = (name: string, most = 200) => (form.get(name) ?? "").slice(0, most);
  const start = STARTS.find((one) => one === form.get("start")) ?? "empty";
  return {
    name: text("name"),
    start,
    profileId: text("profileId"),
    text: text("text", 20_000),
    at: text("at", 60),
  };
}

/** Makes it; its id. */
export async function makeNewMap(
  state: State,
  form: URLSearchParams,
): Promise<Result<{ readonly mapId: number; readonly at: string }, NewMapFaults>> {
  const read = readForm<SentNew>(form, {
    name: line({ min: 0, max: NAME_MAX }),
    start: choice(STARTS),
    profileId: anyText,
    text: anyText,
    file: anyText,
    at: line({ min: 0, max: 60 }),
  });
  if (!read.ok) return err({ faults: read.error, fileFaults: [] });
  const { db, profiles } = servicesOf(state);
  const begun = await beginning(read.value, await profiles.load([read.value.profileId]));
  if (!begun.ok) return begun;
  const made = await createFreely({ db, by: authorOf(state), isNamed: read.value.name !== "" }, begun.value);
  if (made.ok) return ok({ mapId: made.value, at: read.value.at });
  switch (made.error) {
    case "name-taken":
      return faulty(
        "name",
        `“${begun.value.name}” is the name of another register map: give this one its own`,
      );
    case "too-many":
      return faulty("", "There are as many register maps as there may be: remove one that nothing uses");
    case "too-large":
      return faulty("", "The map is too large to be kept: shorten its notes");
  }
}

interface Creating {
  readonly db: Database;
  readonly by: Author;
  /** Whether somebody chose its name: then it is never another. */
  readonly isNamed: boolean;
}

/** Makes it; where nobody chose its name and it is taken: as `… 2`, and so on. */
async function createFreely(
  { db, by, isNamed }: Creating,
  map: RegisterMap,
): Promise<Result<number, CreateTrouble>> {
  let made = await createMap(db, by, storedMapOf(map));
  for (let copy = 2; copy <= COPIES_MAX && !isNamed && !made.ok && made.error === "name-taken"; copy++) {
    const end = ` ${copy}`;
    const name = map.name.slice(0, NAME_MAX - end.length).trimEnd() + end;
    made = await createMap(db, by, storedMapOf({ ...map, name }));
  }
  return made;
}

async function beginning(sent: SentNew, find: FindProfile): Promise<Result<RegisterMap, NewMapFaults>> {
  const { name, start } = sent;
  const named = (map: RegisterMap): Result<RegisterMap, NewMapFaults> => {
    const own = name === "" ? map.name : name;
    return own === "" ? faulty("name", "Is missing") : ok({ ...map, name: own });
  };
  switch (start) {
    case "empty":
      return named(EMPTY_MAP);
    case "profile": {
      const profile = find(sent.profileId);
      return profile
        ? named(mapOfProfile(profile))
        : faulty("profileId", "Choose the profile that is copied");
    }
    case "file": {
      const text = sent.file.trim() === "" ? sent.text : sent.file;
      const isJson = text.replace(/^\uFEFF/, "").trimStart().startsWith("{");
      if (!isJson && name === "") return faulty("name", "Is missing: separated values do not say it");
      const read = await mapOfFile(text, { ...EMPTY_MAP, name });
      if (!read.ok) return err({ faults: {}, fileFaults: read.error });
      return named(read.value);
    }
  }
}

function faulty(field: string, words: string): Result<never, NewMapFaults> {
  return err({ faults: { [field]: words }, fileFaults: [] });
}

/** The page; `own` are the newest published versions of people's own, and the one that is asked for. */
export async function newMapPage(
  state: State,
  { values, faults, fileFaults }: NewMapFaults & { readonly values: NewMapTexts },
): Promise<NewMapPageProps> {
  const services = servicesOf(state);
  const own = await listOwnProfiles(services);
  const find = await services.profiles.load([values.profileId]);
  const asked = own.every(({ id }) => id !== values.profileId) ? find(values.profileId) : undefined;
  const held = asked && parseOwnProfileId(asked.id) ? [asked] : [];
  const profiles = [...PROFILES, ...own, ...held].map(profileOption)
    .sort((one, other) => one.label.localeCompare(other.label, "en"));
  return {
    values,
    faults,
    fileFaults,
    profiles: [{ value: "", label: "Choose the model" }, ...profiles],
  };
}
