import { strictEqual } from "node:assert/strict";
import { csvText, fileNameOf } from "../../../lib/web/csv.ts";

const CELLS = [
  { name: "nothing, not 0, where there is none", cell: null, want: "" },
  { name: "0 as 0", cell: 0, want: "0" },
  { name: "a negative number as it is", cell: -12.5, want: "-12.5" },
  { name: "a formula as text", cell: "=SUM(A1)", want: "'=SUM(A1)" },
  { name: "a plus as text", cell: "+44", want: "'+44" },
  { name: "a minus as text", cell: "-1+1", want: "'-1+1" },
  { name: "an at sign as text", cell: "@cmd", want: "'@cmd" },
  { name: "a formula behind a tab as text", cell: "\t=1", want: "'\t'=1" },
  { name: "a formula behind a new line as text", cell: "\n=1", want: "\"'\n'=1\"" },
  {
    name: "a formula behind a semicolon as text",
    cell: "x;=cmd|'/c calc'!A0;y",
    want: "x;'=cmd|'/c calc'!A0;y",
  },
  { name: "each of several such formulas as text", cell: "a;+1;@b\t-2", want: "a;'+1;'@b\t'-2" },
  { name: "a formula behind a semicolon and a quote as text", cell: 'x;"=1"', want: '"x;""\'=1"""' },
  { name: "a semicolon before a word as it is", cell: "Hall; north = old", want: "Hall; north = old" },
  { name: "a formula behind a line end as text", cell: "\r=1", want: "\"'\r'=1\"" },
  { name: "a formula with quotes as quoted text", cell: '=A("x")', want: '"\'=A(""x"")"' },
  { name: "a comma quoted", cell: "Oven, left", want: '"Oven, left"' },
  { name: "a quote doubled", cell: '19" rack', want: '"19"" rack"' },
  { name: "two lines in quotes", cell: "a\nb", want: '"a\nb"' },
  { name: "an equals sign inside as it is", cell: "a=b", want: "a=b" },
  { name: "letters of any script as they are", cell: "Bäckerei №1", want: "Bäckerei №1" },
] as const;
for (const { name, cell, want } of CELLS) {
  Deno.test(`csvText() writes ${name}`, () => strictEqual(csvText([[cell]]), `${want}\r\n`));
}

Deno.test("csvText() ends every row and keeps empty places", () => {
  strictEqual(csvText([["a", null, 1], [null, null, null]]), "a,,1\r\n,,\r\n");
  strictEqual(csvText([]), "");
});

const NAMES = [
  ["Bakery, Leeds", "bakery-leeds"],
  ["Café Zoë", "cafe-zoe"],
  ["Bäckerei Süd", "backerei-sud"],
  ["../../etc/passwd", "etc-passwd"],
  ['a"; rm -rf\r\nX-Header: 1', "a-rm-rf-x-header-1"],
  ["店", "export"],
  ["", "export"],
  ["x".repeat(200), "x".repeat(60)],
] as const;
for (const [words, want] of NAMES) {
  Deno.test(`fileNameOf() makes ${want.slice(0, 20)} of ${JSON.stringify(words.slice(0, 20))}`, () => {
    strictEqual(fileNameOf(words), want);
  });
}

Deno.test("fileNameOf() does not end in a dash when cut", () => {
  strictEqual(fileNameOf(`${"x".repeat(59)} y`), "x".repeat(59));
});
