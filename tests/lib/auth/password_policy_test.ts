import { strictEqual } from "node:assert/strict";
import { judgePassword } from "../../../lib/auth/password_policy.ts";

const CASES: readonly (readonly [password: string, taken: boolean])[] = [
  ["elevenchars", false],
  ["twelve chars", true],
  ["a sentence that is long enough", true],
  ["x".repeat(201), false],
  ["1234567890123", false],
  ["abcdefghijklmnop", false],
  ["zyxwvutsrqponm", false],
  ["aaaaaaaaaaaa", false],
  ["abcabcabcabcabc", false],
  ["unbelievable", false],
  ["Unbelievable!2026", false],
  ["password123456", false],
  ["Wattpost-2026-depot", false],
  ["ünïcödé and spaces", true],
  ["correct horse battery staple", true],
];

for (const [password, taken] of CASES) {
  Deno.test(`judgePassword() ${taken ? "takes" : "refuses"} "${password.slice(0, 40)}"`, () => {
    strictEqual(judgePassword(password).ok, taken);
  });
}
