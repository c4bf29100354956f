/**
 * The steps of a test in words: what was seen, and what a person can do about it. Pure.
 *
 * @module
 */

import type { LiveValue } from "./live.ts";
import type { ProbeEndpoint, ProbePath, ProbeReport, ProbeState, ProbeWords, ScannedUnit } from "./probe.ts";
import type { ReadingReason } from "./reading.ts";
import type { PathKind } from "./site.ts";
import { type WiringFinding, wiringWords } from "./wiring.ts";
import { readingReasonWords, type ReasonContext, type ReasonWords } from "./words.ts";

/** What was seen of a path. */
export type PathSeen =
  /** It is the first over which something answers. */
  | { readonly kind: "used" }
  /** It connects; nothing was asked, because another one answers. */
  | { readonly kind: "connected" }
  /** It connects, and nothing answers over it. */
  | { readonly kind: "quiet" }
  /** It does not connect. */
  | { readonly kind: "failed"; readonly reason: ReadingReason }
  /** There was no time left. */
  | { readonly kind: "skipped" };

/** What was seen of the unit. */
export type UnitSeen =
  | { readonly kind: "answers" }
  /** There was no connection to ask over. */
  | { readonly kind: "skipped" }
  /** Why nothing was read; an exception is an answer all the same. */
  | { readonly kind: "failed"; readonly reason: ReadingReason };

/** Another unit that was asked because the one in question is silent. */
export interface Neighbour {
  /** Modbus unit identifier. */
  readonly unitId: number;
  /** Whether it answers, if only with an exception. */
  readonly answers: boolean;
}

/** A request that brought nothing. */
export interface FailedRequest {
  /** First register, 0-based. */
  readonly address: number;
  /** Registers asked for. */
  readonly count: number;
  /** Why. */
  readonly reason: ReadingReason;
}

/** What the registers of a profile gave. */
export interface BlockSeen {
  /** Requests made. */
  readonly requests: number;
  /** Registers that came. */
  readonly registers: number;
  /** Requests that brought nothing. */
  readonly failed: readonly FailedRequest[];
}

/** What the values look like. */
export interface PlausibleSeen {
  /** The quantities, read or not. */
  readonly values: readonly LiveValue[];
  /** What the wiring checks found. */
  readonly findings: readonly WiringFinding[];
  /** The word order in which more of the values would be believable; `null`: none. */
  readonly betterOrder: string | null;
  /** Counters that showed less in the second read than in the first. */
  readonly fell: readonly string[];
}

/** Requests, values and findings that are named one by one. */
const NAMED_MAX = 3;

/** Texts by which a device is known again. */
const IDENTITY = /serial|firmware|version|model|imei/i;

/** Characters of a text of the device that are shown. */
const TEXT_MAX = 40;

const PATH_WORDS: Readonly<Record<PathKind, string>> = {
  cellular: "Cellular",
  wifi: "Wi-Fi",
  wired: "Wired",
};

const NETWORKS_ADVICE =
  "An administrator allows private networks and further ports on the Networks page; this machine and Wattpost's own services are never dialled";

/** A path in words. */
export function pathWords({ kind, host }: ProbePath, seen: PathSeen): ProbeWords {
  const path = `${PATH_WORDS[kind]} ${host}`;
  switch (seen.kind) {
    case "used":
      return good(`${path}: connected, and something answers`);
    case "connected":
      return good(`${path}: a TCP connection opens; nothing was asked over it`);
    case "quiet":
      return {
        state: "warn",
        seen: `${path}: a TCP connection opens, but nothing answers`,
        advice: "Check the port, and that its forwarding leads to this device",
      };
    case "failed":
      return {
        state: "critical",
        seen: `${path}: ${reasonWords(seen.reason).short}`,
        advice: reasonWords(seen.reason).advice,
      };
    case "skipped":
      return skipped(`${path}: not tried, the time was over`);
  }
}

/** The connection in words; `path` is `null` where none opens, `first` why the main one does not. */
export function connectWords(
  { path, port, first }: {
    readonly path: ProbePath | null;
    readonly port: number;
    readonly first: ReadingReason | null;
  },
): ProbeWords {
  if (path === null) {
    const seen = "No connection over any path";
    return { state: "critical", seen, advice: first === null ? null : reasonWords(first).advice };
  }
  const seen = `Connected to ${path.host}, port ${port}`;
  if (first === null) return good(seen);
  return {
    state: "warn",
    seen: `${seen}; the main path does not do: ${reasonWords(first).short}`,
    advice: "Half-hours are read over this path as well, as long as the main one is out of order",
  };
}

