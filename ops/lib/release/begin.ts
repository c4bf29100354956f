/**
 * Makes a deploy of what was ordered: which release, in which colour, in which steps.
 *
 * @module
 */

import { err, ok, type Result } from "../../../lib/result.ts";
import { parseEnvFile } from "../env_file.ts";
import { type Host, HostError } from "../host/step.ts";
import { otherThan, releaseName } from "./colour.ts";
import { databaseAt, type DatabasePort } from "./database.ts";
import { type Deploy, type Origin, planOf, type Release, type RunnerKind } from "./deploy.ts";
import type { DeployOrder } from "./deploy_arguments.ts";
import { previousOf, releaseNamed, servingOf } from "./history.ts";
import type { DeployStand } from "./journal.ts";
import type { Place } from "./place.ts";
import { sourceOfFolder, sourceOfImage } from "./source.ts";

/** What a deploy is made of. */
export interface Beginning {
  readonly on: Host;
  readonly place: Place;
  /** The deploys so far, oldest first. */
  readonly stands: readonly DeployStand[];
  readonly order: DeployOrder;
  /** Folder of the project that runs us. */
  readonly project: string;
  readonly dockerHost: string | undefined;
}

/** How releases run: as told, or as the last time. */
export function runnerOf(stands: readonly DeployStand[], told: RunnerKind | null): RunnerKind {
  return told ?? stands.at(-1)?.deploy.runner ?? "containers";
}

/** Settings of a place; the error says what is wrong with them. */
export async function settingsAt(
  on: Pick<Host, "read">,
  { paths }: Place,
): Promise<Result<Readonly<Record<string, string>>, string>> {
  const text = await on.read(paths.settings);
  if (text === null) return err(`There are no settings "${paths.settings}": deno task host apply makes them`);
  const read = parseEnvFile(text);
  if (!read.ok) return err(`Settings "${paths.settings}", line ${read.error.line}: ${read.error.why}`);
  const unlike = [...read.value].find(([, value]) => !SAME_FOR_ALL.test(value));
  if (!unlike) return ok(Object.fromEntries(read.value));
  return err(
    `Setting ${unlike[0]} of "${paths.settings}" has a character that systemd and Docker read differently; ` +
      "expected: none of $ # \" ' ` \\, and no space at its ends. A secret belongs to the credentials",
  );
}

/** What systemd, compose 1.29 and compose 2 take for the same value. */
const SAME_FOR_ALL = /^(?:[^$#"'`\\\s]+(?: +[^$#"'`\\\s]+)*)?$/;

/** Makes it; the error says why there is nothing to deploy. */
export async function beginDeploy(beginning: Beginning): Promise<Result<Deploy, string>> {
  const { on, place, stands, order } = beginning;
  const before = servingOf(stands);
  const number = (stands.at(-1)?.deploy.number ?? 0) + 1;
  const settings = await settingsAt(on, place);
  if (!settings.ok) return settings;
  const what = await releaseFor(beginning, { number, settings: settings.value });
  if (!what.ok) return what;
  const { release, origin, kind } = what.value;
  if (before && (before.release.image === null) !== (release.image === null)) {
    return err(
      `${before.release.name} ${runsAs(before.release)} and ${release.name} ${runsAs(release)}: ` +
        "a deploy does not lead from the one to the other (docs/deploying.md)",
    );
  }
  const database = databaseAt(place, release.settings);
  if (!database.ok) return database;
  const { engine } = database.value;
  return ok({
    number,
    kind,
    engine,
    runner: release.image === null ? "units" : "containers",
    origin,
    release,
    colour: before ? otherThan(before.colour) : "blue",
    before,
    steps: planOf({ kind, engine, hasBefore: before !== null, backup: order.backup }),
    ca: order.ca,
    readyWithinS: order.readyWithinS,
  });
}

function runsAs({ image }: Release): string {
  return image === null ? "runs as a unit" : "runs as a container";
}

/** The database of a deploy. */
export function databaseOf(place: Place, { release }: Pick<Deploy, "release">): DatabasePort {
  const found = databaseAt(place, release.settings);
  if (!found.ok) throw new HostError(found.error);
  return found.value;
}

interface Numbered {
  readonly number: number;
  readonly settings: Release["settings"];
}

type What = Pick<Deploy, "release" | "origin" | "kind">;

async function releaseFor(beginning: Beginning, numbered: Numbered): Promise<Result<What, string>> {
  const { order, stands } = beginning;
  if (order.command === "rollback") return releaseBack(stands, order.release);
  if (order.configuration) return releaseAgain(stands, numbered);
  const { on, place, project, dockerHost } = beginning;
  const runner = runnerOf(stands, order.run);
  if (order.image !== null && runner === "units") return err("Units run no image: --run containers");
  const origin: Origin = order.image === null
    ? { kind: "folder", path: project }
    : { kind: "image", reference: order.image };
  const source = origin.kind === "image"
    ? await sourceOfImage(on, origin.reference, dockerHost)
    : ok(await sourceOfFolder(on, project));
  if (!source.ok) return source;
  const name = releaseName({ number: numbered.number, source: source.value });
  return ok({
    kind: "release",
    origin,
    release: {
      name,
      image: runner === "containers" ? `${place.name}:${name}` : null,
      sources: `${place.paths.releases}/${name}`,
      settings: numbered.settings,
    },
  });
}

function releaseBack(stands: readonly DeployStand[], name: string | null): Result<What, string> {
  const now = servingOf(stands);
  if (!now) return err("Nothing was deployed here yet");
  const release = name === null ? previousOf(stands) : releaseNamed(stands, name);
  if (!release) {
    return err(
      name === null
        ? `There is no release before ${now.release.name}`
        : `No release ${name} ever served here: deno task deploy history says which did`,
    );
  }
  if (release.name === now.release.name) return err(`${release.name} serves already`);
  return ok({ kind: "rollback", origin: { kind: "kept" }, release });
}

function releaseAgain(
  stands: readonly DeployStand[],
  { number, settings }: Numbered,
): Result<What, string> {
  const now = servingOf(stands);
  if (!now) return err("Nothing was deployed here yet: deno task deploy begins");
  const source = now.release.name.split("-")[1] ?? "";
  const release = { ...now.release, name: releaseName({ number, source }), settings };
  return ok({ kind: "configuration", origin: { kind: "kept" }, release });
}
