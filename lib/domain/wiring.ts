/**
 * Is a meter wired and set right: the checks a technician makes beside the cabinet, on two reads a little apart.
 * Findings are questions to look at, never corrections.
 *
 * @module
 */

import type { Transformer } from "./site.ts";

/** What one phase shows; `null`: not read. Values are those of the meter, before any ratio that we apply. */
export interface PhaseRead {
  /** Line to neutral, in V. */
  readonly voltageV: number | null;
  /** In A. */
  readonly currentA: number | null;
  /** Active power in W, negative when it flows out. */
  readonly powerW: number | null;
  /** −1 to 1. */
  readonly powerFactor: number | null;
}

/** Growth of the counters between two reads. */
export interface CounterGrowth {
  /** Seconds between them, above 0. */
  readonly elapsedS: number;
  /** Import in Wh; `null`: not read. */
  readonly importWh: number | null;
  /** Export in Wh; `null`: not read, or not metered. */
  readonly exportWh: number | null;
  /** Smallest change that the counters show, in Wh. */
  readonly stepWh: number;
}

/** Everything that the checks look at. */
export interface WiringReads {
  /** Line-to-neutral voltage of the supply before any VT, in V. */
  readonly nominalV: number;
  /** Its transformers; `null`: read directly. */
  readonly transformer: Transformer | null;
  /** Whether a generator is registered, so that export is expected. */
  readonly generates: boolean;
  /** Frequency in Hz; `null`: not read. */
  readonly frequencyHz: number | null;
  /** Total active power in W; `null`: not read. */
  readonly powerW: number | null;
  /** One entry for a single-phase meter, three for the others. */
  readonly phases: readonly PhaseRead[];
  /** Largest current of any phase that was seen in the last days, in A; `null`: not known. */
  readonly maxCurrentA: number | null;
  /** Between two reads; `null`: there was one only. */
  readonly growth: CounterGrowth | null;
}

/** What a check found. `phase` counts from 1. */
export type WiringFinding =
  /** Frequency is neither 50 nor 60 Hz within 1 Hz: most often a wrong register or word order. */
  | { readonly kind: "frequency"; readonly frequencyHz: number }
  /** Voltage is not within 10 % of nominal. */
  | {
    readonly kind: "voltage";
    readonly phase: number;
    readonly voltageV: number;
    readonly expectedV: number;
  }
  /** Voltage is √3 × nominal: line to line where line to neutral is meant. */
  | { readonly kind: "line-to-line"; readonly phase: number; readonly voltageV: number }
  /** Total power is not the sum of V × I × PF. */
  | { readonly kind: "power-sum"; readonly powerW: number; readonly sumW: number }
  /** Current is above 1.2 × the CT's primary. */
  | { readonly kind: "over-ct"; readonly phase: number; readonly currentA: number; readonly primaryA: number }
  /** Current never passed the CT's secondary: the ratio is applied nowhere. */
  | { readonly kind: "unscaled"; readonly maxCurrentA: number; readonly secondaryA: number }
  /** One phase flows against the others, or export grows without a generator. */
  | { readonly kind: "reversed"; readonly phase: number | null }
  /** The counter grows otherwise than power × time. */
  | { readonly kind: "growth"; readonly grownWh: number; readonly expectedWh: number };

/** Voltage may be off nominal by this share. */
export const VOLTAGE_SHARE = 0.1;

/** Sum and growth may differ by this share: the values of a request are not of one instant. */
const POWER_SHARE = 0.15;

/** Powers below are noise, in W. */
export const POWER_MIN_W = 50;

/** Current may exceed the primary by this factor. */
const CT_FACTOR = 1.2;

/** From this primary on, a current that never passes the secondary is strange, in A. */
export const PRIMARY_MIN_A = 50;

/** Makes every check for which the values are there. Values not read raise no finding. */
export function checkWiring(reads: WiringReads): readonly WiringFinding[] {
  return [
    ...checkFrequency(reads),
    ...reads.phases.flatMap((phase, i) => checkVoltage(reads, { phase, number: i + 1 })),
    ...checkPowerSum(reads),
    ...reads.phases.flatMap((phase, i) => checkCurrent(reads, { phase, number: i + 1 })),
    ...checkScale(reads),
    ...checkDirection(reads),
    ...checkGrowth(reads),
  ];
}

/** A finding in words: what was seen and what it usually is. */
export function wiringWords(finding: WiringFinding): string {
  switch (finding.kind) {
    case "frequency":
      return `${round(finding.frequencyHz)} Hz is no mains frequency: wrong register or word order?`;
    case "voltage":
      return `Phase ${finding.phase} shows ${round(finding.voltageV)} V where about ` +
        `${round(finding.expectedV)} V is expected: VT ratio, or a phase lost?`;
    case "line-to-line":
      return `Phase ${finding.phase} shows ${
        round(finding.voltageV)
      } V: line to line instead of line to neutral?`;
    case "power-sum":
      return `Total power is ${round(finding.powerW)} W but its phases make ${round(finding.sumW)} W: ` +
        `a phase swapped, or a wrong scale?`;
    case "over-ct":
      return `Phase ${finding.phase} shows ${round(finding.currentA)} A on a ${round(finding.primaryA)} A ` +
        `transformer: is the ratio applied twice?`;
    case "unscaled":
      return `Current never passed ${round(finding.secondaryA)} A (largest ${
        round(finding.maxCurrentA)
      } A): ` +
        `looks unscaled`;
    case "reversed":
      return finding.phase === null
        ? "Export grows where no generator is registered: CT reversed or on the wrong phase?"
        : `Phase ${finding.phase} flows against the others: CT reversed or on the wrong phase?`;
    case "growth":
      return `The counter grew by ${round(finding.grownWh)} Wh where power makes ` +
        `${round(finding.expectedWh)} Wh: wrong factor or wrong counter?`;
  }
}

