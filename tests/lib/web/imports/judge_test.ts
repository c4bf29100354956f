import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { ImportRow } from "../../../../lib/domain/site_import.ts";
import type { OwnProfileId } from "../../../../lib/profiles/book.ts";
import { profileOf } from "../../../../lib/profiles/mod.ts";
import type { DeviceKind } from "../../../../lib/profiles/profile.ts";
import { EMPTY_MAP, profileOfMap } from "../../../../lib/profiles/register_map.ts";
import { csvText } from "../../../../lib/web/csv.ts";
import { readCsv } from "../../../../lib/web/imports/csv_file.ts";
import { judgeSheet, knowSheet } from "../../../../lib/web/imports/judge.ts";
import type { JudgeContext } from "../../../../lib/web/imports/judge_site.ts";
import { type Cells, GOOD, manySites, sheetOf } from "./sheets.ts";

const now = () => Promise.resolve();

const WORLD: JudgeContext = {
  find: profileOf,
  groups: new Map([["north", 3]]),
  mayBeWithoutGroup: true,
  isTaken: (name) => name.toLowerCase() === "taken",
  twinOf: (host, port) =>
    host === "192.0.2.9" && port === 503 ? "Port 503 of this address is of “Mill” too" : null,
};

async function judge(
  rows: readonly Cells[],
  context: Partial<JudgeContext> = {},
): Promise<readonly ImportRow[]> {
  const table = await readCsv(csvText(sheetOf(rows)), now);
  const sheet = table.ok ? knowSheet(table.value) : table;
  if (!sheet.ok) throw new Error(sheet.error.words);
  return (await judgeSheet(sheet.value, { context: { ...WORLD, ...context }, breathe: now })).rows;
}

const told = (rows: readonly ImportRow[]) =>
  rows.flatMap(({ row, notes }) =>
    notes.map(({ column, state, words }) => `${row} ${column} ${state}: ${words}`)
  );

Deno.test("judgeSheet() takes a row with what is needed and no more", async () => {
  const [row] = await judge([GOOD]);
  deepStrictEqual([row?.state, row?.notes], ["good", []]);
});

