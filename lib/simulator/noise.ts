/**
 * Chance that is the same every time: the simulator must say today what it said yesterday about last week, so
 * each number is a hash of a seed and a place.
 *
 * @module
 */

/** A number from 0 up to 1, the same for the same seed and index. */
export function chance(seed: number, index: number): number {
  let h = (Math.imul(seed | 0, 0x9e3779b1) ^ Math.imul(index | 0, 0x85ebca6b)) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}

/** A number from `low` up to `high`, the same for the same seed and index. */
export function between(seed: number, index: number, range: readonly [number, number]): number {
  return range[0] + (range[1] - range[0]) * chance(seed, index);
}

/** A curve from -1 to 1 that passes smoothly from one whole number to the next. */
export function drift(seed: number, x: number): number {
  const i = Math.floor(x);
  const u = x - i;
  const eased = u * u * (3 - 2 * u);
  return (chance(seed, i) * (1 - eased) + chance(seed, i + 1) * eased) * 2 - 1;
}

/** One of the things, the same for the same seed and index. */
export function pick<T>(things: readonly [T, ...T[]], seed: number, index: number): T {
  return things[Math.floor(chance(seed, index) * things.length)] ?? things[0];
}
