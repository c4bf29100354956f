/**
 * Loads what a sheet is judged against: groups, names and addresses, as far as whoever imports it may know.
 *
 * @module
 */

import type { Reach } from "../../domain/permission.ts";
import type { ColumnId } from "../../domain/site_sheet.ts";
import { parseOwnProfileId, type ProfileBook } from "../../profiles/book.ts";
import type { Database } from "../../store/db.ts";
import { listGroups } from "../../store/groups.ts";
import { listTakenNames, listUsedPlaces } from "../../store/import_checks.ts";
import type { JudgeContext } from "./judge_site.ts";
import { host } from "../pages/register/fields.ts";
import { type Breathe, cellText, type SheetRow } from "./table.ts";

/** A sheet and who brings it. */
export interface ContextQuestion {
  /** Columns of the sheet. */
  readonly columns: readonly ColumnId[];
  /** Rows. */
  readonly rows: readonly SheetRow[];
  /** Sites of whoever brings it. */
  readonly reach: Reach;
  /** Lets others work. */
  readonly breathe: Breathe;
}

const PROFILES: readonly ColumnId[] = ["router profile", "profile"];

const HOSTS: readonly ColumnId[] = ["path 1 host", "path 2 host", "path 3 host", "path 4 host"];

/** Loads it. */
export async function loadContext(
  { db, profiles }: { readonly db: Database; readonly profiles: ProfileBook },
  { columns, rows, reach, breathe }: ContextQuestion,
): Promise<JudgeContext> {
  const groups = (await listGroups(db)).filter(({ id }) =>
    reach.kind === "all" || reach.groupIds.includes(id)
  );
  const names = textsOf(rows, [columns.indexOf("site")]);
  await breathe();
  const typed = textsOf(rows, HOSTS.map((column) => columns.indexOf(column)).filter((at) => at >= 0));
  const hosts = [...new Set(typed.flatMap((text) => addressIn(text) ?? []))];
  await breathe();
  const find = await profiles.load(ownIn(textsOf(rows, PROFILES.map((column) => columns.indexOf(column)))));
  await breathe();
  const taken = await listTakenNames(db, names);
  await breathe();
  const places = new Map<string, string | null>();
  for (const { host, port, siteName } of await listUsedPlaces(db, { hosts, reach })) {
    const key = keyOf(host, port);
    // A site out of reach counts more than one that may be named.
    if (places.get(key) !== null) places.set(key, siteName);
  }
  await breathe();
  return {
    find,
    groups: new Map(groups.map(({ name, id }) => [name.toLowerCase(), id])),
    mayBeWithoutGroup: reach.kind === "all",
    isTaken: (name) => taken.has(name.toLowerCase()),
    twinOf(host, port) {
      const name = places.get(keyOf(host, port));
      if (name === undefined) return null;
      const whose = name === null ? "a site that you do not reach" : `“${name}”`;
      return `Port ${port} of this address is of ${whose} too`;
    },
  };
}

/** Versions of people's own register maps among texts. */
function ownIn(texts: readonly string[]): readonly string[] {
  return texts.map((text) => text.toLowerCase()).filter((text) => parseOwnProfileId(text) !== null);
}

/** An address in the one spelling in which it is registered; `null`: it is none. */
function addressIn(text: string): string | null {
  const read = host(text);
  return read.ok ? read.value : null;
}

function keyOf(host: string, port: number): string {
  return `${host.toLowerCase()} ${port}`;
}

function textsOf(rows: readonly SheetRow[], columns: readonly number[]): readonly string[] {
  const texts = new Set<string>();
  for (const { cells } of rows) {
    for (const at of columns) {
      const text = cellText(cells[at]).trim().slice(0, 253);
      if (text !== "") texts.add(text);
    }
  }
  return [...texts];
}
