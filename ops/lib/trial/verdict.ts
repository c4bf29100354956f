/**
 * What a check of a running Wattpost found, one after another and as people and programs read it. What could not be
 * looked at is said, and is no pass.
 *
 * @module
 */

import type { Clock } from "../../../lib/clock.ts";
import { printable } from "../printable.ts";
import { endsWith } from "./ends.ts";

/** What was found. */
export type Outcome =
  /** As it should be. */
  | { readonly verdict: "pass"; readonly evidence: string }
  /** It works; somebody should look at it. */
  | { readonly verdict: "warn"; readonly evidence: string; readonly remedy: string }
  /** It does not work. */
  | { readonly verdict: "fail"; readonly evidence: string; readonly remedy: string }
  /** It was not looked at, and why. */
  | { readonly verdict: "not-run"; readonly evidence: string; readonly remedy: string };

/** A check. */
export interface Check<C> {
  /** Names it: one or two words. */
  readonly name: string;
  /** What it looks at, as a part of a sentence. */
  readonly about: string;
  /** Looks; ends when told to. */
  readonly run: (context: C, signal: AbortSignal) => Promise<Outcome>;
}

/** A check that has looked. */
export type Checked = Outcome & {
  readonly name: string;
  readonly tookMs: number;
};

/** Milliseconds that one check may take. */
const CHECK_MS = 30_000;

/** How checks are run. */
export interface RunOptions<C> {
  /** What they look at. */
  readonly context: C;
  /** The time. */
  readonly clock: Clock;
  /** Milliseconds for all of them. */
  readonly withinMs: number;
  /** Told of each one that has looked. */
  readonly onChecked: (checked: Checked) => void;
}

/**
 * Runs checks one after another. The first one must pass or warn, or the others are not run: nothing answers. One that
 * breaks has failed and keeps none of the others from looking.
 */
export async function runChecks<C>(
  checks: readonly Check<C>[],
  { context, clock, withinMs, onChecked }: RunOptions<C>,
): Promise<readonly Checked[]> {
  using over = endsWith({ clock, withinMs });
  const all = over.signal;
  const done: Checked[] = [];
  for (const check of checks) {
    const startMs = clock.monotonicMs();
    const outcome = whyNot(done, all, withinMs) ?? await runOne(check, { context, clock }, all);
    const checked = { ...outcome, name: check.name, tookMs: Math.round(clock.monotonicMs() - startMs) };
    done.push(checked);
    onChecked(checked);
  }
  return done;
}

function whyNot(done: readonly Checked[], all: AbortSignal, withinMs: number): Outcome | null {
  if (done[0]?.verdict === "fail") {
    return { verdict: "not-run", evidence: `${done[0].name} failed`, remedy: "Mend that first" };
  }
  if (!all.aborted) return null;
  const evidence = `No time was left of ${withinMs / 1000} s`;
  return { verdict: "fail", evidence, remedy: "Look why it answers slowly, or allow more: --seconds" };
}

async function runOne<C>(
  check: Check<C>,
  { context, clock }: Pick<RunOptions<C>, "context" | "clock">,
  all: AbortSignal,
): Promise<Outcome> {
  using until = endsWith({ clock, signal: all, withinMs: CHECK_MS });
  try {
    return await check.run(context, until.signal);
  } catch (error) {
    const evidence = `The check broke: ${error instanceof Error ? error.message : String(error)}`;
    return { verdict: "fail", evidence, remedy: "This is a fault of the check: report it" };
  }
}

/** A verdict as it stands in the table. */
const WORDS: Readonly<Record<Outcome["verdict"], string>> = {
  "pass": "pass",
  "warn": "WARN",
  "fail": "FAIL",
  "not-run": "NOT RUN",
};

/** Characters of evidence that a line shows. */
const EVIDENCE_MAX = 300;

/** A check that has looked, as a line of the table; a second one says what to do. */
export function checkedLine(checked: Checked): string {
  const { name, verdict, tookMs } = checked;
  const evidence = checked.evidence.length > EVIDENCE_MAX
    ? `${checked.evidence.slice(0, EVIDENCE_MAX)}…`
    : checked.evidence;
  const line = `${WORDS[verdict].padEnd(8)}${name.padEnd(14)}${`${tookMs} ms`.padStart(9)}  ${evidence}`;
  return printable(verdict === "pass" ? line : `${line}\n${" ".repeat(33)}${checked.remedy}`);
}

/** The last line: how many of each. */
export function checkedSum(done: readonly Checked[]): string {
  const count = (verdict: Outcome["verdict"]) => done.filter((one) => one.verdict === verdict).length;
  const [passed, warned, failed, notRun] = [count("pass"), count("warn"), count("fail"), count("not-run")];
  const parts = [
    `${passed} of ${done.length} passed`,
    ...(warned > 0 ? [`${warned} passed with a warning`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(notRun > 0 ? [`${notRun} not run, which is no pass`] : []),
  ];
  return parts.join(", ");
}

/** The exit code: 1 where one failed, or, where every one has to run, was not run. */
export function exitOf(done: readonly Checked[], { whole }: { readonly whole: boolean }): number {
  return done.some(({ verdict }) => verdict === "fail" || (whole && verdict === "not-run")) ? 1 : 0;
}
