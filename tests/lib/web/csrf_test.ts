import { strictEqual } from "node:assert/strict";
import { comesFromUs } from "../../../lib/web/csrf.ts";

const US = "https://wattpost.example";
const CASES: { name: string; method?: string; headers: Record<string, string>; want: boolean }[] = [
  { name: "reading from anywhere", method: "GET", headers: { origin: "https://evil.example" }, want: true },
  { name: "a form of ours", headers: { origin: US, "sec-fetch-site": "same-origin" }, want: true },
  { name: "a form of ours in an old browser", headers: { origin: US }, want: true },
  { name: "a browser that sends no origin", headers: { "sec-fetch-site": "same-origin" }, want: true },
  {
    name: "another site",
    headers: { origin: "https://evil.example", "sec-fetch-site": "cross-site" },
    want: false,
  },
  { name: "a sister host", headers: { origin: US, "sec-fetch-site": "same-site" }, want: false },
  { name: "an opaque origin", headers: { origin: "null" }, want: false },
  {
    name: "a forged fetch header with a foreign origin",
    headers: { origin: "https://evil.example", "sec-fetch-site": "same-origin" },
    want: false,
  },
  { name: "a link typed by hand", headers: { "sec-fetch-site": "none" }, want: false },
  { name: "a request that proves nothing", headers: {}, want: false },
];
for (const { name, method = "POST", headers, want } of CASES) {
  Deno.test(`comesFromUs() ${want ? "admits" : "refuses"} ${name}`, () => {
    strictEqual(comesFromUs(new Request(`${US}/theme`, { method, headers }), US), want);
  });
}
