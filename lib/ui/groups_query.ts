/**
 * Which sites the page of a group shows, as its address says it: those in it, or all to choose from.
 *
 * @module
 */

import { pageNumber } from "./people_query.ts";

/** Which sites are shown. */
export interface GroupQuery {
  /** Part of a name or town, at most 80 characters; empty: any. */
  readonly q: string;
  /** `in`: only those in the group; `all`: all, to put some into it. */
  readonly show: "in" | "all";
  /** Page from 1 to 100,000. */
  readonly page: number;
}

/** The sites in a group. */
export const IN_GROUP: GroupQuery = { q: "", show: "in", page: 1 };

/** Reads an address, or the fields of a form that say the same; what is not understood means the default. */
export function parseGroupQuery(params: URLSearchParams): GroupQuery {
  return {
    q: (params.get("q") ?? "").trim().slice(0, 80),
    show: params.get("show") === "all" ? "all" : "in",
    page: pageNumber(params),
  };
}

/** The address of a group's page; defaults are left out. */
export function groupHref(groupId: number, { q, show, page }: GroupQuery): string {
  const params = new URLSearchParams();
  if (show === "all") params.set("show", show);
  if (q !== "") params.set("q", q);
  if (page > 1) params.set("page", String(page));
  const text = params.toString();
  return text === "" ? `/admin/groups/${groupId}` : `/admin/groups/${groupId}?${text}`;
}
