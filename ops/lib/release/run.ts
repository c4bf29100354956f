/**
 * Goes on with a deploy until it is over: the journal says what comes next, a step does it, and the journal says that
 * it was done. Whoever is killed between the two does it again.
 *
 * @module
 */

import { wordsOf } from "../host/engine.ts";
import { isAfterSwitch, STEP_WORDS } from "./deploy.ts";
import { type DeployStand, type JournalLine, nextOf } from "./journal.ts";
import type { Journals } from "./journal_file.ts";
import { stepsOf } from "./steps.ts";
import type { DeployTools, DeployWork } from "./work.ts";

/** What a run shows and asks. */
export interface Showing {
  /** Shows a line. */
  readonly print: (line: string) => void;
  /** Shows the beginning of a line that `print` ends. */
  readonly begin: (text: string) => void;
  /** Whether it is to end after the present step. */
  readonly isStopped: () => boolean;
}

/** With what a deploy is gone on with. */
export interface Going {
  readonly tools: DeployTools;
  readonly journals: Journals;
  readonly showing: Showing;
}

/** Every step is done and undone once; more would be a fault of ours. */
const MOST_TURNS = 100;

/** Goes on until the deploy is over, something fails that cannot be taken back, or it is stopped; how it stands then. */
export async function goOn(number: number, going: Going): Promise<DeployStand> {
  const { journals, showing } = going;
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    const stand = await journals.read(number);
    if (!stand) throw new Error(`There is no deploy ${number}`);
    const next = nextOf(stand);
    if (next.kind === "over") return stand;
    if (showing.isStopped()) return stand;
    const work = { ...going.tools, deploy: stand.deploy };
    if (next.kind === "end") {
      await journals.add(number, { atMs: work.clock.nowMs(), kind: "end", outcome: next.outcome });
      continue;
    }
    const isGood = await act(next, { work, stand, going });
    if (!isGood) return await journals.read(number) ?? stand;
  }
  throw new Error(`Deploy ${number} is not over after ${MOST_TURNS} steps`);
}

interface Acting {
  readonly work: DeployWork;
  readonly stand: DeployStand;
  readonly going: Going;
}

/** Runs or undoes one step; whether to go on. */
async function act(
  next: { readonly kind: "run" | "undo"; readonly step: DeployStand["steps"][number]["name"] },
  { work, stand, going: { journals, showing } }: Acting,
): Promise<boolean> {
  const { clock, deploy } = work;
  const add = (line: WithoutTime) => journals.add(deploy.number, { atMs: clock.nowMs(), ...line });
  const step = stepsOf({ steps: [next.step] })[0];
  const isBack = next.kind === "undo";
  const does = isBack ? step?.undo ?? null : step?.run ?? null;
  const beganMs = clock.monotonicMs();
  await add({ kind: isBack ? "undo" : "begin", step: next.step });
  if (does) showing.begin(`${countText(stand, next.step)} ${isBack ? "back: " : ""}${next.step}: `);
  const tookMs = () => Math.round(clock.monotonicMs() - beganMs);
  try {
    const words = does ? await does(work) : "";
    await add({ kind: isBack ? "undone" : "done", step: next.step, ms: tookMs(), words });
    if (does) {
      showing.print(`${isBack ? "undone" : "done"}, ${secondsOf(tookMs())}${words ? `; ${words}` : ""}`);
    }
    return true;
  } catch (error) {
    const words = wordsOf(error);
    showing.print(`failed, ${secondsOf(tookMs())}\n  ${words.split("\n").join("\n  ")}`);
    await add({ kind: isBack ? "undo-failed" : "failed", step: next.step, ms: tookMs(), words });
    if (isBack || isAfterSwitch(next.step)) return false;
    await add({ kind: "turn", words: `${next.step}: ${words}` });
    return true;
  }
}

/** A line whose time is not yet known; `Omit` would lose which fields belong together. */
type WithoutTime = JournalLine extends infer L ? L extends JournalLine ? Omit<L, "atMs"> : never : never;

function countText({ steps }: DeployStand, name: string): string {
  const at = steps.findIndex((step) => step.name === name) + 1;
  return `[${String(at).padStart(String(steps.length).length)}/${steps.length}]`;
}

function secondsOf(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

/** What a deploy would do, step by step. */
export function planText({ steps }: Pick<DeployStand["deploy"], "steps">): readonly string[] {
  const wide = Math.max(...steps.map((name) => name.length));
  return steps.map((name, i) => `  ${String(i + 1).padStart(2)}. ${name.padEnd(wide)}  ${STEP_WORDS[name]}`);
}
