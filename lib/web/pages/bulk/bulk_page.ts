/**
 * Many sites that are changed alike, as their page shows them: chosen, looked at, done.
 *
 * @module
 */

import { closedHalfHourAt, endMsOf, halfHourOf } from "../../../domain/half_hour.ts";
import { formatHours, WEEKDAYS } from "../../../domain/hours.ts";
import { localLabel } from "../../../domain/local_day.ts";
import type { Reach } from "../../../domain/permission.ts";
import type { WeekHours } from "../../../domain/site.ts";
import {
  BULK_MAX,
  bulkEffect,
  type BulkField,
  bulkMark,
  type BulkSite,
  type BulkWish,
  packIds,
  packMarks,
} from "../../../domain/site_bulk.ts";
import type { Database } from "../../../store/db.ts";
import { listFoundIds } from "../../../store/overview.ts";
import { type BulkOutcome, readBulkSites } from "../../../store/site_bulk.ts";
import type { FieldOption } from "../../../ui/Input.tsx";
import type {
  BulkChoice,
  BulkDone,
  BulkDryRun,
  BulkSiteLink,
  BulkSites,
  BulkTexts,
} from "../../../ui/bulk_model.ts";
import { parseSitesQuery } from "../../../ui/sites_query.ts";
import type { FieldErrors } from "../../form.ts";
import { wishFields } from "./bulk_form.ts";

/** A group that may be chosen. */
export interface GroupName {
  /** Its id. */
  readonly id: number;
  /** Its name. */
  readonly name: string;
}

/** Who changes sites, and what they may choose. */
export interface BulkDesk {
  /** The database. */
  readonly db: Database;
  /** Sites within reach. */
  readonly reaches: readonly Reach[];
  /** Groups that sites may be put into. */
  readonly groups: readonly GroupName[];
  /** Whether sites may be taken out of any group. */
  readonly mayUngroup: boolean;
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** The zone in which times are said. */
  readonly zone: string;
}

/** Nothing is wanted yet. */
export const NO_WISH: BulkTexts = {
  group: "keep",
  collected: "keep",
  hours: "keep",
  days: WEEKDAYS.map(() => ""),
  sameAsMonday: true,
};

/** Ids of the sites that an address names: ticked ones, or all that its filters find; at most one more than may be. */
export async function chosenIds(
  { db, reaches, nowMs }: Pick<BulkDesk, "db" | "reaches" | "nowMs">,
  params: URLSearchParams,
): Promise<readonly number[]> {
  if (params.get("all") === "on") {
    const { q, state, path } = parseSitesQuery(params);
    return await listFoundIds(db, {
      reaches,
      ...(q === "" ? {} : { search: q }),
      ...(state === "any" ? {} : { state }),
      ...(path === "any" ? {} : { path }),
      halfHour: closedHalfHourAt(nowMs),
      limit: BULK_MAX + 1,
    });
  }
  const ids = params.getAll("site").filter((text) => /^[1-9]\d{0,9}$/.test(text)).map(Number);
  return [...new Set(ids)].filter((id) => id <= 2_147_483_647);
}

/** What was typed and what was wrong with it. */
export interface TypedWish {
  /** As typed. */
  readonly values: BulkTexts;
  /** What was wrong, by field. */
  readonly faults: FieldErrors;
}

/** The sites that were chosen, and what may become of them. */
export async function choicePage(
  desk: BulkDesk,
  siteIds: readonly number[],
  { values, faults }: TypedWish,
): Promise<BulkChoice> {
  const sites = await readBulkSites(desk.db, { siteIds, reaches: desk.reaches });
  const none = desk.mayUngroup ? [{ value: "none", label: "No group" }] : [];
  return {
    kind: "choice",
    sites: packIds(sites.map(({ id }) => id)),
    chosen: sites.map(linkOf),
    away: siteIds.length - sites.length,
    values,
    faults,
    groups: [
      { value: "keep", label: "As it is" },
      ...none,
      ...desk.groups.map(({ id, name }): FieldOption => ({ value: String(id), label: name })),
    ],
  };
}

/** What it would do to each of the sites. */
export async function lookPage(
  desk: BulkDesk,
  siteIds: readonly number[],
  { wish, values }: { readonly wish: BulkWish; readonly values: BulkTexts },
): Promise<BulkDryRun> {
  const sites = await readBulkSites(desk.db, { siteIds, reaches: desk.reaches });
  const changing = sites.filter((site) => bulkEffect(site, wish).length > 0);
  const same = sites.filter((site) => bulkEffect(site, wish).length === 0);
  const groups = Map.groupBy(changing, (site) => wordsOf(site, { wish, groups: desk.groups }));
  const changes = [...groups].map(([words, list]): BulkSites => ({ words, sites: list.map(linkOf) }));
  return {
    kind: "look",
    changes: changes.toSorted((a, b) => b.sites.length - a.sites.length),
    same: same.map(linkOf),
    away: siteIds.length - sites.length,
    hidden: [
      // Those that come with a mark are not named twice: a form holds only so much.
      ["sites", packIds(same.map(({ id }) => id))],
      ["marks", packMarks(changing.map((site) => ({ id: site.id, mark: bulkMark(site) })))],
      ...wishFields(values, wish),
    ],
    nextLabel: localLabel(desk.zone, endMsOf(halfHourOf(desk.nowMs))),
  };
}

/** What came of it. */
export function donePage(
  { left, ...outcome }: BulkOutcome,
  { wish, values }: { readonly wish: BulkWish; readonly values: BulkTexts },
): BulkDone {
  return {
    kind: "done",
    ...outcome,
    left: left.length === 0 || outcome.groupGone
      ? null
      : { count: left.length, hidden: [["marks", packMarks(left)], ...wishFields(values, wish)] },
  };
}

function linkOf({ id, name }: BulkSite): BulkSiteLink {
  return { name, href: `/sites/${id}` };
}

interface WordsAround {
  readonly wish: BulkWish;
  readonly groups: readonly GroupName[];
}

/** What would change of a site, in words that are the same wherever the change is. */
function wordsOf(site: BulkSite, { wish, groups }: WordsAround): string {
  const group = (id: number) => groups.find((one) => one.id === id)?.name ?? "another one";
  const words = (field: BulkField): string => {
    switch (field) {
      case "groupId":
        return groupMove(site.groupId, wish.groupId ?? null, group);
      case "collected":
        return wish.collected ? "half-hours are collected again" : "half-hours are not collected any more";
      case "hours":
        return `operating hours ${weekText(site.hours)} become ${weekText(wish.hours ?? null)}`;
    }
  };
  const text = bulkEffect(site, wish).map(words).join("; ");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function groupMove(from: number | null, to: number | null, name: (id: number) => string): string {
  if (to === null) return from === null ? "" : `out of group ${name(from)}`;
  return from === null ? `into group ${name(to)}` : `from group ${name(from)} into ${name(to)}`;
}

/** A week in a few words: days that are alike stand together. */
function weekText(hours: WeekHours | null): string {
  if (hours === null) return "none";
  const texts = formatHours(hours).map((text) => text === "" ? "closed" : text);
  const runs: { from: number; to: number; readonly text: string }[] = [];
  texts.forEach((text, day) => {
    const last = runs.at(-1);
    if (last?.text === text) last.to = day;
    else runs.push({ from: day, to: day, text });
  });
  const day = (at: number) => (WEEKDAYS[at] ?? "").slice(0, 3);
  return runs.map(({ from, to, text }) => `${from === to ? day(from) : `${day(from)}–${day(to)}`} ${text}`)
    .join(
      ", ",
    );
}
