import { deepStrictEqual, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  BULK_MAX,
  bulkEffect,
  bulkMark,
  type BulkSite,
  packIds,
  packMarks,
  unpackIds,
  unpackMarks,
} from "../../../lib/domain/site_bulk.ts";

const SITE: BulkSite = { id: 7, name: "Mill", groupId: 3, collected: true, hours: null };
const WEEK = [[{ fromMin: 480, toMin: 1080 }], [], [], [], [], [], []];

const EFFECTS = [
  { name: "nothing that is wanted", wish: {}, want: [] },
  { name: "what is so already", wish: { groupId: 3, collected: true, hours: null }, want: [] },
  { name: "a group that is left", wish: { groupId: null }, want: ["groupId"] },
  { name: "collection that ends", wish: { collected: false, groupId: 3 }, want: ["collected"] },
  { name: "hours that are given", wish: { hours: WEEK, collected: false }, want: ["collected", "hours"] },
] as const;

for (const { name, wish, want } of EFFECTS) {
  Deno.test(`bulkEffect() tells of ${name}`, () => deepStrictEqual(bulkEffect(SITE, wish), want));
}

Deno.test("bulkMark() differs where anything does that is changed, and only there", () => {
  const mark = bulkMark(SITE);
  strictEqual(bulkMark({ ...SITE }), mark);
  const others: readonly Partial<BulkSite>[] = [
    { name: "Mill 2" },
    { groupId: null },
    { collected: false },
    { hours: WEEK },
  ];
  for (const other of others) notStrictEqual(bulkMark({ ...SITE, ...other }), mark);
});

Deno.test("as many sites as may be changed at once fit into a form with their marks", () => {
  const ids = Array.from({ length: BULK_MAX }, (_, i) => 2_147_000_000 - i * 300_000).filter((id) => id > 0)
    .concat(Array.from({ length: BULK_MAX }, (_, i) => 1 + i * 7)).slice(0, BULK_MAX);
  const sites = ids.map((id) => ({ id, mark: "zzzzz" }));
  const text = packMarks(sites);
  ok(new URLSearchParams({ marks: text }).toString().length < 64 * 1024 - 2_000);
  deepStrictEqual(unpackMarks(text), sites.toSorted((a, b) => a.id - b.id));
  deepStrictEqual(unpackIds(packIds([9, 3, 3, 4])), [3, 4, 9]);
});

for (
  const text of [
    "",
    "-",
    "0",
    "1-0",
    "zzzzzz",
    "1 2",
    "1.",
    "-1",
    Array(BULK_MAX + 1).fill("1").join("-"),
  ]
) {
  Deno.test(`unpackIds() refuses "${text.slice(0, 12)}"`, () => strictEqual(unpackIds(text), null));
}
