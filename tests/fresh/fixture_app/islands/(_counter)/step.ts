/**
 * Part of an island, none itself.
 *
 * @module
 */

/** How far one click counts. */
export function step(): number {
  return 1;
}
