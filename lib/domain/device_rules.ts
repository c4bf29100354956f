/**
 * The rules of wiring and scale over the readings of a day: each breaks when it breaks most of the time, and is looked
 * at only where there was enough to judge. Pure.
 *
 * @module
 */

import type { CheckedReading, DeviceReads, DeviceRules, Evidence } from "./device_reads.ts";
import type { Finding, FindingKind, PhaseValue } from "./finding.ts";
import {
  checkWiring,
  POWER_MIN_W,
  PRIMARY_MIN_A,
  shownVoltageV,
  VOLTAGE_SHARE,
  type WiringFinding,
} from "./wiring.ts";
import { nominalOf, type Supply, wiringReadsOf } from "./wiring_reads.ts";

/** Readings that a rule must be judged on. */
const READINGS_MIN = 3;

/** Readings over which a current that stays small says something: half a day. */
const SCALE_READINGS_MIN = 24;

/** Half-hours of steady power on which growth is judged. */
const STEADY_MIN = 6;

/** Power at both ends of a half-hour differs by this share at most where it is steady. */
const STEADY_SHARE = 0.1;

/** What became of a rule. */
export interface Verdict {
  /** What it finds. */
  readonly kind: FindingKind;
  /** Whether it could be judged. */
  readonly looked: boolean;
  /** What it found; `null`: nothing. */
  readonly finding: Finding | null;
}

/** Judges all rules. */
export function judgeRules({ readings }: DeviceReads, rules: DeviceRules): readonly Verdict[] {
  const supply = supplyOf(readings, rules);
  const judged = readings.map((reading): JudgedReading => {
    const reads = wiringReadsOf(reading.values, supply);
    return { reading, reads, found: checkWiring(reads) };
  });
  return [
    frequencyOf(judged),
    ...voltagesOf(judged, supply),
    powerSumOf(judged),
    overCtOf(judged, supply),
    unscaledOf(judged, supply),
    reversedOf(judged),
    exportOf(judged, rules),
    growthOf(judged),
  ];
}

interface JudgedReading {
  readonly reading: CheckedReading;
  readonly reads: ReturnType<typeof wiringReadsOf>;
  readonly found: readonly WiringFinding[];
}

/** One nominal voltage for all readings, so that a phase that comes and goes does not change what is expected. */
function supplyOf(readings: readonly CheckedReading[], { transformer, nominalV }: DeviceRules) {
  const seen = (quantity: string) => middleOf(readings.flatMap(({ values }) => values.get(quantity) ?? []));
  const usualV = nominalOf({ frequencyHz: seen("frequencyHz"), voltageV: seen("voltageL1V") }, {
    transformer,
  });
  return { transformer, nominalV: nominalV ?? usualV };
}

function verdictOf(kind: FindingKind, evidence: Evidence, make: () => Finding): Verdict {
  const looked = evidence.judged >= READINGS_MIN;
  return { kind, looked, finding: looked && isMost(evidence) ? make() : null };
}

function isMost({ broken, judged }: Evidence): boolean {
  return 2 * broken > judged;
}

function frequencyOf(judged: readonly JudgedReading[]): Verdict {
  const seen = judged.filter(({ reads }) => reads.frequencyHz !== null);
  const broken = seen.flatMap(({ found }) => found.filter((each) => each.kind === "frequency"));
  const evidence = { broken: broken.length, judged: seen.length };
  return verdictOf("frequency", evidence, () => ({
    kind: "frequency",
    frequencyHz: middleOf(broken.map(({ frequencyHz }) => frequencyHz)) ?? 0,
    evidence,
  }));
}

/** Voltage beside nominal, and line to line where line to neutral is meant. */
function voltagesOf(judged: readonly JudgedReading[], supply: Supply & { readonly nominalV: number }) {
  const expectedV = shownVoltageV(supply);
  const limits = { lowV: expectedV * (1 - VOLTAGE_SHARE), highV: expectedV * (1 + VOLTAGE_SHARE) };
  return (["voltage", "line-to-line"] as const).map((kind): Verdict => {
    const { phases, evidence } = phasesWith(judged, {
      isJudged: ({ reads }, phase) => reads.phases[phase - 1]?.voltageV != null,
      brokenIn: ({ found }) =>
        found.flatMap((each) => each.kind === kind ? [{ phase: each.phase, value: each.voltageV }] : []),
      isBroken: isMost,
    });
    const finding = phases.length > 0 ? { kind, phases, ...limits, evidence } : null;
    return { kind, looked: evidence.judged >= READINGS_MIN, finding };
  });
}

