import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  faultWords,
  type HeadFields,
  type MapFault,
  type RowFields,
} from "../../../lib/profiles/map_fault.ts";
import { mapFromJson } from "../../../lib/profiles/map_json.ts";
import { parseMap } from "../../../lib/profiles/map_text.ts";

const HEAD: HeadFields = { name: "Relay box" };
const POWER: RowFields = { quantity: "powerW", address: "10", encoding: "i32", unit: "W" };
const COUNTER: RowFields = { quantity: "importWh", address: "0", encoding: "u32", unit: "Wh", scale: "100" };

function faultsIn(rows: readonly RowFields[], head: HeadFields = HEAD): readonly MapFault[] {
  const read = parseMap({ head, rows });
  return read.ok ? [] : read.error;
}

const long = "x".repeat(161);
/** Rows that are refused: what they are, and the row, field and value that are named. */
const REFUSED: readonly (readonly [string, readonly RowFields[], number, string, string])[] = [
  ["an address beyond the last", [{ ...POWER, address: "65536" }], 1, "address", "65536"],
  ["a value that goes beyond the last register", [{ ...POWER, address: "65535" }], 1, "address", "65535"],
  ["an address below zero", [{ ...POWER, address: "-1" }], 1, "address", "-1"],
  ["an address that is missing", [{ ...POWER, address: " " }], 1, "address", " "],
  ["an address with a formula", [{ ...POWER, address: "=1+1" }], 1, "address", "=1+1"],
  ["a type that nobody knows", [{ ...POWER, encoding: "u24" }], 1, "encoding", "u24"],
  [
    "a type out of an object's own names",
    [{ ...POWER, encoding: "constructor" }],
    1,
    "encoding",
    "constructor",
  ],
  ["a word order that nobody knows", [{ ...POWER, wordOrder: "ACBD" }], 1, "wordOrder", "ACBD"],
  ["a function code that writes", [{ ...POWER, functionCode: "6" }], 1, "functionCode", "6"],
  ["a kind that nobody knows", [{ ...POWER, kind: "total" }], 1, "kind", "total"],
  ["an unknown unit", [{ ...POWER, unit: "furlong" }], 1, "unit", "furlong"],
  ["a unit that is no base unit", [{ ...POWER, unit: "kW" }], 1, "unit", "kW"],
  ["a unit in another case", [{ ...POWER, unit: "w" }], 1, "unit", "w"],
  ["a name with a blank", [{ ...POWER, quantity: "power W" }], 1, "quantity", "power W"],
  ["a name that is missing", [{ ...POWER, quantity: "" }], 1, "quantity", ""],
  ["a name that begins large", [{ ...POWER, quantity: "PowerW" }], 1, "quantity", "PowerW"],
  ["a name of 65 letters", [{ ...POWER, quantity: "p".repeat(64) + "W" }], 1, "quantity", "p".repeat(40)],
  ["a name that ends in another unit", [{ ...POWER, quantity: "powerV" }], 1, "quantity", "powerV"],
  ["a name that stands twice", [POWER, { ...POWER, address: "20" }], 2, "quantity", "powerW"],
  [
    "a name that stands twice in another case",
    [
      { ...POWER, quantity: "aW" },
      { ...POWER, quantity: "aw", unit: "", address: "20" },
    ],
    2,
    "quantity",
    "aw",
  ],
  ["a name turned round", [{ ...POWER, quantity: "power\u202eW" }], 1, "quantity", "power?W"],
  ["scale 0", [{ ...POWER, scale: "0" }], 1, "scale", "0"],
  ["a scale below zero", [{ ...POWER, scale: "-1" }], 1, "scale", "-1"],
  ["a scale with a comma", [{ ...POWER, scale: "0,1" }], 1, "scale", "0,1"],
  ["a scale that is infinite", [{ ...POWER, scale: "Infinity" }], 1, "scale", "Infinity"],
  ["a scale beyond all numbers", [{ ...POWER, scale: "1e999" }], 1, "scale", "1e999"],
  ["a fraction as scale of a gauge", [{ ...POWER, scale: "1/10" }], 1, "scale", "1/10"],
  ["a broken scale of a counter of whole numbers", [{ ...COUNTER, scale: "0.1" }], 1, "scale", "0.1"],
  ["a counter that counts nothing", [{ ...COUNTER, scale: "0" }], 1, "scale", "0"],
  ["a counter that counts in none", [{ ...COUNTER, scale: "1/0" }], 1, "scale", "1/0"],
  ["a counter with an offset", [{ ...COUNTER, offset: "5" }], 1, "offset", "5"],
  ["a counter with decimals", [{ ...COUNTER, decimals: "1" }], 1, "decimals", "1"],
  ["a counter in watts", [{ ...POWER, kind: "counter" }], 1, "unit", "W"],
  ["a counter that begins below zero", [{ ...COUNTER, low: "-1", high: "9" }], 1, "low", "-1"],
  [
    "a name that every object has",
    [{ ...POWER, unit: "", quantity: "constructor" }],
    1,
    "quantity",
    "constructor",
  ],
  ["a counter beyond all meters", [{ ...COUNTER, high: "1e14" }], 1, "high", "100000000000000"],
  ["a count worth a gigawatt-hour", [{ ...COUNTER, scale: "1000000000" }], 1, "scale", "1000000000"],
  [
    "a counter of one bit",
    [{ ...COUNTER, encoding: "bit", bit: "0", kind: "counter" }],
    1,
    "kind",
    "counter",
  ],
  ["a float counter that rolls over", [{ ...COUNTER, encoding: "f32", modulus: "99" }], 1, "modulus", "99"],
  ["a gauge that rolls over", [{ ...POWER, modulus: "99" }], 1, "modulus", "99"],
  ["a modulus of one", [{ ...COUNTER, modulus: "1" }], 1, "modulus", "1"],
  [
    "a modulus beyond exact numbers",
    [{ ...COUNTER, modulus: "9007199254740993" }],
    1,
    "modulus",
    "9007199254740993",
  ],
  ["a range upside down", [{ ...POWER, low: "5", high: "-5" }], 1, "high", "-5"],
  ["a range of one value", [{ ...POWER, low: "5", high: "5" }], 1, "high", "5"],
  ["a range with one end", [{ ...POWER, low: "5" }], 1, "high", ""],
  [
    "a text with a range",
    [{ quantity: "serial", address: "1", encoding: "string", words: "2", low: "0", high: "1" }],
    1,
    "low",
    "0",
  ],
  [
    "texts that are added",
    [{ quantity: "serial", address: "1", encoding: "string", words: "2", plus: "9" }],
    1,
    "plus",
    "9",
  ],
  ["an offset beyond reason", [{ ...POWER, offset: "1e12" }], 1, "offset", "1000000000000"],
  ["seven decimals", [{ ...POWER, decimals: "7" }], 1, "decimals", "7"],
  ["a sentinel of another length", [{ ...POWER, sentinels: "ffff" }], 1, "sentinels", "ffff"],
  ["a sentinel that is not hexadecimal", [{ ...POWER, sentinels: "wxyzwxyz" }], 1, "sentinels", "wxyzwxyz"],
  [
    "five sentinels",
    [{ ...POWER, encoding: "u16", sentinels: "0001 0002 0003 0004 0005" }],
    1,
    "sentinels",
    "0001 0002 0003 0004 0005",
  ],
  ["a BCD without length", [{ ...COUNTER, encoding: "bcd" }], 1, "words", ""],
  ["a BCD of five registers", [{ ...COUNTER, encoding: "bcd", words: "5" }], 1, "words", "5"],
  ["a string without length", [{ quantity: "serial", address: "1", encoding: "string" }], 1, "words", ""],
  [
    "a string longer than a request",
    [{ quantity: "serial", address: "1", encoding: "string", words: "61" }],
    1,
    "words",
    "61",
  ],
  ["a length that the type knows otherwise", [{ ...POWER, words: "4" }], 1, "words", "4"],
  ["a bit without number", [{ quantity: "alarm", address: "1", encoding: "bit" }], 1, "bit", ""],
  ["bit 16", [{ quantity: "alarm", address: "1", encoding: "bit", bit: "16" }], 1, "bit", "16"],
  ["a bit of a number", [{ ...POWER, bit: "3" }], 1, "bit", "3"],
  [
    "a bit as gauge",
    [{ quantity: "alarm", address: "1", encoding: "bit", bit: "1", kind: "gauge" }],
    1,
    "kind",
    "gauge",
  ],
  ["a number as text", [{ ...POWER, kind: "text" }], 1, "kind", "text"],
  [
    "a string as gauge",
    [{ quantity: "serial", address: "1", encoding: "string", words: "2", kind: "gauge" }],
    1,
    "kind",
    "gauge",
  ],
  ["a coil that is a number", [{ ...POWER, functionCode: "1" }], 1, "encoding", "i32"],
  [
    "bit 3 of a coil",
    [{ quantity: "relay", address: "1", encoding: "bit", bit: "3", functionCode: "2" }],
    1,
    "bit",
    "3",
  ],
  ["two rows on one register", [POWER, { ...POWER, quantity: "otherW" }], 2, "address", "10"],
  [
    "a row on the second half of another",
    [POWER, { ...POWER, quantity: "otherW", address: "11" }],
    2,
    "address",
    "11",
  ],
  [
    "a row whose second half is another's",
    [POWER, { ...POWER, quantity: "otherW", address: "9" }],
    2,
    "address",
    "9",
  ],
  [
    "one bit twice",
    [
      { quantity: "alarm", address: "1", encoding: "bit", bit: "3" },
      { quantity: "fault", address: "1", encoding: "bit", bit: "3" },
    ],
    2,
    "address",
    "1",
  ],
  [
    "a register whose bit is another row",
    [
      { quantity: "alarm", address: "1", encoding: "bit", bit: "3" },
      { ...POWER, address: "1" },
    ],
    2,
    "address",
    "1",
  ],
  [
    "a bit of a register that is another row",
    [
      { ...POWER, address: "1" },
      { quantity: "alarm", address: "2", encoding: "bit", bit: "3" },
    ],
    2,
    "address",
    "2",
  ],
  [
    "one coil twice",
    [
      { quantity: "relay", address: "1", encoding: "bit", functionCode: "1" },
      { quantity: "pump", address: "1", encoding: "bit", functionCode: "1" },
    ],
    2,
    "address",
    "1",
  ],
  ["an added register that is another row", [{ ...COUNTER, plus: "10" }, POWER], 2, "address", "10"],
  ["an added register beyond one request", [{ ...COUNTER, plus: "500" }], 1, "plus", "500"],
  ["the same register added", [{ ...COUNTER, plus: "0" }], 1, "plus", "0"],
  ["more registers than are kept", [{ ...COUNTER, encoding: "u64", plus: "4 8 12" }], 1, "plus", "4 8 12"],
  ["a note too long", [{ ...POWER, note: long }], 1, "note", long.slice(0, 40)],
  ["a note with a control character", [{ ...POWER, note: "a\u0007b" }], 1, "note", "a?b"],
  ["a note with a line break", [{ ...POWER, note: "a\nb" }], 1, "note", "a?b"],
  ["a note turned round", [{ ...POWER, note: "abc\u202edef" }], 1, "note", "abc?def"],
  ["a note with half a letter", [{ ...POWER, note: "a\ud800b" }], 1, "note", "a?b"],
  ["neither daily nor not", [{ ...POWER, daily: "perhaps" }], 1, "daily", "perhaps"],
  ["the third row, with its number", [COUNTER, {}, { ...POWER, scale: "x" }], 3, "scale", "x"],
];
for (const [name, rows, row, field, value] of REFUSED) {
  Deno.test(`parseMap() refuses ${name} and names row, field and value`, () => {
    const faults = faultsIn(rows);
    const found = faults.find((fault) => fault.row === row && fault.field === field);
    ok(found, faults.map(faultWords).join("; ") || "nothing was refused");
    strictEqual(found.value, value);
    ok(found.expected.length > 3 && !/undefined|NaN/.test(faultWords(found)), faultWords(found));
  });
}

