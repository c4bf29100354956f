/**
 * Addresses of registers as manuals write them: counted from 0 as on the wire, counted from 1, or with the kind of
 * register as first digit (40001). Stored is always the address on the wire. Pure.
 *
 * @module
 */

import { err, ok, type Result } from "../result.ts";
import type { FunctionCode } from "./profile.ts";

/** How addresses are written. */
export type AddressNotation = "0-based" | "1-based" | "40001-style";

/** The notations, the one of the wire first. */
export const ADDRESS_NOTATIONS: readonly AddressNotation[] = ["0-based", "1-based", "40001-style"];

/** An address that was read. */
export interface ParsedAddress {
  /** 0-based as on the wire, 0 to 65,535. */
  readonly address: number;
  /** The function code that its first digit implies; `null`: it implies none. */
  readonly functionCode: FunctionCode | null;
}

/** Largest address on the wire. */
export const ADDRESS_MAX = 65_535;

/** First digits of the third notation: coils, discrete inputs, input registers, holding registers. */
const FIRST_DIGITS: Readonly<Record<string, FunctionCode>> = { "0": 1, "1": 2, "3": 4, "4": 3 };

/** Reads an address, in decimal or with 0x in hexadecimal; the error is what is expected. */
export function parseAddress(text: string, notation: AddressNotation): Result<ParsedAddress, string> {
  const plain = text.trim();
  switch (notation) {
    case "0-based":
      return counted(plain, 0);
    case "1-based":
      return counted(plain, 1);
    case "40001-style":
      return prefixed(plain);
  }
}

/** Writes an address; what has five digits in the third notation keeps them, what does not has six. */
export function formatAddress(
  address: number,
  { functionCode, notation }: { readonly functionCode: FunctionCode; readonly notation: AddressNotation },
): string {
  switch (notation) {
    case "0-based":
      return String(address);
    case "1-based":
      return String(address + 1);
    case "40001-style": {
      const first = Object.keys(FIRST_DIGITS).find((digit) => FIRST_DIGITS[digit] === functionCode) ?? "4";
      return first + String(address + 1).padStart(address < 9_999 ? 4 : 5, "0");
    }
  }
}

function counted(text: string, from: 0 | 1): Result<ParsedAddress, string> {
  const expected = `a whole number from ${from} to ${ADDRESS_MAX + from}`;
  if (!/^(\d{1,6}|0x[0-9a-f]{1,5})$/i.test(text)) return err(expected);
  const address = Number(text) - from;
  return address >= 0 && address <= ADDRESS_MAX ? ok({ address, functionCode: null }) : err(expected);
}

function prefixed(text: string): Result<ParsedAddress, string> {
  const expected = "5 or 6 digits that begin with 4 (holding), 3 (input), 1 (discrete) or 0 (coil): " +
    "40001 to 49999, or 400001 to 465536";
  const [, digit = "", rest = ""] = /^([0134])(\d{4,5})$/.exec(text) ?? [];
  const functionCode = FIRST_DIGITS[digit];
  const address = Number(rest) - 1;
  if (functionCode === undefined || address < 0 || address > ADDRESS_MAX) return err(expected);
  return ok({ address, functionCode });
}
