/**
 * What the nightly check may find on a device: a question for somebody to look at, never a correction. Kept as
 * numbers, so that words, units and languages can change; a finding that was put aside comes back when its key does.
 *
 * @module
 */

import type { Evidence } from "./device_reads.ts";

/** A phase with what it showed. */
export interface PhaseValue {
  /** 1 to 3. */
  readonly phase: number;
  /** In the base unit of the finding, V or A: the middle of the readings that broke the rule. */
  readonly value: number;
}

/** A setting or identity of a device that is not what it was. */
export interface ChangedText {
  /** Name of the quantity in the profile. */
  readonly quantity: string;
  /** As it was read last. */
  readonly read: string;
  /** As it was known before. */
  readonly known: string;
}

/** What was found. */
export type Finding =
  /** Most values mean something in another order of words and bytes, and nothing in the profile's. */
  | {
    readonly kind: "word-order";
    /** Letters of the order that fits, such as `CDAB`. */
    readonly order: string;
    /** Letters of the profile's order. */
    readonly now: string;
    /** A quantity that shows it best; `null`: none can be shown. */
    readonly example: OrderExample | null;
    /** Quantities that mean nothing in the profile's order, of those looked at. */
    readonly doubtful: number;
    /** Quantities looked at. */
    readonly looked: number;
  }
  /** Most values mean nothing in any order: another model or other registers? */
  | {
    readonly kind: "unreadable";
    /** Names of quantities that mean nothing, at most {@link NAMED_MAX}. */
    readonly quantities: readonly string[];
    /** Quantities that mean nothing. */
    readonly doubtful: number;
    /** Quantities looked at. */
    readonly looked: number;
  }
  /** Neither 50 nor 60 Hz within 1 Hz. */
  | { readonly kind: "frequency"; readonly frequencyHz: number; readonly evidence: Evidence }
  /** Not within 10 % of nominal. */
  | {
    readonly kind: "voltage";
    readonly phases: readonly PhaseValue[];
    /** Lowest expected, in V. */
    readonly lowV: number;
    /** Highest expected, in V. */
    readonly highV: number;
    readonly evidence: Evidence;
  }
  /** √3 × nominal: line to line where line to neutral is meant. */
  | {
    readonly kind: "line-to-line";
    readonly phases: readonly PhaseValue[];
    readonly lowV: number;
    readonly highV: number;
    readonly evidence: Evidence;
  }
  /** Total power is not the sum of V × I × PF. */
  | {
    readonly kind: "power-sum";
    readonly powerW: number;
    readonly sumW: number;
    readonly evidence: Evidence;
  }
  /** Above 1.2 × the CT's primary. */
  | {
    readonly kind: "over-ct";
    readonly phases: readonly PhaseValue[];
    /** Rated primary current in A. */
    readonly primaryA: number;
    readonly evidence: Evidence;
  }
  /** Current never passed the CT's secondary, though the primary is 50 A or more. */
  | {
    readonly kind: "unscaled";
    /** Largest current of the day in A. */
    readonly maxCurrentA: number;
    readonly secondaryA: number;
    readonly primaryA: number;
    readonly evidence: Evidence;
  }
  /** Phases that flow against the others. */
  | { readonly kind: "reversed"; readonly phases: readonly number[]; readonly evidence: Evidence }
  /** Energy flows out where no generator is registered. */
  | {
    readonly kind: "export";
    /** What the export counter grew by in a day, in Wh; `null`: it has none, power is negative. */
    readonly exportWh: number | null;
    /** Power in W where it is negative most of the time; `null`: it is not. */
    readonly powerW: number | null;
    readonly evidence: Evidence;
  }
  /** The counter grows otherwise than power × time. */
  | {
    readonly kind: "growth";
    /** Of a half-hour, in Wh. */
    readonly grownWh: number;
    /** What power makes of it, in Wh. */
    readonly expectedWh: number;
    readonly evidence: Evidence;
  }
  /** The serial number is another one. */
  | ChangedText & {
    readonly kind: "meter-changed";
    /** Whether `known` is what was registered; else it is what was read first. */
    readonly registered: boolean;
  }
  /** The firmware is another one. */
  | { readonly kind: "firmware-changed"; readonly changes: readonly ChangedText[] }
  /** A ratio or wiring setting of the device is another one. */
  | { readonly kind: "settings-changed"; readonly changes: readonly ChangedText[] };

/** A quantity in both orders. */
export interface OrderExample {
  /** Its name in the profile. */
  readonly quantity: string;
  /** Its base unit. */
  readonly unit: string;
  /** What the profile's order makes of it; `null`: no number, or one that nobody believes. */
  readonly was: number | null;
  /** What the other order makes of it. */
  readonly would: number;
}

/** Names that a finding gives at most. */
export const NAMED_MAX = 6;

/** Kinds of findings. */
export type FindingKind = Finding["kind"];

/** How much a finding matters: figures are wrong; they may be; good to know. */
export type Severity = "critical" | "warn" | "info";

/** All kinds in the order in which people should look at them, with how much they matter. */
export const SEVERITIES: Readonly<Record<FindingKind, Severity>> = {
  "word-order": "critical",
  "unreadable": "critical",
  "meter-changed": "critical",
  "settings-changed": "critical",
  "unscaled": "warn",
  "reversed": "warn",
  "export": "warn",
  "growth": "warn",
  "power-sum": "warn",
  "over-ct": "warn",
  "line-to-line": "warn",
  "voltage": "warn",
  "frequency": "warn",
  "firmware-changed": "info",
};

/** All kinds, those that matter most first. */
export const FINDING_KINDS: readonly FindingKind[] = Object.keys(SEVERITIES) as FindingKind[];

/** Whether a text names a kind. */
export function isFindingKind(text: string): text is FindingKind {
  return Object.hasOwn(SEVERITIES, text);
}

/**
 * What must change for a finding that was put aside to come back: which phases, which order, which serial number; not
 * the last digit of a voltage.
 */
export function findingKey(finding: Finding): string {
  switch (finding.kind) {
    case "word-order":
      return `${finding.now}>${finding.order}`;
    case "unreadable":
      return "";
    case "frequency":
      return String(Math.round(finding.frequencyHz / 5) * 5);
    case "voltage":
    case "line-to-line":
    case "over-ct":
      return finding.phases.map(({ phase }) => phase).join();
    case "power-sum":
      return roughRatio(finding.sumW, finding.powerW);
    case "unscaled":
      return `${finding.primaryA}:${finding.secondaryA}`;
    case "reversed":
      return finding.phases.join();
    case "export":
      return finding.powerW === null ? "counter" : "power";
    case "growth":
      return roughRatio(finding.grownWh, finding.expectedWh);
    case "meter-changed":
      return finding.read;
    case "firmware-changed":
    case "settings-changed":
      return finding.changes.map(({ quantity, read }) => `${quantity}=${read}`).join();
  }
}

/** A ratio to the nearest power of two, so that noise does not change it: `x4`, `x-0.5`. */
function roughRatio(one: number, other: number): string {
  if (one === 0 || other === 0) return `x${one === 0 ? 0 : "∞"}`;
  const ratio = one / other;
  return `x${Math.sign(ratio) * 2 ** Math.round(Math.log2(Math.abs(ratio)))}`;
}
