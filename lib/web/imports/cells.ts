/**
 * What may stand in a cell before anybody asks what it means: nothing that a spreadsheet would execute, nothing that
 * cannot be shown, nothing that nobody can type into a search.
 *
 * @module
 */

import type { CellNote } from "../../domain/site_import.ts";
import { type ColumnId, columnOf, SHEET_LIMITS } from "../../domain/site_sheet.ts";
import { countText, numberText } from "../../ui/format.ts";
import { cellText, type SheetCell } from "./table.ts";

/** A cell that was read. */
export interface CellRead {
  /** What stands in it, without spaces around. */
  readonly text: string;
  /** Why it is refused; `null`: it is not. */
  readonly note: CellNote | null;
}

/** Characters of a value that a message shows. */
const SHOWN = 40;

/** Nothing but what every keyboard has, as most cells. */
const PLAIN = /^[ -~]*$/;

// deno-lint-ignore no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
const DIRECTION = /[\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c]/;
const UNSEEN = /[\p{Cf}\p{Co}\p{Cn}\p{Cs}]/u;
/** Pictures, flags, keys and colours of skin; © ® ™ and digits are letters to people. */
const EMOJI = /(?![©®™\d#*])\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|\u20e3/u;

/** A number or a telephone number that begins with a sign. */
const SIGNED = /^[+\-\u2212][\d\s().,/-]+$/;

/** Reads a cell of a column. */
export function readCell(cell: SheetCell | undefined, column: ColumnId): CellRead {
  const shown = cellText(cell);
  const text = typeof cell === "string" ? unescaped(cell.trim()) : shown.trim();
  const words = wrongIn(cell, { text, column });
  return words === null ? { text, note: null } : { text: "", note: noteOf(column, shown, words) };
}

/** A note that refuses a value. */
export function noteOf(column: ColumnId, value: string, words: string): CellNote {
  return { column, state: "refused", value: shortened(value), words };
}

/** The first 40 characters of a value, with what cannot be shown replaced. */
export function shortened(value: string): string {
  const shown = value.trim().replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, "\ufffd");
  const letters = [...shown.slice(0, 4 * SHOWN)];
  return letters.length > SHOWN ? `${letters.slice(0, SHOWN - 1).join("")}…` : shown;
}

/** Our own files lead what begins like a formula by an apostrophe; a number was none. */
function unescaped(text: string): string {
  return text.startsWith("'") && SIGNED.test(text.slice(1)) ? text.slice(1) : text;
}

function wrongIn(
  cell: SheetCell | undefined,
  { text, column }: { readonly text: string; readonly column: ColumnId },
): string | null {
  if (cell !== undefined && typeof cell !== "string") return wrongKind(cell, column);
  if (text === "") return null;
  if (/^'?[=@\t\r]/.test(text) || (/^'?[+\-]/.test(text) && !SIGNED.test(text))) {
    return "Begins like a formula, which a spreadsheet would execute: a plain text is expected";
  }
  if (PLAIN.test(text)) return null;
  if (CONTROL.test(text)) {
    return `Has ${characterWords(text, CONTROL)}, which cannot be shown: one line is expected`;
  }
  if (DIRECTION.test(text)) {
    return `Has ${
      characterWords(text, DIRECTION)
    }, which turns the direction of reading: letters are expected`;
  }
  const emoji = EMOJI.exec(text);
  if (emoji) return `Has the emoji ${emoji[0]}: letters, digits and punctuation are expected`;
  if (UNSEEN.test(text)) return `Has ${characterWords(text, UNSEEN)}, which nobody sees: take it out`;
  return null;
}

function wrongKind(cell: Exclude<SheetCell, string>, column: ColumnId): string {
  switch (cell.kind) {
    case "formula":
      return "Is a formula: the value itself is expected (copy the column, and paste it as values)";
    case "date": {
      const advice = columnOf(column).of === "site" ? " such as 08:00-18:00" : "";
      return `Is a date or a time to the workbook: format the column as text and write the text${advice} again`;
    }
    case "error":
      return "Is an error of the workbook: the value itself is expected";
    case "long":
      return (cell.chars ?? 0) > SHEET_LIMITS.cellChars
        ? `Has more than ${
          numberText(SHEET_LIMITS.cellChars)
        } characters, at most ${SHEET_LIMITS.textChars} are accepted`
        : `Has ${countText(cell.chars ?? 0, "character")}, at most ${SHEET_LIMITS.textChars} are accepted`;
  }
}

function characterWords(text: string, pattern: RegExp): string {
  const code = pattern.exec(text)?.[0].codePointAt(0) ?? 0;
  return `a character U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}
