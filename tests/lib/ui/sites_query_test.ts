/**
 * The address of a list of sites says what it shows.
 *
 * @module
 */

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  ALL_SITES,
  parseSitesQuery,
  sitesHref,
  type SitesQuery,
  sortedHref,
} from "../../../lib/ui/sites_query.ts";

const BAD: readonly (readonly [string, string])[] = [
  ["an unknown state", "state=sideways"],
  ["an unknown path", "path=carrier-pigeon"],
  ["an unknown column", "sort=password"],
  ["page 0", "page=0"],
  ["a negative page", "page=-3"],
  ["a broken page", "page=2.5"],
  ["a word as page", "page=two"],
  ["a page beyond all limits", "page=1e9"],
  ["an empty page", "page="],
];

for (const [name, text] of BAD) {
  Deno.test(`parseSitesQuery() takes ${name} as all sites`, () => {
    deepStrictEqual(parseSitesQuery(new URLSearchParams(text)), ALL_SITES);
  });
}

Deno.test("parseSitesQuery() cuts a search at 80 characters", () => {
  strictEqual(parseSitesQuery(new URLSearchParams({ q: ` ${"x".repeat(200)}` })).q.length, 80);
});

Deno.test("sitesHref() gives one list one address", () => {
  strictEqual(sitesHref(ALL_SITES), "/sites");
});

Deno.test("sitesHref() and parseSitesQuery() agree on every choice", () => {
  const query: SitesQuery = {
    q: "mill & co",
    state: "silent",
    path: "backup",
    sort: "complete",
    reverse: true,
    page: 7,
  };
  const url = new URL(sitesHref(query), "http://localhost");
  deepStrictEqual(parseSitesQuery(url.searchParams), query);
});

Deno.test("sortedHref() sorts by another column from its own side, on the first page", () => {
  strictEqual(sortedHref({ ...ALL_SITES, page: 4, reverse: true }, "name"), "/sites?sort=name");
});

Deno.test("sortedHref() turns the column round that it is sorted by", () => {
  strictEqual(sortedHref({ ...ALL_SITES, sort: "name" }, "name"), "/sites?sort=name&order=reverse");
});
