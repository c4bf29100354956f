import { strictEqual } from "node:assert/strict";
import { preferred } from "../../../../lib/web/api/preferred.ts";

const TYPES = ["application/json", "text/csv"];

const CASES = [
  { accept: null, want: "application/json" },
  { accept: "", want: "application/json" },
  { accept: "*/*", want: "application/json" },
  { accept: "text/csv", want: "text/csv" },
  { accept: "TEXT/CSV; charset=utf-8", want: "text/csv" },
  { accept: "text/*", want: "text/csv" },
  { accept: "application/json;q=0.5, text/csv", want: "text/csv" },
  { accept: "application/json;q=0, */*", want: "text/csv" },
  { accept: "text/html, */*;q=0.1", want: "application/json" },
  { accept: "application/pdf", want: null },
  { accept: "text/csv;q=x", want: null },
  { accept: `${"a/b,".repeat(100_000)}text/csv`, want: null },
];
for (const { accept, want } of CASES) {
  Deno.test(`preferred() of Accept ${accept?.slice(0, 40)} is ${want}`, () => {
    strictEqual(preferred(new Headers(accept === null ? {} : { accept }), TYPES), want);
  });
}
