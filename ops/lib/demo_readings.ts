/**
 * From what a simulated device answers to what a visit would have brought home: values with their words, or why
 * there are none.
 *
 * @module
 */

import type { ReadingReason } from "../../lib/domain/reading.ts";
import { hexOf } from "../../lib/domain/visit.ts";
import type { RegisterSpec } from "../../lib/profiles/profile.ts";
import type { SimulatedMeter } from "../../lib/simulator/meter.ts";

/** What a device answers for one quantity. */
export type DeviceAnswer = ReturnType<SimulatedMeter["readingAt"]>[string];

/** What a visit brought home of a channel. */
export interface BroughtHome {
  /** Register words, hex. */
  readonly words: string;
  /** The value; `null`: none, or a text. */
  readonly value: number | null;
  /** A text channel's words. */
  readonly text?: string;
  /** Why there is no value; `null`: there is one. */
  readonly reason: ReadingReason | null;
}

/** What is kept of an answer: sentinels are not a number, what is beyond the range is out of range. */
export function broughtHome(answer: DeviceAnswer, spec: RegisterSpec): BroughtHome {
  const words = hexOf(answer.words);
  if (answer.text !== undefined) return { words, value: null, text: answer.text.trim(), reason: null };
  const noFix = spec.encoding === "f32-either" && /^0*$/.test(words);
  if (answer.value === null || noFix || isSentinel(words, spec)) {
    return { words, value: null, reason: "not-a-number" };
  }
  if (isOutOfRange(answer.value, spec)) return { words, value: null, reason: "out-of-range" };
  return { words, value: answer.value, reason: null };
}

function isSentinel(words: string, spec: RegisterSpec): boolean {
  return spec.sentinels?.some((sentinel) => sentinel.toLowerCase() === words) ?? false;
}

function isOutOfRange(value: number, { kind, range, counter, decimals = 0 }: RegisterSpec): boolean {
  if (range === undefined) return kind === "counter" && value < 0;
  const inUnit = counter
    ? value * counter.numerator / counter.denominator
    : kind === "gauge"
    ? value / 10 ** decimals
    : value;
  return inUnit < range[0] || inUnit > range[1];
}
