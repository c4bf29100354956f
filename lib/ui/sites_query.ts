/**
 * Which sites a list shows, as the address of the page says it: searched, filtered, sorted, page by page. Pure, so
 * that links, form and query agree.
 *
 * @module
 */

/** Columns that a list of sites can be sorted by. */
export const SITE_SORTS = ["state", "name", "town", "complete"] as const;

/** One of them. */
export type SiteSort = (typeof SITE_SORTS)[number];

/** Filters by state. */
export const SITE_STATES = ["any", "silent", "partial", "backup", "good"] as const;

/** One of them. */
export type SiteStateFilter = (typeof SITE_STATES)[number];

/** Filters by the path that answered last. */
export const SITE_PATHS = ["any", "wired", "cellular", "wifi", "backup", "none"] as const;

/** One of them. */
export type SitePathFilter = (typeof SITE_PATHS)[number];

/** Which sites are shown. */
export interface SitesQuery {
  /** Part of a name or town, at most 80 characters; empty: any. */
  readonly q: string;
  /** Filter by state. */
  readonly state: SiteStateFilter;
  /** Filter by path. */
  readonly path: SitePathFilter;
  /** Column sorted by. */
  readonly sort: SiteSort;
  /** Whether the order is turned round. */
  readonly reverse: boolean;
  /** Page from 1 to 100,000. */
  readonly page: number;
}

/** All sites, those who need you first. */
export const ALL_SITES: SitesQuery = {
  q: "",
  state: "any",
  path: "any",
  sort: "state",
  reverse: false,
  page: 1,
};

const PAGE_MAX = 100_000;

/** Reads an address; whatever is not understood means the default. */
export function parseSitesQuery(params: URLSearchParams): SitesQuery {
  const page = Number(params.get("page") ?? "1");
  return {
    q: (params.get("q") ?? "").trim().slice(0, 80),
    state: oneOf(SITE_STATES, params.get("state")),
    path: oneOf(SITE_PATHS, params.get("path")),
    sort: oneOf(SITE_SORTS, params.get("sort")),
    reverse: params.get("order") === "reverse",
    page: Number.isInteger(page) && page >= 1 && page <= PAGE_MAX ? page : 1,
  };
}

/** The address of a list; defaults are left out, so that one list has one address. */
export function sitesHref(query: SitesQuery): string {
  const params = new URLSearchParams();
  if (query.q !== "") params.set("q", query.q);
  if (query.state !== "any") params.set("state", query.state);
  if (query.path !== "any") params.set("path", query.path);
  if (query.sort !== ALL_SITES.sort) params.set("sort", query.sort);
  if (query.reverse) params.set("order", "reverse");
  if (query.page > 1) params.set("page", String(query.page));
  const text = params.toString();
  return text === "" ? "/sites" : `/sites?${text}`;
}

/** The address after a click on a heading: sorts by it, or turns it round if it is already. */
export function sortedHref(query: SitesQuery, sort: SiteSort): string {
  return sitesHref({ ...query, sort, reverse: query.sort === sort ? !query.reverse : false, page: 1 });
}

function oneOf<T extends string>(values: readonly [T, ...T[]], text: string | null): T {
  return values.find((value) => value === text) ?? values[0];
}
