import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { formatAddress, parseAddress } from "../../../lib/profiles/map_address.ts";
import { faultsOf, publishFaults } from "../../../lib/profiles/map_check.ts";
import { diffMaps } from "../../../lib/profiles/map_diff.ts";
import {
  faultWords,
  type HeadFields,
  type MapFault,
  type RowFields,
} from "../../../lib/profiles/map_fault.ts";
import { mapFromJson, mapToJson, mapToJsonFile } from "../../../lib/profiles/map_json.ts";
import { rowFieldsOf } from "../../../lib/profiles/map_row_text.ts";
import { headFieldsOf, type MapTexts, parseMap } from "../../../lib/profiles/map_text.ts";
import { profileOf, PROFILES } from "../../../lib/profiles/mod.ts";
import { decode } from "../../../lib/profiles/decode.ts";
import type { FunctionCode } from "../../../lib/profiles/profile.ts";
import {
  EMPTY_MAP,
  mapOfProfile,
  profileOfMap,
  type RegisterMap,
  ROWS_MAX,
} from "../../../lib/profiles/register_map.ts";

const HEAD: HeadFields = { name: "Relay box" };
const POWER: RowFields = { quantity: "powerW", address: "10", encoding: "i32", unit: "W" };
const COUNTER: RowFields = { quantity: "importWh", address: "0", encoding: "u32", unit: "Wh", scale: "100" };

function mapOf(rows: readonly RowFields[], more: Partial<MapTexts> = {}): RegisterMap {
  const read = parseMap({ head: HEAD, rows, ...more });
  if (!read.ok) throw new Error(read.error.map(faultWords).join("; "));
  return read.value;
}

function faultsIn(rows: readonly RowFields[], head: HeadFields = HEAD): readonly MapFault[] {
  const read = parseMap({ head, rows });
  return read.ok ? [] : read.error;
}

Deno.test("a copy of every profile of the library is faultless and is the same on the wire", () => {
  for (const profile of PROFILES) {
    const map = mapOfProfile(profile);
    deepStrictEqual(publishFaults(map), [], profile.id);
    strictEqual(map.basedOn, profile.id);
    const copy = profileOfMap(map, { mapId: 12, version: 3 });
    strictEqual(copy.id, "own-12@3");
    strictEqual(copy.version, 3);
    const said = Object.entries(profile.registers).map(([quantity, spec]) => [
      quantity,
      { ...spec.kind === "gauge" && { decimals: 0 }, ...spec },
    ]);
    deepStrictEqual(copy.registers, Object.fromEntries(said), profile.id);
    deepStrictEqual(Object.keys(copy.registers), Object.keys(profile.registers), "in the same order");
    const { functionCode, wordOrder, wordsPerRequest, gapWords, pauseMs, forgetsWithoutPower } = profile;
    deepStrictEqual(
      [copy.functionCode, copy.wordOrder, copy.wordsPerRequest, copy.gapWords, copy.pauseMs],
      [functionCode, wordOrder, wordsPerRequest, gapWords, pauseMs],
    );
    strictEqual(copy.forgetsWithoutPower ?? false, forgetsWithoutPower ?? false);
  }
});

Deno.test("a copy of every profile comes back the same from JSON, and from texts in each way to write addresses", () => {
  for (const profile of PROFILES) {
    const map = mapOfProfile(profile);
    for (const text of [mapToJson(map), mapToJsonFile(map), `\uFEFF${mapToJsonFile(map)}`]) {
      const read = mapFromJson(text);
      deepStrictEqual(read.ok && read.value, map, profile.id);
    }
    for (const notation of ["0-based", "1-based", "40001-style"] as const) {
      const rows = map.rows.map((row) => rowFieldsOf(row, notation));
      const read = parseMap({ head: headFieldsOf(map), rows, notation, basedOn: map.basedOn });
      deepStrictEqual(read.ok && read.value, map, `${profile.id} ${notation}`);
    }
  }
});

