/**
 * What a check of a scan is: data with a name that looks at one thing and says what is not as it should be, or why it
 * could not look.
 *
 * @module
 */

import type { Finding } from "../../../lib/domain/scan.ts";
import type { HostDescription } from "../host/description.ts";
import type { Host } from "../host/step.ts";

/** What checks look at. */
export interface ScanContext {
  /** Runs a program; the shell appears nowhere. */
  readonly run: Host["run"];
  /** Text of a file; `null`: there is none, or it is no text. */
  readonly read: (path: string) => Promise<string | null>;
  /** Names in a folder; none where there is none. */
  readonly list: (path: string) => Promise<readonly string[]>;
  /** Folder of the project, without a slash at its end. */
  readonly project: string;
  /** A folder of root's that is empty and goes away after the scan. */
  readonly scratch: string;
  /** The host as it was described last; `null`: it was not. */
  readonly described: HostDescription | null;
  /** What is looked at from outside; `null`: nothing was named and nothing is described. */
  readonly target: ScanTarget | null;
  /** Text of the file with the cookie of a session; `null`: none was named. */
  readonly cookie: string | null;
  /** Where the pages are attacked, with a slash at its end; `null`: at the target, over HTTPS. */
  readonly webUrl: string | null;
  /** Path of the certificate of an authority to be trusted; `null`: those that this machine trusts. */
  readonly caFile: string | null;
  /** Seconds that the scan of the web pages may take. */
  readonly webSeconds: number;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** What is looked at from outside. */
export interface ScanTarget {
  /** Name that people type. */
  readonly host: string;
  /** TCP port of HTTPS. */
  readonly port: number;
  /** Address to connect to in place of what the name resolves to; `null`: that. */
  readonly address: string | null;
}

/** How looking went. */
export type Outcome =
  | { readonly kind: "ran"; readonly looked: string; readonly findings: readonly Finding[] }
  /** It could not look; never a pass. */
  | { readonly kind: "not-run"; readonly why: string }
  /** It could look at some of it alone: what it found counts, and it is no pass. */
  | {
    readonly kind: "in-part";
    readonly why: string;
    readonly looked: string;
    readonly findings: readonly Finding[];
  };

/** What a check that looked comes to; what it could not look at, if anything, keeps it from being a pass. */
export function ranBut(
  missed: readonly string[],
  seen: { readonly looked: string; readonly findings: readonly Finding[] },
): Outcome {
  return missed.length === 0
    ? { kind: "ran", ...seen }
    : { kind: "in-part", why: `in part: ${missed.join("; ")}`, ...seen };
}

/** One check. */
export interface Check {
  /** What `--only` calls it. */
  readonly name: string;
  /** What it looks at. */
  readonly about: string;
  /** Looks. */
  readonly run: (context: ScanContext) => Promise<Outcome>;
}

/** Says that a check could not look. */
export function notRun(why: string): Outcome {
  return { kind: "not-run", why };
}

/** What is said where a program is missing. */
export function lacking(program: string, packageName: string = program): Outcome {
  return notRun(`there is no ${program}: install the package ${packageName}`);
}

/** The end of what a program said, for a reason. */
export function lastWords(text: string): string {
  const last = text.trim().split("\n").at(-1)?.trim() ?? "";
  return last === "" ? "it said nothing" : last.slice(-200);
}

/** Code of a program that is not there. */
export const NO_PROGRAM = 127;

/** Code of a program that its deadline ended. */
export const TOO_LONG = 124;
