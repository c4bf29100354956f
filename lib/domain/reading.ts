/**
 * What a half-hour can end with: a value, or exactly one reason from a closed list, for the reading and for the
 * amount each.
 *
 * @module
 */

/** Why there is no reading. `exception-n` is a Modbus exception code that is none of the named ones. */
export type ReadingReason =
  | "no-route"
  | "refused"
  | "connect-timeout"
  | "closed"
  | "response-timeout"
  | "unit-silent"
  | "path-unavailable"
  | `exception-${number}`
  | "bad-frame"
  | "not-a-number"
  | "out-of-range"
  | "visit-deadline"
  | "address-not-allowed"
  | "maintenance"
  | "we-were-down";

/** Why there is no amount. */
export type AmountReason = "first-reading" | "new-series" | "implausible" | "no-later-reading-yet";

/** How far a value can be trusted: metered at both boundaries; total metered, shape unknown; computed without a
 * meter; metered but doubtful; none; changed by a person. */
export type Quality = "measured" | "recovered" | "estimated" | "suspect" | "missing" | "edited";

/** The named reading reasons with the numbers they are stored under; exceptions are stored as 100 + code. */
const READING_CODES: readonly (readonly [Exclude<ReadingReason, `exception-${number}`>, number])[] = [
  ["no-route", 1],
  ["refused", 2],
  ["connect-timeout", 3],
  ["closed", 4],
  ["response-timeout", 5],
  ["unit-silent", 6],
  ["path-unavailable", 7],
  ["bad-frame", 8],
  ["not-a-number", 9],
  ["out-of-range", 10],
  ["visit-deadline", 11],
  ["address-not-allowed", 12],
  ["maintenance", 13],
  ["we-were-down", 14],
];

const EXCEPTION_BASE = 100;

/** The number under which a reading reason is stored, 1 to 355. */
export function readingCodeOf(reason: ReadingReason): number {
  const named = READING_CODES.find(([name]) => name === reason);
  if (named) return named[1];
  return EXCEPTION_BASE + Number(reason.slice("exception-".length));
}

/** The reading reason stored under a number; an unknown number is a bug. */
export function readingReasonOf(code: number): ReadingReason {
  const named = READING_CODES.find(([, number]) => number === code);
  if (named) return named[0];
  if (code > EXCEPTION_BASE && code <= EXCEPTION_BASE + 255) return `exception-${code - EXCEPTION_BASE}`;
  throw new RangeError(`No reading reason has the code ${code}`);
}

/** The amount reasons by the number they are stored under, which is their place plus one. */
const AMOUNT_REASONS: readonly AmountReason[] = [
  "first-reading",
  "new-series",
  "implausible",
  "no-later-reading-yet",
];

/** The number under which an amount reason is stored, 1 to 4. */
export function amountCodeOf(reason: AmountReason): number {
  return AMOUNT_REASONS.indexOf(reason) + 1;
}

/** The amount reason stored under a number; an unknown number is a bug. */
export function amountReasonOf(code: number): AmountReason {
  const reason = AMOUNT_REASONS[code - 1];
  if (!reason) throw new RangeError(`No amount reason has the code ${code}`);
  return reason;
}

/** The letter of a half-hour in a packed day: a quality, or `-` where none was expected. */
export type QualityLetter = "m" | "r" | "a" | "s" | "x" | "e" | "-";

const LETTERS: readonly (readonly [Quality, QualityLetter])[] = [
  ["measured", "m"],
  ["recovered", "r"],
  ["estimated", "a"],
  ["suspect", "s"],
  ["missing", "x"],
  ["edited", "e"],
];

/** The letter of a quality; `undefined` (not expected) is `-`. */
export function letterOf(quality: Quality | undefined): QualityLetter {
  return LETTERS.find(([name]) => name === quality)?.[1] ?? "-";
}

/** The quality of a letter; `undefined` for `-`: no value was expected. */
export function qualityOf(letter: string): Quality | undefined {
  return LETTERS.find(([, sign]) => sign === letter)?.[0];
}
