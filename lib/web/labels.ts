/**
 * Words for instants where no site's zone applies.
 *
 * @module
 */

/** `10:47:02 UTC` of an instant in epoch milliseconds. */
export function utcTimeLabel(instantMs: number): string {
  return `${new Date(instantMs).toISOString().slice(11, 19)} UTC`;
}