function checkFrequency({ frequencyHz }: WiringReads): readonly WiringFinding[] {
  if (frequencyHz === null || [50, 60].some((mains) => Math.abs(frequencyHz - mains) <= 1)) return [];
  return [{ kind: "frequency", frequencyHz }];
}

function checkVoltage(
  reads: WiringReads,
  { phase: { voltageV }, number }: { readonly phase: PhaseRead; readonly number: number },
): readonly WiringFinding[] {
  if (voltageV === null) return [];
  const expectedV = shownVoltageV(reads);
  const near = (wanted: number) => Math.abs(voltageV - wanted) <= wanted * VOLTAGE_SHARE;
  if (near(expectedV)) return [];
  if (near(expectedV * Math.sqrt(3))) return [{ kind: "line-to-line", phase: number, voltageV }];
  return [{ kind: "voltage", phase: number, voltageV, expectedV }];
}

/** Line-to-neutral voltage that the meter should show, in V: before any ratio that we apply. */
export function shownVoltageV(
  { nominalV, transformer }: Pick<WiringReads, "nominalV" | "transformer">,
): number {
  return nominalV * shownShare(transformer, "voltage");
}

function checkPowerSum({ powerW, phases }: WiringReads): readonly WiringFinding[] {
  if (powerW === null) return [];
  let sumW = 0;
  for (const { voltageV, currentA, powerFactor } of phases) {
    if (voltageV === null || currentA === null || powerFactor === null) return [];
    sumW += voltageV * currentA * powerFactor;
  }
  const off = Math.abs(Math.abs(powerW) - Math.abs(sumW));
  return off <= tolerance(Math.max(Math.abs(powerW), Math.abs(sumW)), POWER_MIN_W)
    ? []
    : [{ kind: "power-sum", powerW, sumW }];
}

function checkCurrent(
  { transformer }: WiringReads,
  { phase: { currentA }, number }: { readonly phase: PhaseRead; readonly number: number },
): readonly WiringFinding[] {
  if (transformer === null || currentA === null) return [];
  const shownA = Math.abs(currentA) / shownShare(transformer, "current");
  const primaryA = transformer.ctPrimaryA;
  return shownA <= CT_FACTOR * primaryA
    ? []
    : [{ kind: "over-ct", phase: number, currentA: shownA, primaryA }];
}

/** Only where the meter is said to apply its ratio: where we do, its own current is a secondary one. */
function checkScale({ transformer, maxCurrentA }: WiringReads): readonly WiringFinding[] {
  if (transformer === null || maxCurrentA === null || transformer.appliedBy !== "meter") return [];
  const { ctPrimaryA, ctSecondaryA: secondaryA } = transformer;
  return ctPrimaryA >= PRIMARY_MIN_A && maxCurrentA > 0 && maxCurrentA <= secondaryA
    ? [{ kind: "unscaled", maxCurrentA, secondaryA }]
    : [];
}

function checkDirection({ phases, growth, generates }: WiringReads): readonly WiringFinding[] {
  const flowing = phases.flatMap(({ powerW }, i) =>
    powerW !== null && Math.abs(powerW) >= POWER_MIN_W ? [{ number: i + 1, out: powerW < 0 }] : []
  );
  const out = flowing.filter((phase) => phase.out);
  const against = out.length * 2 <= flowing.length ? out : flowing.filter((phase) => !phase.out);
  const mixed = out.length > 0 && out.length < flowing.length;
  const found: WiringFinding[] = mixed
    ? against.map(({ number }) => ({ kind: "reversed", phase: number }))
    : [];
  const exported = growth?.exportWh ?? 0;
  if (!generates && growth !== null && exported > growth.stepWh) {
    found.push({ kind: "reversed", phase: null });
  }
  return found;
}

function checkGrowth({ growth, powerW }: WiringReads): readonly WiringFinding[] {
  if (growth === null || growth.importWh === null || powerW === null) return [];
  const grownWh = growth.importWh - (growth.exportWh ?? 0);
  const expectedWh = powerW * growth.elapsedS / 3600;
  const allowed = tolerance(Math.abs(expectedWh), 2 * growth.stepWh);
  return Math.abs(grownWh - expectedWh) <= allowed ? [] : [{ kind: "growth", grownWh, expectedWh }];
}

/** What part of a primary value the meter shows: all of it where it applies its ratios itself. */
function shownShare(transformer: Transformer | null, quantity: "voltage" | "current"): number {
  if (transformer === null) return 1;
  const voltageShare = transformer.vtSecondaryV / transformer.vtPrimaryV;
  const currentShare = transformer.ctSecondaryA / transformer.ctPrimaryA;
  if (transformer.appliedBy === "meter") return 1;
  return quantity === "voltage" ? voltageShare : currentShare;
}

function tolerance(size: number, least: number): number {
  return Math.max(least, size * POWER_SHARE);
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
