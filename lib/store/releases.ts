/**
 * Which release works. One row names it; only processes of that release claim, deliver and migrate. Another one
 * takes over when there is none or when its heartbeat is two minutes old.
 *
 * @module
 */

import { type RawBuilder, sql } from "kysely";
import { type Database, type Executor, transaction } from "./db.ts";
import { exclusiveLock, insertMissing, sharedLock } from "./dialect.ts";

/** What a heartbeat learns. */
export interface ReleaseHold {
  /** Whether the asking release is the one that works. */
  readonly promoted: boolean;
  /** The release that works. */
  readonly release: string;
}

/** Who asks. */
export interface ReleaseRequest {
  /** Name of the release, 1 to 64 characters. */
  readonly release: string;
  /** Of the process. */
  readonly token: string;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** A heartbeat older than this is a dead one's, in milliseconds. */
export const HEARTBEAT_MS = 120_000;

/** Several processes of one release beat in turn; a heartbeat younger than this is not written again, in ms. */
const BEAT_MS = 5_000;

const EMPTY = { release_id: 1, release_name: "", token: "", heartbeat_ms: 0 };

/** Beats for a release, and takes over when nobody works. */
export async function holdRelease(db: Database, request: ReleaseRequest): Promise<ReleaseHold> {
  const { release, token, nowMs } = request;
  const seen = await activeRelease(db.kysely);
  if (!seen) await insertMissing(db.kysely, "active_release", EMPTY);
  else if (seen.release !== release && seen.heartbeatMs > nowMs - HEARTBEAT_MS) {
    return { promoted: false, release: seen.release };
  } else if (seen.release === release && seen.token === token && seen.heartbeatMs > nowMs - BEAT_MS) {
    return { promoted: true, release };
  }
  return await transaction(db, async (tx) => {
    const now = await activeRelease(tx, true);
    const free = !now || now.heartbeatMs <= nowMs - HEARTBEAT_MS;
    if (now && now.release !== release && !free) return { promoted: false, release: now.release };
    await write(tx, request);
    return { promoted: true, release };
  });
}

/** Makes a release the one that works, whoever worked before: the switch, and the switch back. */
export async function promoteRelease(db: Database, request: ReleaseRequest): Promise<void> {
  await insertMissing(db.kysely, "active_release", EMPTY);
  await transaction(db, (tx) => write(tx, request));
}

/** Ends the heartbeat of a process that drains, so that another may take over at once. A promoted release whose
 * heartbeat another of its processes took over stays. */
export async function releaseHold(
  db: Database,
  { release, token }: Omit<ReleaseRequest, "nowMs">,
): Promise<void> {
  await db.kysely.updateTable("active_release").set({ heartbeat_ms: 0 }).where("release_id", "=", 1)
    .where("release_name", "=", release).where("token", "=", token).execute();
}

/**
 * For `where`: whether a release is the one that works, asked inside the very statement that claims something. The
 * row is locked as long as the statement takes, so that a claim is made before a switch or not at all.
 */
export function isWorking(db: Executor, release: string): RawBuilder<boolean> {
  return sql<boolean>`exists (select 1 from active_release where release_id = 1
    and release_name = ${release} ${sharedLock(db)})`;
}

/** The release that works now, whoever asks; `null`: none was ever promoted. */
export async function workingRelease(db: Database): Promise<string | null> {
  return (await activeRelease(db.kysely))?.release || null;
}

interface ActiveRelease {
  readonly release: string;
  readonly token: string;
  readonly heartbeatMs: number;
}

async function activeRelease(db: Executor, locked = false): Promise<ActiveRelease | null> {
  const row = await db.selectFrom("active_release").select(["release_name", "token", "heartbeat_ms"])
    .where("release_id", "=", 1).$if(locked, (q) => q.modifyEnd(exclusiveLock(db))).executeTakeFirst();
  return row ? { release: row.release_name, token: row.token, heartbeatMs: row.heartbeat_ms } : null;
}

async function write(tx: Executor, { release, token, nowMs }: ReleaseRequest): Promise<void> {
  await tx.updateTable("active_release").set({ release_name: release, token, heartbeat_ms: nowMs })
    .where("release_id", "=", 1).execute();
}
