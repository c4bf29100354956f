/**
 * What load is to be put where, and what it came to. Pure.
 *
 * @module
 */

import type { LoadTally } from "./load_tally.ts";
import type { TrialPlace } from "./place.ts";
import type { TrialAccount } from "./smoke_context.ts";

/** Live streams of one account at most: the product lets one person have so many. */
const STREAMS_OF_ONE = 32;

/** What is to be done. */
export interface LoadPlan {
  readonly place: TrialPlace;
  readonly publicUrl: string;
  readonly ca: string | null;
  readonly accounts: readonly TrialAccount[];
  readonly tokens: readonly string[];
  readonly users: number;
  readonly programs: number;
  readonly streams: number;
  readonly writes: boolean;
  readonly seconds: number;
  readonly thinkMs: number;
  /** Requests a second that nobody passes. */
  readonly atMost: number;
  readonly seed: number;
}

/** What it came to. */
export interface LoadEnd {
  readonly plan: LoadPlan;
  readonly tally: LoadTally;
  /** When it began, epoch milliseconds. */
  readonly beganMs: number;
  /** How long it went on, in milliseconds. */
  readonly tookMs: number;
  /** Whether it was ended before its time. */
  readonly stopped: boolean;
}

/** What is wrong with a plan; `null`: nothing. */
export function planTrouble({ accounts, tokens, streams, programs, users }: LoadPlan): string | null {
  if (users + programs + streams === 0) return "Nobody would ask anything: --users, --programs or --streams";
  if (programs > 0 && tokens.length === 0) return "Programs need tokens: --tokens";
  if (streams > 0 && accounts.length === 0) return "Streams need accounts: --accounts";
  const most = accounts.length * STREAMS_OF_ONE;
  if (streams > most) {
    return `One account has ${STREAMS_OF_ONE} streams at most, so ${accounts.length} accounts have ${most} and not ${streams}`;
  }
  return null;
}
