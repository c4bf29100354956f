/**
 * Findings in words: what was seen, with the numbers, and what to do about it. Pure.
 *
 * @module
 */

import type { Evidence } from "./device_reads.ts";
import { type ChangedText, type Finding, type FindingKind, type PhaseValue, SEVERITIES } from "./finding.ts";

/** A finding in words. */
export interface FindingWords {
  /** What it is, a few words. */
  readonly title: string;
  /** What was seen, one sentence without full stop. */
  readonly seen: string;
  /** What to do, one sentence without full stop. */
  readonly advice: string;
  /** How often, such as `in 44 of 48 readings`; `null`: it is so or it is not. */
  readonly often: string | null;
}

/** What a quantity is called for people. */
export type NameOf = (quantity: string) => string;

/** What a kind of finding is called. */
export function findingTitle(kind: FindingKind): string {
  switch (kind) {
    case "word-order":
      return "Word order";
    case "unreadable":
      return "Values without meaning";
    case "frequency":
      return "Frequency";
    case "voltage":
      return "Voltage";
    case "line-to-line":
      return "Line to line";
    case "power-sum":
      return "Power and its phases";
    case "over-ct":
      return "Current above the CT";
    case "unscaled":
      return "CT ratio not applied";
    case "reversed":
      return "CT reversed";
    case "export":
      return "Energy flows out";
    case "growth":
      return "Counter and power";
    case "meter-changed":
      return "Meter changed";
    case "firmware-changed":
      return "Firmware changed";
    case "settings-changed":
      return "Settings changed";
  }
}

/** How much a finding matters, in words. */
export function severityWord(kind: FindingKind): string {
  switch (SEVERITIES[kind]) {
    case "critical":
      return "Figures wrong";
    case "warn":
      return "Needs a look";
    case "info":
      return "Note";
  }
}

/** A finding in words. */
export function findingWords(finding: Finding, nameOf: NameOf): FindingWords {
  return {
    title: `${findingTitle(finding.kind)}?`,
    seen: seenOf(finding, nameOf),
    advice: adviceOf(finding.kind),
    often: "evidence" in finding ? oftenWords(finding.evidence) : null,
  };
}

function seenOf(finding: Finding, nameOf: NameOf): string {
  switch (finding.kind) {
    case "word-order":
      return orderWords(finding, nameOf);
    case "unreadable": {
      const { doubtful, looked, quantities } = finding;
      const names = quantities.map(nameOf).join(", ");
      return `${doubtful} of ${looked} values mean nothing in any word order: ${names}`;
    }
    case "frequency":
      return `Frequency was ${measure(finding.frequencyHz, "Hz")}, expected 49 to 51 or 59 to 61 Hz`;
    case "voltage":
      return `Voltage of ${phasesWords(finding.phases, "V")}, expected ${rangeWords(finding)}`;
    case "line-to-line":
      return `Voltage of ${phasesWords(finding.phases, "V")}, which is line to line; expected ` +
        `${rangeWords(finding)} line to neutral`;
    case "power-sum":
      return `Power was ${measure(finding.powerW, "W")}, but voltage, current and power factor make ` +
        measure(finding.sumW, "W");
    case "over-ct":
      return `Current of ${phasesWords(finding.phases, "A")} on a CT of ${measure(finding.primaryA, "A")}`;
    case "unscaled":
      return `Current never passed ${measure(finding.maxCurrentA, "A")} on a CT of ` +
        `${finding.primaryA}:${finding.secondaryA} A: looks unscaled`;
    case "reversed":
      return `${listWords(finding.phases.map((phase) => `L${phase}`))} ` +
        `${finding.phases.length === 1 ? "flows" : "flow"} against the other phases: ${REVERSED}`;
    case "export":
      return `${outWords(finding)} where no generator is registered: ${REVERSED}`;
    case "growth":
      return `The counter grew by ${measure(finding.grownWh, "Wh")} in a half-hour in which power makes ` +
        measure(finding.expectedWh, "Wh");
    case "meter-changed":
      return `Serial number ${finding.read} instead of ${finding.known}, which was ` +
        (finding.registered ? "registered" : "read first");
    case "firmware-changed":
    case "settings-changed":
      return changesWords(finding.changes, nameOf);
  }
}