const REFUSED: readonly { readonly name: string; readonly rows: readonly Cells[]; readonly want: RegExp }[] =
  [
    { name: "a site without a name", rows: [{ ...GOOD, "Site": "" }], want: /2 site refused: Is missing/ },
    {
      name: "a name that is taken",
      rows: [{ ...GOOD, "Site": "TAKEN" }],
      want: /2 site refused: .*registered already/,
    },
    {
      name: "a zone off the half-hour",
      rows: [{ ...GOOD, "Zone": "Asia/Kathmandu" }],
      want: /2 zone refused: .*half-hours/,
    },
    {
      name: "a zone that is none",
      rows: [{ ...GOOD, "Zone": "Mars/Olympus" }],
      want: /2 zone refused: There is no time zone/,
    },
    {
      name: "a position outside the world",
      rows: [{ ...GOOD, "Latitude": "95", "Longitude": "0" }],
      want: /2 latitude refused: .*-90 to 90/,
    },
    {
      name: "half a position",
      rows: [{ ...GOOD, "Latitude": "5" }],
      want: /longitude refused|latitude refused/,
    },
    {
      name: "a group out of reach",
      rows: [{ ...GOOD, "Group": "South" }],
      want: /2 group refused: .*within your reach/,
    },
    {
      name: "a malformed address",
      rows: [{ ...GOOD, "Path 1 host": "203.0.113" }],
      want: /2 path 1 host refused: .*3 of four/,
    },
    {
      name: "an address with a port",
      rows: [{ ...GOOD, "Path 1 host": "http://x:502/" }],
      want: /2 path 1 host refused/,
    },
    { name: "no address", rows: [{ ...GOOD, "Path 1 host": "" }], want: /2 path 1 host refused: Is missing/ },
    {
      name: "an unknown kind of path",
      rows: [{ ...GOOD, "Path 1 kind": "pigeon" }],
      want: /2 path 1 kind refused: Expected one of/,
    },
    { name: "unit 250", rows: [{ ...GOOD, "Unit": "250" }], want: /2 unit refused: Unit 250 is nobody's/ },
    {
      name: "unit 0 behind a gateway",
      rows: [{ ...GOOD, "Unit": "0" }],
      want: /2 unit refused: .*reached directly/,
    },
    {
      name: "unit 255 behind a gateway",
      rows: [{ ...GOOD, "Unit": "255" }],
      want: /2 unit refused: .*reached directly/,
    },
    { name: "no unit", rows: [{ ...GOOD, "Unit": "" }], want: /2 unit refused: Is missing/ },
    { name: "port 0", rows: [{ ...GOOD, "Port": "0" }], want: /2 port refused: .*1 to 65535/ },
    {
      name: "two devices on one unit of one port",
      rows: [GOOD, { ...GOOD, "Device": "Kitchen" }],
      want: /3 unit refused: Kitchen and Incomer are both unit 1/,
    },
    {
      name: "an unknown profile",
      rows: [{ ...GOOD, "Profile": "eastron-smd630" }],
      want: /2 profile refused: .*did you mean eastron-sdm630/,
    },
    {
      name: "a profile of a router for a device",
      rows: [{ ...GOOD, "Profile": "teltonika-rut9xx" }],
      want: /2 profile refused/,
    },
    { name: "no profile", rows: [{ ...GOOD, "Profile": "" }], want: /2 profile refused: Is missing/ },
    {
      name: "half a transformer",
      rows: [{ ...GOOD, "CT primary A": "400" }],
      want: /2 applied by refused: Ratios are given/,
    },
    {
      name: "an unknown end use",
      rows: [{ ...GOOD, "End use": "warmth" }],
      want: /2 end use refused: Expected one of/,
    },
    {
      name: "a tick that is neither",
      rows: [{ ...GOOD, "Whole site": "perhaps" }],
      want: /2 whole site refused: Expected yes or no/,
    },
    {
      name: "a parent that is not there",
      rows: [{ ...GOOD, "Part of": "Nobody" }],
      want: /2 part of refused: No device/,
    },
    {
      name: "a device that is part of itself",
      rows: [{ ...GOOD, "Part of": "Incomer" }],
      want: /2 part of refused: .*part of itself/,
    },
    {
      name: "hours that are none",
      rows: [{ ...GOOD, "Hours weekdays": "always" }],
      want: /2 hours weekdays refused/,
    },
    {
      name: "an ICCID that lost its digits",
      rows: [{ ...GOOD, "ICCID": "8.9441E+18" }],
      want: /2 iccid refused: .*no ICCID/,
    },
    {
      name: "a contact without a name",
      rows: [{ ...GOOD, "Phone": "+44 1" }],
      want: /2 contact refused: Is missing/,
    },
    {
      name: "rows of a site that contradict each other",
      rows: [GOOD, { ...GOOD, "Unit": "2", "Zone": "Europe/Berlin" }],
      want: /3 zone refused: Row 2 of this site says “Europe\/London”/,
    },
    {
      name: "one port with two kinds",
      rows: [{ ...GOOD, "Endpoint": "gateway" }, { ...GOOD, "Unit": "2", "Endpoint": "device" }],
      want: /3 endpoint refused: Row 2 of this site says that port 503 is a gateway/,
    },
  ];

for (const { name, rows, want } of REFUSED) {
  Deno.test(`judgeSheet() refuses ${name} beside its cell`, async () => {
    const judged = await judge(rows);
    match(told(judged).join("\n"), want);
    ok(judged.some(({ state }) => state === "refused"));
  });
}

Deno.test("judgeSheet() registers a site whole or not at all, and leaves other sites alone", async () => {
  const rows = await judge([
    GOOD,
    { ...GOOD, "Unit": "250", "Device": "Bad" },
    { ...GOOD, "Site": "Other", "Path 1 host": "203.0.113.18" },
  ]);
  deepStrictEqual(rows.map(({ state, heldBy }) => [state, heldBy]), [["held", 3], ["refused", null], [
    "good",
    null,
  ]]);
});

Deno.test("judgeSheet() says all that is wrong with a row at once", async () => {
  const [row] = await judge([{ ...GOOD, "Zone": "x", "Unit": "999", "Profile": "y", "Path 1 host": "1.2" }]);
  deepStrictEqual(row?.notes.map(({ column }) => column).sort(), ["path 1 host", "profile", "unit", "zone"]);
});

Deno.test("judgeSheet() warns of addresses that others have, of the sheet too, and of commas in numbers", async () => {
  const rows = await judge([
    { ...GOOD, "Path 1 host": "192.0.2.9", "Latitude": "54,9", "Longitude": "-2,1" },
    { ...GOOD, "Site": "Second", "Path 1 host": "192.0.2.9" },
  ]);
  deepStrictEqual(rows.map(({ state }) => state), ["warn", "warn"]);
  match(told(rows).join("\n"), /2 path 1 host warn: .*“Mill”/);
  match(told(rows).join("\n"), /2 latitude warn: Read as 54.9/);
  match(told(rows).join("\n"), /3 path 1 host warn: .*site of row 2/);
});

Deno.test("judgeSheet() asks whoever reaches groups alone for one of them", async () => {
  const rows = await judge([GOOD, { ...GOOD, "Site": "In", "Group": "NORTH" }], { mayBeWithoutGroup: false });
  deepStrictEqual(rows.map(({ state }) => state), ["refused", "good"]);
  match(told(rows).join("\n"), /2 group refused: Is missing: you reach sites by their group/);
});

Deno.test("judgeSheet() finds a profile by vendor and model, and reads a router beside its devices", async () => {
  const rows = await judge([
    { ...GOOD, "Profile": "Eastron SDM630", "Router profile": "teltonika-rut9xx" },
    { ...GOOD, "Profile": "SDM120", "Unit": "2", "Device": "B", "Part of": "incomer" },
  ]);
  deepStrictEqual(told(rows), []);
});

Deno.test("judgeSheet() takes a published version of a register map by its id, and says which is none", async () => {
  const asMade = (id: OwnProfileId, kind: DeviceKind) =>
    profileOfMap({ ...EMPTY_MAP, name: "Mine", kind }, id);
  const made = [asMade({ mapId: 12, version: 3 }, "meter"), asMade({ mapId: 13, version: 1 }, "router")];
  const find = (id: string) => made.find((one) => one.id === id) ?? profileOf(id);
  const [good, router, gone] = await judge([
    { ...GOOD, "Profile": "OWN-12@3" },
    { ...GOOD, "Site": "Two", "Profile": "own-13@1", "Path 1 host": "203.0.113.21" },
    { ...GOOD, "Site": "Three", "Profile": "own-12@4", "Path 1 host": "203.0.113.22" },
  ], { find });
  deepStrictEqual([good?.state, good?.notes], ["good", []]);
  for (const row of [router, gone]) {
    deepStrictEqual(row?.notes.map(({ column }) => column), ["profile"]);
    match(row?.notes[0]?.words ?? "", /^Is no published version of a register map of a device/);
  }
});

Deno.test("judgeSheet() takes site names for the same whatever their case and spaces", async () => {
  const rows = await judge([GOOD, { ...GOOD, "Site": " CORBRIDGE ", "Unit": "2", "Device": "B" }]);
  deepStrictEqual(rows.map(({ site, state }) => [site, state]), [[0, "good"], [0, "good"]]);
});

Deno.test("judgeSheet() refuses a site of more than a hundred devices at the row that is too much", async () => {
  const rows = await judge(
    Array.from({ length: 101 }, (_, i) => ({ ...GOOD, "Unit": String(i + 1), "Device": `D${i}` })),
  );
  match(told(rows).join("\n"), /102 device refused: Is device 101 of its site/);
});

Deno.test("knowSheet() names a cell in a column without a heading", () => {
  const known = knowSheet({
    headings: ["Site", "", "Zone", "Path 1 host"],
    rows: [{ row: 2, cells: ["a", "x"] }],
  });
  match(known.ok ? "" : known.error.words, /Row 2 has something in column B/);
});

Deno.test("judgeSheet() lets others work every few rows", async () => {
  const table = await readCsv(csvText(manySites({ rows: 400, each: 4 })), now);
  const sheet = table.ok ? knowSheet(table.value) : table;
  if (!sheet.ok) throw new Error("no sheet");
  let turns = 0;
  const seen: number[] = [];
  const breathe = () => Promise.resolve(void turns++);
  await judgeSheet(sheet.value, { context: WORLD, breathe, onRows: (rows) => void seen.push(rows) });
  ok(turns >= 400 / 25, `${turns} turns`);
  strictEqual(seen.every((rows, i) => i === 0 || rows > (seen[i - 1] ?? 0)), true);
});
