/**
 * Which formats of a workbook show dates or times: to a workbook these are numbers, and "8-12" typed into a cell may
 * have become the 8th of December.
 *
 * @module
 */

import type { XmlHearer } from "./xml.ts";

/** Number formats that every workbook has for dates and times (ECMA-376 part 1, 18.8.30). */
const BUILT_IN: readonly (readonly [number, number])[] = [[14, 22], [27, 36], [45, 47], [50, 58]];

const FORMATS_MAX = 65_536;

/** Whether each cell format, in the order in which cells name them, shows a date or a time. */
export async function readStyles(read: (hearer: XmlHearer) => Promise<void>): Promise<readonly boolean[]> {
  const own = new Map<number, boolean>();
  const formats: boolean[] = [];
  let inCells = false;
  await read({
    open(name, attributes) {
      const id = Number(attributes["numFmtId"] ?? "0");
      if (name === "numFmt") own.set(id, isDateFormat(attributes["formatCode"] ?? ""));
      else if (name === "cellXfs") inCells = true;
      else if (name === "xf" && inCells && formats.length < FORMATS_MAX) {
        formats.push(own.get(id) ?? BUILT_IN.some(([from, to]) => id >= from && id <= to));
      }
    },
    text: () => {},
    close(name) {
      if (name === "cellXfs") inCells = false;
    },
  });
  return formats;
}

/** A format has letters of dates outside of quoted texts, escapes, colours and conditions. */
export function isDateFormat(code: string): boolean {
  const bare = code.slice(0, 500).replaceAll(/"[^"]*"|\\.|\[(?![hms]+\])[^\]]*\]|_./gi, "");
  return /[ymdhs]/i.test(bare) && !/general/i.test(bare);
}
