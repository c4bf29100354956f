/**
 * Reads the arguments of `load`. Everything has a limit.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { err, ok, type Result } from "../../../lib/result.ts";
import { understood } from "../understood.ts";
import type { TrialPlace } from "./place.ts";
import { originOf, placeOf } from "./smoke_arguments.ts";

/** How it is called. */
export const LOAD_HELP = `deno task load --url URL --accounts FILE
deno task load --socket PATH --accounts FILE

Puts load on a Wattpost as people, programs and open pages do, thinking in between, and says how long answers took,
what failed, and whether that is within budget. On this machine's trials alone: production, also behind loopback, is
named a second time by whoever answers for it.

  --url URL            where it answers, such as http://127.0.0.1:8000
  --socket PATH        the socket of a colour: everybody comes with an address of their own
  --accounts FILE      JSON with email and password of one account, or a list; without it pages that anybody sees
  --tokens FILE        tokens of the API, one a line, for programs
  --users N            people who look at pages, 0 to 500; 20 unless told
  --programs N         programs that ask the API, 0 to 200; one a token unless told
  --streams N          open pages with a live stream, 0 to 1000; 20 unless told, with accounts; 32 an account at most
  --writes             programs also write what is there already, under idempotency keys
  --seconds N          how long, 5 to 3600; 60 unless told
  --think-ms N         how long somebody thinks on average, 50 to 60000; 3000 unless told
  --at-most N          requests a second that nobody passes, 1 to 1000; 100 unless told
  --budget PERCENT     requests that may fail, 0 to 100; 0.1 unless told
  --within-ms N        95 of 100 answers must be there within it, 10 to 60000; 1000 unless told
  --seed N             the same choices for the same number; 1 unless told
  --report FILE        write a page with figures and drawings
  --public-url URL     what people type, where a URL leads past their way; learned from it unless told
  --ca FILE            certificate of an authority that is trusted besides
  --yes-load HOST      put load on this host although it is no host for tests
  --dry-run            say what would be done
  --json               print the figures as JSON

Exit code: 0 within budget, 1 not, or it could not begin, 2 wrong arguments or a host that was not named twice.`;

/** What it was told. */
export interface LoadArguments {
  readonly place: TrialPlace;
  /** `null`: to be learned. */
  readonly publicUrl: string | null;
  readonly accountsFile: string | null;
  readonly tokensFile: string | null;
  readonly users: number;
  /** `null`: one a token. */
  readonly programs: number | null;
  /** `null`: 20 where there are accounts. */
  readonly streams: number | null;
  readonly writes: boolean;
  readonly seconds: number;
  readonly thinkMs: number;
  readonly atMost: number;
  readonly failedPercent: number;
  readonly p95Ms: number;
  readonly seed: number;
  readonly report: string | null;
  readonly caFile: string | null;
  readonly named: string | null;
  readonly dryRun: boolean;
  readonly json: boolean;
}

const OPTIONS = {
  url: { type: "string" },
  socket: { type: "string" },
  accounts: { type: "string" },
  tokens: { type: "string" },
  users: { type: "string", default: "20" },
  programs: { type: "string" },
  streams: { type: "string" },
  writes: { type: "boolean", default: false },
  seconds: { type: "string", default: "60" },
  "think-ms": { type: "string", default: "3000" },
  "at-most": { type: "string", default: "100" },
  budget: { type: "string", default: "0.1" },
  "within-ms": { type: "string", default: "1000" },
  seed: { type: "string", default: "1" },
  report: { type: "string" },
  "public-url": { type: "string" },
  ca: { type: "string" },
  "yes-load": { type: "string" },
  "dry-run": { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** Reads them. The error: what is wrong; `null`: it was asked how it is called. Paths are as typed. */
export function readLoadArguments(args: readonly string[]): Result<LoadArguments, string | null> {
  const parsed = understood(() => parseArgs({ args: [...args], options: OPTIONS }));
  if (!parsed.ok) return parsed;
  const { values } = parsed.value;
  if (values.help) return err(null);
  const place = placeOf(values.url, values.socket);
  if (!place.ok) return place;
  const publicUrl = values["public-url"] === undefined ? null : originOf(values["public-url"]);
  if (publicUrl === undefined) return err(`Expected an origin, and not "${values["public-url"]}"`);
  const wrong: string[] = [];
  const whole = (name: string, text: string, [least, most]: readonly [number, number]) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (!(value >= least && value <= most)) {
      wrong.push(`Expected ${least} to ${most} for --${name}, and not "${text}"`);
    }
    return value;
  };
  const optional = (name: string, text: string | undefined, range: readonly [number, number]) =>
    text === undefined ? null : whole(name, text, range);
  const failedPercent = /^\d{1,3}(\.\d{1,4})?$/.test(values.budget) ? Number(values.budget) : NaN;
  if (!(failedPercent <= 100)) wrong.push(`Expected 0 to 100 for --budget, and not "${values.budget}"`);
  const read: LoadArguments = {
    place: place.value,
    publicUrl,
    accountsFile: values.accounts ?? null,
    tokensFile: values.tokens ?? null,
    users: whole("users", values.users, [0, 500]),
    programs: optional("programs", values.programs, [0, 200]),
    streams: optional("streams", values.streams, [0, 1_000]),
    writes: values.writes,
    seconds: whole("seconds", values.seconds, [5, 3_600]),
    thinkMs: whole("think-ms", values["think-ms"], [50, 60_000]),
    atMost: whole("at-most", values["at-most"], [1, 1_000]),
    failedPercent,
    p95Ms: whole("within-ms", values["within-ms"], [10, 60_000]),
    seed: whole("seed", values.seed, [0, 999_999_999]),
    report: values.report ?? null,
    caFile: values.ca ?? null,
    named: values["yes-load"] ?? null,
    dryRun: values["dry-run"],
    json: values.json,
  };
  const [first] = wrong;
  return first === undefined ? ok(read) : err(first);
}
