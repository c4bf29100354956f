/**
 * Who may do what and where, case by case.
 *
 * @module
 */

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  ALL_ACTIONS,
  ALL_ROLES,
  ALL_SITES,
  type Asker,
  may,
  PERMISSIONS,
  type Reach,
  reachesSite,
} from "../../../lib/domain/permission.ts";

const KILN = { id: 3, groupId: 7 };
const MILL = { id: 4, groupId: null };

const asker = (reaches: readonly Reach[], more: Partial<Asker> = {}): Asker => ({
  role: "administrator",
  reaches,
  mayWrite: true,
  ...more,
});

const some = (groupIds: readonly number[], siteIds: readonly number[]): Reach => ({
  kind: "some",
  groupIds,
  siteIds,
});

const REACHES = [
  { name: "no reach at all", reaches: [], kiln: false, mill: false },
  { name: "all sites", reaches: [ALL_SITES], kiln: true, mill: true },
  { name: "some sites, and none is named", reaches: [some([], [])], kiln: false, mill: false },
  { name: "a group", reaches: [some([7], [])], kiln: true, mill: false },
  { name: "a named site", reaches: [some([], [4])], kiln: false, mill: true },
  { name: "another group and another site", reaches: [some([8], [5])], kiln: false, mill: false },
  { name: "a group and a named site", reaches: [some([7], [4])], kiln: true, mill: true },
  {
    name: "a token for all of a person for some",
    reaches: [ALL_SITES, some([7], [])],
    kiln: true,
    mill: false,
  },
  {
    name: "two that have no site in common",
    reaches: [some([7], []), some([], [4])],
    kiln: false,
    mill: false,
  },
];
for (const { name, reaches, kiln, mill } of REACHES) {
  Deno.test(`reachesSite() by ${name}`, () => {
    strictEqual(reachesSite(asker(reaches), KILN), kiln);
    strictEqual(reachesSite(asker(reaches), MILL), mill);
  });
}

Deno.test("may() allows nothing at a site to whoever reaches nothing, whatever the role", () => {
  for (const action of ["site.see", "site.export", "site.read-now", "site.change"] as const) {
    strictEqual(may(asker([]), action, KILN), false, action);
    strictEqual(may(asker([ALL_SITES]), action, KILN), true, action);
  }
});

Deno.test("may() lets a token for looking change nothing", () => {
  const looking = asker([ALL_SITES], { mayWrite: false });
  ok(may(looking, "site.see", KILN));
  ok(may(looking, "audit.export"));
  strictEqual(may(looking, "site.change", KILN), false);
  strictEqual(may(looking, "people.change"), false);
  strictEqual(may(looking, "account.own"), false);
});

Deno.test("may() grows with the role and never shrinks", () => {
  for (const action of ALL_ACTIONS) {
    const allowed = ALL_ROLES.map((role) => PERMISSIONS[action].roles.includes(role));
    deepStrictEqual(allowed, [...allowed].sort((a, b) => Number(a) - Number(b)), action);
    ok(allowed.at(-1), `${action} is for administrators too`);
  }
});
