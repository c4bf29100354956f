/**
 * Where a backup is restored to. An embedded database is filled beside its place and moved there when it is proven, so
 * whatever ends the restore leaves nothing half-done; on a server the database itself is filled, is marked until then,
 * and emptied again when something fails.
 *
 * @module
 */

import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { err, ok, type Result } from "../../../lib/result.ts";
import { type Database, openDatabase } from "../../../lib/store/db.ts";
import { clearUnfinished, countSites, whatIsHeld } from "../../../lib/store/restored_rows.ts";
import { type FileLock, lockFile } from "../../../lib/store/sqlite.ts";
import type { RestoreTrouble } from "./restore_trouble.ts";

/** An empty database that is going to be filled. */
export interface RestoreTarget {
  /** Its address while it is filled: where a snapshot for comparing is taken. */
  readonly url: string;
  /** The open database. */
  readonly db: Database;
  /** Closes it and puts it to its place: from here on it is a database of Wattpost. */
  finish(): Promise<void>;
  /** Removes what was written and closes it; throws where something is left. */
  discard(): Promise<void>;
}

/** A bulk statement of a slow disk. */
const STATEMENT_TIMEOUT_MS = 600_000;

/** Ends of the names of the files that SQLite makes beside a database. */
const BESIDE = ["", "-wal", "-shm", "-journal", ".lock"];

const SQLITE = "sqlite:";

/** Room that rows take in a database per byte of their plain text; a margin, not a measure. */
const ROOM_FACTOR = 1.5;

/** Opens the database at an address where it is empty; takes away what a killed restore left. */
export async function openTarget(
  url: string,
  { plainBytes }: {
    /** Bytes of all rows as text. */
    readonly plainBytes: number;
  },
): Promise<Result<RestoreTarget, RestoreTrouble>> {
  try {
    return url.startsWith(SQLITE)
      ? await sqliteTarget(url.slice(SQLITE.length), plainBytes)
      : await serverTarget(url);
  } catch (error) {
    return err({ kind: "database", why: wordsOf(error) });
  }
}

/** Looks whether the database at an address could be filled; changes nothing. */
export async function probeTarget(
  url: string,
  { plainBytes }: { readonly plainBytes: number },
): Promise<Result<void, RestoreTrouble>> {
  try {
    const path = url.startsWith(SQLITE) ? url.slice(SQLITE.length) : null;
    const room = path === null ? null : await lackOfRoom(dirname(path), plainBytes);
    if (room) return err(room);
    if (path !== null && !await hasBytes(path)) return ok(undefined);
    const db = await openDatabase(url);
    try {
      const { kind } = await whatIsHeld(db);
      const refused = kind === "unfinished" ? null : await refusal(db, whereOf(url));
      return refused ? err(refused) : ok(undefined);
    } finally {
      await db.close();
    }
  } catch (error) {
    return err({ kind: "database", why: wordsOf(error) });
  }
}

function whereOf(url: string): string {
  return url.startsWith(SQLITE) ? `"${url.slice(SQLITE.length)}"` : `the database at ${new URL(url).host}`;
}

/** What a driver or a disk said, on one line. */
export function wordsOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, " ").slice(0, 400);
}

async function sqliteTarget(
  path: string,
  plainBytes: number,
): Promise<Result<RestoreTarget, RestoreTrouble>> {
  const room = await lackOfRoom(dirname(path), plainBytes);
  if (room) return err(room);
  if (await hasBytes(path)) {
    const there = await openDatabase(`${SQLITE}${path}`);
    try {
      const refused = await refusal(there, whereOf(`${SQLITE}${path}`));
      if (refused) return err(refused);
    } finally {
      await there.close();
    }
  }
  // Held until it lies there, so that no release makes a database of its own meanwhile.
  const lock = once(await lockFile(path));
  const work = `${path}.restoring`;
  try {
    await removeAll(work, BESIDE);
    const db = await openDatabase(`${SQLITE}${work}`, { statementTimeoutMs: STATEMENT_TIMEOUT_MS });
    return ok({ url: `${SQLITE}${work}`, db, ...ends({ db, lock, path, work }) });
  } catch (error) {
    lock.release();
    throw error;
  }
}

function once(lock: FileLock): FileLock {
  let held = true;
  return {
    release() {
      if (held) lock.release();
      held = false;
    },
  };
}

function ends(
  { db, lock, path, work }: {
    readonly db: Database;
    readonly lock: FileLock;
    readonly path: string;
    readonly work: string;
  },
): Pick<RestoreTarget, "finish" | "discard"> {
  return {
    async finish() {
      await db.close(); // its journal goes into the file
      await syncFile(work);
      await removeAll(path, BESIDE.filter((end) => end !== ".lock"));
      await Deno.rename(work, path);
      await removeAll(work, BESIDE);
      lock.release();
    },
    async discard() {
      await db.close();
      await removeAll(work, BESIDE);
      lock.release();
    },
  };
}

async function serverTarget(url: string): Promise<Result<RestoreTarget, RestoreTrouble>> {
  const db = await openDatabase(url, { poolSize: 3, statementTimeoutMs: STATEMENT_TIMEOUT_MS });
  try {
    await clearUnfinishedOf(db);
    const refused = await refusal(db, whereOf(url));
    if (refused) {
      await db.close();
      return err(refused);
    }
  } catch (error) {
    await db.close();
    throw error;
  }
  return ok({
    url,
    db,
    finish: () => db.close(),
    async discard() {
      try {
        await clearUnfinished(db);
        // The mark goes just before the last steps: without it nothing is removed, and that must not be said.
        const left = await whatIsHeld(db);
        if (left.kind !== "nothing") throw new Error(`Cannot empty ${whereOf(url)}: it holds ${left.kind}`);
      } finally {
        await db.close();
      }
    },
  });
}

async function clearUnfinishedOf(db: Database): Promise<void> {
  if ((await whatIsHeld(db)).kind === "unfinished") await clearUnfinished(db);
}

async function refusal(db: Database, where: string): Promise<RestoreTrouble | null> {
  const held = await whatIsHeld(db);
  if (held.kind === "nothing") return null;
  const tables = held.kind === "tables" ? held.names.length : 1;
  const sites = held.kind === "tables" && held.names.includes("site") ? await countSites(db) : 0;
  return { kind: "not-empty", where, tables, sites };
}

async function lackOfRoom(folder: string, plainBytes: number): Promise<RestoreTrouble | null> {
  const needMb = Math.ceil(plainBytes * ROOM_FACTOR / 1e6);
  try {
    const { bavail, bsize } = await statfs(folder);
    const freeMb = Math.floor(bavail * bsize / 1e6);
    return freeMb < needMb ? { kind: "no-room", where: folder, freeMb, needMb } : null;
  } catch {
    return null; // The process may not ask: the disk says so itself.
  }
}

async function hasBytes(path: string): Promise<boolean> {
  return ((await Deno.stat(path).catch(() => null))?.size ?? 0) > 0;
}

async function syncFile(path: string): Promise<void> {
  using file = await Deno.open(path, { write: true });
  await file.sync();
}

async function removeAll(path: string, ends: readonly string[]): Promise<void> {
  for (const end of ends) {
    try {
      await Deno.remove(`${path}${end}`);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}
