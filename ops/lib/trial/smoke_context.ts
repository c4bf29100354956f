/**
 * What the checks of `smoke` share: whom they ask, what they were told, and what one found that the next one needs.
 *
 * @module
 */

import type { Clock } from "../../../lib/clock.ts";
import type { Client } from "./client.ts";
import type { Check, Outcome } from "./verdict.ts";

/** Somebody who may sign in for the checks: a technician is enough. */
export interface TrialAccount {
  readonly email: string;
  readonly password: string;
}

/** Where a simulated meter listens for the product to read it. */
export interface MeterPlace {
  /** Address of this machine as the product reaches it, or the name of a meter that is there already. */
  readonly host: string;
  /** Port; 0: any that is free. */
  readonly port: number;
  /** Whether it answers there already; otherwise the checks start it. */
  readonly isThere: boolean;
}

/** What the checks look at. */
export interface SmokeContext {
  readonly client: Client;
  /** The time. */
  readonly clock: Clock;
  /** The release that must answer; `null`: whichever. */
  readonly release: string | null;
  /** Who signs in; a text: why nobody does. */
  readonly account: TrialAccount | string;
  /** Where the simulated meter stands. */
  readonly meter: MeterPlace;
  /** Whether somebody named that place. */
  readonly meterNamed: boolean;
  /** What was learned on the way. */
  readonly learned: Learned;
}

/** What one check learns for the others. */
export interface Learned {
  /** Cookie of the session, as `name=value`. */
  cookie: string | null;
  /** Paths of files that pages asked for. */
  readonly assets: Set<string>;
}

/** A check of `smoke`. */
export type SmokeCheck = Check<SmokeContext>;

/** It is as it should be. */
export function pass(evidence: string): Outcome {
  return { verdict: "pass", evidence };
}

/** It is not. */
export function fail(evidence: string, remedy: string): Outcome {
  return { verdict: "fail", evidence, remedy };
}

/** Somebody should look. */
export function warn(evidence: string, remedy: string): Outcome {
  return { verdict: "warn", evidence, remedy };
}

/** Nobody looked. */
export function notRun(evidence: string, remedy: string): Outcome {
  return { verdict: "not-run", evidence, remedy };
}
