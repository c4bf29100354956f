/**
 * What JSON that somebody else wrote may hold: nothing in it is taken as it comes. Pure.
 *
 * @module
 */

/** An object as JSON has it. */
export type Plain = Readonly<Record<string, unknown>>;

/** Whether a value is an object, and no list. */
export function isPlain(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object that a text is; `null`: it is none, or no JSON. Whoever asks bounds its length. */
export function plainOf(text: string): Plain | null {
  try {
    const value: unknown = JSON.parse(text);
    return isPlain(value) ? value : null;
  } catch {
    return null;
  }
}

/** Whether a value is a whole number from 0 that JavaScript holds exactly. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** Whether a value is an instant since 1970 in milliseconds that a date can hold. */
export function isInstant(value: unknown): value is number {
  return isCount(value) && value < 8.64e15;
}

/** Whether a value is one line of at most so many characters. */
export function isLine(value: unknown, most: number): value is string {
  // deno-lint-ignore no-control-regex
  return typeof value === "string" && value.length <= most && !/[\x00-\x1f\x7f]/.test(value);
}

/** A text as {@link isLine} takes it: on one line, and cut where it is longer. */
export function lineOf(text: string, most: number): string {
  // deno-lint-ignore no-control-regex
  const line = text.toWellFormed().replace(/[\x00-\x1f\x7f]+/g, " ");
  return line.length <= most ? line : `${line.slice(0, most - 1).toWellFormed()}…`;
}
