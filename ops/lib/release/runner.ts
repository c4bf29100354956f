/**
 * How a deploy runs colours: one interface for containers and for units of systemd.
 *
 * @module
 */

import type { CommandEnd } from "../host/step.ts";
import type { Colour } from "./colour.ts";
import type { Deploy, Origin, Release, RunnerKind } from "./deploy.ts";

/** What runs in a colour. */
export interface ColourFacts {
  /** `absent`: nothing is there; `restarting`: it ended and is being started anew. */
  readonly status: "absent" | "running" | "restarting" | "ended";
  /** The release it was told to be; empty: not known. */
  readonly release: string;
  /** How often it was started anew by itself. */
  readonly restarts: number;
  /** Exit code of its last end; `null`: it runs, or is not there. */
  readonly exitCode: number | null;
}

/** A program of a release that runs once. */
export interface Once {
  readonly release: Release;
  readonly colour: Colour;
  /** What it is called: one of a name at a time. */
  readonly name: string;
  /** A file of the release and its arguments, `["ops/migrate.ts", "--expand-only"]`. */
  readonly command: readonly string[];
  /** Longest it may take, in ms. */
  readonly deadlineMs: number;
}

/** Runs colours. What it cannot do it throws as a HostError, in words for operators. */
export interface Runner {
  readonly kind: RunnerKind;
  /** What stands in its way on this host, in words. */
  troubles(): Promise<readonly string[]>;
  /** What stands in the way of a release from there, in words; an image that is missing. */
  refuses(origin: Origin): Promise<string | null>;
  /** Lays the sources of a release aside, where they are not yet. */
  layAside(deploy: Deploy): Promise<string>;
  /** Makes what runs of them, where it is not yet; what was made, in words. */
  make(deploy: Deploy): Promise<string>;
  /** Takes what was made of a release, and its sources, away. */
  discard(release: Release): Promise<void>;
  /** Whether everything that a release needs to run is still here; what lacks, in words. */
  lacks(release: Release): Promise<string | null>;
  /** What runs in a colour. */
  look(colour: Colour): Promise<ColourFacts>;
  /** Starts a release in a colour, whatever was there before. Runs it already, it is left alone. */
  start(colour: Colour, release: Release): Promise<void>;
  /** Ends a colour in order; at once if it has ended already. */
  stop(colour: Colour): Promise<void>;
  /** Ends a colour and takes it away. */
  remove(colour: Colour): Promise<void>;
  /** Keeps a colour that runs for the next start of the host, and the other one from it. */
  keep(colour: Colour | null, notThat: Colour): Promise<void>;
  /** Last lines of what a colour printed. */
  lastWords(colour: Colour): Promise<string>;
  /** Runs a program of a release once, with the settings and rights of its colour. */
  once(program: Once): Promise<CommandEnd>;
  /** Runs a program of a release beside the app that runs in a colour. */
  beside(program: Once): Promise<CommandEnd>;
}