/** The rule that a kind of finding breaks, one sentence without full stop. */
export function ruleWords(kind: FindingKind): string {
  switch (kind) {
    case "word-order":
      return "Values that most meters have must be believable in the profile's order of words and bytes";
    case "unreadable":
      return "Most values of a device must lie in the range of its profile";
    case "frequency":
      return "50 or 60 Hz, within 1 Hz, in most readings";
    case "voltage":
      return "Within 10 % of nominal, in most readings";
    case "line-to-line":
      return "Line to neutral, not √3 times as much, in most readings";
    case "power-sum":
      return "Power is within 15 % of the sum of voltage × current × power factor, in most readings";
    case "over-ct":
      return "At most 1.2 times the rated primary current of the CT";
    case "unscaled":
      return "On a CT of 50 A or more, current passes the rated secondary at some time of the day";
    case "reversed":
      return "All phases flow the same way, in most readings in which two of them carry 50 W";
    case "export":
      return "No energy flows out where no generator is registered";
    case "growth":
      return "A counter grows within 15 % of power × time, in most half-hours of steady power";
    case "meter-changed":
      return "The serial number is the registered one, else the one that was read first";
    case "firmware-changed":
      return "Firmware is what it was";
    case "settings-changed":
      return "Ratio and wiring settings are what they were";
  }
}

const REVERSED = "CT reversed or on the wrong phase?";

function adviceOf(kind: FindingKind): string {
  switch (kind) {
    case "word-order":
      return "Use a profile with this word order, or a copy of this one with it; the words are kept, so that nothing is lost";
    case "unreadable":
      return "Check the model, its firmware and the profile; test the device and compare with its display";
    case "frequency":
      return "Check the address and the scale of the frequency in the profile";
    case "voltage":
      return "Check the fuse and the wiring of the phase, and the VT ratio where there is one";
    case "line-to-line":
      return "Check the wiring mode of the meter and that its neutral is connected";
    case "power-sum":
      return "Check that no two phases are swapped between current and voltage, and the scale of power";
    case "over-ct":
      return "Check the CT ratio, and that it is not applied twice: by the meter and by Wattpost";
    case "unscaled":
      return "Compare with the display: if it shows secondary values, let Wattpost apply the ratio or set it in the meter";
    case "reversed":
      return "Turn the CT round, or put it on the phase that its voltage comes from";
    case "export":
      return "Turn the CTs round; where something does generate, put this aside and say so";
    case "growth":
      return "Check the scale of the counter and of power, and which counter the profile reads";
    case "meter-changed":
      return "If the meter was replaced, note it at the device so that its energy stays right; else check the unit number";
    case "firmware-changed":
      return "Compare a few values with the display: new firmware may have moved registers";
    case "settings-changed":
      return "Check the ratio with the transformers: figures before and after may not compare";
  }
}

function orderWords(
  { order, now, doubtful, looked, example }: Extract<Finding, { kind: "word-order" }>,
  nameOf: NameOf,
): string {
  const seen =
    `Looks like word order ${order} instead of ${now}; ${doubtful} of ${looked} values mean nothing now`;
  if (!example) return seen;
  const { quantity, unit, was, would } = example;
  const before = was === null ? "no value" : measure(was, unit);
  return `${seen}: ${nameOf(quantity)} would be ${measure(would, unit)} instead of ${before}`;
}

function oftenWords({ broken, judged }: Evidence): string {
  return `in ${broken} of ${judged} readings`;
}

function outWords({ exportWh, powerW }: Extract<Finding, { kind: "export" }>): string {
  if (powerW !== null) return `Power was ${measure(powerW, "W")}`;
  return `Export grew by ${measure(exportWh ?? 0, "Wh")} in a day`;
}

function rangeWords({ lowV, highV }: { readonly lowV: number; readonly highV: number }): string {
  return `${plain(Math.round(lowV))} to ${measure(Math.round(highV), "V")}`;
}

function phasesWords(phases: readonly PhaseValue[], unit: string): string {
  return listWords(phases.map(({ phase, value }) => `L${phase} was ${measure(value, unit)}`));
}

function changesWords(changes: readonly ChangedText[], nameOf: NameOf): string {
  return changes.map(({ quantity, read, known }) => `${nameOf(quantity)} was ${known} and is ${read}`).join(
    "; ",
  );
}

function listWords(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

function measure(value: number, unit: string): string {
  return unit === "" ? plain(value) : `${plain(value)} ${unit}`;
}

/** At most two decimals, thousands apart, a true minus sign; what is next to nothing keeps its size. */
function plain(value: number): string {
  const size = Math.abs(value);
  const text = size !== 0 && (size < 0.005 || size >= 1e12)
    ? size.toExponential(1).replace("e", " × 10^").replace("^+", "^")
    : size.toLocaleString("en-GB", { maximumFractionDigits: size < 100 ? 2 : 1 });
  return value < 0 ? `−${text}` : text;
}
