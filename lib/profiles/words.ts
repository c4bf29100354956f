/**
 * What a register map says, in words: for the pages of the library and for the written documents. Pure.
 *
 * @module
 */

import type { RegisterSpec, WordOrder } from "./profile.ts";

/** Word orders in words. */
export const ORDER_WORDS: Readonly<Record<WordOrder, string>> = {
  "big": "high word first",
  "little": "low word first",
  "big-swapped": "high word first, bytes swapped",
  "little-swapped": "low word first, bytes swapped",
};

/** All word orders, the commonest first. */
export const ALL_ORDERS: readonly WordOrder[] = ["big", "little", "big-swapped", "little-swapped"];

/** Word orders as installers know them: A is the first byte that a number is written with. */
export const ORDER_LETTERS: Readonly<Record<WordOrder, string>> = {
  "big": "ABCD",
  "little": "CDAB",
  "big-swapped": "BADC",
  "little-swapped": "DCBA",
};

/** What one of the coded number is worth, such as `100 Wh`; `text` for what is no number. */
export function worthWords(spec: RegisterSpec): string {
  if (spec.kind === "text") return "text";
  const { numerator, denominator, modulus } = spec.counter ?? { numerator: 1, denominator: 1, modulus: null };
  const worth = spec.counter && spec.scale === undefined ? numerator / denominator : spec.scale ?? 1;
  const rolls = modulus === null ? "" : `, rolls over at ${modulus}`;
  const { offset = 0 } = spec;
  const added = offset === 0 ? "" : offset < 0 ? `, less ${-offset}` : `, plus ${offset}`;
  return `${Number(worth.toPrecision(6))} ${spec.unit}`.trim() + added + rolls;
}
