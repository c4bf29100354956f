/**
 * Signs the state of the audit trail each minute while the product runs and once more when it stops, and takes it out
 * of the database: into the log and into a file of bounded length.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { type Checkpoint, newestCheckpoint, signCheckpoint } from "./checkpoints.ts";
import type { Database } from "./db.ts";
import type { CheckpointSigner } from "./keys.ts";

/** The name of the file in the data folder. */
export const CHECKPOINT_FILE = "audit-checkpoints.jsonl";

/** Milliseconds between two looks at the trail. */
export const CHECKPOINT_MS = 60_000;

/** States that the file keeps, the newest: at one a minute a week, in practice months. */
export const CHECKPOINTS_KEPT = 10_000;

/** Bytes after which the file is written anew with the newest half of what it may keep; a line has some 250. */
const FILE_BYTES_MAX = CHECKPOINTS_KEPT * 300;

/** What the keeper works with. */
export interface KeeperOptions {
  /** The trail. */
  readonly db: Database;
  /** Signs. */
  readonly signer: CheckpointSigner;
  /** The time. */
  readonly clock: Clock;
  /** Takes each state. */
  readonly log: Log;
  /** The file that takes each state. */
  readonly path: string;
}

/** Keeps until it is closed. */
export interface CheckpointKeeper {
  /** Signs once more and ends. */
  close(): Promise<void>;
}

/** Starts it. A database that is away is met again a minute later. */
export function keepCheckpoints(options: KeeperOptions): CheckpointKeeper {
  const { clock, log, db, signer, path } = options;
  const stopping = new AbortController();
  let after: number | null = null;
  const look = async () => {
    try {
      after ??= await newestCheckpoint(db);
      const signed = await signCheckpoint(db, signer, { after, nowMs: clock.nowMs() });
      if (!signed) return;
      after = signed.seq;
      // Under "hash" the log would mask it.
      const { hash: head, ...rest } = signed;
      log.info("Audit checkpoint", { head, ...rest });
      await appendCheckpoint(path, signed);
    } catch (error) {
      log.warn("Cannot keep a checkpoint of the audit trail", { error });
    }
  };
  const run = async () => {
    while (!stopping.signal.aborted) {
      await look();
      await clock.sleep(CHECKPOINT_MS, stopping.signal);
    }
    await look();
  };
  const running = run();
  return {
    async close() {
      stopping.abort();
      await running;
    },
  };
}

/** Appends a state to the file; one that has grown too long is written anew with its newest lines. */
export async function appendCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  await Deno.writeTextFile(path, `${JSON.stringify(checkpoint)}\n`, { append: true, mode: 0o600 });
  if ((await Deno.stat(path)).size <= FILE_BYTES_MAX) return;
  const lines = (await Deno.readTextFile(path)).trimEnd().split("\n");
  await Deno.writeTextFile(`${path}.new`, `${lines.slice(-CHECKPOINTS_KEPT).join("\n")}\n`, { mode: 0o600 });
  await Deno.rename(`${path}.new`, path);
}
