/**
 * `deno task rehearse`: a release is deployed, tried, loaded and taken back on a staging of its own before production
 * sees it.
 *
 * @module
 */

import { systemClock } from "../lib/clock.ts";
import { typedPath } from "./lib/command.ts";
import type { Host } from "./lib/host/step.ts";
import { HostError } from "./lib/host/step.ts";
import { runTask } from "./lib/host/task.ts";
import { readRehearseOrder, REHEARSE_HELP, type RehearseOrder } from "./lib/staging/arguments.ts";
import { isStaging } from "./lib/staging/folders.ts";
import {
  type RehearsalStep,
  rehearsalSteps,
  type StepEnd,
  stepLine,
  wentWell,
  whyNotRun,
} from "./lib/staging/rehearsal.ts";
import { rehearsalReport } from "./lib/staging/report.ts";
import { placeOptions } from "./lib/staging/options.ts";
import { runStagingTask } from "./lib/staging/tasks.ts";

const TOKENS_CSS = new URL("../static/css/tokens.css", import.meta.url);

/** Longest that taking staging away may take, in ms. */
const DOWN_MS = 300_000;

async function rehearse(typed: RehearseOrder, on: Host): Promise<number> {
  const { ca, copy } = typed;
  const order: RehearseOrder = {
    ...typed,
    ca: ca === null ? null : typedPath(ca),
    copy: copy && {
      backup: copy.backup === null ? null : typedPath(copy.backup),
      keyFile: typedPath(copy.keyFile),
    },
  };
  const steps = rehearsalSteps(order, order.place.paths.upstream);
  if (order.dryRun) {
    for (const { name, about, args } of steps) {
      console.log(`${name}: ${about}\n  deno task ${args.join(" ")}`);
    }
    return 0;
  }
  if (Deno.uid() !== 0) {
    console.error("Only root rehearses: sudo deno task rehearse");
    return 1;
  }
  if (await isStaging(on, order.place)) {
    throw new HostError(`There is a staging in ${order.place.root} already: deno task staging down`);
  }
  const beganMs = systemClock.nowMs();
  const done: StepEnd[] = [];
  for (const step of steps) done.push(await run(step, done));
  if (order.report !== null) {
    const tokensCss = await Deno.readTextFile(TOKENS_CSS);
    const path = typedPath(order.report);
    await Deno.writeTextFile(path, rehearsalReport({ done, beganMs, tokensCss }));
    console.log(`\nThe report is in ${path}`);
  }
  const isAway = order.keep || await down(order, on);
  console.log(`\n${done.map(stepLine).join("\n")}`);
  return wentWell(done) && isAway ? 0 : 1;
}

async function run(step: RehearsalStep, done: readonly StepEnd[]): Promise<StepEnd> {
  const { name, about, args, deadlineMs } = step;
  const named = { name, about, command: `deno task ${args.join(" ")}` };
  const why = whyNotRun(step, done);
  if (why !== null) return { ...named, verdict: "not-run", said: why, tookMs: 0 };
  console.log(`\n== ${name}: ${about}`);
  const { code, said, tookMs } = await runStagingTask(args, { clock: systemClock, deadlineMs, show });
  return { ...named, verdict: code === 0 ? "pass" : "fail", said, tookMs };
}

async function down({ place }: RehearseOrder, on: Host): Promise<boolean> {
  if (!await isStaging(on, place)) return true;
  const args = ["staging", "down", ...placeOptions(place)];
  return (await runStagingTask(args, { clock: systemClock, deadlineMs: DOWN_MS, show })).code === 0;
}

function show(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}

if (import.meta.main) {
  Deno.exit(await runTask(Deno.args, { help: REHEARSE_HELP, read: readRehearseOrder, run: rehearse }));
}