/** The unit in words, such as "Router answers, unit 3 silent, unit 4 fine". */
export function unitWords(
  { unitId, seen, neighbours, kind }: {
    readonly unitId: number;
    readonly seen: UnitSeen;
    readonly neighbours: readonly Neighbour[];
    readonly kind: ProbeEndpoint["kind"];
  },
): ProbeWords {
  if (seen.kind === "answers") return good(`Unit ${unitId} answers`);
  if (seen.kind === "skipped") return skipped(`Unit ${unitId} was not asked: no connection`);
  const { short, advice } = reasonWords(seen.reason, { unitId });
  if (isAnswer(seen.reason)) {
    return { state: "warn", seen: `${sentence(short)}, so it is there`, advice };
  }
  if (!isSilence(seen.reason)) return { state: "critical", seen: sentence(short), advice };
  const fine = neighbours.filter(({ answers }) => answers);
  if (fine.length > 0) {
    const silent = neighbours.filter(({ answers }) => !answers).map((entry) => entry.unitId);
    return {
      state: "critical",
      seen: `Router answers, ${unitsOf([unitId, ...silent])} silent, ${unitsOf(fine.map(idOf))} fine`,
      advice: `Check wiring, address or power of unit ${unitId}`,
    };
  }
  if (neighbours.length > 0) {
    return {
      state: "critical",
      seen: sentence(`${unitsOf([unitId, ...neighbours.map(idOf)])} silent`),
      advice:
        "Check the serial line (A, B), its speed and parity in the gateway, and the power of the devices",
    };
  }
  const further = kind === "gateway"
    ? "a scan shows which units answer"
    : "many devices that are reached directly answer to unit 1 or 255 alone";
  return {
    state: "critical",
    seen: sentence(short),
    advice: advice === null ? further : `${advice}; ${further}`,
  };
}

/** The registers in words; `null`: none were asked for, for the reason given. */
export function blockWords(seen: BlockSeen | null, why: string): ProbeWords {
  if (seen === null) return skipped(why);
  const { requests, registers, failed } = seen;
  const came = `${count(registers, "register")}`;
  if (failed.length === 0) {
    return good(
      requests === 1 ? `The request was answered, ${came}` : `All ${requests} requests answered, ${came}`,
    );
  }
  const named = failed.slice(0, NAMED_MAX).map(({ address, count: many, reason }) =>
    `${address} to ${address + many - 1}: ${reasonWords(reason).short}`
  );
  const more = failed.length > NAMED_MAX ? `, and ${failed.length - NAMED_MAX} more` : "";
  const first = failed[0];
  return {
    state: failed.length < requests ? "warn" : "critical",
    seen: `${requests - failed.length} of ${count(requests, "request")} answered, ${came}; registers ` +
      named.join(", ") + more,
    advice: first ? blockAdvice(first.reason) : null,
  };
}

/** The values in words; `null`: there are none, for the reason given. */
export function plausibleWords(seen: PlausibleSeen | null, why: string): ProbeWords {
  if (seen === null) return skipped(why);
  const read = seen.values.filter(({ words }) => words !== "");
  const impossible = read.filter(({ value }) => !value.ok && value.error === "out-of-range");
  const none = read.filter(({ value }) => !value.ok && value.error === "not-a-number");
  const believable = read.length - impossible.length - none.length;
  const advice = [
    ...named(impossible, "is out of its range: word order, scale or profile may be wrong"),
    ...(seen.betterOrder === null ? [] : [`In the word order ${seen.betterOrder} more values would fit`]),
    ...seen.fell.slice(0, NAMED_MAX).map((quantity) =>
      `${quantity} fell between two reads: is it a counter?`
    ),
    ...seen.findings.slice(0, 2 * NAMED_MAX).map(wiringWords),
    ...named(none, "is no number: a phase is off, no position yet, or this model does not measure it"),
  ];
  const identity = identityOf(seen.values);
  const isCritical = impossible.length > 0 || seen.fell.length > 0 || seen.betterOrder !== null;
  return {
    state: isCritical ? "critical" : advice.length > 0 ? "warn" : "good",
    seen: `${believable} of ${count(read.length, "value")} believable` +
      (identity === "" ? "" : `; ${identity}`),
    advice: advice.length > 0 ? advice.join(". ") : null,
  };
}

