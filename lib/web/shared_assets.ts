/**
 * Files that browsers load lie in the data folder too, named by their content: each release puts its own there before
 * it is ready and serves what is there. So a page that was opened before a switch finds what it loads later, whichever
 * release answers then. What no release has named for a week goes.
 *
 * @module
 */

import type { Middleware } from "fresh";
import { extname, join, relative } from "node:path";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { State } from "./state.ts";

/** Where they lie in the data folder. */
const ASSETS_FOLDER = "assets";

/** Milliseconds after which a file goes that no release has named: a week. */
export const UNNAMED_MS = 7 * 24 * 3_600_000;

/** Bytes of all files; beyond it the oldest go first. */
const ASSETS_MAX_BYTES = 512 * 1024 * 1024;

/** Milliseconds by which a file may be ahead of the clock, which may have been set back. */
const AHEAD_MS = 24 * 3_600_000;

/** Files that are looked at, of a release and of all. */
const FILES_MAX = 50_000;

/** Milliseconds between two times that a release names its files, and between two looks whether that is due. */
const NAME_MS = 6 * 3_600_000;
const LOOK_MS = 30_000;

/** A file of a build: below the folder of its hash, or with its hash in its name. */
const NAMED =
  /^\/(?:_fresh\/js\/[0-9a-f]{16}\/(?:[A-Za-z0-9_-][A-Za-z0-9._-]*\/)*[A-Za-z0-9_-][A-Za-z0-9._-]*|(?:[A-Za-z0-9_-][A-Za-z0-9._-]*\/)*[A-Za-z0-9_-][A-Za-z0-9._-]*-[0-9a-f]{16}\.[a-z0-9]+)$/;

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
};

/** Where the files of a release are, and where those of all. */
export interface SharedAssets {
  /** Folder of this release's build. */
  readonly from: string;
  /** The data folder. */
  readonly dataDir: string;
  /** The time; files are as old as it says. */
  readonly clock: Clock;
}

/** What was done. */
export interface Shared {
  /** Files of this release. */
  readonly named: number;
  /** Of these, how many were not there. */
  readonly added: number;
  /** Files of others that went. */
  readonly removed: number;
}

/** Names this release's files, and removes what nobody has named for a week. Repeatable, by several processes at once. */
export async function shareAssets({ from, dataDir, clock }: SharedAssets): Promise<Shared> {
  const to = join(dataDir, ASSETS_FOLDER);
  await Deno.mkdir(to, { recursive: true, mode: 0o700 });
  const nowMs = clock.nowMs();
  const own = await filesBelow(from);
  let added = 0;
  for (const { path, size } of own) {
    if (await putFile({ from: join(from, path), to: join(to, path), size, nowMs })) added++;
  }
  const removed = await removeOld(to, { keep: new Set(own.map(({ path }) => path)), nowMs });
  return { named: own.length, added, removed };
}

/** Names this release's files now and every six hours until the signal aborts; whoever cannot serves its own alone. */
export async function keepSharing(
  shared: SharedAssets,
  { log, signal }: { readonly log: Log; readonly signal: AbortSignal },
): Promise<void> {
  const { clock } = shared;
  for (let namedMs = clock.monotonicMs(); !signal.aborted;) {
    await clock.sleep(LOOK_MS, signal);
    if (signal.aborted || clock.monotonicMs() - namedMs < NAME_MS) continue;
    namedMs = clock.monotonicMs();
    await tryToShare(shared, log);
  }
}

/** Names this release's files; a full disk is said and hinders nobody. */
export async function tryToShare(shared: SharedAssets, log: Log): Promise<void> {
  try {
    log.debug("Files for browsers are shared", { ...await shareAssets(shared) });
  } catch (error) {
    log.warn("Cannot share files for browsers: pages that were opened before may lack parts", { error });
  }
}

