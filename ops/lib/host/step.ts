/**
 * What a step on a host is: data with a name, which looks whether the host is as described, makes it so, and takes
 * away what it put there.
 *
 * @module
 */

import type { HostDescription } from "./description.ts";

/** One step. Each may be run again at any time: what is as described is left alone. */
export interface Step {
  /** What it is called, `sshd: keys only`. */
  readonly name: string;
  /** Why it is there, in a sentence for operators. */
  readonly why: string;
  /** What is not as described; empty: all is. Changes nothing. */
  readonly check: (on: Host) => Promise<readonly Drift[]>;
  /** Makes it as described; may be killed anywhere and run again. */
  readonly apply: (on: Host) => Promise<void>;
  /** Takes away what it put there and puts back what was there before. */
  readonly undo: (on: Host) => Promise<void>;
  /** What it is made of, where `step()` of the kit made it: tells which parts a later description no longer has. */
  readonly parts?: readonly Part[];
  /**
   * Whether the host goes on without it: what lacks after `apply` is said and ends no run, because somebody else has to
   * do something first (an authority, a name server).
   */
  readonly mayLack?: boolean;
}

/** A part of a step: the same three questions, without name and reason. */
export interface Part extends Pick<Step, "check" | "apply" | "undo"> {
  /** Names under which it keeps what was there before. */
  readonly keeps?: readonly string[];
  /** What has to be done after it changed: `step()` does it once all parts stand. */
  readonly reactions?: readonly Reaction[];
}

/** What has to be done after something changed, such as a reload: remembered until it was done, also over a kill. */
export interface Reaction {
  /** What it is remembered as; the same name is done once. */
  readonly name: string;
  /** What must succeed first, such as `nginx -t`. */
  readonly guard?: readonly [string, ...string[]];
  /** What is run. */
  readonly argv: readonly [string, ...string[]];
}

/** A thing that is not as described. */
export interface Drift {
  /** Which thing: a path, a package, a user, a unit, a rule. */
  readonly what: string;
  /** How it is. */
  readonly is: string;
  /** How it is to be. */
  readonly expected: string;
  /** What `apply` does about it, line by line: a unified diff of a file, or commands with their arguments. */
  readonly does: readonly string[];
}

/** A thing that is not as described and about which one thing is done. */
export function driftOf(
  what: string,
  { is, expected, does }: Pick<Drift, "is" | "expected"> & { readonly does: string },
): Drift {
  return { what, is, expected, does: [does] };
}

/** Systems that are set up. */
export type Distribution = "debian-12" | "ubuntu-22.04" | "ubuntu-24.04";

/** What of a host decides how steps look. */
export interface HostFacts {
  /** Its system. */
  readonly distribution: Distribution;
  /** Address from which the operator is connected over SSH; `null`: not over SSH. */
  readonly operatorAddress: string | null;
}

/** Makes the steps of one subject. Pure: looks at nothing but its arguments. */
export type StepMaker = (described: HostDescription, facts: HostFacts) => readonly Step[];

/** How a command ended. */
export interface CommandEnd {
  /** Exit code; 124 where the deadline ended it, 127 where there is no such program. */
  readonly code: number;
  /** Standard output. */
  readonly out: string;
  /** Standard error. */
  readonly err: string;
}

/** How a command is run. */
export interface CommandOptions {
  /** Given on standard input. */
  readonly input?: string;
  /** Added to a small environment (PATH, HOME, LANG). */
  readonly env?: Readonly<Record<string, string>>;
  /** Longest it may take in ms; 60,000 unless told. */
  readonly deadlineMs?: number;
}

/** What is at a path. */
export interface PathFacts {
  readonly kind: "file" | "folder" | "link" | "other";
  /** Permission bits, such as 0o640. */
  readonly mode: number;
  /** `root:root`; numbers where there is no such name. */
  readonly owner: string;
  /** Where a link leads. */
  readonly target: string | null;
}

/** A host, as far as steps touch it. */
export interface Host {
  /** Runs a command, whatever comes of it. The shell appears nowhere: a program and its arguments. */
  run(argv: readonly [string, ...string[]], options?: CommandOptions): Promise<CommandEnd>;
  /** Runs a command that must succeed; throws a {@link HostError} with its words where it does not. */
  must(argv: readonly [string, ...string[]], options?: CommandOptions): Promise<CommandEnd>;
  /** Text of a file; `null`: there is none. */
  read(path: string): Promise<string | null>;
  /** What is at a path, links not followed; `null`: nothing. */
  stat(path: string): Promise<PathFacts | null>;
  /** Writes a file whole: beside it first, synced, then moved into place. */
  write(path: string, file: FileText): Promise<void>;
  /** Gives a file or folder its mode and owner; a link is refused, never followed. */
  setModes(path: string, modes: Modes): Promise<void>;
  /** What is kept of a thing that was touched, so that it can be put back and finished; by name. */
  readonly kept: Kept;
}

/** Who may do what with a file or folder. */
export interface Modes {
  /** Permission bits, such as 0o640. */
  readonly mode: number;
  /** `root:root`. */
  readonly owner: string;
}

/** A file as it is written. */
export interface FileText extends Modes {
  readonly text: string;
}

/** What is remembered between runs; each call is on disk before it returns. */
export interface Kept {
  get(name: string): Promise<unknown>;
  /** Remembers a JSON value under a name, unless there is one already where `once` is set. */
  set(name: string, value: unknown, options?: { readonly once?: boolean }): Promise<void>;
  remove(name: string): Promise<void>;
  /** All names that begin so, sorted; at most 10,000. */
  list(prefix: string): Promise<readonly string[]>;
}

/** The host refused; its words are for operators. */
export class HostError extends Error {
  override readonly name = "HostError";
}
