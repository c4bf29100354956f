/**
 * `deno task staging`: a second Wattpost on this host, of the same compose file and settings but for what is declared,
 * with data of its own.
 *
 * @module
 */

import { systemClock } from "../lib/clock.ts";
import { typedPath } from "./lib/command.ts";
import { type Host, HostError } from "./lib/host/step.ts";
import { runTask } from "./lib/host/task.ts";
import { makeAccount } from "./lib/staging/account.ts";
import { readStagingOrder, STAGING_HELP, type StagingOrder } from "./lib/staging/arguments.ts";
import { diffTable, STAGING_URL } from "./lib/staging/declared.ts";
import { copyProduction } from "./lib/staging/copy.ts";
import { diffPlaces } from "./lib/staging/diff.ts";
import { type DockerArgv, isStaging, openFolders, takeAway } from "./lib/staging/folders.ts";
import { openMeter } from "./lib/staging/meter.ts";
import { deployOptions, placeOptions } from "./lib/staging/options.ts";
import { runStagingTask } from "./lib/staging/tasks.ts";
import { STAGING_METER } from "./lib/trial/trial_meter.ts";

/** Longest that a deploy may take, with a build, in ms. */
const DEPLOY_MS = 2_400_000;

/** Debian's client, and one from elsewhere. */
const CLIENTS = ["/usr/bin/docker", "/usr/local/bin/docker"];

async function run(order: StagingOrder, on: Host): Promise<number> {
  if (Deno.uid() !== 0) {
    console.error(`Only root has a staging: sudo deno task staging ${order.command}`);
    return 1;
  }
  switch (order.command) {
    case "up":
      return await up(order, on);
    case "down":
      return await down(order, on);
    case "status":
      return (await task(["deploy", "status", ...placeOptions(order.place)])).code;
    case "diff": {
      const lines = await diffPlaces(on, { staging: order.place });
      console.log(diffTable(lines));
      return lines.some(({ verdict }) => verdict === "undeclared") ? 1 : 0;
    }
  }
}

async function up({ place, image, ca, copy, dryRun }: StagingOrder, on: Host): Promise<number> {
  const ready = await isStaging(on, place);
  if (dryRun) {
    console.log(
      `Would ${ready ? "use" : "make"} ${place.root}, then deploy ${image ?? "this project"} there`,
    );
    return 0;
  }
  await openFolders(on, place);
  if (copy !== null) {
    const backup = copy.backup === null ? null : typedPath(copy.backup);
    const order = { backup, keyFile: typedPath(copy.keyFile) };
    await copyProduction(on, place, { ...order, clock: systemClock, deadlineMs: DEPLOY_MS, show });
  }
  const what = deployOptions({ image, ca: ca === null ? null : typedPath(ca) });
  const { code } = await task(["deploy", ...what, ...placeOptions(place)]);
  if (code !== 0) return code;
  const docker = await dockerOf(on);
  await makeAccount(on, place, docker);
  await openMeter(on, place, { docker, dockerHost: Deno.env.get("DOCKER_HOST") });
  console.log(
    `\nStaging serves at ${place.paths.upstream}. To look at it as ${STAGING_URL}, from your machine:`,
  );
  console.log(`  ssh -L 8001:${place.paths.upstream} HOST`);
  console.log(`Its account for trials is in ${place.paths.credentials}/smoke_account`);
  console.log(
    `A simulated meter answers in its network: smoke with --meter ${STAGING_METER.host}:${STAGING_METER.port}`,
  );
  return 0;
}

async function down({ place, dryRun }: StagingOrder, on: Host): Promise<number> {
  if (!await isStaging(on, place)) throw new HostError(`"${place.root}" is no staging called ${place.name}`);
  if (dryRun) {
    console.log(`Would take away ${place.root} and what Docker has of ${place.name}`);
    return 0;
  }
  await takeAway(on, place, await dockerOf(on));
  console.log(`${place.root} and what Docker had of ${place.name} are gone`);
  return 0;
}

async function task(args: readonly string[]) {
  return await runStagingTask(args, { clock: systemClock, deadlineMs: DEPLOY_MS, show });
}

function show(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}

/** The client of Docker that is here. */
async function dockerOf(on: Host): Promise<DockerArgv> {
  const host = Deno.env.get("DOCKER_HOST");
  const at = host === undefined ? [] : ["--host", host];
  for (const path of CLIENTS) if (await on.stat(path)) return [path, ...at];
  throw new HostError("There is no Docker here: apt-get install docker.io");
}

if (import.meta.main) {
  Deno.exit(await runTask(Deno.args, { help: STAGING_HELP, read: readStagingOrder, run }));
}
