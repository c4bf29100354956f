/**
 * Which requests bring home the registers of a meter: as few as the device's limits allow, because each one
 * costs a round trip over the cellular network and a turn on the serial line.
 *
 * @module
 */

import {
  addressesOf,
  type DeviceProfile,
  type FunctionCode,
  type RegisterSpec,
  wordsOf,
} from "../lib/profiles/profile.ts";

/** One quantity that is wanted. */
export interface Wanted {
  /** Its name in the profile. */
  readonly quantity: string;
  /** What it looks like on the wire. */
  readonly spec: RegisterSpec;
}

/** One request. */
export interface Span {
  /** Function code, 1 to 4. */
  readonly functionCode: FunctionCode;
  /** First register or coil, 0-based as on the wire. */
  readonly address: number;
  /** Registers or coils asked for, 1 to the profile's limit. */
  readonly count: number;
  /** Quantities whose words it brings, by address. */
  readonly quantities: readonly string[];
  /** Whether a counter is among them: such spans come first. */
  readonly hasCounter: boolean;
}

/** What the planner needs to know of a profile. */
export type Limits = Pick<DeviceProfile, "functionCode" | "wordsPerRequest" | "gapWords">;

interface Stretch {
  readonly functionCode: FunctionCode;
  readonly from: number;
  readonly to: number;
  readonly wanted: readonly Wanted[];
}

/**
 * Plans the requests: never cutting a value, all parts of a sum in one request, function codes apart, spans that
 * bring counters before the others, then by address.
 */
export function planBlocks(registers: readonly Wanted[], limits: Limits): readonly Span[] {
  const stretches = registers.map((wanted) => stretchOf(wanted, limits))
    .sort((a, b) => a.functionCode - b.functionCode || a.from - b.from || a.to - b.to);
  const merged: Stretch[] = [];
  for (const next of stretches) {
    const last = merged.at(-1);
    const both = last && join(last, next, limits);
    if (both) merged[merged.length - 1] = both;
    else merged.push(next);
  }
  const spans = merged.map(spanOf);
  return [...spans.filter((span) => span.hasCounter), ...spans.filter((span) => !span.hasCounter)];
}

/** The words of one quantity out of the answer to its span; those of `plus` follow. */
export function wordsIn(span: Span, answer: readonly number[], spec: RegisterSpec): readonly number[] {
  const length = wordsOf(spec);
  return addressesOf(spec).flatMap((address) =>
    answer.slice(address - span.address, address - span.address + length)
  );
}

function stretchOf(wanted: Wanted, limits: Limits): Stretch {
  const addresses = addressesOf(wanted.spec);
  const from = Math.min(...addresses);
  const to = Math.max(...addresses) + wordsOf(wanted.spec);
  if (to - from > limits.wordsPerRequest) {
    throw new RangeError(
      `Cannot plan "${wanted.quantity}": ${to - from} registers, at most ${limits.wordsPerRequest}`,
    );
  }
  return { functionCode: wanted.spec.functionCode ?? limits.functionCode, from, to, wanted: [wanted] };
}

/** Both in one request, or `null` if the device's limits forbid it. */
function join(a: Stretch, b: Stretch, limits: Limits): Stretch | null {
  const to = Math.max(a.to, b.to);
  if (a.functionCode !== b.functionCode) return null;
  if (b.from - a.to > limits.gapWords || to - a.from > limits.wordsPerRequest) return null;
  return { functionCode: a.functionCode, from: a.from, to, wanted: [...a.wanted, ...b.wanted] };
}

function spanOf(stretch: Stretch): Span {
  return {
    functionCode: stretch.functionCode,
    address: stretch.from,
    count: stretch.to - stretch.from,
    quantities: stretch.wanted.map((wanted) => wanted.quantity),
    hasCounter: stretch.wanted.some((wanted) => wanted.spec.kind === "counter"),
  };
}
