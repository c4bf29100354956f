/**
 * Groups of sites as their pages show them, and the forms of these pages.
 *
 * @module
 */

import { HttpError } from "fresh";
import { err, ok, type Result } from "../../result.ts";
import type { Author } from "../../store/audit.ts";
import type { Database } from "../../store/db.ts";
import {
  ASSIGN_MAX,
  assignSites,
  GROUPS_MAX,
  type GroupTrouble,
  listGroups,
  searchSites,
  type SiteGroup,
} from "../../store/groups.ts";
import type { GroupQuery } from "../../ui/groups_query.ts";
import type { GroupPageProps } from "../../ui/pages/GroupPage.tsx";
import type { GroupRow } from "../../ui/pages/GroupsPage.tsx";
import type { Told } from "../../ui/Told.tsx";
import { countText } from "../../ui/format.ts";
import { choice, type Field, type FieldErrors, type Fields, line, readForm } from "../form.ts";
import { tickedIds, tickFields } from "../ticks.ts";

/** Sites of one page. */
export const GROUP_SITES_A_PAGE = 50;

const name = line({ min: 1, max: 80 });

/** A group as the list shows it. */
export function groupRow({ id, name, siteCount, peopleCount }: SiteGroup): GroupRow {
  return { id, name, href: `/admin/groups/${id}`, sites: siteCount, people: peopleCount };
}

/** The name of a new group. */
export function readGroupForm(form: URLSearchParams): Result<{ readonly name: string }, FieldErrors> {
  return readForm(form, { name });
}

/** What was pressed on the page of a group. */
export type GroupPress =
  | { readonly do: "rename"; readonly name: string; readonly seen: string }
  | { readonly do: "put" | "take"; readonly siteIds: readonly number[] };

interface Sent {
  readonly do: "put" | "take";
  readonly q: string;
  readonly show: string;
  readonly page: string;
}

const any: Field<string> = (text) => ok(text ?? "");

/** What was pressed, or what is wrong with it: with the name, or with the `sites` that are ticked. */
export function readGroupPress(form: URLSearchParams): Result<GroupPress, FieldErrors> {
  if (form.get("do") === "rename") return readForm(form, { name, seen: any, do: choice(["rename"]) });
  const fields = {
    ...tickFields(form, ["site"]),
    do: choice(["put", "take"]),
    q: any,
    show: choice(["in", "all"]),
    page: any,
  };
  const read = readForm<Sent>(form, fields as Fields<Sent>);
  if (!read.ok) return read;
  const siteIds = tickedIds(form, "site");
  if (siteIds.length === 0) return err({ sites: "Tick a site first" });
  if (siteIds.length > ASSIGN_MAX) return err({ sites: `At most ${ASSIGN_MAX} sites can be ticked at once` });
  return ok({ do: read.value.do, siteIds });
}

/** Takes sites out of a group, leaving alone what lies in another one meanwhile; how many. */
export async function releaseSites(
  db: Database,
  by: Author,
  { groupId, siteIds }: { readonly groupId: number; readonly siteIds: readonly number[] },
): Promise<Result<number, { readonly kind: "unknown" }>> {
  return await assignSites(db, by, { groupId: null, siteIds, from: groupId });
}

/** What is told beside the name where it was not taken. */
export function groupTroubleWords(trouble: GroupTrouble): string {
  switch (trouble.kind) {
    case "name-taken":
      return "Another group is called so";
    case "changed":
      return `Somebody else has called it "${trouble.name}" meanwhile: rename it again for your name`;
    case "too-many":
      return `There are ${GROUPS_MAX} groups, and no more are kept`;
    case "unknown":
      throw new HttpError(404);
  }
}

/** What is shown besides the group as it stands. */
export interface ShownGroup {
  /** The group. */
  readonly groupId: number;
  /** Which sites. */
  readonly query: GroupQuery;
  /** Whether who looks may change it. */
  readonly mayChange: boolean;
  /** Its name as typed; absent: as it is. */
  readonly typedName?: string;
  /** Sites that were ticked. */
  readonly siteIds?: readonly number[];
  /** What was wrong, by field. */
  readonly faults?: FieldErrors;
  /** What was done. */
  readonly notice?: Told | null;
}

/** Everything that the page of a group shows; 404 when there is no such group. */
export async function groupPageOf(db: Database, shown: ShownGroup): Promise<GroupPageProps> {
  const { groupId, query, mayChange, siteIds = [], faults = {}, notice = null } = shown;
  const groups = await listGroups(db);
  const group = groups.find(({ id }) => id === groupId);
  if (!group) throw new HttpError(404);
  const names = new Map(groups.map(({ id, name }) => [id, name]));
  const { sites, total } = await searchSites(db, {
    search: query.q,
    limit: GROUP_SITES_A_PAGE,
    offset: (query.page - 1) * GROUP_SITES_A_PAGE,
    ...(query.show === "in" ? { groupId } : {}),
  });
  return {
    id: groupId,
    name: group.name,
    sites: group.siteCount,
    people: group.peopleCount,
    mayChange,
    typedName: shown.typedName ?? group.name,
    query,
    rows: sites.map(({ id, name, town, groupId: own }) => ({
      id,
      name,
      town,
      group: own === null ? null : names.get(own) ?? null,
      within: own === groupId,
      ticked: siteIds.includes(id),
    })),
    found: total,
    pageSize: GROUP_SITES_A_PAGE,
    faults,
    notice,
  };
}

/** What a group's page tells after a redirect to it; `null`: nothing. */
export function groupNotice(params: URLSearchParams): Told | null {
  const count = Number(params.get("count") ?? "");
  const sites = Number.isInteger(count) && count >= 0 && count <= ASSIGN_MAX ? count : 0;
  switch (params.get("done")) {
    case "made":
      return { state: "good", title: "The group is made", words: "Put sites into it." };
    case "rename":
      return { state: "good", title: "Renamed", words: "" };
    case "put":
      return { state: "good", title: `${countText(sites, "site is", "sites are")} in it now`, words: "" };
    case "take":
      return { state: "good", title: `${countText(sites, "site is", "sites are")} out of it now`, words: "" };
    default:
      return null;
  }
}