interface PhaseRule {
  readonly isJudged: (judged: JudgedReading, phase: number) => boolean;
  readonly brokenIn: (judged: JudgedReading) => readonly PhaseValue[];
  readonly isBroken: (evidence: Evidence) => boolean;
}

/** Phases that break a rule, with the middle of what they showed then; the evidence is that of the worst. */
function phasesWith(judged: readonly JudgedReading[], { isJudged, brokenIn, isBroken }: PhaseRule) {
  const phases: PhaseValue[] = [];
  let worst: Evidence = { broken: 0, judged: 0 };
  for (const phase of [1, 2, 3]) {
    const seen = judged.filter((each) => isJudged(each, phase));
    const broken = seen.flatMap((each) => brokenIn(each).filter((value) => value.phase === phase));
    const evidence = { broken: broken.length, judged: seen.length };
    if (worst.judged === 0 || evidence.broken > worst.broken) worst = evidence;
    if (seen.length < READINGS_MIN || broken.length === 0 || !isBroken(evidence)) continue;
    phases.push({ phase, value: middleOf(broken.map(({ value }) => value)) ?? 0 });
  }
  return { phases, evidence: worst };
}

function powerSumOf(judged: readonly JudgedReading[]): Verdict {
  const seen = judged.filter(({ reads: { powerW, phases } }) =>
    powerW !== null &&
    phases.every(({ voltageV, currentA, powerFactor }) =>
      voltageV !== null && currentA !== null && powerFactor !== null
    )
  );
  const broken = seen.flatMap(({ found }) => found.filter((each) => each.kind === "power-sum"));
  const evidence = { broken: broken.length, judged: seen.length };
  const middle = broken.toSorted((one, other) => one.powerW - other.powerW)[broken.length >> 1];
  return verdictOf("power-sum", evidence, () => ({
    kind: "power-sum",
    powerW: middle?.powerW ?? 0,
    sumW: middle?.sumW ?? 0,
    evidence,
  }));
}

/** Twice is enough: what a CT cannot carry it cannot carry half of the day either. */
function overCtOf(judged: readonly JudgedReading[], { transformer }: Supply): Verdict {
  const { phases, evidence } = phasesWith(judged, {
    isJudged: ({ reads }, phase) => transformer !== null && reads.phases[phase - 1]?.currentA != null,
    brokenIn: ({ found }) =>
      found.flatMap((each) => each.kind === "over-ct" ? [{ phase: each.phase, value: each.currentA }] : []),
    isBroken: ({ broken }) => broken >= 2,
  });
  const primaryA = transformer?.ctPrimaryA ?? 0;
  return {
    kind: "over-ct",
    looked: evidence.judged >= READINGS_MIN,
    finding: phases.length > 0 ? { kind: "over-ct", phases, primaryA, evidence } : null,
  };
}

function unscaledOf(judged: readonly JudgedReading[], { transformer }: Supply): Verdict {
  const largest = judged.flatMap(({ reads }) => {
    const currents = reads.phases.flatMap(({ currentA }) => currentA === null ? [] : [Math.abs(currentA)]);
    return currents.length > 0 ? [Math.max(...currents)] : [];
  });
  const none = { kind: "unscaled", looked: false, finding: null } as const;
  const first = judged[0];
  if (!first || transformer === null || largest.length < SCALE_READINGS_MIN) return none;
  if (transformer.appliedBy !== "meter" || transformer.ctPrimaryA < PRIMARY_MIN_A) return none;
  const maxCurrentA = Math.max(...largest);
  const found = checkWiring({ ...first.reads, maxCurrentA }).find((each) => each.kind === "unscaled");
  const { ctPrimaryA: primaryA, ctSecondaryA: secondaryA } = transformer;
  const evidence = { broken: largest.length, judged: largest.length };
  return {
    kind: "unscaled",
    // A day without any load says nothing.
    looked: maxCurrentA > 0,
    finding: found ? { kind: "unscaled", maxCurrentA, secondaryA, primaryA, evidence } : null,
  };
}

