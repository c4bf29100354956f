/**
 * The steps of a deploy. Each looks how things stand before it does anything, so that it may be killed anywhere and run
 * again, and so may its undo.
 *
 * @module
 */

import { PATHS } from "../host/layout.ts";
import { type CommandEnd, HostError } from "../host/step.ts";
import { mayServe } from "./back.ts";
import { backupArgv } from "./deno_argv.ts";
import type { Deploy, StepName } from "./deploy.ts";
import { appliedBy, knownHere, knownMigrations } from "./known.ts";
import { linkedColour } from "./link.ts";
import { troublesOf } from "./preflight.ts";
import { waitReady } from "./ready.ts";
import { bringBack, notServing, switchBack, switchOver } from "./switch.ts";
import { tidyUp } from "./tidy.ts";
import type { DeployStep, DeployWork } from "./work.ts";

const BACKUP_MS = 4 * 3_600_000;
const MIGRATE_MS = 4 * 3_600_000;
const SMOKE_MS = 180_000;
/** Longer than the slowest ordinary request: whoever was on the way to the old colour has its answer. */
const SETTLE_MS = 3_000;
const LAST_LINES = 12;

type Act = (work: DeployWork) => Promise<string>;

/** What each step does, and what takes it back. */
const ACTS: Readonly<Record<StepName, readonly [run: Act, undo: Act | null]>> = {
  preflight: [preflight, null],
  sources: [laySources, async ({ runner, deploy }) => {
    await runner.discard(deploy.release);
    return "gone again";
  }],
  backup: [backup, null],
  image: [({ runner, deploy }) => runner.make(deploy), null],
  migrate: [migrate, null],
  pause: [stopOld, bringBack],
  up: [up, down],
  ready: [ready, null],
  smoke: [smoke, null],
  switch: [switchOver, switchBack],
  drain: [drain, bringBack],
  stop: [stop, null],
  tidy: [tidyUp, null],
};

/** The steps of a deploy, in its order. */
export function stepsOf({ steps }: Pick<Deploy, "steps">): readonly DeployStep[] {
  return steps.map((name) => {
    const [run, undo] = ACTS[name];
    return { name, run, undo };
  });
}

async function preflight(work: DeployWork): Promise<string> {
  const troubles = await troublesOf(work, work.deploy);
  if (troubles.length > 0) throw new HostError(troubles.join("\n"));
  return "nothing speaks against it";
}

async function laySources(work: DeployWork): Promise<string> {
  const { runner, deploy, on, place, database } = work;
  const words = await runner.layAside(deploy);
  const found = await database.look();
  if (found.kind !== "there") return words;
  const known = await knownMigrations(on, deploy.release.sources);
  const applied = appliedBy(found.applied, await knownHere(on, place));
  const may = mayServe({ name: deploy.release.name, knows: [...known.keys()] }, applied);
  if (!may.ok) throw new HostError(may.error);
  return words;
}

async function backup({ on, place, deno, deploy: { release } }: DeployWork): Promise<string> {
  const argv = backupArgv(place, { sources: release.sources, deno });
  const end = await on.run(argv, { deadlineMs: BACKUP_MS });
  if (end.code !== 0) throw new HostError(`there is no backup: ${lastOf(end)}`);
  return lastLine(end);
}

async function migrate({ runner, deploy: { release, colour, before } }: DeployWork): Promise<string> {
  const run = (...command: readonly string[]) =>
    runner.once({ release, colour, name: "migrate", command, deadlineMs: MIGRATE_MS });
  // What the running release does not bear is refused while nothing is changed.
  const plan = before ? await run("ops/plan_migrations.ts") : null;
  if (plan && plan.code !== 0) throw new HostError(lastOf(plan));
  const end = await run("ops/migrate.ts", "--expand-only");
  if (end.code !== 0) throw new HostError(lastOf(end));
  return lastLine(end);
}

async function stopOld({ runner, deploy: { before } }: DeployWork): Promise<string> {
  if (!before) return "there was nothing";
  await runner.stop(before.colour);
  const { exitCode } = await runner.look(before.colour);
  return exitCode === 0 || exitCode === null
    ? `${before.colour} ended`
    : `${before.colour} ended with code ${exitCode}, so not in order: what it had claimed is taken up by the next`;
}

async function up(work: DeployWork): Promise<string> {
  const { runner, deploy: { colour, release }, on, place } = work;
  notServing(await linkedColour(on, place), work);
  await runner.start(colour, release);
  return `${release.name} starts as ${colour}`;
}

async function down(work: DeployWork): Promise<string> {
  const { runner, deploy: { colour, release }, on, place } = work;
  notServing(await linkedColour(on, place), work);
  const words = await runner.lastWords(colour).catch(() => "");
  const log = `${place.paths.deploys}/${release.name}.log`;
  if (words !== "") {
    // A full disk must not keep the colour from being taken away.
    await on.write(log, { text: `${words}\n`, mode: 0o600, owner: "root:root" }).catch(() => undefined);
  }
  await runner.remove(colour);
  return words === "" ? `${colour} is gone` : `${colour} is gone; what it said last is in ${log}`;
}

async function ready(work: DeployWork): Promise<string> {
  const { colour, release, readyWithinS } = work.deploy;
  return await waitReady(work, { colour, release, withinS: readyWithinS });
}

async function smoke({ runner, on, deploy: { release, colour } }: DeployWork): Promise<string> {
  if (!await on.stat(`${release.sources}/ops/smoke.ts`)) return "this release brings no smoke test";
  const socket = `${PATHS.sockets}/${colour}.sock`;
  const command = ["ops/smoke.ts", "--socket", socket, "--release", release.name];
  const end = await runner.beside({ release, colour, name: "smoke", command, deadlineMs: SMOKE_MS });
  if (end.code !== 0) throw new HostError(failedOf(end) || lastOf(end));
  return lastLine(end);
}

async function drain(work: DeployWork): Promise<string> {
  await work.clock.sleep(SETTLE_MS);
  return await stopOld(work);
}

async function stop({ runner, deploy: { before, colour } }: DeployWork): Promise<string> {
  if (!before) return "there was nothing";
  await runner.keep(colour, before.colour);
  const { status } = await runner.look(before.colour);
  if (status === "running" || status === "restarting") throw new HostError(`${before.colour} runs again`);
  return `${before.release.name} is kept as it was, for a way back`;
}

/** What did not pass, each with what to do; the table is longer than an operator needs. */
function failedOf({ out }: CommandEnd): string {
  const lines = out.split("\n");
  return lines.filter((line, i) => /^FAIL /.test(line) || /^FAIL /.test(lines[i - 1] ?? "")).slice(
    0,
    LAST_LINES,
  )
    .join("\n");
}

function lastOf({ out, err, code }: CommandEnd): string {
  const lines = `${out}\n${err}`.trim().split("\n").slice(-LAST_LINES).join("\n");
  return lines === "" ? `it ended with code ${code} and said nothing` : lines;
}

function lastLine({ out }: CommandEnd): string {
  return out.trim().split("\n").at(-1)?.slice(0, 200) ?? "";
}
