import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { decodeText, readCsv } from "../../../../lib/web/imports/csv_file.ts";
import { cellText, type SheetTable } from "../../../../lib/web/imports/table.ts";

const now = () => Promise.resolve();

async function tableOf(text: string): Promise<SheetTable> {
  const read = await readCsv(text, now);
  if (!read.ok) throw new Error(read.error.words);
  return read.value;
}

async function faultOf(text: string): Promise<string> {
  const read = await readCsv(text, now);
  return read.ok ? "" : read.error.words;
}

const texts = ({ rows }: SheetTable) => rows.map(({ cells }) => cells.map(cellText));

const SHEETS: readonly {
  readonly name: string;
  readonly text: string;
  readonly want: readonly string[][];
}[] = [
  { name: "commas and CRLF", text: "a,b\r\n1,2\r\n3,4\r\n", want: [["1", "2"], ["3", "4"]] },
  { name: "semicolons with commas inside", text: "a;b\n1,5;2\n", want: [["1,5", "2"]] },
  { name: "tabs", text: "a\tb\n1\t2", want: [["1", "2"]] },
  { name: "a line that names the separator", text: "sep=;\r\na;b,c\r\n1;2\r\n", want: [["1", "2"]] },
  { name: "quotes in quotes", text: 'a,b\n"say ""hi"", you","x"\n', want: [['say "hi", you', "x"]] },
  { name: "a line break within quotes", text: 'a,b\n"x\ny",2\n', want: [["x\ny", "2"]] },
  { name: "separators in quoted headings", text: '"a;b;c;d",b\n1,2\n', want: [["1", "2"]] },
  { name: "old line ends", text: "a,b\r1,2\r3,4", want: [["1", "2"], ["3", "4"]] },
  { name: "empty rows and empty cells at the end", text: "a,b\n,\n\n1,,,,\n  ,\n", want: [["1"]] },
  { name: "a quote within a cell", text: 'a,b\n5" pipe,2\n', want: [['5" pipe', "2"]] },
];

for (const { name, text, want } of SHEETS) {
  Deno.test(`readCsv() reads ${name}`, async () => deepStrictEqual(texts(await tableOf(text)), want));
}

Deno.test("readCsv() counts rows as a spreadsheet does", async () => {
  const { rows } = await tableOf('a\n\n"x\ny"\n\nz\n');
  deepStrictEqual(rows.map(({ row }) => row), [3, 5]);
});

Deno.test("readCsv() names a quote that is never closed with its line", async () => {
  match(await faultOf('a,b\n1,2\n3,"4\n5,6\n'), /quote that opens in line 3 is never closed/);
});

Deno.test("readCsv() refuses 61 columns and 5,001 rows, and takes 60 and 5,000", async () => {
  const wide = (count: number) => Array.from({ length: count }, (_, i) => `h${i}`).join(",");
  ok((await tableOf(`${wide(60)}\n${wide(60)}`)).headings.length === 60);
  match(await faultOf(`${wide(61)}\n1`), /has 61 columns, at most 60/);
  match(await faultOf(`a\n${",".repeat(100_000)}x`), /columns, at most 60/);
  strictEqual((await tableOf(`a\n${"1\n".repeat(5_000)}`)).rows.length, 5_000);
  match(await faultOf(`a\n${"1\n".repeat(5_001)}`), /more than 5,000 rows/);
});

Deno.test("readCsv() keeps no more of a long cell than would be refused", async () => {
  const [row] = (await tableOf(`a\n${"x".repeat(2_000_000)}\n`)).rows;
  deepStrictEqual(row?.cells[0], { kind: "long", text: "x".repeat(200), chars: 2_000_000 });
});

Deno.test("readCsv() says what is missing where there is nothing", async () => {
  match(await faultOf(""), /The file is empty/);
  match(await faultOf("\r\n\r\n"), /The file is empty/);
  match(await faultOf("a,b\r\n"), /no rows below them/);
});

const bytes = (...parts: readonly number[]) => new Uint8Array(parts);
const utf16 = (text: string, little: boolean) => {
  const view = new DataView(new ArrayBuffer(2 * text.length + 2));
  view.setUint16(0, 0xfeff, little);
  [...text].forEach((letter, i) => view.setUint16(2 * i + 2, letter.charCodeAt(0), little));
  return new Uint8Array(view.buffer);
};

Deno.test("decodeText() reads UTF-8 with and without a mark, and UTF-16, and says what else is expected", () => {
  deepStrictEqual(decodeText(new TextEncoder().encode("\ufeffé")), { ok: true, value: "é" });
  deepStrictEqual(decodeText(new TextEncoder().encode("é")), { ok: true, value: "é" });
  deepStrictEqual(decodeText(utf16("é,1", true)), { ok: true, value: "é,1" });
  deepStrictEqual(decodeText(utf16("é,1", false)), { ok: true, value: "é,1" });
  const latin = decodeText(bytes(0x41, 0xe9, 0x42));
  match(latin.ok ? "" : latin.error.words, /CSV UTF-8/);
  const binary = decodeText(bytes(0x41, 0, 0x42));
  match(binary.ok ? "" : binary.error.words, /no text/);
});
