/**
 * A rehearsal as a list of steps, each a task of this project on staging: what each one is for, how it is called, and
 * which are left out when one before did not go well. Pure.
 *
 * @module
 */

import type { RehearseOrder } from "./arguments.ts";
import { STAGING_METER } from "../trial/trial_meter.ts";
import { deployOptions, placeOptions } from "./options.ts";

/** A step of a rehearsal. */
export interface RehearsalStep {
  readonly name: string;
  /** What it proves, as a part of a sentence. */
  readonly about: string;
  /** The task and its arguments. */
  readonly args: readonly string[];
  /** Longest it may take, in ms. */
  readonly deadlineMs: number;
  /** Steps that must have gone well for this one to mean anything. */
  readonly needs: readonly string[];
}

/** A step that was done, or why it was not. */
export interface StepEnd {
  readonly name: string;
  readonly about: string;
  /** How it was called. */
  readonly command: string;
  readonly verdict: "pass" | "fail" | "not-run";
  /** What it said last, or why it was not run. */
  readonly said: string;
  readonly tookMs: number;
}

const MINUTE_MS = 60_000;

/** Longest that a deploy may take, with a build. */
const DEPLOY_MS = 40 * MINUTE_MS;

/** The steps in order. */
export function rehearsalSteps(order: RehearseOrder, socket: string): readonly RehearsalStep[] {
  const { place, before, image, ca, copy, seconds, people, withinMs } = order;
  const copies = copy === null ? [] : [
    ...["--copy", "--key", copy.keyFile],
    ...(copy.backup === null ? [] : ["--backup", copy.backup]),
  ];
  const at = placeOptions(place);
  const account = `${place.paths.credentials}/smoke_account`;
  const meter = ["--meter", `${STAGING_METER.host}:${STAGING_METER.port}`];
  const smoke = ["smoke", "--socket", socket, "--account", account, ...meter];
  const load = [
    ...["load", "--socket", socket, "--accounts", account, "--users", String(people)],
    ...["--seconds", String(seconds), "--within-ms", String(withinMs)],
  ];
  return [
    step("staging up", "what serves now, with data of its own", {
      args: ["staging", "up", ...deployOptions({ image: before, ca }), ...copies, ...at],
      deadlineMs: DEPLOY_MS,
    }),
    step("deploy", "the new release takes over, with a backup before", {
      args: ["deploy", ...deployOptions({ image, ca }), ...at],
      deadlineMs: DEPLOY_MS,
      needs: ["staging up"],
    }),
    step("smoke", "it works", { args: smoke, deadlineMs: 3 * MINUTE_MS, needs: ["deploy"] }),
    step("load", "it bears people and open pages within budget", {
      args: load,
      deadlineMs: seconds * 1_000 + 2 * MINUTE_MS,
      needs: ["deploy"],
    }),
    step("rollback", "the release before comes back", {
      args: ["deploy", "rollback", ...at],
      deadlineMs: DEPLOY_MS,
      needs: ["deploy"],
    }),
    step("smoke again", "and works with what the new one added to the database", {
      args: smoke,
      deadlineMs: 3 * MINUTE_MS,
      needs: ["rollback"],
    }),
    step("restore drill", "the backup that the deploy made can be restored", {
      args: ["restore:drill", ...at],
      deadlineMs: 20 * MINUTE_MS,
      needs: ["deploy"],
    }),
  ];
}

function step(
  name: string,
  about: string,
  rest: Pick<RehearsalStep, "args" | "deadlineMs"> & Partial<Pick<RehearsalStep, "needs">>,
): RehearsalStep {
  return { name, about, needs: [], ...rest };
}

/** Why a step is not run; `null`: it is. */
export function whyNotRun({ needs }: RehearsalStep, done: readonly StepEnd[]): string | null {
  const missing = needs.find((name) => done.find((one) => one.name === name)?.verdict !== "pass");
  return missing === undefined ? null : `${missing} did not go well`;
}

/** Whether every step went well: what was not run is no pass. */
export function wentWell(done: readonly StepEnd[]): boolean {
  return done.length > 0 && done.every(({ verdict }) => verdict === "pass");
}

/** A step as a line. */
export function stepLine({ name, verdict, tookMs, about }: StepEnd): string {
  const word = { "pass": "pass   ", "fail": "FAIL   ", "not-run": "NOT RUN" }[verdict];
  return `${word}  ${name.padEnd(13)}  ${`${(tookMs / 1_000).toFixed(1)} s`.padStart(8)}  ${about}`;
}
