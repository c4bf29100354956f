/**
 * Reads the arguments of `smoke`.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { isHostName } from "../../../lib/domain/messaging.ts";
import { err, ok, type Result } from "../../../lib/result.ts";
import { understood } from "../understood.ts";
import { ACCOUNT_FILE } from "./account.ts";
import type { TrialPlace } from "./place.ts";
import type { MeterPlace } from "./smoke_context.ts";

/** How it is called. */
export const SMOKE_HELP = `deno task smoke --url URL
deno task smoke --socket PATH

Looks whether a running Wattpost works: the process and its release, pages, headers, files, closed doors, the API,
signing in, the live stream, a reading of a simulated meter, the way of letters, signing out. Changes nothing that
stays: a draft of a site is made and removed, and the audit trail says so.

  --url URL          where people reach it, such as https://energy.example.com
  --socket PATH      the socket of a colour, such as /run/wattpost/green.sock
  --release NAME     the release that must answer
  --account FILE     JSON with email and password of a technician; ${ACCOUNT_FILE} unless told
  --meter HOST:PORT  address of this machine at which the simulated meter listens for Wattpost to read it; 127.0.0.1 and
                     any port unless told. A name in place of an address: a meter of deno task sim is there already
  --public-url URL   what people type, where a URL leads past their way; learned from it unless told
  --ca FILE          certificate of an authority that is trusted besides, such as that of a trial
  --whole            what was not run counts as failed
  --seconds N        longest it may take, 5 to 600; 120 unless told
  --json             print the verdicts as JSON

Exit code: 0 nothing failed, 1 something did, 2 wrong arguments.`;

/** What it was told. */
export interface SmokeArguments {
  readonly place: TrialPlace;
  /** `null`: to be learned. */
  readonly publicUrl: string | null;
  readonly release: string | null;
  readonly accountFile: string;
  readonly meter: MeterPlace;
  readonly meterNamed: boolean;
  readonly caFile: string | null;
  readonly whole: boolean;
  readonly withinMs: number;
  readonly json: boolean;
}

/** Reads them. The error: what is wrong; `null`: it was asked how it is called. Paths are as typed. */
export function readSmokeArguments(args: readonly string[]): Result<SmokeArguments, string | null> {
  const parsed = understood(() =>
    parseArgs({
      args: [...args],
      options: {
        url: { type: "string" },
        socket: { type: "string" },
        release: { type: "string" },
        account: { type: "string" },
        meter: { type: "string" },
        "public-url": { type: "string" },
        ca: { type: "string" },
        whole: { type: "boolean", default: false },
        seconds: { type: "string", default: "120" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    })
  );
  if (!parsed.ok) return parsed;
  const { values } = parsed.value;
  if (values.help) return err(null);
  const place = placeOf(values.url, values.socket);
  if (!place.ok) return place;
  const publicUrl = values["public-url"] === undefined ? null : originOf(values["public-url"]);
  if (publicUrl === undefined) {
    return err(`Expected an origin such as https://energy.example.com, and not "${values["public-url"]}"`);
  }
  const { release = null } = values;
  if (release !== null && !/^[\w.-]{1,40}$/.test(release)) {
    return err(`Expected a release of 1 to 40 letters, digits, dots, dashes, and not "${release}"`);
  }
  const meter = values.meter === undefined
    ? { host: "127.0.0.1", port: 0, isThere: false }
    : meterOf(values.meter);
  if (meter === null) {
    return err(
      `Expected an address or a name, and a port, such as 172.17.0.1:1502, and not "${values.meter}"`,
    );
  }
  const seconds = /^\d{1,4}$/.test(values.seconds) ? Number(values.seconds) : 0;
  if (seconds < 5 || seconds > 600) return err(`Expected 5 to 600 seconds, and not "${values.seconds}"`);
  return ok({
    place: place.value,
    publicUrl,
    release,
    accountFile: values.account ?? ACCOUNT_FILE,
    meter,
    meterNamed: values.meter !== undefined,
    caFile: values.ca ?? null,
    whole: values.whole,
    withinMs: seconds * 1_000,
    json: values.json,
  });
}

/** The place of `--url` or `--socket`, of which exactly one is given. */
export function placeOf(url: string | undefined, socket: string | undefined): Result<TrialPlace, string> {
  if ((url === undefined) === (socket === undefined)) return err("Expected one of --url and --socket");
  if (socket !== undefined) {
    return /^\/[^\0,]{1,100}$/.test(socket)
      ? ok({ kind: "socket", path: socket })
      : err(`Expected the absolute path of a socket, and not "${socket}"`);
  }
  const origin = originOf(url ?? "");
  return origin === undefined
    ? err(`Expected where it answers, such as https://energy.example.com, and not "${url}"`)
    : ok({ kind: "url", origin });
}

/** An origin as typed, without a slash at its end; `undefined`: it is none. */
export function originOf(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  return text === url.origin || text === `${url.origin}/` ? url.origin : undefined;
}

function meterOf(text: string): MeterPlace | null {
  const [, host, digits] = /^([\w.-]{1,253}):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (host === undefined || !isHostName(host) || port < 1 || port > 65_535) return null;
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(host)) return { host, port, isThere: false };
  return /^\d/.test(host.split(".").at(-1) ?? "") ? null : { host, port, isThere: true };
}
