/**
 * The kinds of things that steps are made of: packages, files, folders, links, users, units. Each knows how to look, to
 * make, and to put back.
 *
 * @module
 */

import type { Drift, Step } from "./step.ts";

/** A part of a step: the same three questions, without name and reason. */
export type Part = Pick<Step, "check" | "apply" | "undo">;

/** What has to be done after something changed, such as a reload: remembered until it was done, also over a kill. */
export interface Reaction {
  /** What it is remembered as; the same name is done once. */
  readonly name: string;
  /** What must succeed first, such as `nginx -t`. */
  readonly guard?: readonly [string, ...string[]];
  /** What is run. */
  readonly argv: readonly [string, ...string[]];
}

/** A file of ours. */
export interface FilePart {
  readonly path: string;
  readonly text: string;
  /** 0o644 unless told. */
  readonly mode?: number;
  /** `root:root` unless told. */
  readonly owner?: string;
  /** Checks a text before it is moved into place, given the path of a copy: `(path) => ["visudo", "-cf", path]`. */
  readonly verify?: (path: string) => readonly [string, ...string[]];
  /** What has to be done after it changed. */
  readonly then?: readonly Reaction[];
  /** Whether its text must not be shown: only that it differs. */
  readonly secret?: boolean;
}

/** One step of several parts; its drift is all of theirs, undone backwards. */
export function step(name: string, why: string, parts: readonly Part[]): Step {
  return {
    name,
    why,
    async check(on) {
      const found: Drift[] = [];
      for (const part of parts) found.push(...await part.check(on));
      return found;
    },
    async apply(on) {
      for (const part of parts) if ((await part.check(on)).length > 0) await part.apply(on);
    },
    async undo(on) {
      for (const part of parts.toReversed()) await part.undo(on);
    },
  };
}

/** Distribution packages, installed where missing; undone are only those that were missing. */
export declare function packages(names: readonly string[]): Part;
/** A file with this text, mode and owner; what was there before is kept and comes back. */
export declare function file(part: FilePart): Part;
/** A folder; undone only where it was made, and only where it is empty or `whole`. */
export declare function folder(
  part: { readonly path: string; readonly mode: number; readonly owner: string; readonly whole?: boolean },
): Part;
/** A symbolic link. With `ifAbsent` a link that leads elsewhere is left as it is (a release switches it). */
export declare function link(
  part: { readonly path: string; readonly target: string; readonly ifAbsent?: boolean },
): Part;
/** A file of others that must not be there: put aside, and put back by undo. */
export declare function absent(
  part: { readonly path: string; readonly then?: readonly Reaction[] },
): Part;
/** A systemd unit that is enabled and runs (or not). */
export declare function unit(
  part: { readonly name: string; readonly enabled: boolean; readonly active: boolean },
): Part;
/** A user of the system. */
export declare function user(part: {
  readonly name: string;
  readonly id?: number;
  readonly shell: string;
  readonly home: string | null;
  readonly groups?: readonly string[];
}): Part;
