/**
 * Looks at steps, applies them one after the other, and undoes them backwards. One step that fails to look hides none
 * of the others; one that fails to apply ends the run, because the next ones build on it.
 *
 * @module
 */

import type { Leftover } from "./applied.ts";
import { type Drift, type Host, HostError, type Step } from "./step.ts";

/** A step and what of it is not as described. */
export interface Looked {
  readonly step: Step;
  readonly drift: readonly Drift[];
}

/** What a run shows and asks. */
export interface RunTools {
  /** Shows a line. */
  readonly print: (line: string) => void;
  /** Shows the beginning of a line that `print` ends. */
  readonly begin: (text: string) => void;
  /** Milliseconds that never jump. */
  readonly monotonicMs: () => number;
  /** Whether it is to end after the present step. */
  readonly isStopped: () => boolean;
}

/** How a run ended. */
export interface RunEnd {
  /** Things that were changed, by name of the step; none: all was as described. */
  readonly changed: readonly Looked[];
  /** Why it ended before its end, in words; `null`: it did not. */
  readonly trouble: string | null;
  /** Things that still lack, and without which the host goes on. */
  readonly lacking: readonly Looked[];
}

/** What of each step is not as described. */
export async function lookAtAll(on: Host, steps: readonly Step[]): Promise<readonly Looked[]> {
  const looked: Looked[] = [];
  for (const step of steps) looked.push({ step, drift: await look(on, step) });
  return looked;
}

/** What of a step is not as described; a check that fails is drift itself. */
async function look(on: Host, step: Step): Promise<readonly Drift[]> {
  try {
    return await step.check(on);
  } catch (error) {
    const is = `cannot be looked at: ${wordsOf(error)}`;
    return [{ what: step.name, is, expected: "as described", does: [] }];
  }
}

/** Applies the steps that are not as described, and looks again after each. */
export async function applyAll(on: Host, steps: readonly Step[], tools: RunTools): Promise<RunEnd> {
  const changed: Looked[] = [];
  const lacking: Looked[] = [];
  for (const [at, step] of steps.entries()) {
    if (tools.isStopped()) return { changed, lacking, trouble: stoppedWords(at, steps.length) };
    const startMs = tools.monotonicMs();
    tools.begin(`${countText(at, steps.length)} ${step.name}: `);
    const drift = await look(on, step);
    if (drift.length === 0) {
      tools.print("as described");
      continue;
    }
    const { trouble, left } = await applyOne(on, step);
    const how = trouble !== null ? "failed" : left.length > 0 ? "lacking" : `changed ${drift.length}`;
    tools.print(`${how}, ${elapsed(startMs, tools)}`);
    for (const lack of trouble === null ? left : []) tools.print(driftText(lack));
    if (trouble === null && left.length > 0) lacking.push({ step, drift: left });
    else changed.push({ step, drift });
    if (trouble !== null) return { changed, lacking, trouble: `${step.name}: ${trouble}` };
  }
  return { changed, lacking, trouble: null };
}

/** How a step ended: what went wrong, and what still lacks where the host goes on without it. */
interface StepEnd {
  readonly trouble: string | null;
  readonly left: readonly Drift[];
}

async function applyOne(on: Host, step: Step): Promise<StepEnd> {
  try {
    await step.apply(on);
  } catch (error) {
    return { trouble: wordsOf(error), left: [] };
  }
  const left = await look(on, step);
  if (left.length === 0 || step.mayLack) return { trouble: null, left };
  return { trouble: leftWords(left), left };
}

function leftWords(left: readonly Drift[]): string {
  return `it was applied, and still is not as described:\n${left.map(driftText).join("\n")}`;
}

/** Undoes, in the order that is given. */
export async function undoAll(
  on: Host,
  things: readonly Leftover[],
  tools: RunTools,
): Promise<string | null> {
  for (const [at, { name, undo }] of things.entries()) {
    if (tools.isStopped()) return stoppedWords(at, things.length);
    const startMs = tools.monotonicMs();
    tools.begin(`${countText(at, things.length)} ${name}: `);
    try {
      await undo(on);
    } catch (error) {
      tools.print(`failed, ${elapsed(startMs, tools)}`);
      return `${name}: ${wordsOf(error)}`;
    }
    tools.print(`undone, ${elapsed(startMs, tools)}`);
  }
  return null;
}

/** A thing that is not as described, in a line. */
export function driftText({ what, is, expected }: Drift): string {
  return `  ${what} is ${is}; expected: ${expected}`;
}

/** An error in words for operators; what only a bug can cause keeps where it was. */
export function wordsOf(error: unknown): string {
  if (error instanceof HostError) return error.message;
  return error instanceof Error ? error.stack ?? error.message : String(error);
}

function stoppedWords(done: number, all: number): string {
  return `ended by a signal after ${done} of ${all}; run it again to go on`;
}

function countText(at: number, all: number): string {
  return `[${String(at + 1).padStart(String(all).length)}/${all}]`;
}

function elapsed(startMs: number, tools: RunTools): string {
  return `${((tools.monotonicMs() - startMs) / 1_000).toFixed(1)} s`;
}
