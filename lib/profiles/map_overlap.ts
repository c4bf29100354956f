/**
 * Rows of a register map that take the same registers: no word is two quantities, but bits of one register are. Pure.
 *
 * @module
 */

import { faultOf, type MapFault } from "./map_fault.ts";
import type { NumberedRow } from "./map_row_text.ts";
import { addressesOf, readsBits, wordsOf } from "./profile.ts";
import type { MapRow } from "./register_map.ts";

interface Taken {
  readonly by: NumberedRow;
  /** Bits that are taken; `null`: the whole register. */
  readonly bits: Map<number, NumberedRow> | null;
}

/** The later one of each two rows on the same registers is refused, once. */
export function overlapFaults(rows: readonly NumberedRow[]): readonly MapFault[] {
  const taken = new Map<string, Taken>();
  const faults: MapFault[] = [];
  for (const numbered of rows) {
    const { number, row } = numbered;
    const spots = spotsOf(row);
    const before = spots.map((spot) => holderOf(taken.get(spot), row)).find((holder) => holder !== undefined);
    if (before) faults.push(faultOf({ row: number, field: "address" }, row.address, expectedBeside(before)));
    for (const spot of spots) take(taken, { spot, numbered });
  }
  return faults;
}

function spotsOf(row: MapRow): readonly string[] {
  return addressesOf(row).flatMap((address) =>
    Array.from({ length: wordsOf(row) }, (_, i) => `${row.functionCode}:${address + i}`)
  );
}

/** The bit of a register that a row takes; `null`: all of it, or a coil. */
function bitOf(row: MapRow): number | null {
  return row.encoding === "bit" && !readsBits(row.functionCode) ? row.bit ?? 0 : null;
}

/** Who holds what the row wants of a register; `undefined`: nobody. */
function holderOf(taken: Taken | undefined, row: MapRow): NumberedRow | undefined {
  const bit = bitOf(row);
  if (!taken || taken.bits === null || bit === null) return taken?.by;
  return taken.bits.get(bit);
}

function take(
  taken: Map<string, Taken>,
  { spot, numbered }: { readonly spot: string; readonly numbered: NumberedRow },
): void {
  const bit = bitOf(numbered.row);
  const before = taken.get(spot);
  if (!before) taken.set(spot, { by: numbered, bits: bit === null ? null : new Map([[bit, numbered]]) });
  else if (bit !== null && before.bits && !before.bits.has(bit)) before.bits.set(bit, numbered);
}

function expectedBeside({ number, row }: NumberedRow): string {
  const what = readsBits(row.functionCode) ? "coil" : "register";
  const last = row.address + wordsOf(row) - 1;
  const span = last === row.address ? `${what} ${row.address}` : `${what}s ${row.address} to ${last}`;
  const bit = bitOf(row);
  const more = row.plus.length > 0 ? ` and ${row.plus.join(", ")}` : "";
  return `${what}s of its own: row ${number}, ${row.quantity}, takes ${
    bit === null ? "" : `bit ${bit} of `
  }${span}${more}`;
}
