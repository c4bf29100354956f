/**
 * Which people a list shows, as the address of the page says it. Pure, so that links, form and query agree.
 *
 * @module
 */

import { ALL_ROLES, type Role } from "../domain/permission.ts";

/** Filters by role. */
export const PEOPLE_ROLES: readonly ["any", ...Role[]] = ["any", ...ALL_ROLES];

/** Filters by whether somebody may come in. */
export const PEOPLE_STATES = ["any", "active", "invited", "locked"] as const;

/** Which people are shown. */
export interface PeopleQuery {
  /** Part of a name or e-mail address, at most 80 characters; empty: any. */
  readonly q: string;
  /** Their role. */
  readonly role: (typeof PEOPLE_ROLES)[number];
  /** Whether they may come in. */
  readonly state: (typeof PEOPLE_STATES)[number];
  /** Page from 1 to 100,000. */
  readonly page: number;
}

/** Everybody. */
export const EVERYBODY: PeopleQuery = { q: "", role: "any", state: "any", page: 1 };

const PAGE_MAX = 100_000;

/** Reads an address; whatever is not understood means the default. */
export function parsePeopleQuery(params: URLSearchParams): PeopleQuery {
  return {
    q: (params.get("q") ?? "").trim().slice(0, 80),
    role: PEOPLE_ROLES.find((role) => role === params.get("role")) ?? "any",
    state: PEOPLE_STATES.find((state) => state === params.get("state")) ?? "any",
    page: pageNumber(params),
  };
}

/** The page that an address asks for; 1 where it is not understood. */
export function pageNumber(params: URLSearchParams): number {
  const page = Number(params.get("page") ?? "1");
  return Number.isInteger(page) && page >= 1 && page <= PAGE_MAX ? page : 1;
}

/** The address of a list; defaults are left out, so that one list has one address. */
export function peopleHref({ q, role, state, page }: PeopleQuery): string {
  const params = new URLSearchParams();
  if (q !== "") params.set("q", q);
  if (role !== "any") params.set("role", role);
  if (state !== "any") params.set("state", state);
  if (page > 1) params.set("page", String(page));
  const text = params.toString();
  return text === "" ? "/admin/people" : `/admin/people?${text}`;
}
