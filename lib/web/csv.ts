/**
 * Comma-separated values (RFC 4180) that a spreadsheet cannot be made to execute.
 *
 * @module
 */

/** One cell; `null` stays empty. */
export type CsvCell = string | number | null;

/** The text of some rows, each ended by CRLF. */
export function csvText(rows: readonly (readonly CsvCell[])[]): string {
  return rows.map((row) => `${row.map(cellText).join(",")}\r\n`).join("");
}

/**
 * A text that begins like a formula is led by an apostrophe (OWASP "CSV injection"), and so is what would begin like
 * one where a spreadsheet separates cells by semicolons or tabs.
 */
function cellText(cell: CsvCell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  const safe = cell.replaceAll(/^(?=[=+\-@\t\r\n])|(?<=[;\t\r\n]"*)(?=[=+\-@])/g, "'");
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A file name made from people's words: letters, digits and dashes, at most 60. */
export function fileNameOf(words: string): string {
  const plain = words.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/^-/, "");
  return plain.slice(0, 60).replace(/-$/, "") || "export";
}