const ADDRESSES:
  readonly (readonly [string, "0-based" | "1-based" | "40001-style", number, FunctionCode | null])[] = [
    ["0", "0-based", 0, null],
    ["65535", "0-based", 65_535, null],
    ["0x0BF3", "0-based", 3_059, null],
    ["1", "1-based", 0, null],
    ["65536", "1-based", 65_535, null],
    ["40001", "40001-style", 0, 3],
    ["49999", "40001-style", 9_998, 3],
    ["400001", "40001-style", 0, 3],
    ["410001", "40001-style", 10_000, 3],
    ["465536", "40001-style", 65_535, 3],
    ["30073", "40001-style", 72, 4],
    ["365536", "40001-style", 65_535, 4],
    ["10001", "40001-style", 0, 2],
    ["00001", "40001-style", 0, 1],
    ["000020", "40001-style", 19, 1],
  ];
for (const [text, notation, address, functionCode] of ADDRESSES) {
  Deno.test(`parseAddress() reads ${text}, ${notation}, as ${address} on the wire`, () => {
    deepStrictEqual(parseAddress(text, notation), { ok: true, value: { address, functionCode } });
  });
}

for (
  const [text, notation] of [
    ["", "0-based"],
    ["65536", "0-based"],
    ["-1", "0-based"],
    ["1.5", "0-based"],
    ["1e3", "0-based"],
    ["0x10000", "0-based"],
    ["０", "0-based"],
    ["0", "1-based"],
    ["65537", "1-based"],
    ["40000", "40001-style"],
    ["400000", "40001-style"],
    ["465537", "40001-style"],
    ["20001", "40001-style"],
    ["50001", "40001-style"],
    ["4001", "40001-style"],
    ["4000001", "40001-style"],
    ["100", "40001-style"],
  ] as const
) {
  Deno.test(`parseAddress() refuses "${text}", ${notation}`, () => ok(!parseAddress(text, notation).ok));
}

Deno.test("every address comes back from each way to write it", () => {
  for (const address of [0, 1, 9_998, 9_999, 10_000, 65_535]) {
    for (const functionCode of [1, 2, 3, 4] as const) {
      for (const notation of ["0-based", "1-based", "40001-style"] as const) {
        const text = formatAddress(address, { functionCode, notation });
        const read = parseAddress(text, notation);
        ok(read.ok, text);
        strictEqual(read.value.address, address, text);
        if (notation === "40001-style") strictEqual(read.value.functionCode, functionCode, text);
      }
    }
  }
});

Deno.test("parseMap() takes what is not said for the usual", () => {
  const [row, coil, text] = mapOf([
    COUNTER,
    { quantity: "relay", address: "7", encoding: "bit", functionCode: "1" },
    { quantity: "serial", address: "100", encoding: "ascii", words: "8" },
  ], { head: { ...HEAD, wordOrder: "little" } }).rows;
  deepStrictEqual(row, {
    quantity: "importWh",
    address: 0,
    functionCode: 3,
    encoding: "u32",
    wordOrder: "little",
    kind: "counter",
    unit: "Wh",
    scale: 1,
    counter: { numerator: 100, denominator: 1, modulus: null },
    offset: 0,
    decimals: 0,
    range: [0, 1e13],
    sentinels: [],
    plus: [],
    daily: false,
    note: "",
  });
  deepStrictEqual([coil?.kind, coil?.bit, coil?.functionCode], ["state", undefined, 1]);
  deepStrictEqual([text?.kind, text?.encoding, text?.words], ["text", "string", 8]);
});

Deno.test("parseMap() takes the names that manuals give to types and orders, and the function code of 40001", () => {
  const map = mapOf([
    { ...POWER, address: "30011", encoding: "Float32", wordOrder: "CDAB" },
    { quantity: "doorOpen", address: "10004", encoding: "bit" },
    {
      quantity: "exportWh",
      address: "40021",
      encoding: "INT64",
      unit: "Wh",
      scale: "1/10",
      modulus: "100000",
    },
  ], { notation: "40001-style" });
  deepStrictEqual(
    map.rows.map((row) => [row.functionCode, row.address, row.encoding, row.wordOrder]),
    [[4, 10, "f32", "little"], [2, 3, "bit", "big"], [3, 20, "i64", "big"]],
  );
  deepStrictEqual(map.rows[2]?.counter, { numerator: 1, denominator: 10, modulus: 100_000 });
});

