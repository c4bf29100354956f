/**
 * Colours as containers, by compose: each release is an image, and its colour's settings lie in a file.
 *
 * @module
 */

import { systemClock } from "../../../lib/clock.ts";
import { type CommandEnd, type CommandOptions, type Host, HostError } from "../host/step.ts";
import { type Colour, parseReleaseName } from "./colour.ts";
import { colourSettingsText } from "./colour_settings.ts";
import type { Deploy, Origin, Release } from "./deploy.ts";
import {
  type Argv,
  COMPOSE_PROGRAMS,
  type ComposeProgram,
  type ContainerFacts,
  dockerAwayText,
  DRAIN_S,
  inspectArgv,
  isImageReference,
  listArgv,
  onceArgv,
  type Project,
  readInspected,
  stopArgv,
  upArgv,
} from "./docker_argv.ts";
import { buildImageArgv, buildTrouble } from "../image/build.ts";
import { NO_TIME_S } from "../image/fixed.ts";
import { INTERFACES, PATHS } from "../host/layout.ts";
import type { Place } from "./place.ts";
import type { ColourFacts, Once, Runner } from "./runner.ts";
import { sourceOfId } from "./source.ts";
import { layPackages, nameEmptied, ownPackages } from "./packages.ts";
import { copyCompose, copySources, takeAway } from "./sources.ts";

/** What the runner works with. */
export interface ContainersOptions {
  readonly on: Host;
  readonly place: Place;
  /** Folder of the project that runs us; its compose.yaml goes with images that are handed over. */
  readonly project: string;
  /** Address of Docker where it is not the usual one, for `DOCKER_HOST`. */
  readonly dockerHost: string | undefined;
}

/** Debian's client builds; one from elsewhere may lack what a build needs. */
const CLIENTS = ["/usr/bin/docker", "/usr/local/bin/docker"] as const;

const BUILD_MS = 1_800_000;
const UP_MS = 120_000;
/** Tries to start a colour: a command that a kill left behind may still be at it. */
const UP_TRIES = 4;
const UP_PAUSE_MS = 3_000;
const LAST_LINES = 30;
/** What the container is called out of which sources are copied. */
const SOURCES_NAME = "sources";
/** Containers that are there for one step alone. */
const ONCE_NAMES = [SOURCES_NAME, "migrate"] as const;
/** What a program beside the app may: the image is read-only, so there is little else to say. */
const BESIDE_RIGHTS = [
  "--allow-env",
  "--allow-net",
  "--allow-read",
  "--allow-write=/tmp,/run/wattpost",
] as const;

interface Work extends ContainersOptions {
  readonly run: (argv: Argv, options?: CommandOptions) => Promise<CommandEnd>;
  readonly must: (argv: Argv, options?: CommandOptions) => Promise<CommandEnd>;
}

/** Makes the runner. */
export function containers(options: ContainersOptions): Runner {
  const { on, place } = options;
  const work = withDocker(options);
  const { run, must } = work;
  const each = async (colour: Colour, act: (id: string) => Argv, deadlineMs?: number) => {
    for (const { id } of await all(work, colour)) await must(act(id), deadlineMs ? { deadlineMs } : {});
  };
  const stop = (colour: Colour) => each(colour, stopArgv, (DRAIN_S + 30) * 1_000);
  return {
    kind: "containers",
    troubles: () => troubles(work),
    refuses: (origin) => refuses(work, origin),
    layAside: (deploy) => layAside(work, deploy),
    make: (deploy) => make(work, deploy),
    async discard({ image, sources }) {
      // What a kill left behind keeps the image from going; a migration may be ended anywhere and done again.
      for (const name of ONCE_NAMES) {
        await run(["docker", "rm", "--force", "--volumes", `${place.name}-${name}`]);
      }
      if (image !== null) await run(["docker", "image", "rm", image]);
      await takeAway(on, place, sources);
    },
    async lacks({ image, sources }) {
      if (image === null) return "it was deployed as a unit and has no image";
      if (!await has(work, image)) return `Docker has no image ${image} any more`;
      return await on.stat(`${sources}/compose.yaml`) ? null : `its sources "${sources}" are gone`;
    },
    look: async (colour) => colourOf(await all(work, colour)),
    start: (colour, release) => start(work, colour, release),
    stop,
    async remove(colour) {
      await stop(colour);
      await each(colour, (id) => ["docker", "rm", "--force", id]);
    },
    // A container that was ended stays so; one that runs is started with Docker.
    keep: () => Promise.resolve(),
    async lastWords(colour) {
      const [container] = await all(work, colour);
      if (!container) return "";
      const { out, err } = await run(["docker", "logs", "--tail", String(LAST_LINES), container.id]);
      return `${out}${err}`.trim();
    },
    once: (program) => once(work, program),
    async beside({ colour, command, deadlineMs }) {
      const [container] = await all(work, colour);
      if (!container) throw new HostError(`There is no container of ${colour}`);
      const deno = ["deno", "run", "--cached-only", "--no-check", "--no-prompt", ...BESIDE_RIGHTS];
      return await run(["docker", "exec", container.id, ...deno, ...command], { deadlineMs });
    },
  };
}

