/**
 * Work on many sites that needs no waiting, cut so that pages and sockets get their turn in between.
 *
 * @module
 */
import { piecesOf } from "../lib/store/ids.ts";
import { yieldToLoop } from "../lib/store/sqlite.ts";

/** Maps a list, so many entries at a time; the event loop turns after each piece. */
export async function inPieces<T, R>(
  list: readonly T[],
  count: number,
  map: (entry: T) => R,
): Promise<readonly R[]> {
  const done: R[] = [];
  for (const piece of piecesOf(list, count)) {
    for (const entry of piece) done.push(map(entry));
    await yieldToLoop();
  }
  return done;
}
