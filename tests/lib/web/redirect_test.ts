import { strictEqual } from "node:assert/strict";
import { ownPath } from "../../../lib/web/redirect.ts";

const CASES: readonly (readonly [string, string])[] = [
  ["/sites?q=a#b", "/sites?q=a#b"],
  ["", "/"],
  ["//evil.example", "/"],
  ["/\\evil.example", "/"],
  ["https://evil.example", "/"],
  ["javascript:alert(1)", "/"],
  ["/a\nb", "/"],
  ["/\t/evil.example", "/"],
];
for (const [back, want] of CASES) {
  Deno.test(`ownPath() leads ${JSON.stringify(back)} to ${want}`, () => strictEqual(ownPath(back), want));
}
