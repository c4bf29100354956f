/**
 * Waits until a colour is ready, and gives up as soon as it cannot be any more.
 *
 * @module
 */

import { HostError } from "../host/step.ts";
import { askSocket } from "./ask.ts";
import type { Colour } from "./colour.ts";
import type { Release } from "./deploy.ts";
import { socketOf } from "./link.ts";
import type { ColourFacts } from "./runner.ts";
import type { DeployTools } from "./work.ts";

/** For what is waited. */
export interface ReadyWish {
  readonly colour: Colour;
  readonly release: Release;
  readonly withinS: number;
}

const PAUSE_MS = 300;
/** Looks at what runs once in so many questions: a look is a process. */
const LOOK_EVERY = 5;
/** Starts by itself that are borne: a database that comes up later may cost one. */
const RESTARTS_BORNE = 1;

/** Waits; how long it took, in words. Throws with what lacked last. */
export async function waitReady(tools: DeployTools, wish: ReadyWish): Promise<string> {
  const { clock, place, runner } = tools;
  const { colour, release, withinS } = wish;
  const beganMs = clock.monotonicMs();
  let lacks = "";
  for (let asked = 0;; asked++) {
    const answer = await askSocket(socketOf(place, colour), "/readyz");
    const tookMs = clock.monotonicMs() - beganMs;
    if (answer.kind === "silent") lacks = answer.why;
    else if (answer.release !== "" && answer.release !== release.name) lacks = `${answer.release} answers`;
    else if (answer.status === 200) return `after ${(tookMs / 1_000).toFixed(1)} s`;
    else lacks = answer.text.split("\n").slice(0, 5).join("; ") || `it answers ${answer.status}`;
    if (asked % LOOK_EVERY === LOOK_EVERY - 1) {
      const ended = endWords(await runner.look(colour));
      if (ended !== null) throw new HostError(await withLastWords(tools, colour, ended));
    }
    if (tookMs > withinS * 1_000) {
      throw new HostError(await withLastWords(tools, colour, `not ready within ${withinS} s: ${lacks}`));
    }
    await clock.sleep(PAUSE_MS);
  }
}

/** Why a colour cannot become ready, in words; `null`: it still may. */
export function endWords({ status, restarts, exitCode }: ColourFacts): string | null {
  const code = exitCode === null ? "" : ` with code ${exitCode}`;
  if (status === "absent") return "nothing runs there";
  if (status === "ended") return `it ended${code}`;
  if (restarts <= RESTARTS_BORNE) return null;
  return `it ended${code} and was started anew ${restarts} times`;
}

async function withLastWords(
  { runner }: Pick<DeployTools, "runner">,
  colour: Colour,
  what: string,
): Promise<string> {
  const words = await runner.lastWords(colour).catch(() => "");
  return words === "" ? `${colour}: ${what}` : `${colour}: ${what}; it said last:\n${lastOf(words)}`;
}

function lastOf(text: string): string {
  return text.split("\n").slice(-12).map((line) => `    ${line.slice(0, 400)}`).join("\n");
}
