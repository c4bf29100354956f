/**
 * `deno task deploy`, from what was ordered to the exit code. Only one at a time changes anything.
 *
 * @module
 */

import type { Clock } from "../../../lib/clock.ts";
import { type Lock, takeLock } from "../host/lock.ts";
import type { Host } from "../host/step.ts";
import { beginDeploy, databaseOf, runnerOf, settingsAt } from "./begin.ts";
import { containers } from "./containers.ts";
import { databaseAt, type DatabasePort } from "./database.ts";
import type { DenoPlace } from "./deno_argv.ts";
import type { Deploy, RunnerKind } from "./deploy.ts";
import type { DeployOrder } from "./deploy_arguments.ts";
import { releasesIn } from "./history.ts";
import type { DeployStand } from "./journal.ts";
import { type Journals, openJournals } from "./journal_file.ts";
import type { Place } from "./place.ts";
import { remarksOn, troublesOf } from "./preflight.ts";
import { goOn, planText, type Showing } from "./run.ts";
import type { Runner } from "./runner.ts";
import { deployText, isPaused, lookAtReleases, statusWords, takenBackLines } from "./status.ts";
import { tellApp } from "./tell.ts";
import { units } from "./units.ts";
import type { DeployTools } from "./work.ts";

/** What a run works with. */
export interface DeployRun {
  readonly on: Host;
  readonly place: Place;
  readonly clock: Clock;
  readonly showing: Showing;
  /** Folder of the project that runs us. */
  readonly project: string;
  /** Runs tasks of releases. */
  readonly deno: DenoPlace;
  /** `DOCKER_HOST`, where it is set. */
  readonly dockerHost: string | undefined;
}

interface Present {
  readonly run: DeployRun;
  readonly journals: Journals;
  /** The newest deploys, oldest first. */
  readonly stands: readonly DeployStand[];
}

const HISTORY_MAX = 50;
const LOCK_TRIES = 5;
const LOCK_PAUSE_MS = 100;

/** Does what it is told; the exit code. */
export async function runDeploy(order: DeployOrder, run: DeployRun): Promise<number> {
  const journals = openJournals(run.place.paths.deploys);
  const look = async (): Promise<Present> => ({ run, journals, stands: await releasesIn(journals) });
  if (order.command === "status") return await status(order, await look());
  if (order.command === "history") return history(order, await look());
  if (order.dryRun) return await dryRun(order, await look());
  await run.on.must(["mkdir", "-p", "-m", "700", "--", run.place.paths.deploys]);
  const lock = await takeLockSoon(run);
  if (!lock) {
    run.showing.print("Another deploy is running: deno task deploy status says which");
    return 1;
  }
  try {
    return await change(order, await look());
  } finally {
    await lock.release();
  }
}

/** Takes the lock; a status that only looks at it has it for a moment. */
async function takeLockSoon({ place, clock }: DeployRun): Promise<Lock | null> {
  for (let tried = 1;; tried++) {
    const lock = await takeLock(lockOf(place));
    if (lock || tried === LOCK_TRIES) return lock;
    await clock.sleep(LOCK_PAUSE_MS);
  }
}

function lockOf({ paths }: Place): string {
  return `${paths.deploys}/.lock`;
}

async function change(order: DeployOrder, present: Present): Promise<number> {
  const { run: { showing: { print } }, stands } = present;
  const open = stands.findLast(({ outcome }) => outcome === null);
  switch (order.command) {
    case "resume":
      if (open) return await again(open, "resume", present);
      print("No deploy is open: there is nothing to go on with");
      return 1;
    case "rollback":
      if (!open) return await begin(order, present);
      if (order.release === null) return await again(open, "rollback", present);
      print(`Deploy ${open.deploy.number} is open: deno task deploy rollback takes it back first`);
      return 1;
    case "deploy":
      if (!open) return await begin(order, present);
      print(
        `Deploy ${open.deploy.number} is open: deno task deploy resume goes on, deno task deploy rollback takes it back`,
      );
      return 1;
    case "status":
    case "history":
      return 2;
  }
}

async function begin(order: DeployOrder, present: Present): Promise<number> {
  const { run, journals, stands } = present;
  const begun = await beginDeploy({ ...run, stands, order });
  if (!begun.ok) {
    run.showing.print(begun.error);
    return 1;
  }
  const deploy = begun.value;
  run.showing.print(titleOf(deploy));
  for (const remark of await remarksOn(toolsFor(run, deploy), deploy)) run.showing.print(`  ${remark}`);
  await journals.add(deploy.number, { atMs: run.clock.nowMs(), kind: "deploy", deploy });
  return await finish(deploy, "done", present);
}

async function again(
  { deploy, back }: DeployStand,
  how: "resume" | "rollback",
  present: Present,
): Promise<number> {
  const { run, journals } = present;
  const atMs = run.clock.nowMs();
  const turns = how === "rollback" && !back;
  await journals.add(
    deploy.number,
    turns ? { atMs, kind: "turn", words: "an operator took it back" } : { atMs, kind: "resume" },
  );
  const isBack = back || turns;
  run.showing.print(
    `${isBack ? "Takes back" : "Goes on with"} deploy ${deploy.number} of ${deploy.release.name}`,
  );
  return await finish(deploy, isBack ? "undone" : "done", present);
}