/** Runs commands with the client that is here. */
function withDocker(options: ContainersOptions): Work {
  const { on, dockerHost } = options;
  let client: Promise<string> | undefined;
  const find = async () => {
    for (const path of CLIENTS) if (await on.stat(path)) return path;
    return "docker";
  };
  const called = async ([program, ...rest]: Argv): Promise<Argv> => {
    return program === "docker" ? [await (client ??= find()), ...rest] : [program, ...rest];
  };
  const told = (given: CommandOptions = {}): CommandOptions => ({
    ...given,
    env: { DOCKER_BUILDKIT: "1", ...(dockerHost ? { DOCKER_HOST: dockerHost } : {}), ...given.env },
  });
  return {
    ...options,
    run: async (argv, given) => await on.run(await called(argv), told(given)),
    must: async (argv, given) => {
      try {
        return await on.must(await called(argv), told(given));
      } catch (error) {
        const away = error instanceof HostError ? dockerAwayText(error.message) : null;
        throw away === null ? error : new HostError(away);
      }
    },
  };
}

async function troubles({ on, place, run }: Work): Promise<readonly string[]> {
  const docker = await run(["docker", "version", "--format", "{{.Server.Version}}"]);
  if (docker.code !== 0) return [`Docker does not answer: ${docker.err.trim()}`];
  const compose = await composeOf(run);
  if (compose === null) return ["There is no compose: apt-get install docker-compose"];
  // Docker would make a folder that is missing, root's, and the app could not write to it.
  const { data, host, credentials, sockets, logs } = place.paths;
  const found = await Promise.all([data, host, credentials, sockets, logs].map(async (path) => {
    return (await on.stat(path))?.kind === "folder"
      ? []
      : [`"${path}" is no folder: deno task host apply makes it`];
  }));
  return found.flat();
}

async function composeOf(run: Work["run"]): Promise<ComposeProgram | null> {
  for (const program of COMPOSE_PROGRAMS) {
    const [first, ...rest] = program;
    if ((await run([first, ...rest, "version"])).code === 0) return program;
  }
  return null;
}

async function refuses(work: Work, origin: Origin): Promise<string | null> {
  if (origin.kind !== "image") return null;
  const { reference } = origin;
  if (!isImageReference(reference)) return `"${reference}" cannot be the name of an image`;
  return await has(work, reference)
    ? null
    : `Docker has no image ${reference}: docker load or docker pull brings it`;
}

async function has({ run }: Work, image: string): Promise<boolean> {
  return (await run(["docker", "image", "inspect", "--format", "{{.Id}}", image])).code === 0;
}

async function layAside(work: Work, deploy: Deploy): Promise<string> {
  const { on, place } = work;
  const { origin, ca, release: { sources } } = deploy;
  if (origin.kind === "kept") return "they are there";
  if (origin.kind === "image") {
    return await layImage(work, { image: await namedImage(work, deploy), sources });
  }
  if (!await on.stat(sources)) await copySources(on, { from: origin.path, to: sources });
  if (place.root === "") await layPackages(on, { sources, ca });
  return `in ${sources}`;
}

/** An image has the sources in it and their packages too: nothing is fetched. */
async function layImage(
  { on, place, project, must, run }: Work,
  { image, sources }: { readonly image: string; readonly sources: string },
): Promise<string> {
  const container = `${place.name}-${SOURCES_NAME}`;
  await run(["docker", "rm", "--force", container]);
  await must(["docker", "create", "--name", container, image]);
  try {
    const fill = async (folder: string) => {
      await must(["docker", "cp", `${container}:/app/.`, folder]);
      await copyCompose(on, { from: project, to: folder });
    };
    if (!await on.stat(sources)) await copySources(on, { fill, to: sources });
    if (place.root === "") {
      await must(["docker", "cp", `${container}:/deno-dir/.`, PATHS.denoDir]);
      await nameEmptied(on);
      await ownPackages(on);
    }
  } finally {
    await run(["docker", "rm", "--force", "--volumes", container]);
  }
  return `in ${sources}`;
}

/** The id of the image that was named: a name may lead to another one since the deploy began. */
async function namedImage({ must }: Work, { origin, release }: Deploy): Promise<string> {
  if (origin.kind !== "image") throw new HostError(`${release.name} is not made of an image`);
  const { reference } = origin;
  const id = (await must(["docker", "image", "inspect", "--format", "{{.Id}}", reference])).out.trim();
  if (sourceOfId(id) === parseReleaseName(release.name)?.source) return id;
  throw new HostError(`${reference} is another image than when this deploy began: take it back, deploy anew`);
}

