import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { readSheet } from "../../../../lib/web/imports/read_file.ts";
import { cellText, type SheetTable } from "../../../../lib/web/imports/table.ts";
import { isDateFormat } from "../../../../lib/web/imports/xlsx_styles.ts";
import { workbookOf } from "../../../../lib/web/imports/xlsx_template.ts";
import { zipOf } from "../../../../lib/web/imports/zip.ts";

const now = () => Promise.resolve();

const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

interface Book {
  readonly sheet: string;
  readonly strings?: string;
  readonly styles?: string;
}

/** A workbook as programs write it, of parts of XML. */
function bookOf({ sheet, strings, styles }: Book): Uint8Array<ArrayBuffer> {
  const part = (name: string, text: string | undefined) => text === undefined ? [] : [{ name, text }];
  return zipOf([
    {
      name: "xl/workbook.xml",
      text:
        `<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets><sheet name="A" sheetId="1" r:id="rId7"/>` +
        `<sheet name="B" sheetId="2" r:id="rId8"/></sheets></workbook>`,
    },
    {
      name: "xl/_rels/workbook.xml.rels",
      text:
        `<Relationships><Relationship Id="rId7" Type="worksheet" Target="worksheets/first.xml"/></Relationships>`,
    },
    { name: "xl/worksheets/first.xml", text: sheet },
    ...part("xl/sharedStrings.xml", strings),
    ...part("xl/styles.xml", styles),
  ]);
}

const rowsXml = (rows: string, more = "") =>
  `<worksheet xmlns="${MAIN}"><sheetData>${rows}</sheetData>${more}</worksheet>`;
const text = (at: string, words: string) => `<c r="${at}" t="inlineStr"><is><t>${words}</t></is></c>`;
const HEAD = `<row r="1">${text("A1", "a")}${text("B1", "b")}${text("C1", "c")}</row>`;

async function tableOf(file: Uint8Array): Promise<SheetTable> {
  const read = await readSheet(file, now);
  if (!read.ok) throw new Error(read.error.words);
  return read.value;
}

async function faultOf(file: Uint8Array): Promise<string> {
  const read = await readSheet(file, now);
  return read.ok ? "" : read.error.words;
}

Deno.test("readXlsx() reads what workbookOf() makes", async () => {
  const rows = [["Site", "Zone"], ["A & <B>", " x "], ["é", ""]];
  const { headings, rows: read } = await tableOf(workbookOf({ sheet: "Sites", rows }));
  deepStrictEqual(headings, rows[0]);
  deepStrictEqual(read.map(({ cells }) => cells), [["A & <B>", " x "], ["é"]]);
});

Deno.test("readXlsx() reads shared and formatted texts, numbers as they were typed, booleans and gaps", async () => {
  const strings = `<sst xmlns="${MAIN}"><si><t>plain</t></si>` +
    `<si><r><t>in </t></r><r><rPr><b/></rPr><t>parts</t></r><rPh sb="0" eb="1"><t>spoken</t></rPh></si></sst>`;
  const sheet = rowsXml(
    `${HEAD}<row r="2"><c r="A2" t="s"><v>0</v></c><c r="C2" t="s"><v>1</v></c></row>` +
      `<row r="5"><c r="A5"><v>54.974800000000002</v></c><c r="B5" t="b"><v>1</v></c><c r="C5"><v>502</v></c></row>`,
  );
  const { rows } = await tableOf(bookOf({ sheet, strings }));
  deepStrictEqual(rows, [
    { row: 2, cells: ["plain", "", "in parts"] },
    { row: 5, cells: ["54.9748", "yes", "502"] },
  ]);
});

Deno.test("readXlsx() tells formulas, dates, times and errors from texts", async () => {
  const styles =
    `<styleSheet xmlns="${MAIN}"><numFmts><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>` +
    `<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="20"/></cellXfs></styleSheet>`;
  const sheet = rowsXml(
    `${HEAD}<row r="2"><c r="A2"><f>B2&amp;"x"</f><v>1</v></c><c r="B2" s="1"><v>46364</v></c><c r="C2" s="2"><v>0.5</v></c></row>` +
      `<row r="3"><c r="A3" t="e"><v>#REF!</v></c><c r="B3"><f t="shared" si="0"/><v>2</v></c><c r="C3" t="str"><f>A1</f><v>x</v></c></row>`,
  );
  const { rows } = await tableOf(bookOf({ sheet, styles }));
  deepStrictEqual(
    rows.map(({ cells }) => cells.map((cell) => typeof cell === "string" ? "text" : cell.kind)),
    [
      ["formula", "date", "date"],
      ["error", "formula", "formula"],
    ],
  );
  deepStrictEqual(rows[0]?.cells.map(cellText), ['=B2&"x"', "2026-12-08", "12:00"]);
});

