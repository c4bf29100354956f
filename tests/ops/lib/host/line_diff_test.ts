import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { lineDiff } from "../../../../ops/lib/host/line_diff.ts";

const lines = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => `line ${from + at}`);
const text = (all: readonly string[]) => `${all.join("\n")}\n`;

Deno.test("lineDiff() has nothing to say of the same text", () =>
  deepStrictEqual(lineDiff("a\n", "a\n", "/f"), []));

Deno.test("lineDiff() shows a new file whole", () => {
  deepStrictEqual(lineDiff("", "a\nb\n", "/f"), ["--- /dev/null", "+++ /f", "@@ -0,0 +1,2 @@", "+a", "+b"]);
});

Deno.test("lineDiff() shows three lines around each change, far ones apart", () => {
  const old = lines(1, 30);
  const now = [...lines(1, 4), "new", ...lines(6, 24), ...lines(26, 30)];
  deepStrictEqual(lineDiff(text(old), text(now), "/f").slice(2), [
    "@@ -2,7 +2,7 @@",
    " line 2",
    " line 3",
    " line 4",
    "-line 5",
    "+new",
    " line 6",
    " line 7",
    " line 8",
    "@@ -22,7 +22,6 @@",
    " line 22",
    " line 23",
    " line 24",
    "-line 25",
    " line 26",
    " line 27",
    " line 28",
  ]);
});

Deno.test("lineDiff() says that a text does not end with a line", () => {
  deepStrictEqual(lineDiff("a\n", "a", "/f").slice(3), ["-a", "+a (no newline at the end)"]);
});

Deno.test("lineDiff() shows texts too long to compare as replaced", () => {
  const old = text(lines(1, 3_000).map((line) => `old ${line}`));
  const now = text(lines(1, 3_000).map((line) => `new ${line}`));
  strictEqual(lineDiff(old, now, "/f").length, 6_003);
});
