import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  closingLine,
  strictly,
  type SuiteEnd,
  sumOf,
  type Tally,
  tallyOf,
  troubleOf,
} from "../../../ops/lib/test_summary.ts";

interface Case {
  readonly name: string;
  readonly end: SuiteEnd;
  readonly want: Tally;
}

const CASES: readonly Case[] = [
  {
    name: "a suite that passed",
    end: { code: 0, output: "a ... ok (1ms)\n\nok | 12 passed (3 steps) | 0 failed | 2 ignored (96ms)\n" },
    want: { passed: 12, failed: 0, ignored: 2 },
  },
  {
    name: "a suite that failed",
    end: { code: 1, output: "FAILED | 85 passed | 3 failed (7s)\n\nerror: Test failed" },
    want: { passed: 85, failed: 3, ignored: 0 },
  },
  {
    name: "a module that does not load",
    end: { code: 1, output: "error: Module not found" },
    want: { passed: 0, failed: 1, ignored: 0 },
  },
  {
    name: "a suite that passed and then ended badly",
    end: { code: 134, output: "ok | 5 passed | 0 failed (1s)\nfatal" },
    want: { passed: 5, failed: 1, ignored: 0 },
  },
  {
    name: "the last line, not one that a test printed",
    end: { code: 0, output: "ok | 99 passed | 9 failed (1s)\nok | 1 passed | 0 failed (1s)" },
    want: { passed: 1, failed: 0, ignored: 0 },
  },
];
for (const { name, end, want } of CASES) {
  Deno.test(`tallyOf() counts ${name}`, () => deepStrictEqual(tallyOf(end), want));
}

Deno.test("strictly() counts what was skipped as failed", () => {
  deepStrictEqual(strictly({ passed: 3, failed: 1, ignored: 2 }), { passed: 3, failed: 3, ignored: 0 });
});

Deno.test("closingLine() of a sum is what machines read", () => {
  const sum = sumOf([{ passed: 3, failed: 1, ignored: 2 }, { passed: 4, failed: 0, ignored: 0 }]);
  strictEqual(closingLine(sum), "7 passed, 1 failed");
});

Deno.test("troubleOf() begins at the errors and keeps the end", () => {
  strictEqual(troubleOf("a ... ok\n\n ERRORS \n\nb\n", 100), " ERRORS \n\nb\n");
  strictEqual(troubleOf("x".repeat(20) + "end", 5), "…xxend");
});
