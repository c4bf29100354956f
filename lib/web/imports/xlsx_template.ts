/**
 * Makes a workbook of one sheet: texts alone, so that a spreadsheet guesses no dates and drops no digits.
 *
 * @module
 */

import { columnLetters } from "../../domain/site_sheet.ts";
import { zipOf } from "./zip.ts";

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/** Widest column that is drawn, in characters. */
const WIDTH_MAX = 32;

/** The workbook of some rows of texts, the first of them headings that stay in view. */
export function workbookOf(
  { sheet, rows }: { readonly sheet: string; readonly rows: readonly (readonly string[])[] },
): Uint8Array<ArrayBuffer> {
  return zipOf([
    {
      name: "[Content_Types].xml",
      text: `${HEAD}<Types xmlns="${PACKAGE}/content-types">` +
        `<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
        `<Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/>` +
        `<Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/>` +
        `<Override PartName="/xl/worksheets/sheet1.xml" ContentType="${TYPE}.worksheet+xml"/></Types>`,
    },
    {
      name: "_rels/.rels",
      text: relationsOf([["officeDocument", "xl/workbook.xml"]]),
    },
    {
      name: "xl/workbook.xml",
      text: `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets>` +
        `<sheet name="${escaped(sheet)}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    },
    {
      name: "xl/_rels/workbook.xml.rels",
      text: relationsOf([["worksheet", "worksheets/sheet1.xml"], ["styles", "styles.xml"]]),
    },
    { name: "xl/styles.xml", text: STYLES },
    { name: "xl/worksheets/sheet1.xml", text: sheetOf(rows) },
  ]);
}

/** Format 1 shows everything as text, format 2 does so in bold. */
const STYLES = `${HEAD}<styleSheet xmlns="${MAIN}">` +
  `<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>` +
  `<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
  `<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
  `<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
  `<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
  `<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
  `<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
  `<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs>` +
  `</styleSheet>`;

function relationsOf(relations: readonly (readonly [string, string])[]): string {
  const lines = relations.map(([type, target], i) =>
    `<Relationship Id="rId${i + 1}" Type="${RELATIONS}/${type}" Target="${target}"/>`
  );
  return `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${lines.join("")}</Relationships>`;
}

function sheetOf(rows: readonly (readonly string[])[]): string {
  const [headings = []] = rows;
  const columns = headings.map((_, i) => {
    const widest = Math.max(...rows.map((row) => row[i]?.length ?? 0));
    const width = Math.min(WIDTH_MAX, widest + 3);
    return `<col min="${i + 1}" max="${i + 1}" width="${width}" style="1" customWidth="1"/>`;
  });
  const lines = rows.map((row, i) => {
    const cells = row.map((text, j) => {
      const at = `r="${columnLetters(j)}${i + 1}" s="${i === 0 ? 2 : 1}"`;
      return text === ""
        ? `<c ${at}/>`
        : `<c ${at} t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`;
    });
    return `<row r="${i + 1}">${cells.join("")}</row>`;
  });
  const pane = `<pane xSplit="1" ySplit="1" topLeftCell="B2" activePane="bottomRight" state="frozen"/>`;
  return `${HEAD}<worksheet xmlns="${MAIN}">` +
    `<sheetViews><sheetView workbookViewId="0">${pane}</sheetView></sheetViews>` +
    `<cols>${columns.join("")}</cols><sheetData>${lines.join("")}</sheetData></worksheet>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll(
    '"',
    "&quot;",
  );
}
