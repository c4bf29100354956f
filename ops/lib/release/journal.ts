/**
 * The journal of a deploy: lines that are only ever added, and what they add up to. Whoever is killed leaves it as it
 * is; reading it says where the deploy stands and what comes next. Pure.
 *
 * @module
 */

import { type Deploy, STEP_NAMES, type StepName } from "./deploy.ts";

/** How a deploy ended. */
export type Outcome = "done" | "undone";

/** A line of a journal. `atMs` is the time in epoch ms, `ms` how long it took. */
export type JournalLine =
  & { readonly atMs: number }
  & (
    | { readonly kind: "deploy"; readonly deploy: Deploy }
    | { readonly kind: "begin" | "undo"; readonly step: StepName }
    | {
      readonly kind: "done" | "undone";
      readonly step: StepName;
      readonly ms: number;
      readonly words: string;
    }
    | {
      readonly kind: "failed" | "undo-failed";
      readonly step: StepName;
      readonly ms: number;
      readonly words: string;
    }
    /** From here on it goes back. */
    | { readonly kind: "turn"; readonly words: string }
    /** Somebody goes on with it after a kill or a failure. */
    | { readonly kind: "resume" }
    | { readonly kind: "end"; readonly outcome: Outcome }
  );

/** How a step stands. */
export type StepState = "waiting" | "begun" | "done" | "failed" | "undoing" | "undone" | "undo-failed";

/** A step of a deploy and how it stands. */
export interface StepStand {
  readonly name: StepName;
  readonly state: StepState;
  /** How long it took, in ms; `null`: it is not over. */
  readonly ms: number | null;
  /** What came of it, in words; empty: nothing to say. */
  readonly words: string;
}

/** How a deploy stands. */
export interface DeployStand {
  readonly deploy: Deploy;
  /** Epoch ms. */
  readonly beganMs: number;
  /** Epoch ms of the newest line. */
  readonly lastMs: number;
  readonly steps: readonly StepStand[];
  /** Whether it goes back. */
  readonly back: boolean;
  /** Why it goes back, or what failed last; empty: nothing did. */
  readonly trouble: string;
  /** How it ended; `null`: it did not. */
  readonly outcome: Outcome | null;
}

/** What comes next. */
export type Next =
  | { readonly kind: "run" | "undo"; readonly step: StepName }
  | { readonly kind: "end"; readonly outcome: Outcome }
  | { readonly kind: "over" };

/** Reads the text of a journal. A line that a kill or a full disk cut off says nothing and is left out. */
export function readJournal(text: string): readonly JournalLine[] {
  return text.split("\n").flatMap((line) => {
    try {
      const value: unknown = JSON.parse(line);
      return isLine(value) ? [value] : [];
    } catch {
      return [];
    }
  });
}

/** What the lines add up to; `null`: no deploy was begun. */
export function foldJournal(lines: readonly JournalLine[]): DeployStand | null {
  let stand: DeployStand | null = null;
  for (const line of lines) {
    if (line.kind !== "deploy") stand = stand && { ...addLine(stand, line), lastMs: line.atMs };
    else stand ??= beginning(line.deploy, line.atMs);
  }
  return stand;
}

/** What comes next for a deploy that stands so. */
export function nextOf({ steps, back, outcome }: DeployStand): Next {
  if (outcome !== null) return { kind: "over" };
  if (!back) {
    const open = steps.find(({ state }) => state !== "done");
    return open ? { kind: "run", step: open.name } : { kind: "end", outcome: "done" };
  }
  const touched = steps.findLast(({ state }) => state !== "waiting" && state !== "undone");
  return touched ? { kind: "undo", step: touched.name } : { kind: "end", outcome: "undone" };
}

function beginning(deploy: Deploy, atMs: number): DeployStand {
  const steps = deploy.steps.map((name): StepStand => ({ name, state: "waiting", ms: null, words: "" }));
  return { deploy, beganMs: atMs, lastMs: atMs, steps, back: false, trouble: "", outcome: null };
}

function addLine(stand: DeployStand, line: Exclude<JournalLine, { readonly kind: "deploy" }>): DeployStand {
  const put = (step: StepName, change: Omit<StepStand, "name">) => ({
    ...stand,
    steps: stand.steps.map((one) => one.name === step ? { name: step, ...change } : one),
  });
  switch (line.kind) {
    case "begin":
      return put(line.step, { state: "begun", ms: null, words: "" });
    case "undo":
      return put(line.step, { state: "undoing", ms: null, words: "" });
    case "done":
    case "undone":
      return put(line.step, { state: line.kind, ms: line.ms, words: line.words });
    case "failed":
    case "undo-failed":
      return {
        ...put(line.step, { state: line.kind, ms: line.ms, words: line.words }),
        // Why it goes back is worth more than what failed on the way.
        trouble: stand.back && stand.trouble !== "" ? stand.trouble : `${line.step}: ${line.words}`,
      };
    case "turn":
      return { ...stand, back: true, trouble: line.words };
    case "resume":
      return stand;
    case "end":
      return { ...stand, outcome: line.outcome };
  }
}

const KINDS: readonly string[] = [
  "deploy",
  "begin",
  "undo",
  "done",
  "undone",
  "failed",
  "undo-failed",
  "turn",
  "resume",
  "end",
] satisfies readonly JournalLine["kind"][];

/** Root alone writes journals, so only what a cut line can be is looked at. */
function isLine(value: unknown): value is JournalLine {
  if (typeof value !== "object" || value === null) return false;
  if (!("kind" in value) || !("atMs" in value) || typeof value.atMs !== "number") return false;
  if (typeof value.kind !== "string" || !KINDS.includes(value.kind)) return false;
  return !("step" in value) || STEP_NAMES.some((name) => name === value.step);
}
