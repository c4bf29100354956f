import { strictEqual } from "node:assert/strict";
import { heldWords } from "../../../lib/health/report.ts";

const held = { visits: 3, values: 87, full: false };
const away = { error: "no answer" };
const CASES = [
  {
    name: "visits that wait to share a transaction are no trouble",
    seen: { held, databaseAway: null },
    want: null,
  },
  {
    name: "visits that wait for a database that is away are told",
    seen: { held, databaseAway: away },
    want: "3 visits (87 values) wait in memory for the database",
  },
  {
    name: "a database that is away is told elsewhere while nothing waits for it",
    seen: { held: { ...held, visits: 0, values: 0 }, databaseAway: away },
    want: null,
  },
];

for (const { name, seen, want } of CASES) {
  Deno.test(`heldWords(): ${name}`, () => strictEqual(heldWords(seen), want));
}
