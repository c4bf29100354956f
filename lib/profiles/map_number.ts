/**
 * Numbers in the fields of a register map: written so that what is read back is the same number. Pure.
 *
 * @module
 */

import { err, ok, type Result } from "../result.ts";

/** Largest part of a fraction in which a counter counts: ratios of transformers multiply it, and it stays exact. */
const PART_MAX = 1_000_000;

/** A number with a point, with or without an exponent; the error is what is expected. */
export function decimalNumber(text: string): Result<number, string> {
  const plain = text.trim().replace("\u2212", "-");
  const number = /^[-+]?\d{1,30}(\.\d{1,30})?([eE][-+]?\d{1,3})?$/.test(plain) ? Number(plain) : NaN;
  return Number.isFinite(number) ? ok(number + 0) : err("a number such as 0.1 or -40, with a point");
}

/** A whole number within limits; the error is what is expected. */
export function wholeNumber(
  text: string,
  { least, most }: { readonly least: number; readonly most: number },
): Result<number, string> {
  const plain = text.trim();
  const number = /^\d{1,16}$/.test(plain) ? Number(plain) : NaN;
  return Number.isSafeInteger(number) && number >= least && number <= most
    ? ok(number)
    : err(`a whole number from ${least} to ${most}`);
}

/** Base units a count, as a fraction of whole numbers. */
export interface Counts {
  /** Numerator. */
  readonly numerator: number;
  /** Denominator. */
  readonly denominator: number;
}

/** Reads what a count is worth, `100` or `1/10`; for `0.1` the error says how it is written. */
export function wholeCounts(text: string): Result<Counts, string> {
  const plain = text.trim();
  const [, over, under = "1"] = /^(\d{1,10})(?:\s*\/\s*(\d{1,10}))?$/.exec(plain) ?? [];
  const [numerator, denominator] = [Number(over), Number(under)];
  const fits = (part: number) => part >= 1 && part <= PART_MAX;
  if (over !== undefined && fits(numerator) && fits(denominator)) return ok({ numerator, denominator });
  const fraction = over === undefined ? fractionOf(plain) : null;
  return err(
    `a whole number or a fraction of whole numbers, ${fraction ?? "such as 100 or 1/10"}: ` +
      "whole numbers are counted, so nothing is rounded",
  );
}

/** How a scale is written: `1/10` for counts, else the number. */
export function scaleText({ numerator, denominator }: Counts): string {
  return denominator === 1 ? String(numerator) : `${numerator}/${denominator}`;
}

/** The fraction that a decimal number is; `null`: none of whole numbers below the limit. */
function fractionOf(text: string): string | null {
  const [, whole = "", decimals = ""] = /^(\d{1,9})\.(\d{1,9})$/.exec(text) ?? [];
  const [numerator, denominator] = [Number(whole + decimals), 10 ** decimals.length];
  if (decimals === "" || numerator === 0) return null;
  const common = commonDivisor(numerator, denominator);
  return `${numerator / common}/${denominator / common}`;
}

function commonDivisor(one: number, other: number): number {
  return other === 0 ? one : commonDivisor(other, one % other);
}
