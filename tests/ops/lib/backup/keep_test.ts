import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  backupInstant,
  backupName,
  isPartialName,
  isPartName,
  partialName,
} from "../../../../ops/lib/backup/format.ts";
import { keptOf } from "../../../../ops/lib/backup/keep.ts";

const DAY_MS = 86_400_000;
const NEWEST = Date.UTC(2026, 10, 29, 2, 37);

function days(count: number, stepMs = DAY_MS): readonly { readonly atMs: number }[] {
  return Array.from({ length: count }, (_, i) => ({ atMs: NEWEST - i * stepMs }));
}

function namesOf(backups: readonly { readonly atMs: number }[]): readonly string[] {
  return backups.map(({ atMs }) => new Date(atMs).toISOString().slice(0, 10));
}

Deno.test("keptOf() keeps the newest of each of the last days, weeks and months", () => {
  const { stay, go } = keptOf(days(400), { daily: 3, weekly: 3, monthly: 4 });
  deepStrictEqual(namesOf(stay), [
    "2026-11-29", // today, this week, this month
    "2026-11-28",
    "2026-11-27",
    "2026-11-22", // Sunday of the week before
    "2026-11-15",
    "2026-10-31",
    "2026-09-30",
    "2026-08-31",
  ]);
  strictEqual(stay.length + go.length, 400);
});

Deno.test("keptOf() keeps every backup of the last 24 hours: those before deploys too", () => {
  const { go } = keptOf(days(20, 3_600_000), { daily: 1, weekly: 0, monthly: 0 });
  strictEqual(go.length, 0);
});

Deno.test("keptOf() loses none on a host that was off for a year", () => {
  const old = days(5).map(({ atMs }) => ({ atMs: atMs - 400 * DAY_MS }));
  deepStrictEqual(keptOf(old, { daily: 5, weekly: 0, monthly: 0 }).go, []);
});

Deno.test("keptOf() keeps the newest whatever is asked", () => {
  deepStrictEqual(keptOf(days(1), { daily: 0, weekly: 0, monthly: 0 }).go, []);
  deepStrictEqual(keptOf([], { daily: 7, weekly: 5, monthly: 12 }), { stay: [], go: [] });
});

Deno.test("backupInstant() reads what backupName() wrote, and nothing else", () => {
  strictEqual(backupName(NEWEST), "wattpost-20261129T023700Z");
  strictEqual(backupInstant(backupName(NEWEST)), NEWEST);
  for (
    const name of [
      "wattpost-20261329T023700Z",
      "wattpost-20261129T0237Z",
      "../wattpost-20261129T023700Z",
      "x",
    ]
  ) {
    strictEqual(backupInstant(name), null, name);
  }
  strictEqual(isPartialName(partialName(backupName(NEWEST))), true);
  strictEqual(isPartialName(backupName(NEWEST)), false);
  strictEqual(isPartName("../0001-site.jsonl.gz.age"), false);
});
