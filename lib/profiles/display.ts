/**
 * What a person reads off a meter's display, as they type it: digits grouped in any way, a decimal comma or point, and
 * a unit. Pure.
 *
 * @module
 */

import type { Unit } from "../domain/channel.ts";
import { err, ok, type Result } from "../result.ts";

/** A value as a display shows it. */
export interface DisplayValue {
  /** In the unit that stands on the display. */
  readonly value: number;
  /** Decimals that it shows: it changes in steps of 10^-decimals. */
  readonly decimals: number;
  /** Base unit of what it shows. */
  readonly unit: Unit;
  /** Base units in one unit of the display: 1000 for kWh. */
  readonly factor: number;
  /** The unit as it is written, such as `kWh`. */
  readonly written: string;
}

/** Units of displays, with the base unit and how many of it they hold. */
const UNITS: readonly (readonly [string, Unit, number])[] = [
  ["kWh", "Wh", 1e3],
  ["MWh", "Wh", 1e6],
  ["GWh", "Wh", 1e9],
  ["Wh", "Wh", 1],
  ["kvarh", "varh", 1e3],
  ["Mvarh", "varh", 1e6],
  ["varh", "varh", 1],
  ["kVAh", "VAh", 1e3],
  ["MVAh", "VAh", 1e6],
  ["VAh", "VAh", 1],
  ["kW", "W", 1e3],
  ["MW", "W", 1e6],
  ["W", "W", 1],
  ["kvar", "var", 1e3],
  ["var", "var", 1],
  ["kVA", "VA", 1e3],
  ["VA", "VA", 1],
  ["kV", "V", 1e3],
  ["mV", "V", 1e-3],
  ["V", "V", 1],
  ["kA", "A", 1e3],
  ["mA", "A", 1e-3],
  ["A", "A", 1],
  ["Hz", "Hz", 1],
  ["%", "%", 1],
  ["°C", "°C", 1],
  ["m³", "L", 1e3],
  ["m3", "L", 1e3],
  ["L", "L", 1],
  ["min", "min", 1],
  ["h", "s", 3600],
  ["s", "s", 1],
  ["", "", 1],
];

/** Longest text that is read, in characters. */
const TEXT_MAX = 40;

/** Digits at most: what a number holds exactly. */
const DIGITS_MAX = 15;

/** Reads a display's value; what is wrong is said as a sentence that goes on after the field's name. */
export function parseDisplay(text: string): Result<DisplayValue, string> {
  const plain = text.normalize("NFKC").trim();
  const [, sign, number = "", written = ""] =
    /^([-+\u2212]?)\s*([\d.,'\u2019\s]*\d)\s*([^\d.,\s][^\d]*\d?)?$/u.exec(plain.slice(0, TEXT_MAX)) ?? [];
  if (sign === undefined) {
    return err("expected a number with its unit as the display shows them, such as 12 345.6 kWh");
  }
  const unit = unitOf(written.trim());
  if (!unit) {
    return err(
      `unit "${written.trim().slice(0, 12)}" is not known, expected one such as kWh, kW, V, A or none`,
    );
  }
  const digits = plainDigits(number.replaceAll(/[\s'\u2019]/g, ""));
  if (!digits.ok) return digits;
  const [whole = "", decimals = ""] = digits.value.split(".");
  if (whole.replace(/^0+/, "").length + decimals.length > DIGITS_MAX) {
    return err(`at most ${DIGITS_MAX} digits`);
  }
  const value = Number(digits.value) * (sign === "-" || sign === "\u2212" ? -1 : 1);
  const [name, base, factor] = unit;
  return ok({ value, decimals: decimals.length, unit: base, factor, written: name });
}

function unitOf(written: string) {
  return UNITS.find(([name]) => name === written) ??
    UNITS.find(([name]) => name.toLowerCase() === written.toLowerCase());
}

/** Digits with a point for decimals. Of two kinds of separators the last is the decimal one. */
function plainDigits(text: string): Result<string, string> {
  const [commas, points] = [text.split(",").length - 1, text.split(".").length - 1];
  if (commas > 0 && points > 0) {
    const decimal = text.lastIndexOf(",") > text.lastIndexOf(".") ? "," : ".";
    if ((decimal === "," ? commas : points) > 1) return err("has two decimal points");
    return ok(text.replaceAll(decimal === "," ? "." : ",", "").replace(decimal, "."));
  }
  if (commas > 1) return ok(text.replaceAll(",", ""));
  if (points > 1) return ok(text.replaceAll(".", ""));
  if (/^[1-9]\d{0,2},\d{3}$/.test(text)) {
    const [whole = "", rest = ""] = text.split(",");
    return err(
      `"${text}" may be ${whole}${rest} or ${whole}.${rest}: write it with a point, or without the comma`,
    );
  }
  return ok(text.replace(",", "."));
}
