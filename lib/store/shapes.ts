/**
 * Load shapes of counters: learned from the half-hours by the domain, kept here.
 *
 * @module
 */

import type { LoadShape } from "../domain/load_shape.ts";
import { type Database, type Executor, transaction } from "./db.ts";
import { bulkRows } from "./dialect.ts";
import { piecesOf } from "./ids.ts";

const IDS_A_STATEMENT = 1_000;
const SHAPES_A_STATEMENT = 200;

/** Keeps shapes in place of earlier ones. */
export async function saveLoadShapes(
  db: Database,
  shapes: ReadonlyMap<number, LoadShape>,
  nowMs: number,
): Promise<void> {
  const columns = ["channel_id", "peak", "shape", "updated_ms"] as const;
  for (const piece of piecesOf([...shapes], SHAPES_A_STATEMENT)) {
    await transaction(db, async (tx) => {
      const list = bulkRows(
        tx,
        { channel_id: "int", peak: "bigint", shape: "text", updated_ms: "bigint" },
        piece.map(([channelId, { peak, ...shape }]) => [channelId, peak, JSON.stringify(shape), nowMs]),
      );
      await tx.replaceInto("load_shape").columns([...columns])
        .expression(tx.selectFrom(list.as("j")).select([...columns])).execute();
    });
  }
}

/** The shapes of channels; those without one are left out. */
export function loadLoadShapes(
  db: Database,
  channelIds: readonly number[],
): Promise<ReadonlyMap<number, LoadShape>> {
  return readShapes(db.reader, channelIds);
}

/** The shapes of channels, also within a transaction; those without one are left out. */
export async function readShapes(
  db: Executor,
  channelIds: readonly number[],
): Promise<ReadonlyMap<number, LoadShape>> {
  const shapes = new Map<number, LoadShape>();
  for (const ids of piecesOf(channelIds, IDS_A_STATEMENT)) {
    const rows = await db.selectFrom("load_shape").select(["channel_id", "peak", "shape"])
      .where("channel_id", "in", ids).execute();
    for (const { channel_id, peak, shape } of rows) {
      shapes.set(channel_id, { ...JSON.parse(shape) as Omit<LoadShape, "peak">, peak });
    }
  }
  return shapes;
}

/** The usual peaks of channels in base units; those that have not learned one are left out. */
export async function loadPeaks(
  db: Database,
  channelIds: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const peaks = new Map<number, number>();
  for (const ids of piecesOf(channelIds, IDS_A_STATEMENT)) {
    const rows = await db.reader.selectFrom("load_shape").select(["channel_id", "peak"])
      .where("channel_id", "in", ids).execute();
    for (const { channel_id, peak } of rows) peaks.set(channel_id, peak);
  }
  return peaks;
}
