/**
 * Sheets for tests: rows by the headings that they need.
 *
 * @module
 */

import { SHEET_COLUMNS } from "../../../../lib/domain/site_sheet.ts";

/** Cells by their headings. */
export type Cells = Readonly<Record<string, string>>;

/** A row that is good. */
export const GOOD: Cells = {
  "Site": "Corbridge",
  "Zone": "Europe/London",
  "Path 1 host": "203.0.113.17",
  "Port": "503",
  "Unit": "1",
  "Device": "Incomer",
  "Profile": "eastron-sdm630",
};

/** Headings and rows of all columns that any of the rows has. */
export function sheetOf(rows: readonly Cells[]): readonly (readonly string[])[] {
  const headings = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return [headings, ...rows.map((row) => headings.map((heading) => row[heading] ?? ""))];
}

/** Many sites of some devices each, every column filled in that people usually fill in. */
export function manySites(
  { rows, each, host = (site) => `10.${site >> 8}.${site & 255}.7` }: {
    readonly rows: number;
    readonly each: number;
    readonly host?: (site: number) => string;
  },
): readonly (readonly string[])[] {
  const headings = SHEET_COLUMNS.map(({ heading }) => heading);
  const cells = Array.from({ length: rows }, (_, i): Cells => {
    const site = Math.floor(i / each);
    return {
      "Site": `Site ${String(site).padStart(5, "0")}`,
      "Address": `${site} High Street`,
      "Town": "Corbridge",
      "Zone": "Europe/London",
      "Latitude": (50 + site / 1000).toFixed(4),
      "Longitude": "-2.0185",
      "Contact": "Alison Reed",
      "Phone": "+44 1434 632000",
      "E-mail": "office@corbridge.example",
      "Hours weekdays": "08:00-18:00",
      "Router model": "RUT956",
      "Router serial": String(1_116_800_000 + site),
      "Router profile": "teltonika-rut9xx",
      "Router port": "502",
      "Path 1 kind": "cellular",
      "Path 1 host": host(site),
      "Data MB": "500",
      "Port": "503",
      "Endpoint": "gateway",
      "Unit": String(i % each + 1),
      "Device": `Meter ${i % each + 1}`,
      "Profile": "eastron-sdm630",
      "End use": i % each === 0 ? "other" : "heating",
      "Whole site": i % each === 0 ? "yes" : "no",
      "CT primary A": "400",
      "CT secondary A": "5",
      "Applied by": "meter",
      "Part of": i % each === 0 ? "" : "Meter 1",
    };
  });
  return [headings, ...cells.map((row) => headings.map((heading) => row[heading] ?? ""))];
}
