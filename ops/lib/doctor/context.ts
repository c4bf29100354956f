/**
 * What the checks of an installation look at: its settings, its database, the running app, the host and its programs.
 *
 * @module
 */

import type { Clock } from "../../../lib/clock.ts";
import type { Config } from "../../../lib/config.ts";
import { err, ok, type Result } from "../../../lib/result.ts";
import type { Database } from "../../../lib/store/db.ts";
import { openForReading } from "../../../lib/store/db_reading.ts";
import { StoreError } from "../../../lib/store/errors.ts";
import { strangerText } from "../owner.ts";
import type { Place } from "../release/place.ts";
import type { TrialPlace } from "../trial/place.ts";
import type { Check, Outcome } from "../trial/verdict.ts";
import { type ProgramEnd, type PROGRAMS, runProgram } from "./program.ts";

/** A check of the installation. */
export type DoctorCheck = Check<Doctor>;

/** What is looked at. */
export interface Doctor {
  /** The settings; the error is for people to read. */
  readonly settings: Result<Config, string>;
  /** Where the installation lies. */
  readonly place: Place;
  /** Where the running app is asked; `null`: where the settings say that it listens. */
  readonly app: TrialPlace | null;
  /** Sites of the sample at most, 0 to 50. */
  readonly routers: number;
  /** Certificates in PEM of authorities that are trusted besides; absent: none. */
  readonly ca?: string | undefined;
  /** In place of Twilio's own address, for tests. */
  readonly smsApiUrl?: string | undefined;
  /** The time. */
  readonly clock: Clock;
  /** Chance, 0 to below 1. */
  readonly random: () => number;
  /** Runs a program of the host. */
  readonly run: (name: keyof typeof PROGRAMS, args: readonly string[]) => Promise<ProgramEnd>;
  /** The database, opened to look at it when it is first asked for; the error says why it cannot be looked at. */
  readonly database: () => Promise<Result<Database, NoDatabase>>;
  /** Closes what was opened. */
  readonly close: () => Promise<void>;
}

/** Why the database cannot be looked at. */
export interface NoDatabase {
  /** In words. */
  readonly why: string;
  /** Whether only this user may not: nothing is said of the database. */
  readonly stranger: boolean;
}

/** Milliseconds for the database to answer. */
const CONNECT_MS = 6_000;

/** What is looked at, before anything is opened. */
export type DoctorOptions = Omit<Doctor, "run" | "database" | "close">;

/** Makes ready to look; nothing is opened before a check asks for it. */
export function openDoctor(options: DoctorOptions): Doctor {
  const { settings, clock } = options;
  let opened: Promise<Result<Database, NoDatabase>> | null = null;
  return {
    ...options,
    run: runProgram,
    database: () => opened ??= open(settings, clock),
    async close() {
      const db = await opened;
      if (db?.ok) await db.value.close();
    },
  };
}

async function open(settings: Result<Config, string>, clock: Clock): Promise<Result<Database, NoDatabase>> {
  if (!settings.ok) return err({ why: "the settings are not understood", stranger: true });
  const { databaseUrl } = settings.value;
  const stranger = strangerText(databaseUrl);
  if (stranger !== undefined) return err({ why: stranger.replace(/\n[^]*/, ""), stranger: true });
  try {
    return ok(await openForReading(databaseUrl, { connectTimeoutMs: CONNECT_MS, clock }));
  } catch (error) {
    if (error instanceof StoreError) return err({ why: error.message, stranger: isForbidden(error.cause) });
    if (isForbidden(error)) return err({ why: "this task was not given its folder", stranger: true });
    throw error;
  }
}

/** Whether Deno itself refused: nothing is said of what lies there. */
function isForbidden(error: unknown): boolean {
  return error instanceof Deno.errors.NotCapable;
}

/** Runs a check on the database, or says that it could not be looked at. */
export async function onDatabase(
  doctor: Doctor,
  look: (db: Database, settings: Config) => Promise<Outcome>,
): Promise<Outcome> {
  const { settings } = doctor;
  const db = await doctor.database();
  if (db.ok && settings.ok) return await look(db.value, settings.value);
  const evidence = `The database was not looked at: ${db.ok ? "no settings" : db.error.why}`;
  const remedy = !db.ok && db.error.stranger
    ? "Run it as the app's user, as docs/runbooks/README.md shows, or in its container"
    : "Mend the database first";
  return { verdict: "not-run", evidence, remedy };
}
