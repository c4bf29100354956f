/**
 * `deno task doctor`: whether everything is there that a working Wattpost needs, each with verdict, evidence and remedy.
 *
 * @module
 */

import { systemClock } from "../lib/clock.ts";
import { typedPath } from "./lib/command.ts";
import { DOCTOR_HELP, type DoctorArguments, readDoctorArguments } from "./lib/doctor/arguments.ts";
import { DOCTOR_CHECKS } from "./lib/doctor/checks.ts";
import { type Doctor, type DoctorOptions, openDoctor } from "./lib/doctor/context.ts";
import type { Place } from "./lib/release/place.ts";
import { readSettings } from "./lib/settings.ts";
import { type Checked, checkedLine, checkedSum, exitOf, runChecks } from "./lib/trial/verdict.ts";

/** What is checked, and where it is told. */
export interface DoctorRun {
  /** Names of checks; empty: all. */
  readonly only: readonly string[];
  /** Longest it may take, in milliseconds. */
  readonly withinMs: number;
  /** Whether the verdicts are printed as JSON, at the end. */
  readonly json: boolean;
  /** Prints a line. */
  readonly print: (text: string) => void;
}

/** Checks an installation; the exit code. */
export async function runDoctor(
  options: DoctorOptions,
  { only, withinMs, json, print }: DoctorRun,
): Promise<number> {
  const doctor: Doctor = openDoctor(options);
  try {
    // Settings are always looked at: without them nobody knows of what the others speak.
    const checks = DOCTOR_CHECKS.filter(({ name }, i) => i === 0 || only.length === 0 || only.includes(name));
    const onChecked = (checked: Checked) => json ? undefined : print(checkedLine(checked));
    const done = await runChecks(checks, { context: doctor, clock: options.clock, withinMs, onChecked });
    print(json ? JSON.stringify({ checks: done, sum: checkedSum(done) }, null, 2) : `\n${checkedSum(done)}`);
    return exitOf(done, { whole: false });
  } finally {
    await doctor.close();
  }
}

async function main(args: readonly string[]): Promise<number> {
  const told = readDoctorArguments(args);
  if (!told.ok) {
    if (told.error === null) console.log(DOCTOR_HELP);
    else console.error(`${told.error}\n\n${DOCTOR_HELP}`);
    return told.error === null ? 0 : 2;
  }
  const ca = await authorityOf(told.value);
  if (ca === null) return 2;
  const { place, app, routers } = told.value;
  const settings = readSettings({ file: place.paths.settings, over: placesOf(place), strict: false });
  const options = { settings, place, app, routers, clock: systemClock, random: Math.random, ...ca };
  return await runDoctor(options, { ...told.value, print: (text) => console.log(text) });
}

/** Folders of an installation below another one: its settings name them as its containers see them. */
function placesOf({ root, paths }: Place): Readonly<Record<string, string>> {
  if (root === "") return {};
  return { DATA_DIR: paths.data, HOST_DIR: paths.host, CREDENTIALS_DIR: paths.credentials };
}

async function authorityOf({ caFile }: DoctorArguments): Promise<{ readonly ca?: string } | null> {
  if (caFile === null) return {};
  try {
    return { ca: await Deno.readTextFile(typedPath(caFile)) };
  } catch (error) {
    console.error(`Cannot read ${caFile}: ${error instanceof Error ? error.message : error}`);
    return null;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
