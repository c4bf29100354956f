/**
 * Where the plot of a load lies, for the server's drawing and the island's alike, so that nothing moves when one
 * takes over from the other.
 *
 * @module
 */

/** Pixels above the plot, of the plot and below it. */
export const LOAD_FRAME = { topPx: 32, heightPx: 312, bottomPx: 30 } as const;