Deno.test("readXlsx() keeps no more of a long text than would be refused", async () => {
  const sheet = rowsXml(
    `${HEAD}<row r="2">${text("A2", "x".repeat(10_000))}${text("B2", "y".repeat(50_000))}</row>`,
  );
  const { rows } = await tableOf(bookOf({ sheet }));
  deepStrictEqual(rows[0]?.cells, [
    { kind: "long", text: "x".repeat(200), chars: 10_000 },
    { kind: "long", text: "y".repeat(200), chars: 50_000 },
  ]);
});

const wideRow = (count: number) =>
  `<row r="1">${
    Array.from({ length: count }, (_, i) => `<c t="inlineStr"><is><t>h${i}</t></is></c>`).join("")
  }</row>`;

const FAULTS: readonly { readonly name: string; readonly file: Uint8Array; readonly want: RegExp }[] = [
  {
    name: "merged cells",
    file: bookOf({
      sheet: rowsXml(
        `${HEAD}<row r="2">${text("A2", "x")}</row>`,
        `<mergeCells><mergeCell ref="A2:A4"/></mergeCells>`,
      ),
    }),
    want: /Cells A2 to A4 are merged/,
  },
  { name: "61 columns", file: bookOf({ sheet: rowsXml(wideRow(61)) }), want: /61 columns, at most 60/ },
  {
    name: "something far to the right",
    file: bookOf({ sheet: rowsXml(`${HEAD}<row r="2">${text("XFD2", "x")}</row>`) }),
    want: /columns, at most 60/,
  },
  {
    name: "entities that grow",
    file: bookOf({
      sheet: `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>${
        rowsXml(`<row>${text("A1", "&b;")}</row>`)
      }`,
    }),
    want: /no whole workbook/,
  },
  {
    name: "XML that ends too early",
    file: bookOf({ sheet: "<worksheet><sheetData><row" }),
    want: /no whole workbook/,
  },
  { name: "an empty sheet", file: bookOf({ sheet: rowsXml("") }), want: /The file is empty/ },
  { name: "a zip of something else", file: zipOf([{ name: "a.txt", text: "x" }]), want: /is no workbook/ },
  {
    name: "half of a workbook",
    file: bookOf({ sheet: rowsXml(HEAD) }).slice(0, 400),
    want: /no whole workbook/,
  },
  { name: "an old workbook", file: new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 1]), want: /Excel 97 to 2003/ },
  { name: "a PDF", file: new TextEncoder().encode("%PDF-1.7"), want: /a PDF/ },
  {
    name: "one file twice",
    file: zipOf([{ name: "a", text: "x" }, { name: "a", text: "y" }]),
    want: /no whole workbook/,
  },
];

for (const { name, file, want } of FAULTS) {
  Deno.test(`readSheet() refuses ${name} in words`, async () => match(await faultOf(file), want));
}

/** Writes into the directory of an archive, at an offset of each of its entries. */
function forge(file: Uint8Array<ArrayBuffer>, change: (view: DataView, at: number) => void): Uint8Array {
  const view = new DataView(file.buffer);
  for (let at = 0; at < file.length - 4; at++) if (view.getUint32(at, true) === 0x02014b50) change(view, at);
  return file;
}

const SIZE_AT = 24;

Deno.test("readXlsx() inflates nothing of an archive whose directory says more than 50 MB", async () => {
  const bomb = bookOf({ sheet: rowsXml(HEAD) });
  match(
    await faultOf(forge(bomb, (view, at) => view.setUint32(at + SIZE_AT, 30_000_000, true))),
    /more than 50 MB/,
  );
});

Deno.test("readXlsx() stops where a file inflates to more than its directory says", async () => {
  const liar = bookOf({ sheet: rowsXml(`${HEAD}<row r="2">${" ".repeat(4 * 1024 * 1024)}</row>`) });
  strictEqual(liar.length < 20_000, true);
  const lie = (view: DataView, at: number) => {
    if (view.getUint32(at + SIZE_AT, true) > 1_000_000) view.setUint32(at + SIZE_AT, 500, true);
  };
  match(await faultOf(forge(liar, lie)), /no whole workbook/);
});

Deno.test("readXlsx() refuses an archive that is encrypted", async () => {
  const locked = bookOf({ sheet: rowsXml(HEAD) });
  match(
    await faultOf(forge(locked, (view, at) => view.setUint16(at + 8, 1, true))),
    /protected by a password/,
  );
});

const FORMATS = [
  { code: "yyyy-mm-dd", want: true },
  { code: "[h]:mm", want: true },
  { code: '0.00" days"', want: false },
  { code: "General", want: false },
  { code: "[Red]0.0", want: false },
  { code: "#,##0.00\\ \\h", want: false },
];

for (const { code, want } of FORMATS) {
  Deno.test(`isDateFormat() ${want ? "takes" : "does not take"} ${code} for a date`, () =>
    strictEqual(isDateFormat(code), want));
}