function reversedOf(judged: readonly JudgedReading[]): Verdict {
  const seen = judged.filter(({ reads }) =>
    reads.phases.filter(({ powerW }) => powerW !== null && Math.abs(powerW) >= POWER_MIN_W).length >= 2
  );
  const phasesOf = ({ found }: JudgedReading) =>
    found.flatMap((each) => each.kind === "reversed" && each.phase !== null ? [each.phase] : []);
  const phases = [1, 2, 3].filter((phase) =>
    isMost({ broken: seen.filter((each) => phasesOf(each).includes(phase)).length, judged: seen.length })
  );
  const broken = seen.filter((each) => phasesOf(each).some((phase) => phases.includes(phase))).length;
  const looked = seen.length >= READINGS_MIN;
  const evidence = { broken, judged: seen.length };
  const finding = looked && phases.length > 0 ? { kind: "reversed" as const, phases, evidence } : null;
  return { kind: "reversed", looked, finding };
}

/** Export that grows, or a power that is negative most of the time, where nothing generates. */
function exportOf(judged: readonly JudgedReading[], { generates }: DeviceRules): Verdict {
  const counted = judged.flatMap(({ reading: { growth } }) =>
    growth && growth.exportWh !== null ? [{ exportWh: growth.exportWh, stepWh: growth.stepWh }] : []
  );
  const powers = judged.flatMap(({ reads: { powerW } }) => powerW === null ? [] : [powerW]);
  const out = powers.filter((powerW) => powerW <= -POWER_MIN_W);
  const exportWh = counted.reduce((sum, each) => sum + each.exportWh, 0);
  const stepWh = Math.max(1, ...counted.map((each) => each.stepWh));
  const grows = counted.length >= READINGS_MIN && exportWh > 2 * stepWh;
  const flows = powers.length >= READINGS_MIN && 2 * out.length > powers.length;
  const looked = counted.length >= READINGS_MIN || powers.length >= READINGS_MIN;
  if (generates || !(grows || flows)) return { kind: "export", looked: looked || generates, finding: null };
  const evidence = flows
    ? { broken: out.length, judged: powers.length }
    : { broken: counted.filter((each) => each.exportWh > 0).length, judged: counted.length };
  return {
    kind: "export",
    looked,
    finding: {
      kind: "export",
      exportWh: counted.length >= READINGS_MIN ? exportWh : null,
      powerW: flows ? middleOf(out) : null,
      evidence,
    },
  };
}

/** Only half-hours at whose both ends power was the same: of the others a power at an instant says little. */
function growthOf(judged: readonly JudgedReading[]): Verdict {
  const checked = judged.flatMap((now, i) => {
    const before = judged[i - 1];
    const growth = now.reading.growth;
    if (!before || !growth || now.reading.halfHour !== before.reading.halfHour + 1) return [];
    const powerW = steadyW(before.reads.powerW, now.reads.powerW);
    if (powerW === null) return [];
    const found = checkWiring({ ...now.reads, powerW, growth: { elapsedS: 1800, ...growth } });
    const grownWh = growth.importWh - (growth.exportWh ?? 0);
    return [{ broken: found.some(({ kind }) => kind === "growth"), grownWh, expectedWh: powerW / 2 }];
  });
  const broken = checked.filter((each) => each.broken);
  const evidence = { broken: broken.length, judged: checked.length };
  const middle = broken.toSorted((one, other) => one.expectedWh - other.expectedWh)[broken.length >> 1];
  const looked = checked.length >= STEADY_MIN;
  return {
    kind: "growth",
    looked,
    finding: looked && middle && isMost(evidence)
      ? { kind: "growth", grownWh: middle.grownWh, expectedWh: middle.expectedWh, evidence }
      : null,
  };
}

/** The mean of two powers that are about the same and no noise; `null`: they are not. */
function steadyW(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return null;
  const size = Math.max(Math.abs(one), Math.abs(other));
  if (size < POWER_MIN_W || Math.abs(one - other) > STEADY_SHARE * size) return null;
  return (one + other) / 2;
}

function middleOf(numbers: readonly number[]): number | null {
  return numbers.toSorted((one, other) => one - other)[numbers.length >> 1] ?? null;
}
