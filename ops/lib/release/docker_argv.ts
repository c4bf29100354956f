/**
 * Commands of Docker and compose that a deploy runs, as arguments. Pure.
 *
 * @module
 */

import type { Colour } from "./colour.ts";

/** A program and its arguments. */
export type Argv = readonly [string, ...string[]];

/** How compose is called here: version 2 as a plugin, or Debian's 1.29. */
export type ComposeProgram = readonly ["docker", "compose"] | readonly ["docker-compose"];

/** Both ways, the newer first. */
export const COMPOSE_PROGRAMS: readonly ComposeProgram[] = [["docker", "compose"], ["docker-compose"]];

/** Which project of compose. */
export interface Project {
  readonly program: ComposeProgram;
  /** Its name. */
  readonly name: string;
  /** Folder with `compose.yaml`. */
  readonly folder: string;
}

/** Seconds in which the app drains; as in compose.yaml. */
export const DRAIN_S = 150;

/** Characters that names of images and of files may have, so that nothing passes for an option. */
const REFERENCE = /^[a-z0-9][a-zA-Z0-9._/:@-]{0,254}$/;

/** Whether a text can be an image: `wattpost:r17-63e2c47`, `registry:5000/wattpost@sha256:…`. */
export function isImageReference(text: string): boolean {
  return REFERENCE.test(text);
}

/** Starts a colour anew, whatever ran there before. */
export function upArgv(project: Project, colour: Colour): Argv {
  return composeArgv(project, colour, [
    "up",
    "--detach",
    "--no-deps",
    "--no-build",
    "--force-recreate",
    colour,
  ]);
}

/** A program of a release that runs once, with everything that its colour has. */
export interface OnceOptions {
  readonly colour: Colour;
  /** Name of its container, so that one left by a kill is found. */
  readonly container: string;
  /** Folder of the data, as the container sees it. */
  readonly data: string;
  /** The colour's socket, as the container sees it. */
  readonly socket: string;
  /** A file of the release and its arguments. */
  readonly command: readonly string[];
}

/** Runs a program of a release once. */
export function onceArgv(project: Project, options: OnceOptions): Argv {
  const { colour, container, data, socket, command } = options;
  const rights = ["read", "write"].map((what) => `--allow-${what}=${data},${socket}`);
  return composeArgv(project, colour, [
    "run",
    "--rm",
    "--no-deps",
    "-T",
    "--name",
    container,
    colour,
    ...rights,
    ...command,
  ]);
}

function composeArgv({ program, name, folder }: Project, colour: Colour, words: readonly string[]): Argv {
  const [first, ...rest] = program;
  const file = ["--file", `${folder}/compose.yaml`, "--project-directory", folder];
  return [first, ...rest, "--project-name", name, ...file, "--profile", colour, ...words];
}

/** Ids of the containers of a colour; those that run once are not among them. */
export function listArgv(project: string, colour: Colour): Argv {
  const labels = [`project=${project}`, `service=${colour}`, "oneoff=False"];
  return [
    "docker",
    "ps",
    "--all",
    "--quiet",
    "--no-trunc",
    ...labels.flatMap((label) => ["--filter", `label=com.docker.compose.${label}`]),
  ];
}

/** What a container is, as JSON. */
export function inspectArgv(container: string): Argv {
  return ["docker", "inspect", "--type", "container", container];
}

/** Ends a container in order: it drains first. */
export function stopArgv(container: string): Argv {
  return ["docker", "stop", "--time", String(DRAIN_S), container];
}

/** What `docker inspect` says of a container, as far as a deploy asks. */
export interface ContainerFacts {
  readonly id: string;
  readonly status: "running" | "restarting" | "ended";
  /** Exit code of the last end; 0 while it runs. */
  readonly exitCode: number;
  /** How often Docker started it anew. */
  readonly restarts: number;
  /** The release it was told to be; empty: none. */
  readonly release: string;
  /** Epoch ms at which it was started last. */
  readonly startedMs: number;
}

/** Reads the answer of `docker inspect`; `null`: there is no such container. */
export function readInspected(text: string): ContainerFacts | null {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return null;
  }
  const one = Array.isArray(list) ? list[0] as Inspected | undefined : undefined;
  if (!one?.Id || !one.State) return null;
  const env = one.Config?.Env ?? [];
  const { Running = false, Restarting = false, ExitCode = 0, StartedAt = "" } = one.State;
  return {
    id: one.Id,
    status: Restarting ? "restarting" : Running ? "running" : "ended",
    exitCode: ExitCode,
    restarts: one.RestartCount ?? 0,
    release: env.find((line) => line.startsWith("RELEASE="))?.slice("RELEASE=".length) ?? "",
    startedMs: Date.parse(StartedAt) || 0,
  };
}

interface Inspected {
  readonly Id?: string;
  readonly RestartCount?: number;
  readonly State?: {
    readonly Running?: boolean;
    readonly Restarting?: boolean;
    readonly ExitCode?: number;
    readonly StartedAt?: string;
  };
  readonly Config?: { readonly Env?: readonly string[] };
}

/** Why Docker did nothing at all, by what its client said; `null`: it answered. */
export function dockerAwayText(words: string): string | null {
  const away = /(cannot connect to the docker daemon|permission denied while trying to connect)[^\n]*/i;
  const [line] = away.exec(words) ?? [];
  return line === undefined ? null : `Docker does not answer: ${line.trim().slice(0, 200)}`;
}
