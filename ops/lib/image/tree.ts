/**
 * Folders as layers of an image: copied without what nobody runs, and the same for the same files whenever and by
 * whomever they were put together.
 *
 * @module
 */

import { lutimesSync } from "node:fs";

/** Instant that every file of the image bears, epoch seconds: 2020-01-01. One that moved would make new layers. */
const FILES_S = 1_577_836_800;

/** Files of one tree at most. */
const FILES_MAX = 100_000;

/** An entry of a tree. */
export interface TreeEntry {
  /** Its path below the tree's folder, without a slash at its begin. */
  readonly path: string;
  readonly kind: "file" | "folder" | "link";
}

/** Everything below a folder, folders before what lies in them, sorted. */
function listTree(folder: string): readonly TreeEntry[] {
  const found: TreeEntry[] = [];
  const open = [""];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const { name, isDirectory, isSymlink } of Deno.readDirSync(`${folder}/${next}`)) {
      const path = next === "" ? name : `${next}/${name}`;
      found.push({ path, kind: isSymlink ? "link" : isDirectory ? "folder" : "file" });
      if (isDirectory) open.push(path);
    }
    if (found.length > FILES_MAX) throw new Error(`More than ${FILES_MAX} files lie below "${folder}"`);
  }
  return found.sort((one, other) => one.path < other.path ? -1 : 1);
}

/** Copies a file or a folder with all that is kept of it; links become what they lead to. */
export function copyTree(
  from: string,
  to: string,
  keep: (path: string) => boolean = () => true,
): void {
  if (!Deno.statSync(from).isDirectory) {
    Deno.mkdirSync(to.slice(0, to.lastIndexOf("/")), { recursive: true });
    return Deno.copyFileSync(from, to);
  }
  Deno.mkdirSync(to, { recursive: true });
  for (const { path, kind } of listTree(from)) {
    if (kind === "folder") Deno.mkdirSync(`${to}/${path}`, { recursive: true });
    else if (keep(path)) Deno.copyFileSync(`${from}/${path}`, `${to}/${path}`);
  }
}

/** Who may do what with a folder of the image, other than everybody's reading. */
export interface Held {
  readonly mode: number;
  readonly uid: number;
}

/**
 * Gives all entries of a tree the same instant and root's ownership, closed to others' writing; folders named are held
 * by whom they say.
 */
export function settleTree(folder: string, held: ReadonlyMap<string, Held>): void {
  for (const { path, kind } of listTree(folder).toReversed()) {
    const whole = `${folder}/${path}`;
    if (kind !== "link") {
      const { mode, uid } = held.get(path) ?? { mode: modeOf(whole, kind), uid: 0 };
      Deno.chownSync(whole, uid, uid);
      Deno.chmodSync(whole, mode);
    }
    lutimesSync(whole, FILES_S, FILES_S);
  }
}

function modeOf(path: string, kind: "file" | "folder"): number {
  if (kind === "folder") return 0o755;
  return ((Deno.statSync(path).mode ?? 0) & 0o111) === 0 ? 0o644 : 0o755;
}
