/**
 * Made-up register maps of every encoding, order and kind: whatever passes the checks comes back from every file the
 * same, can be planned, and decodes whatever a device may send.
 *
 * @module
 */

import { deepStrictEqual, ok } from "node:assert/strict";
import { planBlocks, wordsIn } from "../../../collector/block.ts";
import { COUNTER_UNITS, UNITS } from "../../../lib/domain/channel.ts";
import { decode } from "../../../lib/profiles/decode.ts";
import { faultsOf } from "../../../lib/profiles/map_check.ts";
import { mapFromJson, mapToJson, mapToJsonFile } from "../../../lib/profiles/map_json.ts";
import { rowFieldsOf } from "../../../lib/profiles/map_row_text.ts";
import { headFieldsOf, parseMap } from "../../../lib/profiles/map_text.ts";
import {
  type CounterSpec,
  ENCODINGS,
  type FunctionCode,
  isFloat,
  readsBits,
  WORD_ORDERS,
  wordsOf,
} from "../../../lib/profiles/profile.ts";
import {
  EMPTY_MAP,
  mapOfProfile,
  type MapRow,
  profileOfMap,
  type RegisterMap,
} from "../../../lib/profiles/register_map.ts";
import { mapFromCsv, mapToCsv } from "../../../lib/web/map_csv.ts";

const ENDS: Readonly<Record<string, string>> = {
  "Wh": "Wh",
  "varh": "Varh",
  "VAh": "VAh",
  "W": "W",
  "V": "V",
  "A": "A",
  "Hz": "Hz",
  "dBm": "Dbm",
  "°C": "C",
};
const LETTERS = [..."abc=+-@'\";, é😀0"];
const SCALES = [0.1, 1, 0.001, 1000, 1e-7, 1 / 3, 12_345.678, 1e11];
const CODES: readonly FunctionCode[] = [1, 2, 3, 3, 4];

/** Chance that is the same every time. */
function chanceOf(seed: number) {
  let state = seed;
  const next = () => (state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff) / 0x8000_0000;
  const below = (limit: number) => Math.floor(next() * limit);
  const pick = <T>(list: readonly [T, ...T[]] | readonly T[]): T => list[below(list.length)] as T;
  const words = (most: number) => Array.from({ length: below(most) }, () => pick(LETTERS)).join("").trim();
  return { next, below, pick, words };
}

type Chance = ReturnType<typeof chanceOf>;

function counterOf({ pick }: Chance, isCounted: boolean): CounterSpec {
  if (!isCounted) return { numerator: 1, denominator: 1, modulus: null };
  const modulus = pick([null, 2, 4_294_967_296, Number.MAX_SAFE_INTEGER]);
  return { numerator: pick([1, 10, 7, 1_000_000]), denominator: pick([1, 10, 1_600]), modulus };
}

function rowOf(
  chance: Chance,
  { index, head }: { readonly index: number; readonly head: RegisterMap },
): MapRow {
  const { next, below, pick, words } = chance;
  const functionCode = pick(CODES);
  const isCoil = readsBits(functionCode);
  const encoding = isCoil ? "bit" : pick(ENCODINGS);
  const isText = encoding === "string" || encoding === "ipv4";
  const isBit = encoding === "bit";
  const counts = !isText && !isBit && !encoding.startsWith("f32-") && next() < 0.5;
  const kind = isText ? "text" : isBit ? "state" : counts ? "counter" : pick(["gauge", "state"] as const);
  const unit = isText ? "" : counts ? pick(COUNTER_UNITS) : pick(UNITS);
  const length = encoding === "bcd" ? 1 + below(4) : encoding === "string" ? 1 + below(30) : undefined;
  const size = wordsOf({ encoding, ...length !== undefined && { words: length } });
  const low = pick([0, -40, -1e6, -1 / 3]);
  const isCounted = counts && !isFloat(encoding);
  const sentinel = () => Array.from({ length: size * 4 }, () => below(16).toString(16)).join("");
  return {
    quantity: `q${index}${ENDS[unit] ?? ""}`,
    address: 30 * index + below(4),
    encoding,
    ...length !== undefined && { words: length },
    ...isBit && !isCoil && { bit: below(16) },
    functionCode,
    wordOrder: pick([head.wordOrder, pick(WORD_ORDERS)]),
    kind,
    unit,
    scale: isCounted || isText || isBit ? 1 : pick(SCALES),
    offset: kind === "gauge" ? pick([0, -40, 273.15, -1 / 3]) : 0,
    decimals: kind === "gauge" ? below(7) : 0,
    range: counts
      ? [0, pick([1e13, 0.5])]
      : isText || next() < 0.4
      ? null
      : [low, low + pick([1, 1e12, 0.1])],
    sentinels: isCoil || size > 8 ? [] : Array.from({ length: below(3) }, sentinel),
    ...counts && { counter: counterOf(chance, isCounted) },
    plus: counts && next() < 0.2 ? [30 * index + 12] : [],
    daily: next() < 0.2,
    note: words(60),
  };
}

function madeUp(chance: Chance): RegisterMap {
  const { below, next, pick, words } = chance;
  const head: RegisterMap = {
    ...EMPTY_MAP,
    name: words(30) || "x",
    vendor: words(20),
    functionCode: pick(CODES),
    wordOrder: pick(WORD_ORDERS),
    gapWords: below(60),
    maxPowerW: pick([null, 5, 1e6]),
    forgetsWithoutPower: next() < 0.3,
    notes: `a\n${words(50)}\nb`,
    basedOn: pick([null, "own-12@3", "abb-b23"]),
  };
  return {
    ...head,
    rows: Array.from({ length: 1 + below(8) }, (_, index) => rowOf(chance, { index, head })),
  };
}

Deno.test("300 made-up register maps come back the same from every file, and read whatever a device sends", async () => {
  const chance = chanceOf(7);
  for (let n = 0; n < 300; n++) {
    const map = madeUp(chance);
    deepStrictEqual(faultsOf(map), []);
    for (const text of [mapToJson(map), mapToJsonFile(map)]) {
      const read = mapFromJson(text);
      deepStrictEqual(read.ok ? read.value : read.error, map);
    }
    for (const notation of ["0-based", "1-based", "40001-style"] as const) {
      const rows = map.rows.map((row) => rowFieldsOf(row, notation));
      const typed = parseMap({ head: headFieldsOf(map), rows, notation, basedOn: map.basedOn });
      deepStrictEqual(typed.ok ? typed.value : typed.error, map);
      const read = await mapFromCsv(mapToCsv(map, notation), { ...map, rows: [] });
      deepStrictEqual(read.ok ? read.value : read.error, map);
    }
    const profile = profileOfMap(map, { mapId: 1, version: 1 });
    deepStrictEqual(mapOfProfile(profile).rows, map.rows);
    const wanted = Object.entries(profile.registers).map(([quantity, spec]) => ({ quantity, spec }));
    for (const span of planBlocks(wanted, profile)) {
      const answer = Array.from({ length: span.count }, () => chance.below(65_536));
      for (const { spec } of wanted.filter(({ quantity }) => span.quantities.includes(quantity))) {
        const decoded = decode(wordsIn(span, answer, spec), spec, profile.wordOrder);
        ok(!decoded.ok || decoded.value.kind === "text" || Number.isSafeInteger(decoded.value.value));
      }
    }
  }
});
