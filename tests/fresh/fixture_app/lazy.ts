/**
 * Loaded when it is asked for.
 *
 * @module
 */

/** Tells that it came. */
export const words = "came later";