const BAD_HEADS: readonly (readonly [string, HeadFields, string])[] = [
  ["no name", { name: " " }, "name"],
  ["a name of 81 letters", { name: "x".repeat(81) }, "name"],
  ["a name turned round", { name: "Meter \u202e 5" }, "name"],
  ["no such kind", { ...HEAD, kind: "toaster" }, "kind"],
  ["function code 5", { ...HEAD, functionCode: "5" }, "functionCode"],
  ["126 registers a request", { ...HEAD, wordsPerRequest: "126" }, "wordsPerRequest"],
  ["no register a request", { ...HEAD, wordsPerRequest: "0" }, "wordsPerRequest"],
  ["gaps as long as a request", { ...HEAD, wordsPerRequest: "10", gapWords: "10" }, "gapWords"],
  ["a request that takes no time", { ...HEAD, requestMs: "0" }, "requestMs"],
  ["a pause of a minute", { ...HEAD, pauseMs: "60000" }, "pauseMs"],
  ["no power at all", { ...HEAD, maxPowerW: "0" }, "maxPowerW"],
  ["notes with a bell", { ...HEAD, notes: "a\u0007" }, "notes"],
  ["notes of 2,001 letters", { ...HEAD, notes: "x".repeat(2_001) }, "notes"],
];
for (const [name, head, field] of BAD_HEADS) {
  Deno.test(`parseMap() refuses ${name}`, () => {
    deepStrictEqual(faultsIn([POWER], head).map((fault) => [fault.row, fault.field]), [[null, field]]);
  });
}

const BAD_FILES: readonly (readonly [string, string])[] = [
  ["no JSON", "<xml>"],
  ["a list", "[]"],
  ["another format", '{"format":"else"}'],
  ["rows that are no list", '{"format":"wattpost-register-map-1","name":"A","rows":{}}'],
  ["a row that is a number", '{"format":"wattpost-register-map-1","name":"A","rows":[5]}'],
  ["a field that nobody knows", '{"format":"wattpost-register-map-1","name":"A","colour":"red"}'],
  [
    "a row's field that nobody knows",
    '{"format":"wattpost-register-map-1","name":"A","rows":[{"write":true}]}',
  ],
  ["an object as name", '{"format":"wattpost-register-map-1","name":{"a":1}}'],
  ["an origin with a path", '{"format":"wattpost-register-map-1","name":"A","basedOn":"../x"}'],
  ["a prototype", '{"format":"wattpost-register-map-1","name":"A","__proto__":{"rows":[]}}'],
];
for (const [name, text] of BAD_FILES) {
  Deno.test(`mapFromJson() refuses ${name}`, () => {
    const read = mapFromJson(text);
    ok(!read.ok && read.error.length > 0);
    for (const fault of read.error) ok(faultWords(fault).length > 10);
  });
}
