import { strictEqual } from "node:assert/strict";
import { ownPath, redirectTo } from "../../../lib/web/redirect.ts";

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

Deno.test("redirectTo() leads to paths in any script, and breaks on none", () => {
  const where = (back: string) => redirectTo(back).headers.get("location");
  strictEqual(where("/sites?q=Mäntsälä&sort=a%20b"), "/sites?q=M%C3%A4nts%C3%A4l%C3%A4&sort=a%20b");
  strictEqual(where("/。evil.example"), "/%E3%80%82evil.example");
  strictEqual(where("/😀\ud800"), "/%F0%9F%98%80%EF%BF%BD");
});
