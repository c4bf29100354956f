import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import {
  formatReleaseReport,
  parseReleaseReport,
  type ReleaseReport,
} from "../../../lib/domain/release_report.ts";

const report: ReleaseReport = {
  atMs: 2_000,
  release: "r17-63e2c47",
  deploy: { number: 17, release: "r17-63e2c47", beganMs: 1_000, outcome: "done" },
};

Deno.test("parseReleaseReport() reads what formatReleaseReport() writes", () => {
  for (const one of [report, { ...report, release: null, deploy: null }]) {
    deepStrictEqual(parseReleaseReport(formatReleaseReport(one)), { ok: true, value: one });
  }
});

const REFUSED = [
  ["half a file", '{"version":1,', /no JSON/],
  ["a list", "[]", /no object/],
  ["another version", JSON.stringify({ version: 2 }), /version is not 1/],
  ["no instant", JSON.stringify({ version: 1, atMs: "now" }), /no instant/],
  ["a strange name", JSON.stringify({ version: 1, atMs: 1, release: "<b>" }), /no name of a release/],
  [
    "a deploy of another shape",
    JSON.stringify({ version: 1, atMs: 1, deploy: { number: 0 } }),
    /deploy is not understood/,
  ],
] as const;

for (const [name, text, words] of REFUSED) {
  Deno.test(`parseReleaseReport() refuses ${name}`, () => {
    const refused = parseReleaseReport(text);
    strictEqual(refused.ok, false);
    match(refused.ok ? "" : refused.error, words);
  });
}
