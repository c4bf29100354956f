/**
 * Gives out ids in blocks, so that the channels of a site are neighbours and bulk inserts know their ids.
 *
 * @module
 */

import { sql } from "kysely";
import { type Database, type Executor, transaction } from "./db.ts";

/** What has ids of its own. */
export type IdKind =
  | "site"
  | "path"
  | "endpoint"
  | "meter"
  | "channel"
  | "series"
  | "user"
  | "group"
  | "token"
  | "draft"
  | "import"
  | "register-map"
  | "vpn";

/** Takes `count` neighbouring ids within a transaction; the first of them. Whoever takes some waits for it. */
export async function takeIds(tx: Executor, kind: IdKind, count: number): Promise<number> {
  await tx.updateTable("allocation").set({ next_id: sql`next_id + ${count}` }).where("kind", "=", kind)
    .execute();
  const { next_id } = await tx.selectFrom("allocation").select("next_id").where("kind", "=", kind)
    .executeTakeFirstOrThrow();
  return next_id - count;
}

/** Takes ids in a transaction of their own, so that nobody waits long for them; unused ones are lost. */
export function reserveIds(db: Database, kind: IdKind, count: number): Promise<number> {
  return transaction(db, (tx) => takeIds(tx, kind, count));
}

/** A list cut into pieces of at most `size`. */
export function piecesOf<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  const pieces: T[][] = [];
  for (let at = 0; at < list.length; at += size) pieces.push(list.slice(at, at + size));
  return pieces;
}
