/**
 * What a proof says, in words with its figures. Pure.
 *
 * @module
 */

import type { ForeignStatement } from "../../domain/foreign_intervals.ts";
import type { Proof, ProofVerdict, ShiftFit } from "../../domain/foreign_proof.ts";
import { countText, numberText } from "../../ui/format.ts";
import type { State } from "../../ui/state.ts";

/** A verdict in words. */
export interface VerdictWords {
  /** Chooses icon and colour. */
  readonly state: State;
  /** A few words. */
  readonly title: string;
  /** What to do about it; empty: nothing. */
  readonly advice: string;
}

/** Says what follows for what was stated. */
export function verdictWords(
  verdict: ProofVerdict,
  stated: Pick<ForeignStatement, "stamp" | "clock">,
): VerdictWords {
  switch (verdict.kind) {
    case "proved":
      return { state: "good", title: "Proved: the stamps are as stated", advice: "" };
    case "shifted":
      return {
        state: "warn",
        title: shiftTitle(verdict.shift, stated),
        advice: "State it so, and compare again.",
      };
    case "seasons":
      return {
        state: "warn",
        title: stated.clock === "local"
          ? "Winter and summer want different shifts: standard time or UTC, not the clock on the wall?"
          : "Winter and summer want different shifts: the clock on the wall?",
        advice: `Best shifts are ${verdict.shifts.map(signed).join(" and ")} half-hours.`,
      };
    case "scaled":
      return { state: "warn", ...scaledWords(verdict.factor) };
    case "different":
      return {
        state: "critical",
        title: "Not this channel: at no shift do both agree",
        advice: "Is it another meter, another direction, or a part of what is measured here?",
      };
    case "unprovable":
      return verdict.why === "nothing-held"
        ? {
          state: "missing",
          title: "Cannot be proved: too little is held here",
          advice: "A day of measured half-hours that the file has too is needed.",
        }
        : {
          state: "missing",
          title: "Cannot be proved: too flat",
          advice: "The load hardly changes, so every shift agrees. Take a stretch in which it does.",
        };
  }
}

function shiftTitle(shift: number, { stamp, clock }: Pick<ForeignStatement, "stamp" | "clock">): string {
  const by = `Shifted by ${countText(Math.abs(shift), "half-hour")}`;
  if (shift === -1 && stamp === "start") return `${by}: stamps are at the end, not the start?`;
  if (shift === 1 && stamp === "end") return `${by}: stamps are at the start, not the end?`;
  if (Math.abs(shift) < 2) return `${by}: the clock that wrote it is wrong?`;
  return clock === "local"
    ? `${by}: standard time or UTC, not the clock on the wall?`
    : `${by}: the clock on the wall, not ${clock === "utc" ? "UTC" : "standard time"}?`;
}

function scaledWords(factor: number | null): Pick<VerdictWords, "title" | "advice"> {
  const advice = "State another unit, and compare again.";
  switch (factor) {
    case null:
      return {
        title: "The shape agrees, the sums do not",
        advice: "Is a transformer's ratio missing on one side, or is a part measured elsewhere?",
      };
    case -1:
      return { title: "The sign is the other way round", advice: "Compare it with export, or import." };
    case 2:
    case 4:
      return { title: `The figures are ${factor} times ours: mean power, not energy?`, advice };
    case 0.5:
    case 0.25:
      return { title: `The figures are ${1 / factor} times too small: energy, not mean power?`, advice };
    default:
      return factor > 1
        ? { title: `The figures are ${numberText(factor)} times ours: a smaller unit?`, advice }
        : { title: `The figures are ${numberText(1 / factor)} times too small: a larger unit?`, advice };
  }
}

/** The figures behind a verdict. */
export function bestWords({ best }: Proof, amountText: (amount: number) => string): string {
  if (!best || best.pairs === 0) return "No measured half-hour of ours is in the file.";
  const shift = best.shift === 0 ? "As stated" : `Best ${shiftWords(best.shift).toLowerCase()}`;
  return `${shift}: correlation ${correlationText(best)} over ${countText(best.pairs, "half-hour")}, ` +
    `the sums differ by ${amountText(best.difference)}${shareWords(best)}.`;
}

function shareWords({ ratio }: ShiftFit): string {
  if (ratio === null) return "";
  const percent = (ratio - 1) * 100;
  return Math.abs(percent) < 1_000 ? ` (${percent > 0 ? "+" : ""}${numberText(percent, 1)}%)` : "";
}

/** A shift in words. */
export function shiftWords(shift: number): string {
  if (shift === 0) return "As stated";
  return `${countText(Math.abs(shift), "half-hour")} ${shift > 0 ? "later" : "earlier"}`;
}

/** A correlation with four decimals; a dash where there is none. */
export function correlationText({ correlation }: Pick<ShiftFit, "correlation">): string {
  return correlation === null ? "—" : numberText(correlation, 4);
}

function signed(shift: number): string {
  return shift > 0 ? `+${shift}` : numberText(shift);
}