async function make(work: Work, deploy: Deploy): Promise<string> {
  const { origin, release, ca } = deploy;
  const { must } = work;
  const tag = imageOf(release);
  if (await has(work, tag)) return `${tag} is there`;
  if (origin.kind === "image") {
    await must(["docker", "tag", await namedImage(work, deploy), tag]);
    return `${origin.reference} is ${tag}`;
  }
  await build(work, { tag, release, ca });
  return `${tag} was built`;
}

async function build(
  { on, run }: Work,
  { tag, release, ca }: Pick<Deploy, "release" | "ca"> & { readonly tag: string },
): Promise<void> {
  const folder = release.sources;
  const { version = "unknown" }: { readonly version?: string } = JSON.parse(
    await on.read(`${folder}/deno.json`) ?? "{}",
  );
  const revision = release.name.split("-")[1] ?? "unknown";
  const sources = { version, revision, madeS: NO_TIME_S };
  const argv = buildImageArgv({ client: "docker", folder, tag, ca, sources });
  const end = await run(argv, { deadlineMs: BUILD_MS });
  if (end.code !== 0) throw new HostError(`The image is not built: ${buildTrouble(end.err)}`);
}

function imageOf({ name, image }: Release): string {
  if (image === null) throw new HostError(`${name} is no container`);
  return image;
}

async function start(work: Work, colour: Colour, release: Release): Promise<void> {
  const [running] = await all(work, colour);
  if (running?.status === "running" && running.release === release.name) return;
  const { argvOf, env } = await composing(work, colour, release);
  for (let tried = 1;; tried++) {
    const end = await work.run(argvOf(upArgv), { env, deadlineMs: UP_MS });
    if (end.code === 0) return;
    if (tried === UP_TRIES) throw new HostError(`compose does not start ${colour}: ${lastOf(end)}`);
    await systemClock.sleep(UP_PAUSE_MS);
  }
}

async function once(work: Work, { release, colour, name, command, deadlineMs }: Once): Promise<CommandEnd> {
  const { place, run } = work;
  const container = `${place.name}-${name}`;
  // One that a kill left behind ends first: two at a time would wait for each other.
  if ((await run(inspectArgv(container))).code === 0) {
    await run(["docker", "wait", container], { deadlineMs });
    await run(["docker", "rm", "--force", container]);
  }
  const { argvOf, env } = await composing(work, colour, release);
  const order = {
    colour,
    container,
    data: PATHS.data,
    socket: `${PATHS.sockets}/${colour}.sock`,
    command,
  };
  return await run(argvOf((project) => onceArgv(project, order)), { env, deadlineMs });
}

/** What compose is told of a colour, whose settings are written. */
async function composing(work: Work, colour: Colour, release: Release) {
  const { on, place, run } = work;
  const program = await composeOf(run);
  if (program === null) throw new HostError("There is no compose: apt-get install docker-compose");
  const settings = `${place.paths.config}/${colour}.env`;
  await on.write(settings, { text: colourSettingsText(release), mode: 0o640, owner: "root:root" });
  const prefix = colour.toUpperCase();
  const project: Project = { program, name: place.name, folder: release.sources };
  return {
    argvOf: (argv: (project: Project, colour: Colour) => Argv) => argv(project, colour),
    env: {
      WATTPOST_ROOT: place.root,
      WATTPOST_SETTINGS: settings,
      // The firewall of a host knows the bridge by its name; elsewhere Docker names it.
      ...(place.root === "" ? { WATTPOST_BRIDGE: INTERFACES.containers } : {}),
      [`${prefix}_IMAGE`]: imageOf(release),
      [`${prefix}_RELEASE`]: release.name,
    },
  };
}

async function all({ run, must, place }: Work, colour: Colour): Promise<readonly ContainerFacts[]> {
  const { out } = await must(listArgv(place.name, colour));
  const found: ContainerFacts[] = [];
  for (const id of out.split("\n").filter((line) => line !== "")) {
    const facts = readInspected((await run(inspectArgv(id))).out);
    if (facts) found.push(facts);
  }
  // One that a recreation left behind says nothing about the one that runs.
  return found.sort((a, b) => Number(b.status === "running") - Number(a.status === "running"));
}

function colourOf([one]: readonly ContainerFacts[]): ColourFacts {
  if (!one) return { status: "absent", release: "", restarts: 0, exitCode: null };
  const { status, release, restarts, exitCode } = one;
  return { status, release, restarts, exitCode: status === "running" ? null : exitCode };
}

function lastOf({ out, err }: CommandEnd): string {
  return `${out}${err}`.trim().split("\n").slice(-5).join("\n");
}