/** Goes on to the end; the exit code is 0 where it ended as it was meant to. */
async function finish(deploy: Deploy, meant: "done" | "undone", present: Present): Promise<number> {
  const { run, journals } = present;
  const { showing, clock } = run;
  const tools = toolsFor(run, deploy);
  await tellApp(tools, { stands: await releasesIn(journals) });
  const stand = await goOn(deploy.number, { tools, journals, showing });
  await tellApp(tools, { stands: await releasesIn(journals) });
  showing.print("");
  for (const line of endLines(stand, clock.nowMs())) showing.print(line);
  return stand.outcome === meant ? 0 : 1;
}

function endLines(stand: DeployStand, nowMs: number): readonly string[] {
  const { deploy, outcome, trouble, back } = stand;
  const name = deploy.release.name;
  const still = deploy.before
    ? `${deploy.before.release.name} serves as before`
    : "nothing serves, as before";
  if (outcome === "done") return [`${name} serves as ${deploy.colour}. Deploy ${deployText(stand, nowMs)}`];
  if (outcome === "undone") {
    return [`${name} was taken back; ${still}`, ...(trouble ? [`Why: ${trouble}`] : [])];
  }
  const advice = back
    ? "deno task deploy rollback goes on"
    : "deno task deploy resume goes on, deno task deploy rollback takes it back";
  const away = isPaused(stand) ? ["Until then the old release is ended: people see no pages"] : [];
  return [`Deploy ${deploy.number} is open: ${advice}`, ...away, ...(trouble ? [`Why: ${trouble}`] : [])];
}

async function dryRun(order: DeployOrder, { run, stands }: Present): Promise<number> {
  const { print } = run.showing;
  const isOpen = stands.findLast(({ outcome }) => outcome === null);
  if (isOpen && order.command === "rollback" && order.release === null) {
    for (const line of takenBackLines(isOpen)) print(line);
    print("Nothing was changed");
    return 0;
  }
  const begun = await beginDeploy({ ...run, stands, order });
  if (!begun.ok) {
    print(begun.error);
    return 1;
  }
  const deploy = begun.value;
  const tools = toolsFor(run, deploy);
  print(titleOf(deploy));
  for (const remark of await remarksOn(tools, deploy)) print(`  ${remark}`);
  for (const line of planText(deploy)) print(line);
  const open = stands.findLast(({ outcome }) => outcome === null);
  const troubles = [
    ...(open ? [`Deploy ${open.deploy.number} is open: deno task deploy resume or rollback first`] : []),
    ...await troublesOf(tools, deploy),
  ];
  for (const trouble of troubles) print(`Against it: ${trouble}`);
  print("Nothing was changed");
  return troubles.length > 0 ? 1 : 0;
}

function titleOf({ number, kind, release, colour, before }: Deploy): string {
  const words = { release: "a new release", configuration: "new settings", rollback: "back to a release" };
  const now = before ? `; ${before.release.name} serves as ${before.colour}` : "";
  return `Deploy ${number}: ${words[kind]}, ${release.name} as ${colour}${now}`;
}

async function status(order: DeployOrder, { run, stands }: Present): Promise<number> {
  const { place, on, clock, showing } = run;
  const settings = await settingsAt(on, place);
  const last = stands.at(-1);
  const database: DatabasePort | null = last
    ? databaseOf(place, last.deploy)
    : settings.ok
    ? databaseOr(place, settings.value)
    : null;
  if (!database) {
    showing.print("Nothing was deployed here yet, and there are no settings");
    return 1;
  }
  const runner = makeRunner(run, runnerOf(stands, null));
  const busy = await isBusy(place);
  const standing = await lookAtReleases({ on, place, runner, database }, { stands, busy });
  const words = statusWords(standing, clock.nowMs());
  if (order.json) showing.print(JSON.stringify({ ...standing, isGood: words.isGood }, null, 2));
  else for (const line of words.lines) showing.print(line);
  return words.isGood ? 0 : 1;
}

function databaseOr(place: Place, settings: Readonly<Record<string, string>>): DatabasePort | null {
  const found = databaseAt(place, settings);
  return found.ok ? found.value : null;
}

/** Whether a deploy is running: its lock is held, and nothing of it is touched. */
async function isBusy(place: Place): Promise<boolean> {
  const there = await Deno.stat(lockOf(place)).then(() => true, () => false);
  if (!there) return false;
  const lock = await takeLock(lockOf(place));
  await lock?.release();
  return lock === null;
}

function history(order: DeployOrder, { run, stands }: Present): number {
  const newest = stands.toReversed().slice(0, HISTORY_MAX);
  const { print } = run.showing;
  if (order.json) print(JSON.stringify({ deploys: newest }, null, 2));
  else if (newest.length === 0) print("Nothing was deployed here yet");
  else {
    for (const stand of newest) {
      print(deployText(stand, run.clock.nowMs()));
      if (stand.trouble) print(`  ${stand.trouble.split("\n")[0]}`);
    }
  }
  return 0;
}

function toolsFor(run: DeployRun, deploy: Deploy): DeployTools {
  const { on, place, clock, deno } = run;
  return {
    on,
    place,
    clock,
    deno,
    runner: makeRunner(run, deploy.runner),
    database: databaseOf(place, deploy),
  };
}

function makeRunner({ on, place, project, dockerHost }: DeployRun, kind: RunnerKind): Runner {
  switch (kind) {
    case "containers":
      return containers({ on, place, project, dockerHost });
    case "units":
      return units({ on, place });
  }
}
