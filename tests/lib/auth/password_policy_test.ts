import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { judgePassword } from "../../../lib/auth/password_policy.ts";
import { err, ok } from "../../../lib/result.ts";

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
  ["password2026", false],
  ["sunshine-19840131", false],
  ["sunshine730462918504", true],
  ["sunshine1234567890123", false],
  ["sunshine000000000000", false],
  ["ｐａｓｓｗｏｒｄ２０２６", false],
  ["🐎🐎🐄🐖🐑🐐", false],
  ["🐎 reads 🐄 slow", true],
];

for (const [password, taken] of CASES) {
  Deno.test(`judgePassword() ${taken ? "takes" : "refuses"} "${password.slice(0, 40)}"`, () => {
    strictEqual(judgePassword(password).ok, taken);
  });
}

const OWNER = { name: "Åsa Lindström-Okoye", email: "a.lindstrom@northfold.example" };

const OWN: readonly (readonly [password: string, own: string | null])[] = [
  ["the lindstrom family", "lindstrom"],
  ["LINDSTRÖM is how we spell it", "lindstrom"],
  ["seven okoye sisters", "okoye"],
  ["northfold builds well", "northfold"],
  ["Asa-1984-0131-77", "asa"],
  ["nasal sprays and tissues", null],
  ["an example of nothing", null],
  ["correct horse battery staple", null],
];

for (const [password, own] of OWN) {
  Deno.test(`judgePassword() ${own ? `tells its owner that "${own}" is theirs` : "takes"} in "${password}"`, () => {
    const judged = judgePassword(password, OWNER);
    const words = `Contains "${own}" of your own name or e-mail address: choose one without it`;
    deepStrictEqual(judged, own === null ? ok(password) : err(words));
    strictEqual(judgePassword(password).ok, true);
  });
}
