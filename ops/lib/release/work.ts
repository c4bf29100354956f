/**
 * What the steps of a deploy work with, and what a step is.
 *
 * @module
 */

import type { Clock } from "../../../lib/clock.ts";
import type { Host } from "../host/step.ts";
import type { DatabasePort } from "./database.ts";
import type { DenoPlace } from "./deno_argv.ts";
import type { Deploy, StepName } from "./deploy.ts";
import type { Place } from "./place.ts";
import type { Runner } from "./runner.ts";

/** What steps work with. */
export interface DeployTools {
  readonly on: Host;
  readonly place: Place;
  readonly clock: Clock;
  readonly runner: Runner;
  readonly database: DatabasePort;
  readonly deno: DenoPlace;
}

/** A deploy and what its steps work with. */
export interface DeployWork extends DeployTools {
  readonly deploy: Deploy;
}

/** A step: may be killed anywhere and run again, and so may its undo. What goes wrong is thrown, in words. */
export interface DeployStep {
  readonly name: StepName;
  /** Does it; what came of it, in words. */
  readonly run: (work: DeployWork) => Promise<string>;
  /** Takes it back; `null`: there is nothing to take back. */
  readonly undo: ((work: DeployWork) => Promise<string>) | null;
}
