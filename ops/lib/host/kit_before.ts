/**
 * What was at a path before Wattpost touched it: kept first, put back last. A file is kept with its text, mode and
 * owner, a link with where it leads; what cannot be kept whole is not touched.
 *
 * @module
 */

import { dirname } from "node:path";
import { finishUndone, rememberReactions } from "./kit_reactions.ts";
import { type Host, HostError, type Reaction } from "./step.ts";

/** What was at a path. */
export type Before =
  | { readonly kind: "nothing" }
  | { readonly kind: "file"; readonly text: string; readonly mode: number; readonly owner: string }
  | { readonly kind: "link"; readonly target: string };

/** What is kept of a path: what was there, and what has to be done once it is back. */
interface KeptPath {
  readonly before: Before;
  readonly then: readonly Reaction[];
}

const LONGEST_TEXT = 1_000_000;
const DEEPEST = 20;

/** The name under which a path is kept, whatever part it is of. */
export function pathName(path: string): string {
  return `at ${path}`;
}

/** Where the copy of a file lies that is checked before it is moved into place. */
export function checkedCopy(path: string): string {
  return beside(path, "check");
}

/** Where a file lies until it is whole, and is moved into place. */
export function newCopy(path: string): string {
  return beside(path, "new");
}

/** Hidden, and with the ending that programs tell files by: no folder of settings takes it for one. */
function beside(path: string, what: "check" | "new" | "link"): string {
  return `${dirname(path)}/.wattpost-${what}.${path.slice(path.lastIndexOf("/") + 1)}`;
}

/** Keeps what is at a path, unless something of it is kept already. */
export async function keepPath(on: Host, path: string, then: readonly Reaction[]): Promise<void> {
  const kept = await keptPath(on, path);
  const before = kept === null ? await lookAt(on, path) : kept.before;
  const value: KeptPath = { before, then };
  if (kept === null || JSON.stringify(kept.then) !== JSON.stringify(then)) {
    await on.kept.set(pathName(path), value);
  }
}

/** Puts back what was at a path and forgets it; nothing kept: nothing done. */
export async function putBack(on: Host, path: string): Promise<void> {
  const kept = await keptPath(on, path);
  if (kept === null) return;
  await rememberReactions(on, kept.then);
  await on.must(["rm", "-f", "--", checkedCopy(path), newCopy(path), beside(path, "link")]);
  await restore(on, path, kept.before);
  await removeParents(on, path);
  await finishUndone(on, kept.then);
  await on.kept.remove(pathName(path));
}

async function restore(on: Host, path: string, before: Before): Promise<void> {
  const now = await on.stat(path);
  if (now?.kind === "folder") {
    if (before.kind === "nothing") return; // not what we put there
    throw new HostError(`Cannot put back "${path}": there is a folder now`);
  }
  switch (before.kind) {
    case "nothing":
      await on.must(["rm", "-f", "--", path]);
      return;
    case "link":
      await makeLink(on, path, before.target);
      return;
    case "file":
      await makeParents(on, path);
      await on.write(path, before);
  }
}

/** Makes a symbolic link, whatever link or file was there, in one move. */
export async function makeLink(on: Host, path: string, target: string): Promise<void> {
  await makeParents(on, path);
  await on.must(["ln", "-sfn", "--", target, beside(path, "link")]);
  await on.must(["mv", "-fT", "--", beside(path, "link"), path]);
}

/** Makes the folders above a path that are missing, as root's with mode 755, and keeps which. */
export async function makeParents(on: Host, path: string): Promise<void> {
  const missing: string[] = [];
  for (let above = dirname(path); await on.stat(above) === null; above = dirname(above)) {
    missing.unshift(above);
    if (missing.length > DEEPEST) throw new HostError(`Cannot make "${path}": it lies too deep`);
  }
  for (const above of missing) {
    await on.kept.set(`parent ${above}`, true);
    await on.must(["mkdir", "-m", "755", "--", above]);
  }
}

/** Removes the folders above a path that were made for it, as far as they are empty. */
export async function removeParents(on: Host, path: string): Promise<void> {
  for (let above = dirname(path); above.length > 1; above = dirname(above)) {
    if (await on.kept.get(`parent ${above}`) === undefined) continue;
    const there = await on.stat(above);
    if (there?.kind === "folder" && (await on.run(["rmdir", "--", above])).code !== 0) return;
    await on.kept.remove(`parent ${above}`);
  }
}

async function lookAt(on: Host, path: string): Promise<Before> {
  const there = await on.stat(path);
  if (there === null) return { kind: "nothing" };
  if (there.kind === "link" && there.target !== null) return { kind: "link", target: there.target };
  const text = there.kind === "file" ? await on.read(path) : null;
  if (text === null) {
    throw new HostError(`Cannot keep what is at "${path}": it is no file; move it away first`);
  }
  if (text.length > LONGEST_TEXT) {
    throw new HostError(`Cannot keep what is at "${path}": it is larger than 1 MB; move it away first`);
  }
  return { kind: "file", text, mode: there.mode, owner: there.owner };
}

/** What is kept of a path; `null`: nothing. */
async function keptPath(on: Host, path: string): Promise<KeptPath | null> {
  const value = await on.kept.get(pathName(path));
  return value === undefined ? null : value as KeptPath;
}
