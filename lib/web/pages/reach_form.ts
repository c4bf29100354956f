/**
 * Which sites somebody reaches, as a form sends it and shows it again.
 *
 * @module
 */

import { ALL_SITES, type Reach } from "../../domain/permission.ts";
import { err, ok, type Result } from "../../result.ts";
import type { Database } from "../../store/db.ts";
import { listGroups, listSiteChoices, searchSites, type SiteChoice } from "../../store/groups.ts";
import { REACH_GROUPS_MAX, REACH_SITES_MAX } from "../../store/reach.ts";
import { countText, listText } from "../../ui/format.ts";
import type { ReachChoice, ReachTick } from "../../ui/ReachFields.tsx";
import { tickedIds } from "../ticks.ts";

/** What the form holds of a reach, whether it is right or not. */
export interface TypedReach {
  /** `all`, `some`, or whatever was sent. */
  readonly kind: string;
  /** Groups that are ticked. */
  readonly groupIds: readonly number[];
  /** Sites that are ticked. */
  readonly siteIds: readonly number[];
  /** What sites are looked for by; `null`: none are. */
  readonly find: string | null;
}

/** Sites shown for one search. */
const FOUND_MAX = 20;

/** A reach as its form begins. */
export function typedReachOf(reach: Reach): TypedReach {
  return reach.kind === "all"
    ? { kind: "all", groupIds: [], siteIds: [], find: null }
    : { ...reach, find: null };
}

/** A reach as it was sent; sites are looked for where the button for it was pressed. */
export function typedReachIn(form: URLSearchParams): TypedReach {
  return {
    kind: form.get("reach") ?? "",
    groupIds: tickedIds(form, "group"),
    siteIds: tickedIds(form, "site"),
    find: form.get("do") === "find" ? (form.get("find") ?? "").slice(0, 80) : null,
  };
}

/** What is meant by what was sent, or what is wrong with it. */
export function readReach({ kind, groupIds, siteIds }: TypedReach): Result<Reach, string> {
  const ticks = groupIds.length + siteIds.length;
  switch (kind) {
    case "all":
      return ticks === 0
        ? ok(ALL_SITES)
        : err("Groups or sites are ticked: untick them, or choose only those");
    case "some":
      if (ticks === 0) return err("Tick a group or a site");
      if (groupIds.length > REACH_GROUPS_MAX) return err(`At most ${REACH_GROUPS_MAX} groups can be ticked`);
      if (siteIds.length > REACH_SITES_MAX) return err(`At most ${REACH_SITES_MAX} sites can be ticked`);
      return ok({ kind: "some", groupIds, siteIds });
    default:
      return err("Choose all sites or only some");
  }
}

/** What the fields show: all groups, the sites that are ticked, and those that were looked for. */
export async function loadReachChoice(db: Database, typed: TypedReach): Promise<ReachChoice> {
  const { kind, groupIds, siteIds, find } = typed;
  const [groups, chosen, found] = await Promise.all([
    listGroups(db),
    listSiteChoices(db, siteIds),
    find === null ? null : searchSites(db, { search: find, limit: FOUND_MAX }),
  ]);
  const sites = chosen.map(siteTick);
  return {
    kind,
    groups: groups.map(({ id, name, siteCount }) => ({ id, name, note: countText(siteCount, "site") })),
    groupIds,
    sites,
    find: find ?? "",
    found: found && {
      sites: found.sites.map(siteTick).filter(({ id }) => !sites.some((site) => site.id === id)),
      total: found.total,
    },
  };
}

function siteTick({ id, name, town }: SiteChoice): ReachTick {
  return { id, name, note: town };
}

/** A reach in words, counted rather than named. */
export function reachText(reach: Reach): string {
  if (reach.kind === "all") return "All sites";
  const { groupIds, siteIds } = reach;
  const parts = [
    ...(groupIds.length > 0 ? [countText(groupIds.length, "group")] : []),
    ...(siteIds.length > 0 ? [countText(siteIds.length, "site")] : []),
  ];
  return parts.length === 0 ? "Nothing" : listText(parts);
}

/** Names told of a reach, at most. */
const NAMES_MAX = 8;

/** A reach in words, by the names of its groups and sites; the last of many are counted. */
export async function reachNames(db: Database, reach: Reach): Promise<string> {
  if (reach.kind === "all") return "all sites";
  const { groupIds, siteIds } = reach;
  const groups = (await listGroups(db)).filter(({ id }) => groupIds.includes(id));
  const names = [...groups, ...await listSiteChoices(db, siteIds)].map(({ name }) => name);
  const more = names.length - NAMES_MAX;
  if (names.length === 0) return "nothing";
  return listText(more > 0 ? [...names.slice(0, NAMES_MAX), `${more} more`] : names);
}
