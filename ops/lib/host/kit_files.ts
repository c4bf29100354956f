/**
 * Files and links of ours, and files of others that must not be there.
 *
 * @module
 */

import { checkedCopy, keepPath, makeLink, makeParents, pathName, putBack } from "./kit_before.ts";
import { commandText, pendingDrift, rememberReactions } from "./kit_reactions.ts";
import { lineDiff } from "./line_diff.ts";
import { type Drift, type Host, HostError, type Part, type PathFacts, type Reaction } from "./step.ts";

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

/** A file with this text, mode and owner; what was there before is kept and comes back. */
export function file(part: FilePart): Part {
  const { path, then = [] } = part;
  const whole = { text: part.text, mode: part.mode ?? 0o644, owner: part.owner ?? "root:root" };
  return {
    keeps: [pathName(path)],
    reactions: then,
    check: async (on) => [...await fileDrift(on, part, whole), ...await pendingDrift(on, then)],
    async apply(on) {
      if ((await fileDrift(on, part, whole)).length === 0) return;
      const there = await on.stat(path);
      if (there?.kind === "folder") throw new HostError(`Cannot write "${path}": there is a folder`);
      await makeParents(on, path);
      if (part.verify) await verifyCopy(on, { ...whole, path, verify: part.verify });
      await keepPath(on, path, then);
      await rememberReactions(on, then);
      if (there?.kind === "file" && await on.read(path) === whole.text) await on.setModes(path, whole);
      else await on.write(path, whole);
    },
    undo: (on) => putBack(on, path),
  };
}

interface Whole {
  readonly text: string;
  readonly mode: number;
  readonly owner: string;
}

interface Checked extends Whole {
  readonly path: string;
  readonly verify: (path: string) => readonly [string, ...string[]];
}

async function verifyCopy(on: Host, { path, verify, ...whole }: Checked): Promise<void> {
  const copy = checkedCopy(path);
  await on.write(copy, whole);
  const { code, out, err } = await on.run(verify(copy));
  await on.must(["rm", "-f", "--", copy]);
  if (code === 0) return;
  const words = `${out}\n${err}`.trim().replaceAll(copy, path);
  throw new HostError(`Cannot write "${path}": ${commandText(verify(path))} refuses it: ${words}`);
}

async function fileDrift(on: Host, part: FilePart, whole: Whole): Promise<readonly Drift[]> {
  const { path } = part;
  const there = await on.stat(path);
  if (there === null) return [drift(path, "missing", { part, whole, old: "" })];
  if (there.kind !== "file") return [drift(path, kindWords(there), { part, whole, old: "" })];
  const old = await on.read(path) ?? "";
  if (old !== whole.text) return [drift(path, "another text", { part, whole, old })];
  return modeDrift(path, there, whole);
}

function drift(
  path: string,
  is: string,
  { part, whole, old }: { readonly part: FilePart; readonly whole: Whole; readonly old: string },
): Drift {
  const modes = `${modesText(whole)}`;
  const does = part.secret
    ? [`write ${path} (${modes}); its text is a secret`]
    : [`write ${path} (${modes})`, ...lineDiff(old, whole.text, path)];
  return { what: path, is, expected: "as described", does: [...does, ...afterwards(part.then ?? [])] };
}

function afterwards(then: readonly Reaction[]): readonly string[] {
  return then.flatMap(({ argv, guard }) => [...(guard ? [commandText(guard)] : []), commandText(argv)]);
}

/** A mode or owner that is not as described. */
export function modeDrift(
  path: string,
  there: PathFacts,
  expected: { readonly mode: number; readonly owner: string },
): readonly Drift[] {
  if (there.mode === expected.mode && there.owner === expected.owner) return [];
  const does = [
    ...(there.owner === expected.owner ? [] : [commandText(["chown", "-h", expected.owner, path])]),
    ...(there.mode === expected.mode ? [] : [commandText(["chmod", octal(expected.mode), path])]),
  ];
  return [{ what: path, is: modesText(there), expected: modesText(expected), does }];
}

/** `0640 root:root`. */
export function modesText({ mode, owner }: { readonly mode: number; readonly owner: string }): string {
  return `${octal(mode)} ${owner}`;
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}

/** What is at a path, in words. */
export function kindWords({ kind, target }: PathFacts): string {
  switch (kind) {
    case "file":
      return "a file";
    case "folder":
      return "a folder";
    case "link":
      return `a link to ${target}`;
    case "other":
      return "neither file nor folder";
  }
}

/** A symbolic link. With `ifAbsent` a link that leads elsewhere is left as it is (a release switches it). */
export function link(
  part: { readonly path: string; readonly target: string; readonly ifAbsent?: boolean },
): Part {
  const { path, target, ifAbsent = false } = part;
  return {
    keeps: [pathName(path)],
    async check(on) {
      const there = await on.stat(path);
      if (there?.kind === "link" && (ifAbsent || there.target === target)) return [];
      const does = [commandText(["ln", "-sfn", target, path])];
      return [{
        what: path,
        is: there ? kindWords(there) : "missing",
        expected: `a link to ${target}`,
        does,
      }];
    },
    async apply(on) {
      if ((await on.stat(path))?.kind === "folder") {
        throw new HostError(`Cannot make the link "${path}": there is a folder`);
      }
      await keepPath(on, path, []);
      await makeLink(on, path, target);
    },
    undo: (on) => putBack(on, path),
  };
}

/** A file of others that must not be there: put aside, and put back by undo. */
export function absent(part: { readonly path: string; readonly then?: readonly Reaction[] }): Part {
  const { path, then = [] } = part;
  return {
    keeps: [pathName(path)],
    reactions: then,
    async check(on) {
      const there = await on.stat(path);
      const does = [`put ${path} aside`, ...afterwards(then)];
      const found = there ? [{ what: path, is: kindWords(there), expected: "absent", does }] : [];
      return [...found, ...await pendingDrift(on, then)];
    },
    async apply(on) {
      if (await on.stat(path) === null) return;
      await keepPath(on, path, then);
      await rememberReactions(on, then);
      await on.must(["rm", "-f", "--", path]);
    },
    undo: (on) => putBack(on, path),
  };
}
