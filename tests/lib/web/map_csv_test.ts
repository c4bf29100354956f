import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { faultWords } from "../../../lib/profiles/map_fault.ts";
import { PROFILES } from "../../../lib/profiles/mod.ts";
import { EMPTY_MAP, mapOfProfile } from "../../../lib/profiles/register_map.ts";
import { mapFromCsv, mapToCsv } from "../../../lib/web/map_csv.ts";

const NOTES = [
  "=1+1",
  "'=1",
  "''@x",
  ";=a",
  "; =b",
  ";'-c",
  '"=q"',
  'a;"=b',
  "-5",
  'ä, "x"',
  "+49 30",
  "x'=y",
];

for (const notation of ["0-based", "1-based", "40001-style"] as const) {
  Deno.test(`rows come back the same from separated values, addresses ${notation}, whatever the notes are`, async () => {
    for (const profile of PROFILES) {
      const plain = mapOfProfile(profile);
      const rows = plain.rows.map((row, i) => ({ ...row, note: NOTES[i % NOTES.length] ?? "" }));
      const map = { ...plain, rows };
      const read = await mapFromCsv(`\uFEFF${mapToCsv(map, notation)}`, plain);
      deepStrictEqual(read.ok ? read.value : read.error, map, profile.id);
    }
  });
}

Deno.test("no cell begins like a formula", () => {
  const plain = mapOfProfile(
    PROFILES[0] ?? (() => {
      throw new Error();
    })(),
  );
  const rows = plain.rows.map((row, i) => ({ ...row, note: NOTES[i % NOTES.length] ?? "" }));
  for (const line of mapToCsv({ ...plain, rows }).split("\r\n")) {
    for (const cell of line.split(/[,;]/)) ok(!/^"?[=+@]/.test(cell) && !/^"?-(?!\d)/.test(cell), cell);
  }
});

const CASES: readonly (readonly [string, string, string])[] = [
  ["nothing", "", "file"],
  ["headings alone", "quantity,address,encoding", "file"],
  ["a heading that nobody knows", "quantity,address,encoding,colour\r\na,1,u16,red", "colour"],
  ["a heading twice", "quantity,address,encoding,Type\r\na,1,u16,u16", "Type"],
  ["no address", "quantity,encoding\r\na,u16", 'column "address"'],
  ["a quote that never ends", 'quantity,address,encoding\r\n"a,1,u16', "quote"],
  ["a number out of range", "quantity;address;encoding\r\na;70000;u16", "70000"],
  ["a formula", "quantity,address,encoding\r\na,=1+1,u16", "=1+1"],
  ["10,000 letters", `quantity,address,encoding,note\r\na,1,u16,${"x".repeat(10_000)}`, "160"],
  ["addresses in two ways", "quantity,address 1-based,encoding,plus\r\na,1,u16,2", "alike"],
];
for (const [name, text, told] of CASES) {
  Deno.test(`mapFromCsv() refuses ${name}`, async () => {
    const read = await mapFromCsv(text, { ...EMPTY_MAP, name: "A" });
    ok(!read.ok);
    const words = read.error.map(faultWords).join("; ");
    ok(words.toLowerCase().includes(told.toLowerCase()), words);
  });
}

Deno.test("mapFromCsv() takes semicolons, words as headings, and addresses as the heading says", async () => {
  const text = "Quantity;Address 40001-style;Type;Unit;Scale\r\nimportWh;30073;f32;Wh;1000\r\n";
  const read = await mapFromCsv(text, { ...EMPTY_MAP, name: "A" });
  ok(read.ok);
  const [row] = read.value.rows;
  deepStrictEqual([row?.address, row?.functionCode, row?.encoding, row?.scale], [72, 4, "f32", 1000]);
  strictEqual(read.value.name, "A");
});
