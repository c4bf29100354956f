import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { formatManifest, type Manifest, parseManifest } from "../../../../ops/lib/backup/manifest.ts";
import { formatPlan, parsePlan } from "../../../../ops/lib/backup/plan.ts";
import { TOTAL_NAMES } from "../../../../ops/lib/backup/totals.ts";

const SUM = "a".repeat(64);
const RECIPIENT = `age1${"q".repeat(58)}`;
const PART = { bytes: 900, sha256: SUM, plainBytes: 4_000, plainSha256: SUM } as const;

const MANIFEST: Manifest = {
  name: "wattpost-20261129T023700Z",
  snapshotMs: 1_795_919_820_000,
  madeMs: 1_795_919_850_000,
  release: "r17-63e2c47",
  engine: "mysql",
  engineVersion: "9.7.0",
  schema: ["0001_site", "0002_meter"],
  recipients: [RECIPIENT],
  tables: [
    {
      name: "recent",
      columns: [{ name: "half_hour", kind: "int" }],
      key: ["half_hour"],
      rows: 9,
      sha256: SUM,
    },
    { name: "site", columns: [{ name: "site_id", kind: "int" }], key: ["site_id"], rows: 0, sha256: SUM },
  ],
  parts: [
    { name: "0001-files.jsonl.gz.age", table: null, rows: 4, ...PART },
    { name: "0002-recent.jsonl.gz.age", table: "recent", rows: 5, ...PART },
    { name: "0003-recent.jsonl.gz.age", table: "recent", rows: 4, ...PART },
  ],
  totals: Object.fromEntries(TOTAL_NAMES.map((name, i) => [name, i])) as unknown as Manifest["totals"],
};

Deno.test("parseManifest() reads what formatManifest() wrote", () => {
  deepStrictEqual(parseManifest(formatManifest(MANIFEST)), { ok: true, value: MANIFEST });
});

const text = formatManifest(MANIFEST);
const REFUSED: readonly (readonly [string, string, string])[] = [
  [
    "a later version",
    text.replace('"version": 1', '"version": 2'),
    "it is of version 2, this release reads 1",
  ],
  ["a name that leads elsewhere", text.replace("0003-recent", "../recent"), "its parts are not understood"],
  ["a part twice", text.replace("0003-", "0002-"), "a part is named twice"],
  [
    "a table that has more rows than its parts",
    text.replace('"rows": 9', '"rows": 10'),
    "the parts of recent do not hold its rows",
  ],
  [
    "a part of no table",
    text.replace('"table": "recent"', '"table": "sites"'),
    "a part is of sites, which is no table of it",
  ],
  ["a checksum that is none", text.replace(SUM, "b"), "its tables are not understood"],
  ["a recipient that is none", text.replace(RECIPIENT, "ssh-ed25519"), "its recipients are not understood"],
  ["totals that lack one", text.replace('"sites"', '"places"'), "its totals are not understood"],
  ["half a file", text.slice(0, 500), "it is no JSON object"],
];
for (const [name, changed, why] of REFUSED) {
  Deno.test(`parseManifest() refuses ${name}`, () => {
    deepStrictEqual(parseManifest(changed), { ok: false, error: why });
  });
}

Deno.test("parsePlan() reads what formatPlan() wrote, and refuses a private key and nobody", () => {
  const plan = { recipients: [RECIPIENT], keep: { daily: 7, weekly: 5, monthly: 12 } };
  deepStrictEqual(parsePlan(formatPlan(plan)), { ok: true, value: plan });
  strictEqual(parsePlan(formatPlan({ ...plan, recipients: [] })).ok, false);
  strictEqual(parsePlan(formatPlan({ ...plan, recipients: ["AGE-SECRET-KEY-1QQQ"] })).ok, false);
  strictEqual(parsePlan(formatPlan({ ...plan, keep: { ...plan.keep, daily: 0 } })).ok, false);
});
