/**
 * What a deploy is: data that says everything needed to go on with it after a kill, or to take it back.
 *
 * @module
 */

import type { Colour } from "./colour.ts";

/** How colours are run: as containers of Docker, or as units of systemd. */
export const RUNNERS = ["containers", "units"] as const;

/** How colours are run. */
export type RunnerKind = typeof RUNNERS[number];

/** Where readings are kept. With `embedded` only one process has the database: the old colour ends before the new begins. */
export type EngineKind = "embedded" | "server";

/** What is deployed: new code, new settings with the code that serves, or an older release. */
export type DeployKind = "release" | "configuration" | "rollback";

/** Code and settings: what a colour runs. */
export interface Release {
  /** `r17-63e2c47`. */
  readonly name: string;
  /** Image, as Docker calls it; `null`: it runs as units. */
  readonly image: string | null;
  /** Folder of its sources: operators' tasks run from there, and units. */
  readonly sources: string;
  /** Settings that are no secrets, as they were when it was deployed. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Where the code of a release comes from. */
export type Origin =
  /** A folder with the project: copied, and built. */
  | { readonly kind: "folder"; readonly path: string }
  /** An image that Docker has. */
  | { readonly kind: "image"; readonly reference: string }
  /** A release that was deployed before. */
  | { readonly kind: "kept" };

/** A release that serves. */
export interface Serving {
  readonly colour: Colour;
  readonly release: Release;
}

/** A deploy, from its beginning on. */
export interface Deploy {
  /** From 1 on; grows by one with each. */
  readonly number: number;
  readonly kind: DeployKind;
  readonly engine: EngineKind;
  readonly runner: RunnerKind;
  readonly origin: Origin;
  /** What is to serve. */
  readonly release: Release;
  /** Where it comes up. */
  readonly colour: Colour;
  /** What served before; `null`: nothing did. */
  readonly before: Serving | null;
  /** The steps, in order. */
  readonly steps: readonly StepName[];
  /** File of certificates that a build trusts besides; `null`: none. */
  readonly ca: string | null;
  /** Seconds in which the new colour must be ready. */
  readonly readyWithinS: number;
}

/** Names of the steps, in the order in which they stand in plans. */
export const STEP_NAMES = [
  "preflight",
  "sources",
  "backup",
  "image",
  "migrate",
  "pause",
  "up",
  "ready",
  "smoke",
  "switch",
  "drain",
  "stop",
  "tidy",
] as const;

/** A step of a deploy. */
export type StepName = typeof STEP_NAMES[number];

/** What each step does, for operators. */
export const STEP_WORDS: Readonly<Record<StepName, string>> = {
  preflight: "look whether anything speaks against it",
  sources: "lay the code aside, root's own",
  backup: "back the database up",
  image: "make what runs",
  migrate: "bring the database to it, in ways that the running release bears",
  pause: "end the old colour: embedded SQLite has one process at a time, so pages pause for some seconds",
  up: "start the idle colour",
  ready: "wait until it is ready",
  smoke: "try it behind the scenes",
  switch: "let it work and serve",
  drain: "let the old colour finish what it claimed, and end",
  stop: "keep the old colour from starting again",
  tidy: "forget what is too old to go back to",
};

/** What decides which steps there are. */
export interface PlanFor {
  readonly kind: DeployKind;
  readonly engine: EngineKind;
  /** Whether a release serves already. */
  readonly hasBefore: boolean;
  /** Whether the database is backed up. */
  readonly backup: boolean;
}

/** The steps of a deploy. */
export function planOf({ kind, engine, hasBefore, backup }: PlanFor): readonly StepName[] {
  const isNew = kind === "release";
  const takes: Readonly<Record<StepName, boolean>> = {
    preflight: true,
    sources: isNew,
    backup: backup && isNew && hasBefore,
    image: isNew,
    // With embedded SQLite the new release migrates when it starts: nobody else may have the file.
    migrate: isNew && engine === "server",
    pause: hasBefore && engine === "embedded",
    up: true,
    ready: true,
    smoke: true,
    switch: true,
    drain: hasBefore && engine === "server",
    stop: hasBefore,
    tidy: true,
  };
  return STEP_NAMES.filter((name) => takes[name]);
}

/** Whether a step comes after the new release serves: what fails then is done again, and takes nothing back. */
export function isAfterSwitch(name: StepName): boolean {
  return STEP_NAMES.indexOf(name) > STEP_NAMES.indexOf("switch");
}
