/**
 * The switch and the way back: which release works and which colour serves.
 *
 * @module
 */

import { dirname } from "node:path";
import { HostError } from "../host/step.ts";
import { askSocket } from "./ask.ts";
import { type Colour, otherThan } from "./colour.ts";
import { linkTo, pointLink } from "./link.ts";
import { waitReady } from "./ready.ts";
import type { Serving } from "./deploy.ts";
import type { DeployTools, DeployWork } from "./work.ts";

/** Longest that the way to the new colour is looked for, in ms. */
const SERVED_MS = 15_000;
const SERVED_PAUSE_MS = 200;
/** Longest that an old release waits for its database on the way back, in ms. */
const DATABASE_MS = 20_000;
const DATABASE_PAUSE_MS = 1_000;
/** Seconds in which the old colour must be ready again on the way back. */
const BACK_READY_S = 180;

/** Lets the new release work and serve. */
export async function switchOver(work: DeployWork): Promise<string> {
  const { deploy, database } = work;
  const { colour, release } = deploy;
  await database.promote(release.name);
  await serve(work, { colour, release });
  await proveServed(work, release.name);
  return `${release.name} works and serves as ${colour}`;
}

/** Lets the old release serve and work again. It serves before it works: a database that is away ends no page. */
export async function switchBack(work: DeployWork): Promise<string> {
  const { deploy: { before, colour }, runner, on, place, database } = work;
  if (!before) {
    await linkTo(on, place, null);
    await runner.keep(null, colour);
    return "nothing serves, as before";
  }
  await bringBack(work);
  await serve(work, before);
  if (database.engine === "server") await promoteWaiting(work, before.release.name);
  return `${before.release.name} serves and works as ${before.colour}`;
}

/** Starts the old colour where it does not run, and waits until it is ready. */
export async function bringBack(work: DeployWork): Promise<string> {
  const { deploy: { before, engine }, runner } = work;
  if (!before) return "there was nothing";
  const { colour, release } = before;
  if (engine === "embedded" && colour !== work.deploy.colour) {
    await runner.stop(work.deploy.colour); // the file is for one process
  }
  const running = (await runner.look(colour)).status === "running";
  await runner.start(colour, release);
  if (running) return `${colour} runs`;
  return `${colour} is ready again ${await waitReady(work, { colour, release, withinS: BACK_READY_S })}`;
}

async function serve(
  { on, place, runner }: DeployTools,
  { colour, release }: Serving,
): Promise<void> {
  await linkTo(on, place, colour);
  await runner.keep(colour, otherThan(colour));
  const current = place.paths.project;
  const there = await on.stat(current);
  if (there && there.kind !== "link") return; // a folder of somebody's: its tasks stay theirs
  await on.must(["mkdir", "-p", "--", dirname(current)]);
  await pointLink(on, current, release.sources);
}

async function promoteWaiting({ database, clock }: DeployTools, release: string): Promise<void> {
  const endMs = clock.monotonicMs() + DATABASE_MS;
  for (;;) {
    try {
      return await database.promote(release);
    } catch (error) {
      if (!(error instanceof HostError) || clock.monotonicMs() > endMs) throw error;
    }
    await clock.sleep(DATABASE_PAUSE_MS);
  }
}

/** Over the link, as nginx goes, the new release must answer. */
async function proveServed({ place, clock }: DeployTools, release: string): Promise<void> {
  const endMs = clock.monotonicMs() + SERVED_MS;
  for (;;) {
    const answer = await askSocket(place.paths.upstream, "/readyz");
    const isIt = answer.kind === "answer" && answer.status === 200 &&
      (answer.release === "" || answer.release === release);
    if (isIt) return;
    const found = answer.kind === "silent"
      ? answer.why
      : `${answer.release || "somebody"} answers ${answer.status} ${answer.text.slice(0, 200)}`;
    if (clock.monotonicMs() > endMs) {
      throw new HostError(`Over the link ${release} does not answer as it should: ${found}`);
    }
    await clock.sleep(SERVED_PAUSE_MS);
  }
}

/** Refuses what would end the colour that serves. */
export function notServing(linked: Colour | null, { deploy }: DeployWork): void {
  if (linked === deploy.colour && deploy.before !== null) {
    throw new HostError(`${deploy.colour} serves: it is left alone. deno task deploy status says more`);
  }
}