Deno.test("a published gauge with an offset decodes to scaled and added", () => {
  const map = mapOf([{
    quantity: "roomC",
    address: "3",
    encoding: "u16",
    unit: "°C",
    scale: "0.1",
    offset: "-40",
    decimals: "1",
    low: "-40",
    high: "125",
  }]);
  const spec = profileOfMap(map, { mapId: 1, version: 1 }).registers["roomC"];
  ok(spec);
  deepStrictEqual(decode([655], spec, "big"), { ok: true, value: { kind: "gauge", value: 255 } });
  deepStrictEqual(decode([0], spec, "big"), { ok: true, value: { kind: "gauge", value: -400 } });
  deepStrictEqual(decode([2_000], spec, "big"), { ok: false, error: "out-of-range" });
});

Deno.test("parseMap() says which fraction a broken scale is, and which unit stands behind kWh", () => {
  const [scale] = faultsIn([{ ...COUNTER, scale: "0.25" }]);
  ok(scale?.expected.includes("1/4"));
  const [unit] = faultsIn([{ ...COUNTER, unit: "kWh" }]);
  ok(unit?.expected.includes("one kWh is 1000 Wh"));
});

Deno.test("parseMap() lets bits of one register, other tables and neighbours stand beside each other", () => {
  deepStrictEqual(
    faultsIn([
      { quantity: "alarm", address: "1", encoding: "bit", bit: "0" },
      { quantity: "fault", address: "1", encoding: "bit", bit: "15" },
      { quantity: "relay", address: "1", encoding: "bit", functionCode: "1" },
      { quantity: "door", address: "1", encoding: "bit", functionCode: "2" },
      { ...POWER, address: "1", functionCode: "4" },
      { ...POWER, quantity: "otherW", address: "3", functionCode: "4" },
    ]),
    [],
  );
});

Deno.test("parseMap() refuses the 301st row", () => {
  const rows = Array.from({ length: ROWS_MAX + 1 }, (_, i) => ({
    quantity: `p${i}W`,
    address: String(2 * i),
    encoding: "i32",
    unit: "W",
  }));
  deepStrictEqual(faultsIn(rows.slice(0, ROWS_MAX)), []);
  deepStrictEqual(faultsIn(rows).map((fault) => [fault.field, fault.value]), [["rows", "301"]]);
});

Deno.test("publishFaults() wants a row, faultsOf() does not", () => {
  deepStrictEqual(faultsOf(EMPTY_MAP), []);
  deepStrictEqual(publishFaults(EMPTY_MAP).map(({ field }) => field), ["rows"]);
});

Deno.test("diffMaps() tells in words what was changed, renamed, added, removed and moved", () => {
  const older = mapOf([COUNTER, POWER, { quantity: "voltageV", address: "20", encoding: "u16", unit: "V" }]);
  const newer = mapOf([
    { ...POWER, quantity: "activeW", wordOrder: "little" },
    { ...COUNTER, scale: "1000", note: "page 4" },
    { quantity: "frequencyHz", address: "30", encoding: "u16", unit: "Hz", scale: "0.01" },
  ], { head: { name: "Relay box 2", notes: "new manual" } });
  deepStrictEqual(diffMaps(older, newer).map(({ kind, words, matters }) => [kind, matters, words]), [
    ["changed", false, "Name was Relay box, is Relay box 2"],
    ["changed", false, "Notes were rewritten"],
    ["renamed", true, "powerW is called activeW"],
    ["changed", true, "activeW: word order was big, is little"],
    ["changed", true, "importWh: scale was 100, is 1000"],
    ["changed", false, "importWh: note was empty, is page 4"],
    ["added", true, "frequencyHz is new: address 30, function 3, u16, big, scale 0.01 Hz"],
    ["removed", true, "voltageV is gone: address 20, function 3, u16, big, scale 1 V"],
  ]);
  deepStrictEqual(diffMaps(older, older), []);
  const turned = { ...older, rows: older.rows.toReversed() };
  deepStrictEqual(diffMaps(older, turned).map(({ kind }) => kind), ["moved"]);
});

Deno.test("profileOf() knows nothing of people's own: only a book does", () =>
  strictEqual(profileOf("own-1@1"), undefined));
