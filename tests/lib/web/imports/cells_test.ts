import { match, strictEqual } from "node:assert/strict";
import type { ColumnId } from "../../../../lib/domain/site_sheet.ts";
import { readCell, shortened } from "../../../../lib/web/imports/cells.ts";
import { type SheetCell, textCell } from "../../../../lib/web/imports/table.ts";

const GOOD: readonly (readonly [cell: SheetCell, column: ColumnId, text: string])[] = [
  ["  Łódź, Plac Wolności 1 ", "address", "Łódź, Plac Wolności 1"],
  ["-0.1276", "longitude", "-0.1276"],
  ["'-0.1276", "longitude", "-0.1276"],
  ["+44 (1434) 632-000", "phone", "+44 (1434) 632-000"],
  ["'+44 1434 632000", "phone", "+44 1434 632000"],
  ["Bäckerei © Müller™ 2", "site", "Bäckerei © Müller™ 2"],
  ["中央病院", "site", "中央病院"],
  ["x".repeat(200), "site", "x".repeat(200)],
  ["", "town", ""],
];

for (const [cell, column, text] of GOOD) {
  Deno.test(`readCell() takes ${JSON.stringify(cell).slice(0, 40)}`, () => {
    const read = readCell(cell, column);
    strictEqual(read.note, null);
    strictEqual(read.text, text);
  });
}

const REFUSED: readonly { readonly name: string; readonly cell: SheetCell; readonly want: RegExp }[] = [
  { name: "a formula", cell: "=1+1", want: /formula/ },
  { name: "a formula behind an apostrophe", cell: "'=cmd|' /C calc'!A0", want: /formula/ },
  { name: "a formula that begins with a sign", cell: "+SUM(A1)", want: /formula/ },
  { name: "a formula that begins with a minus", cell: "-1+cmd", want: /formula/ },
  { name: "a formula that begins with an at", cell: "@SUM(A1)", want: /formula/ },
  { name: "a formula of a workbook", cell: { kind: "formula", text: "=A1" }, want: /Is a formula/ },
  { name: "an error of a workbook", cell: { kind: "error", text: "#REF!" }, want: /error of the workbook/ },
  { name: "a date of a workbook", cell: { kind: "date", text: "2026-12-08" }, want: /date or a time/ },
  { name: "an emoji", cell: "Power ⚡", want: /the emoji ⚡/ },
  { name: "a flag", cell: "Home 🇩🇪", want: /the emoji/ },
  { name: "a key", cell: "Unit 1️⃣", want: /the emoji|nobody sees/ },
  { name: "a family", cell: "House 👨‍👩‍👧", want: /the emoji/ },
  { name: "a control character", cell: "a\u0007b", want: /U\+0007/ },
  { name: "a line break", cell: "a\nb", want: /U\+000A/ },
  { name: "a turned direction", cell: "invoice\u202Egpj.exe", want: /U\+202E, which turns/ },
  { name: "a space that nobody sees", cell: "a\u200Bb", want: /U\+200B, which nobody sees/ },
  { name: "201 characters", cell: textCell("x".repeat(201)), want: /Has 201 characters, at most 200/ },
  {
    name: "10,000 characters",
    cell: textCell("x".repeat(10_000)),
    want: /Has 10,000 characters, at most 200/,
  },
  {
    name: "more than are read",
    cell: textCell("x".repeat(10_000), 70_000),
    want: /more than 10,000 characters/,
  },
];

for (const { name, cell, want } of REFUSED) {
  Deno.test(`readCell() refuses ${name} and shows its beginning`, () => {
    const { text, note } = readCell(cell, "site");
    strictEqual(text, "");
    match(note?.words ?? "", want);
    strictEqual((note?.value.length ?? 99) <= 80, true);
  });
}

Deno.test("shortened() cuts to 40 characters and turns no line around", () => {
  strictEqual([...shortened("y".repeat(100))].length, 40);
  strictEqual(shortened("a\u202Eb"), "a\uFFFDb");
});
