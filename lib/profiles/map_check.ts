/**
 * What a register map must keep before it can be read from a device: the checks that the library's own profiles pass,
 * each fault with its row, what stands there and what is expected. Pure.
 *
 * @module
 */

import { COUNTER_UNITS, type Unit } from "../domain/channel.ts";
import { WORD_BYTES_MAX } from "../domain/visit.ts";
import { ADDRESS_MAX } from "./map_address.ts";
import { faultOf, type MapFault, type RowField } from "./map_fault.ts";
import { overlapFaults } from "./map_overlap.ts";
import { type NumberedRow, rowTextFaults } from "./map_row_text.ts";
import { addressesOf, type Encoding, isFloat, readsBits, wordsOf } from "./profile.ts";
import { type MapHead, type MapRow, type RegisterMap, ROWS_MAX } from "./register_map.ts";

/** Characters of a quantity's name at most: its column holds 64. */
const QUANTITY_MAX = 64;

/** Registers of a BCD value at most: 16 digits. */
const BCD_WORDS_MAX = 4;

/** Largest factor from the coded number to the base unit. */
const SCALE_MAX = 1e12;

/** Largest offset either way. */
const OFFSET_MAX = 1e9;

/** Largest believable counter in its base unit: 10 TWh. */
export const COUNTER_MAX = 1e13;

/** Last letters of a quantity's name that say its unit, as the rest of the product reads them. */
const UNIT_ENDS: { readonly [U in Unit]?: string } = {
  Wh: "Wh",
  varh: "Varh",
  VAh: "VAh",
  W: "W",
  V: "V",
  A: "A",
  Hz: "Hz",
  dBm: "Dbm",
  "°C": "C",
};

/** Encodings of which a counter may be. */
const COUNTING: readonly Encoding[] = ["u16", "i16", "u32", "i32", "u64", "i64", "f32", "f64", "bcd"];

/** What is wrong with the rows of a map; empty: it can be read from a device. */
export function faultsOf(map: RegisterMap): readonly MapFault[] {
  return rowFaults(map.rows.map((row, i) => ({ number: i + 1, row })), map);
}

/** The same, and that there is a row at all: what must hold before a map is published. */
export function publishFaults(map: RegisterMap): readonly MapFault[] {
  const faults = faultsOf(map);
  if (map.rows.length > 0) return faults;
  return [...faults, faultOf({ row: null, field: "rows" }, "", "at least one row")];
}

/** What is wrong with rows that stand where they are numbered. */
export function rowFaults(
  rows: readonly NumberedRow[],
  head: Pick<MapHead, "wordsPerRequest">,
): readonly MapFault[] {
  if (rows.length > ROWS_MAX) {
    return [faultOf({ row: null, field: "rows" }, rows.length, `at most ${ROWS_MAX} rows`)];
  }
  const faults = [
    ...rows.flatMap((row) => faultsOfRow(row, head)),
    ...nameFaults(rows),
    ...overlapFaults(rows),
  ];
  return faults.sort((one, other) => (one.row ?? 0) - (other.row ?? 0));
}

type Refuse = (field: RowField, value: string | number, expected: string) => void;

function faultsOfRow(numbered: NumberedRow, head: Pick<MapHead, "wordsPerRequest">): readonly MapFault[] {
  const { number, row } = numbered;
  const faults: MapFault[] = [...rowTextFaults(numbered)];
  const refuse: Refuse = (field, value, expected) =>
    void faults.push(faultOf({ row: number, field }, value, expected));
  if (checkLength(row, refuse)) checkPlace(row, { refuse, wordsPerRequest: head.wordsPerRequest });
  checkName(row, refuse);
  checkKind(row, refuse);
  checkNumbers(row, refuse);
  if (readsBits(row.functionCode)) checkCoil(row, refuse);
  return faults;
}

/** Whether the row's length is known; what is wrong with it is refused. */
function checkLength(row: MapRow, refuse: Refuse): boolean {
  const { encoding, words } = row;
  const isCounted = encoding === "bcd" || encoding === "string";
  if (!isCounted) {
    if (words !== undefined && words !== wordsOf({ encoding })) {
      refuse("words", words, `nothing: ${encoding} takes ${wordsOf({ encoding })}`);
    }
    return true;
  }
  if (words === undefined) refuse("words", "", `how many registers the ${encoding} takes`);
  else if (encoding === "bcd" && words > BCD_WORDS_MAX) {
    refuse("words", words, `1 to ${BCD_WORDS_MAX} registers of BCD, 4 digits each`);
  } else return true;
  return false;
}

function checkPlace(
  row: MapRow,
  { refuse, wordsPerRequest }: { readonly refuse: Refuse; readonly wordsPerRequest: number },
): void {
  const length = wordsOf(row);
  const addresses = addressesOf(row);
  const [first, last] = [Math.min(...addresses), Math.max(...addresses) + length - 1];
  if (last > ADDRESS_MAX) {
    const field = row.address + length - 1 > ADDRESS_MAX ? "address" : "plus";
    refuse(field, field === "plus" ? row.plus.join(" ") : row.address, `registers up to ${ADDRESS_MAX}`);
  } else if (last - first + 1 > wordsPerRequest) {
    const limit = `${wordsPerRequest} registers, which is what one request may ask for`;
    if (row.plus.length > 0) refuse("plus", row.plus.join(" "), `all within ${limit}`);
    else refuse("words", length, `at most ${limit}`);
  }
  if (row.kind !== "text" && 2 * length * addresses.length > WORD_BYTES_MAX) {
    refuse("plus", row.plus.join(" "), `at most ${WORD_BYTES_MAX / 2} registers in all, which are kept`);
  }
  if (new Set(addresses).size < addresses.length) {
    refuse("plus", row.plus.join(" "), "every register once");
  }
}

