/**
 * What the parts of a collector share.
 *
 * @module
 */
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import type { Database } from "../lib/store/db.ts";
import type { EndpointQueues } from "./endpoint_queue.ts";
import type { Flights } from "./flights.ts";
import type { Keeper } from "./keeper.ts";
import type { MetricsKeeper } from "./metrics.ts";
import type { Moves } from "./moves.ts";
import type { Pacer, Slots } from "./pace.ts";
import type { DialRules } from "./session.ts";
import type { FindProfile, LoadProfiles } from "./visit_plan.ts";

/** What the parts of a collector share. */
export interface CollectorTools {
  /** The database. */
  readonly db: Database;
  /** The time. */
  readonly clock: Clock;
  /** Chance, 0 to below 1. */
  readonly random: () => number;
  /** The log. */
  readonly log: Log;
  /** Finds device profiles. */
  readonly findProfile: FindProfile;
  /** Fetches those that people made before they are looked for; absent: only the library is known. */
  readonly loadProfiles?: LoadProfiles;
  /** How to dial. */
  readonly rules: DialRules;
  /** One queue for each endpoint. */
  readonly queues: EndpointQueues;
  /** Visits at once. */
  readonly slots: Slots;
  /** Starts a second. */
  readonly pacer: Pacer;
  /** Half-hours under way. */
  readonly flights: Flights;
  /** Keeps visits until they are stored. */
  readonly keeper: Keeper;
  /** Counts. */
  readonly metrics: MetricsKeeper;
  /** When each cycle last moved. */
  readonly moves: Moves;
  /** The token for a claim made now. */
  readonly claimToken: () => number;
  /** Names this release. */
  readonly release: string;
  /** Whether this release is the promoted one. */
  readonly mayWork: () => boolean;
  /** Looks at once whether it still is: something could not be claimed because another release works. */
  readonly doubt: () => Promise<void>;
  /** Aborts when nothing more may be claimed. */
  readonly draining: AbortSignal;
  /** Aborts when visits under way must end. */
  readonly stopping: AbortSignal;
  /** Sites whose daily quantities this process has read. */
  readonly seenDaily: Set<number>;
  /** Notes what a cycle hears of the database: `null`, it answers. */
  readonly databaseAway: (error: string | null) => void;
}
