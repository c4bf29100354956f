/**
 * How releases stand on a host: what is there, looked at now, and what of it does not fit together. A journal says what
 * was meant; only a look says what is.
 *
 * @module
 */

import { type Answer, askSocket } from "./ask.ts";
import { type Colour, COLOURS } from "./colour.ts";
import type { DatabaseLook } from "./database.ts";
import type { Serving, StepName } from "./deploy.ts";
import { servingOf } from "./history.ts";
import { type DeployStand, nextOf } from "./journal.ts";
import { linkedColour, socketOf } from "./link.ts";
import type { ColourFacts } from "./runner.ts";
import type { DeployTools } from "./work.ts";

/** A colour, looked at. */
export interface ColourStand extends ColourFacts {
  readonly colour: Colour;
  /** What it answers to `/readyz`. */
  readonly ready: Answer;
}

/** How releases stand. */
export interface Standing {
  /** The colour to which nginx is led; `null`: none. */
  readonly linked: Colour | null;
  readonly colours: readonly ColourStand[];
  readonly database: DatabaseLook;
  /** What the journals say serves; `null`: nothing was deployed. */
  readonly deployed: Serving | null;
  /** The newest deploy; `null`: there was none. */
  readonly last: DeployStand | null;
  /** Whether one is at it at this moment. */
  readonly busy: boolean;
}

/** What a status says. */
export interface StatusWords {
  readonly lines: readonly string[];
  /** Whether all fits together and no deploy is open. */
  readonly isGood: boolean;
}

/** Looks. */
export async function lookAtReleases(
  { on, place, runner, database }: Omit<DeployTools, "clock" | "deno">,
  { stands, busy }: { readonly stands: readonly DeployStand[]; readonly busy: boolean },
): Promise<Standing> {
  const colours = await Promise.all(COLOURS.map(async (colour): Promise<ColourStand> => ({
    colour,
    ...await runner.look(colour),
    ready: await askSocket(socketOf(place, colour), "/readyz"),
  })));
  return {
    linked: await linkedColour(on, place),
    colours,
    database: await database.look(),
    deployed: servingOf(stands),
    last: stands.at(-1) ?? null,
    busy,
  };
}

/** Says how they stand, in words. Pure. */
export function statusWords(standing: Standing, nowMs: number): StatusWords {
  const { linked, colours, database, last } = standing;
  const serving = colours.find(({ colour }) => colour === linked);
  const troubles = troublesIn(standing);
  const works = database.kind === "there"
    ? database.working ?? "no release yet"
    : database.kind === "away"
    ? `not to be told: ${database.why}`
    : serving
    ? `${nameOf(serving)}, the one process that has the database`
    : "nobody";
  return {
    lines: [
      `serves   ${serving ? `${nameOf(serving)} as ${serving.colour}` : "nothing: the link leads nowhere"}`,
      `works    ${works}`,
      ...colours.map((one) => `${one.colour.padEnd(8)} ${colourText(one)}`),
      `deploy   ${last ? deployText(last, nowMs) : "none yet"}${standing.busy ? "; it is running now" : ""}`,
      ...troubles.flatMap((trouble) => ["", trouble]),
    ],
    isGood: troubles.length === 0 && linked !== null,
  };
}

function troublesIn(standing: Standing): readonly string[] {
  const { linked, colours, database, deployed, last, busy } = standing;
  const troubles: string[] = [];
  const serving = colours.find(({ colour }) => colour === linked);
  if (last && last.outcome === null && !busy) troubles.push(openText(last));
  if (serving && serving.status !== "running") {
    troubles.push(`${serving.colour} serves and is ${serving.status}: people see no pages`);
  } else if (serving && !(serving.ready.kind === "answer" && serving.ready.status === 200)) {
    troubles.push(`${serving.colour} serves and is not ready: ${answerText(serving.ready)}`);
  }
  if (busy || (last && last.outcome === null)) return troubles; // on the way nothing needs to fit
  if (deployed && linked !== deployed.colour) {
    troubles.push(
      `${deployed.release.name} was deployed as ${deployed.colour}, and the link leads to ${
        linked ?? "nothing"
      }: somebody changed it by hand`,
    );
  }
  if (serving && deployed && database.kind === "there" && database.working !== deployed.release.name) {
    troubles.push(
      `${
        database.working ?? "No release"
      } works and ${deployed.release.name} serves: deno task deploy rollback or a new deploy puts it right`,
    );
  }
  return troubles;
}

/** What to do about a deploy that is open. */
function openText(stand: DeployStand): string {
  const { deploy, back, trouble } = stand;
  const next = nextOf(stand);
  const at = next.kind === "run" || next.kind === "undo" ? next.step : "";
  const how = back
    ? `is on its way back${at ? `, at ${at}` : ""}: deno task deploy rollback goes on`
    : `is open${
      at ? `, at ${at}` : ""
    }: deno task deploy resume goes on, deno task deploy rollback takes it back`;
  return `Deploy ${deploy.number} of ${deploy.release.name} ${how}${trouble ? `\n  ${trouble}` : ""}`;
}

/** A deploy in a line. */
export function deployText(
  { deploy, steps, back, outcome, beganMs, lastMs }: DeployStand,
  nowMs: number,
): string {
  const done = steps.filter(({ state }) => state === "done").length;
  const how = outcome === "done"
    ? `done in ${((lastMs - beganMs) / 1_000).toFixed(1)} s`
    : outcome === "undone"
    ? "taken back"
    : back
    ? "on its way back"
    : `open, ${done} of ${steps.length} steps done`;
  return `${deploy.number}, ${deploy.kind} ${deploy.release.name}, ${how}, begun ${
    agoText(nowMs - beganMs)
  } ago`;
}

function colourText(one: ColourStand): string {
  if (one.status === "absent") return "nothing";
  const exit = one.exitCode === null ? "" : `, last with code ${one.exitCode}`;
  const again = one.restarts > 0 ? `, started anew ${one.restarts} times` : "";
  const ready = one.status === "running" ? `, ${answerText(one.ready)}` : "";
  return `${nameOf(one)}, ${one.status}${exit}${again}${ready}`;
}

function answerText(answer: Answer): string {
  if (answer.kind === "silent") return answer.why;
  return answer.status === 200 ? "ready" : `not ready: ${answer.text.split("\n").slice(0, 3).join("; ")}`;
}

function nameOf({ release }: Pick<ColourFacts, "release">): string {
  return release || "a release without a name";
}

function agoText(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return `${Math.max(0, Math.floor(ms / 1_000))} s`;
  if (minutes < 120) return `${minutes} min`;
  return minutes < 2_880 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1_440)} days`;
}

/** What taking an open deploy back would undo, newest step first. */
export function takenBackLines({ deploy, steps, back }: DeployStand): readonly string[] {
  const begun = steps.filter(({ state }) => state !== "waiting" && state !== "undone").map(({ name }) =>
    name
  );
  const words = `deploy ${deploy.number} of ${deploy.release.name}`;
  return [
    back ? `Would go on taking back ${words}` : `Would take back ${words}`,
    `  Steps that were begun, the last one first: ${begun.toReversed().join(", ") || "none"}`,
  ];
}

/** Whether a deploy stands where the old colour was ended and the new one does not serve yet: pages are away. */
export function isPaused({ steps }: Pick<DeployStand, "steps">): boolean {
  const stateOf = (step: StepName) => steps.find(({ name }) => name === step)?.state;
  const pause = stateOf("pause");
  return pause !== undefined && pause !== "waiting" && pause !== "undone" && stateOf("switch") !== "done";
}
