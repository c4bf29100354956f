/**
 * Reads the arguments of `doctor`.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { err, ok, type Result } from "../../../lib/result.ts";
import { type Place, placeAt } from "../release/place.ts";
import type { TrialPlace } from "../trial/place.ts";
import { CHECK_NAMES, ROUTERS_MAX } from "./names.ts";

/** How it is called. */
export const DOCTOR_HELP = `deno task doctor [--only NAMES] [--routers N] [--url URL | --socket PATH] [--json]

Checks everything that a working Wattpost needs and says of each: the verdict, what was seen, what to do. Changes
nothing, sends no message and reads no meter: routers only have to take a connection.

  --only NAMES       some of: ${CHECK_NAMES.join(", ").replace(/(.{60,80}), /g, "$1,\n                     ")}
  --routers N        sites of the sample, 0 to ${ROUTERS_MAX}; 8 unless told
  --url URL          where the app is asked, such as http://127.0.0.1:8000
  --socket PATH      the socket where it is asked, such as /run/wattpost/blue.sock
  --ca FILE          certificate of an authority that is trusted besides, such as that of a trial
  --root DIR         an installation below a folder, such as a trial; needs --name
  --name NAME        what that installation is called
  --seconds N        longest it may take, 5 to 600; 120 unless told
  --json             print the verdicts as JSON

Without --url and --socket the app is asked at the socket that nginx follows, else where LISTEN says. What could not
be looked at is NOT RUN and no pass.

Exit code: 0 nothing failed, 1 something did, 2 wrong arguments.`;

/** What it was told. */
export interface DoctorArguments {
  /** Names of checks; empty: all. */
  readonly only: readonly string[];
  /** Sites of the sample. */
  readonly routers: number;
  /** Where the app is asked; `null`: it is found. */
  readonly app: TrialPlace | null;
  /** Where the installation lies. */
  readonly place: Place;
  /** File of an authority; `null`: none. */
  readonly caFile: string | null;
  /** Longest it may take. */
  readonly withinMs: number;
  /** As JSON. */
  readonly json: boolean;
}

/** Reads them. The error: what is wrong; `null`: it was asked how it is called. Paths are as typed. */
export function readDoctorArguments(args: readonly string[]): Result<DoctorArguments, string | null> {
  const texts = ["only", "routers", "url", "socket", "ca", "root", "name", "seconds"] as const;
  let values: { readonly [name: string]: string | boolean | undefined };
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        ...Object.fromEntries(texts.map((name) => [name, { type: "string" }] as const)),
        json: { type: "boolean" },
        help: { type: "boolean" },
      },
    }));
  } catch (error) {
    return err(error instanceof Error ? error.message : String(error));
  }
  if (values.help === true) return err(null);
  const given = (name: typeof texts[number]) => typeof values[name] === "string" ? values[name] : undefined;
  const only = given("only")?.split(",").map((name) => name.trim()).filter((name) => name !== "") ?? [];
  const strange = only.find((name) => !CHECK_NAMES.includes(name));
  if (strange !== undefined) return err(`No check is called "${strange}"`);
  const routers = wholeOf(given("routers"), { least: 0, most: ROUTERS_MAX, usual: 8 });
  if (routers === null) return err(`--routers is a whole number from 0 to ${ROUTERS_MAX}`);
  const seconds = wholeOf(given("seconds"), { least: 5, most: 600, usual: 120 });
  if (seconds === null) return err("--seconds is a whole number from 5 to 600");
  const app = appOf(given("url"), given("socket"));
  if (!app.ok) return app;
  const place = placeAt({ root: given("root"), name: given("name") });
  if (!place.ok) return place;
  return ok({
    ...{ only, routers, app: app.value, place: place.value },
    caFile: given("ca") ?? null,
    withinMs: seconds * 1_000,
    json: values.json === true,
  });
}

function wholeOf(
  text: string | undefined,
  { least, most, usual }: { readonly least: number; readonly most: number; readonly usual: number },
): number | null {
  if (text === undefined) return usual;
  const value = /^\d{1,4}$/.test(text) ? Number(text) : NaN;
  return value >= least && value <= most ? value : null;
}

function appOf(url: string | undefined, socket: string | undefined): Result<TrialPlace | null, string> {
  if (url !== undefined && socket !== undefined) return err("--url or --socket, not both");
  if (socket !== undefined) {
    return socket.startsWith("/")
      ? ok({ kind: "socket", path: socket })
      : err("--socket is an absolute path");
  }
  if (url === undefined) return ok(null);
  const parsed = URL.parse(url);
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) {
    return err("--url is http:// or https:// and a host");
  }
  return ok({ kind: "url", origin: parsed.origin });
}
