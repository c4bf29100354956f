/**
 * Half-hours: 30 minutes from :00 or :30 UTC, named by their start and counted from the epoch, so that they are
 * whole numbers that never repeat, never skip and fit 32 bits.
 *
 * @module
 */

/** Whole half-hours since 1970-01-01T00:00Z; half-hour `h` runs from `h * 1800` s to `(h + 1) * 1800` s. */
export type HalfHour = number;

/** Whole UTC days since 1970-01-01; a UTC day always has 48 half-hours. */
export type UtcDay = number;

/** Seconds in a half-hour. */
export const HALF_HOUR_S = 1800;

/** Milliseconds in a half-hour. */
export const HALF_HOUR_MS = 1_800_000;

/** Half-hours in a UTC day. */
export const HALF_HOURS_A_DAY = 48;

/** The half-hour that holds the instant. */
export function halfHourOf(instantMs: number): HalfHour {
  return Math.floor(instantMs / HALF_HOUR_MS);
}

/** Epoch milliseconds at which the half-hour starts. */
export function startMsOf(halfHour: HalfHour): number {
  return halfHour * HALF_HOUR_MS;
}

/** Epoch milliseconds of the boundary that closes the half-hour. */
export function endMsOf(halfHour: HalfHour): number {
  return (halfHour + 1) * HALF_HOUR_MS;
}

/** Epoch seconds of the boundary that closes the half-hour. */
export function endSOf(halfHour: HalfHour): number {
  return (halfHour + 1) * HALF_HOUR_S;
}

/** The newest half-hour that is over at the instant: the one whose reading is due. */
export function closedHalfHourAt(instantMs: number): HalfHour {
  return halfHourOf(instantMs) - 1;
}

/** The UTC day in which the half-hour starts. */
export function utcDayOf(halfHour: HalfHour): UtcDay {
  return Math.floor(halfHour / HALF_HOURS_A_DAY);
}

/** The first of the 48 half-hours of a UTC day. */
export function firstHalfHourOf(day: UtcDay): HalfHour {
  return day * HALF_HOURS_A_DAY;
}

/** Place of the half-hour in its UTC day, 0 to 47. */
export function indexInDay(halfHour: HalfHour): number {
  return halfHour - firstHalfHourOf(utcDayOf(halfHour));
}
