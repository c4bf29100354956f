import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  columnLetters,
  nearestOf,
  readHeadings,
  SHEET_COLUMNS,
  SHEET_LIMITS,
  templateRows,
} from "../../../lib/domain/site_sheet.ts";

Deno.test("readHeadings() reads the headings of the template, whatever their case and spaces", () => {
  const [headings = []] = templateRows();
  const ids = SHEET_COLUMNS.map(({ id }) => id);
  for (
    const written of [
      headings,
      headings.map((one) => ` ${one.toUpperCase()}  `),
      headings.map((one) => one.replaceAll(" ", "_")),
    ]
  ) {
    const read = readHeadings(written);
    deepStrictEqual(read.faults, []);
    deepStrictEqual(read.columns, ids);
  }
  ok(ids.length <= SHEET_LIMITS.columns);
});

const FAULTS = [
  {
    name: "an unknown heading with the nearest known",
    headings: ["Site", "Zones", "Path 1 host"],
    want: [
      'No column is called "Zones": did you mean "Zone"?',
      'The column "Zone" is missing',
    ],
  },
  {
    name: "a heading that stands twice",
    headings: ["Site", "Zone", "SITE", "Path 1 host"],
    want: [
      '"Site" stands in columns A and C',
    ],
  },
  {
    name: "missing columns",
    headings: ["Town"],
    want: [
      'The column "Site" is missing',
      'The column "Zone" is missing',
      'The column "Path 1 host" is missing',
    ],
  },
  {
    name: "a heading like nothing we know",
    headings: ["Site", "Zone", "Path 1 host", "Favourite colour"],
    want: [
      'No column is called "Favourite colour"',
    ],
  },
];

for (const { name, headings, want } of FAULTS) {
  Deno.test(`readHeadings() names ${name}`, () => {
    deepStrictEqual(readHeadings(headings).faults.map(({ words }) => words), want);
  });
}

Deno.test("readHeadings() reads over why a row was refused, and knows other names of columns", () => {
  const read = readHeadings(["Site name", "Time zone", "IP address", "Why", "", "Parent"]);
  deepStrictEqual(read.columns, ["site", "zone", "path 1 host", null, null, "part of"]);
  deepStrictEqual([read.ignored, read.faults], [[3], []]);
});

Deno.test("columnLetters() counts as spreadsheets do", () => {
  deepStrictEqual([0, 25, 26, 51, 52, 701, 702].map(columnLetters), [
    "A",
    "Z",
    "AA",
    "AZ",
    "BA",
    "ZZ",
    "AAA",
  ]);
});

Deno.test("nearestOf() proposes nothing for what is far from everything", () => {
  strictEqual(nearestOf("xyzzy", ["site", "zone"]), null);
  strictEqual(nearestOf("eastron-smd630", ["eastron-sdm630", "eastron-sdm120"]), "eastron-sdm630");
});
