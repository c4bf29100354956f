/**
 * Fields of the forms by which a site is registered: what may be left out, numbers within a range, addresses.
 *
 * @module
 */

import { type AddressKind, addressKindOf, addressText, parseAddress } from "../../../domain/address.ts";
import { err, ok } from "../../../result.ts";
import { email, type Field, line } from "../../form.ts";

/** A line that may be left out: `null` then. */
export function optional(max: number): Field<string | null> {
  const read = line({ min: 0, max });
  return (text) => {
    const value = read(text);
    return value.ok ? ok(value.value === "" ? null : value.value) : value;
  };
}

/** What a number must be. */
export interface NumberRange {
  /** Smallest. */
  readonly least: number;
  /** Largest. */
  readonly most: number;
  /** Digits after the point; default: none. */
  readonly decimals?: number;
}

/** A number as people write it, with a point or a comma. */
export function number({ least, most, decimals = 0 }: NumberRange): Field<number> {
  return (text) => {
    const typed = (text ?? "").trim().replace("\u2212", "-").replace(",", ".");
    const expected = `a ${decimals === 0 ? "whole number" : "number"} from ${least} to ${most}`;
    if (typed === "") return err(`Is missing: ${expected}`);
    const value = Number(typed);
    const shaped = new RegExp(`^-?\\d{1,12}(\\.\\d{1,${Math.max(1, decimals)}})?$`).test(typed);
    const fits = shaped && value >= least && value <= most && (decimals > 0 || Number.isInteger(value));
    return fits ? ok(value) : err(`"${typed.slice(0, 20)}" is not ${expected}`);
  };
}

/** The version of a draft that was looked at, sent back with every form of it. */
export const VERSION: Field<number> = number({ least: 0, most: 2_147_483_647 });

/** A number that may be left out: `null` then. */
export function optionalNumber(range: NumberRange): Field<number | null> {
  const read = number(range);
  return (text) => (text ?? "").trim() === "" ? ok(null) : read(text);
}

/** An e-mail address that may be left out: empty then. */
export const optionalEmail: Field<string> = (text) => (text ?? "").trim() === "" ? ok("") : email(text);

/** A tick: sent as `on` when it is set. */
export const tick: Field<boolean> = (text) =>
  text === undefined ? ok(false) : text === "on" ? ok(true) : err("Expected a tick");

/** Addresses that are no machine's, with what they are instead: nobody can allow them. */
const NO_MACHINE: Partial<Record<AddressKind, string>> = {
  "unspecified": "means no machine in particular",
  "link-local": "holds on one cable alone",
  "multicast": "means many machines",
  "broadcast": "means all machines of a network",
  "metadata": "is where a cloud answers its own machines",
};

/**
 * An IPv4 or IPv6 address, or a host name; what it resolves to is judged when it is dialled. An address that no router
 * can have is refused here.
 */
export const host: Field<string> = (text) => {
  const read = spelledHost(text);
  const why = read.ok && parseAddress(read.value) !== null
    ? NO_MACHINE[addressKindOf(read.value)]
    : undefined;
  return read.ok && why !== undefined
    ? err(`"${read.value}" ${why}, expected the fixed address of the router`)
    : read;
};

const spelledHost: Field<string> = (text) => {
  const value = (text ?? "").trim();
  if (value === "") return err("Is missing: an IPv4 or IPv6 address, or a host name");
  if (/^\d+(\.\d+)*$/.test(value)) return ipv4(value);
  const inside = value.startsWith("[") && value.endsWith("]") ? value.slice(1, -1) : value;
  if (inside.includes(":")) {
    // One spelling for each address, so that what another site has is known again however it is typed.
    const address = inside.includes("%") ? null : parseAddress(inside);
    return address
      ? ok(addressText(address))
      : err(`"${value.slice(0, 60)}" is no IPv6 address, expected one such as 2001:db8::7, without a port`);
  }
  const labels = value.split(".");
  // Some systems take a name that ends with a number for an address in another spelling.
  const isNumber = /^(\d+|0x[\da-f]*)$/i.test(labels.at(-1) ?? "");
  const named = value.length <= 253 && !isNumber &&
    labels.every((label) => /^(?!-)[A-Za-z0-9-]{1,63}(?<!-)$/.test(label));
  return named
    ? ok(value.toLowerCase())
    : err(`"${value.slice(0, 60)}" is no address, expected one such as 203.0.113.7 or router.example.org`);
};

/** Four numbers from 0 to 255 as people write them: 010 would be 8 to some and 10 to others. */
function ipv4(value: string) {
  const parts = value.split(".");
  if (parts.length !== 4) {
    return err(`"${value}" has ${parts.length} of four numbers, expected one such as 203.0.113.7`);
  }
  const wrong = parts.find((part) => Number(part) > 255 || /^0\d/.test(part));
  return wrong === undefined
    ? ok(value)
    : err(`"${wrong}" in "${value}" is not a number from 0 to 255 without zeros before it`);
}