function checkName({ quantity, unit }: MapRow, refuse: Refuse): void {
  if (!/^[a-z][A-Za-z0-9]*$/.test(quantity) || quantity.length > QUANTITY_MAX) {
    refuse(
      "quantity",
      quantity,
      `a name of letters and digits that begins small, such as importWh, at most ${QUANTITY_MAX}`,
    );
    return;
  }
  if (quantity in Object.prototype) {
    refuse("quantity", quantity, "another name: every object has one of this");
    return;
  }
  const end = UNIT_ENDS[unit];
  if (end && !quantity.endsWith(end)) {
    refuse("quantity", quantity, `a name that ends in ${end}, because the unit is ${unit}`);
  }
}

function checkKind(row: MapRow, refuse: Refuse): void {
  const { kind, encoding, unit } = row;
  const isText = encoding === "string" || encoding === "ipv4";
  if (isText !== (kind === "text")) {
    refuse(
      "kind",
      kind,
      isText ? `text, because the type is ${encoding}` : `no text: ${encoding} is a number`,
    );
  } else if (encoding === "bit" && kind !== "state") refuse("kind", kind, "state, because it is one bit");
  if (isText && row.plus.length > 0) refuse("plus", row.plus.join(" "), "nothing: texts are not added");
  if (kind === "counter" && !COUNTING.includes(encoding)) {
    refuse("encoding", encoding, `one of ${COUNTING.join(", ")} for a counter`);
  }
  if (kind === "counter" && !COUNTER_UNITS.includes(unit)) {
    refuse("unit", unit, `one of ${COUNTER_UNITS.join(", ")} for a counter`);
  }
  if (kind !== "gauge" && row.decimals !== 0) {
    refuse("decimals", row.decimals, "nothing: only gauges have decimals");
  }
  if (kind !== "gauge" && row.offset !== 0) {
    refuse("offset", row.offset, "nothing: only gauges have an offset");
  }
  if ((encoding === "bit") !== (row.bit !== undefined) && !readsBits(row.functionCode)) {
    refuse(
      "bit",
      row.bit ?? "",
      encoding === "bit" ? "which bit, 0 to 15" : `nothing: ${encoding} is no bit`,
    );
  }
}

function checkNumbers(row: MapRow, refuse: Refuse): void {
  const { scale, offset, range, sentinels, kind, encoding } = row;
  if (!(scale > 0) || !(scale <= SCALE_MAX)) refuse("scale", scale, `a number above 0, at most ${SCALE_MAX}`);
  else if (scale !== 1 && (kind === "text" || encoding === "bit")) {
    refuse("scale", scale, `1: ${kind === "text" ? "a text" : "a bit"} has no scale`);
  }
  if (Math.abs(offset) > OFFSET_MAX) refuse("offset", offset, `from ${-OFFSET_MAX} to ${OFFSET_MAX}`);
  if (range && range[0] >= range[1]) {
    refuse("high", range[1], `more than the smallest value, ${range[0]}`);
  } else if (kind === "counter" && (range?.[1] ?? 0) > COUNTER_MAX) {
    refuse("high", range?.[1] ?? "", `at most ${COUNTER_MAX}: more is no meter's`);
  } else if (kind === "counter" && range?.[0] !== 0) {
    refuse("low", range?.[0] ?? "", "0, because a counter begins there");
  }
  if (kind === "text" && range) refuse("low", range[0], "nothing: a text has no range");
  const digits = 4 * (row.words ?? wordsOf(row));
  for (const sentinel of sentinels) {
    if (sentinel.length !== digits) {
      refuse("sentinels", sentinel, `${digits} hex digits, as many as ${digits / 4} registers have`);
    }
  }
  if (kind === "text" && sentinels.length > 0 && encoding === "string" && digits > 4 * 8) {
    refuse("sentinels", sentinels[0] ?? "", "nothing: an empty text is no value already");
  }
  if (row.counter && isFloat(encoding) && row.counter.modulus !== null) {
    refuse("modulus", row.counter.modulus, "nothing: a floating-point number does not roll over");
  }
}

/** A coil is one bit, asked for by itself. */
function checkCoil(row: MapRow, refuse: Refuse): void {
  const words = `because function ${row.functionCode} reads single bits`;
  if (row.encoding !== "bit") refuse("encoding", row.encoding, `bit, ${words}`);
  if (row.bit !== undefined) refuse("bit", row.bit, `nothing, ${words}`);
  if (row.plus.length > 0) refuse("plus", row.plus.join(" "), `nothing, ${words}`);
  if (row.sentinels.length > 0) refuse("sentinels", row.sentinels.join(" "), `nothing, ${words}`);
}

/** Names that stand twice; the later one is refused. Case does not tell two apart. */
function nameFaults(rows: readonly NumberedRow[]): readonly MapFault[] {
  const first = new Map<string, number>();
  return rows.flatMap(({ number, row: { quantity } }) => {
    const before = first.get(quantity.toLowerCase());
    if (before === undefined) first.set(quantity.toLowerCase(), number);
    const isTwice = before !== undefined && quantity !== "";
    return isTwice
      ? [faultOf({ row: number, field: "quantity" }, quantity, `another name: row ${before} has it`)]
      : [];
  });
}