/**
 * A whole test in the words of its worst step, for a line beside the device. A path that does not do is a warning as
 * long as another one does.
 */
export function reportWords(
  { steps }: Pick<ProbeReport, "steps">,
): ProbeWords & { readonly state: Exclude<ProbeState, "skipped"> } {
  const asked = steps.filter(({ kind }) => kind !== "path");
  for (const state of ["critical", "warn"] as const) {
    const worst = asked.find((step) => step.state === state);
    if (worst) return { state, seen: worst.seen, advice: worst.advice };
  }
  const path = steps.find((step) => step.kind === "path" && step.state !== "good");
  if (path) return { state: "warn", seen: path.seen, advice: path.advice };
  const last = asked.findLast((step) => step.state === "good");
  if (last?.kind === "plausible") return { state: "good", seen: last.seen, advice: null };
  return { state: "warn", seen: asked.at(-1)?.seen ?? "Nothing was tried", advice: null };
}

/** A unit of a scan in words; `reason` is `null` where registers came. */
export function scannedUnit(
  { unitId, functionCode, reason }: {
    readonly unitId: number;
    readonly functionCode: 3 | 4;
    readonly reason: ReadingReason | null;
  },
): ScannedUnit {
  if (reason === null) return { unitId, state: "answers", words: `Answers function ${functionCode}` };
  if (isAnswer(reason)) {
    return { unitId, state: "answers", words: `Answers with exception ${reason.slice("exception-".length)}` };
  }
  if (reason === "bad-frame") return { unitId, state: "garbled", words: "What came is no Modbus TCP" };
  return { unitId, state: "silent", words: "Silent" };
}

/** Whether a reason proves that the unit itself answers. */
export function isAnswer(reason: ReadingReason): boolean {
  return reason.startsWith("exception-");
}

/** Whether a reason means that the unit keeps silent, whoever said so. */
export function isSilence(reason: ReadingReason): boolean {
  return reason === "unit-silent" || reason === "path-unavailable" || reason === "response-timeout" ||
    reason === "closed";
}

/** A reason in the words of a test: there is a person beside the cabinet, and no visit. */
function reasonWords(reason: ReadingReason, context: ReasonContext = {}): ReasonWords {
  const words = readingReasonWords(reason, context);
  if (reason === "address-not-allowed") return { ...words, advice: NETWORKS_ADVICE };
  if (reason !== "visit-deadline") return words;
  return {
    short: "the time of the test was over before an answer came",
    advice: "Try again; a shorter response timeout leaves time for more questions",
  };
}

function blockAdvice(reason: ReadingReason): string | null {
  if (reason === "exception-2" || reason === "exception-3") {
    return "This model or its firmware does not have these registers: choose another profile, or correct its map";
  }
  return reasonWords(reason).advice;
}

function named(values: readonly LiveValue[], what: string): readonly string[] {
  const shown = values.slice(0, NAMED_MAX).map(({ quantity, address, words }) =>
    `${quantity} at ${address} (${words}) ${what}`
  );
  return values.length > NAMED_MAX ? [...shown, `${values.length - NAMED_MAX} more like it`] : shown;
}

/** What the device says of itself, such as "serial 81234567". */
function identityOf(values: readonly LiveValue[]): string {
  return values.flatMap(({ kind, quantity, value }) => {
    if (kind !== "text" || !IDENTITY.test(quantity) || !value.ok || value.value === "") return [];
    const characters = [...String(value.value)];
    const shown = characters.slice(0, TEXT_MAX).join("");
    return `${quantity} ${characters.length > TEXT_MAX ? `${shown}…` : shown}`;
  }).slice(0, NAMED_MAX).join(", ");
}

function idOf({ unitId }: Neighbour): number {
  return unitId;
}

function unitsOf(unitIds: readonly number[]): string {
  const last = unitIds.at(-1);
  return unitIds.length === 1 ? `unit ${last}` : `units ${unitIds.slice(0, -1).join(", ")} and ${last}`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function good(seen: string): ProbeWords {
  return { state: "good", seen, advice: null };
}

function skipped(seen: string): ProbeWords {
  return { state: "skipped", seen, advice: null };
}