/** Serves files of other releases; those of this one are served before. */
export function sharedAssets(dataDir: string): Middleware<State> {
  return async (ctx) => {
    const { pathname } = ctx.url;
    const { method } = ctx.req;
    const type = MEDIA_TYPES[extname(pathname)];
    if (type === undefined || !NAMED.test(pathname)) return await ctx.next();
    if (method !== "GET" && method !== "HEAD") return await ctx.next();
    const body = await readBelow(join(dataDir, ASSETS_FOLDER), pathname).catch(() => null);
    if (body === null) return await ctx.next();
    const headers = {
      "content-type": type,
      "cache-control": "public, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
    };
    return new Response(method === "HEAD" ? null : body, { headers });
  };
}

/** A file that lies below a folder; `null`: a link leads out of it. */
async function readBelow(folder: string, path: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const found = await Deno.realPath(join(folder, path));
  return found === join(await Deno.realPath(folder), path) ? await Deno.readFile(found) : null;
}

interface FoundFile {
  /** Below the folder. */
  readonly path: string;
  readonly size: number;
  readonly atMs: number;
}

/** Files below a folder; a folder that is not there has none. */
async function filesBelow(folder: string): Promise<readonly FoundFile[]> {
  const found: FoundFile[] = [];
  const open = [folder];
  for (let next = open.pop(); next !== undefined && found.length < FILES_MAX; next = open.pop()) {
    for (const { name, isDirectory, isFile } of await entriesOf(next)) {
      const path = join(next, name);
      if (isDirectory) open.push(path);
      if (!isFile) continue;
      const seen = await Deno.stat(path).catch(() => null); // another process may remove it
      if (seen) {
        found.push({ path: relative(folder, path), size: seen.size, atMs: seen.mtime?.getTime() ?? 0 });
      }
    }
  }
  return found;
}

async function entriesOf(folder: string): Promise<readonly Deno.DirEntry[]> {
  try {
    return await Array.fromAsync(Deno.readDir(folder));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** Puts a file there unless it is, whole or not at all, and makes it as young as now; whether it was not there. */
async function putFile({ from, to, size, nowMs }: {
  readonly from: string;
  readonly to: string;
  readonly size: number;
  readonly nowMs: number;
}): Promise<boolean> {
  const isThere = await isSame(from, { to, size });
  if (!isThere) {
    await Deno.mkdir(join(to, ".."), { recursive: true, mode: 0o700 });
    const partial = `${to}.${crypto.randomUUID()}.partial`;
    try {
      await Deno.writeFile(partial, await Deno.readFile(from), { mode: 0o600 });
      await Deno.rename(partial, to);
    } catch (error) {
      await Deno.remove(partial).catch(() => {});
      throw error;
    }
  }
  await Deno.utime(to, nowMs / 1_000, nowMs / 1_000);
  return !isThere;
}

/** Whether the very same bytes lie there, and no link. */
async function isSame(
  from: string,
  { to, size }: { readonly to: string; readonly size: number },
): Promise<boolean> {
  const there = await Deno.lstat(to).catch(() => null);
  if (!there?.isFile || there.size !== size) return false;
  const [own, other] = await Promise.all([Deno.readFile(from), Deno.readFile(to)]);
  return own.every((byte, i) => byte === other[i]);
}

/** Removes what is older than a week, and of the rest the oldest beyond the limit; how many files. */
async function removeOld(
  folder: string,
  { keep, nowMs }: { readonly keep: ReadonlySet<string>; readonly nowMs: number },
): Promise<number> {
  const all = [...await filesBelow(folder)].sort((a, b) => b.atMs - a.atMs);
  let bytes = 0;
  let removed = 0;
  for (const { path, size, atMs } of all) {
    bytes += size;
    // A time to come is no release's: such a file would stay for ever.
    const isYoung = atMs > nowMs - UNNAMED_MS && atMs <= nowMs + AHEAD_MS;
    if (keep.has(path) || (isYoung && bytes <= ASSETS_MAX_BYTES)) continue;
    await Deno.remove(join(folder, path)).catch(() => {}); // another process was quicker
    await Deno.remove(join(folder, path, "..")).catch(() => {}); // others are still in it
    removed++;
  }
  return removed;
}
