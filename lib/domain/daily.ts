/**
 * Quantities that are read once a day: what a device is, and what a SIM has used this month. Each site has its own
 * half-hour for them; in the others nobody expects them.
 *
 * @module
 */

import { HALF_HOURS_A_DAY, type HalfHour, indexInDay } from "./half_hour.ts";

/** The quantities that device profiles call daily, counters apart; a test compares them with all profiles. */
const DAILY_QUANTITIES: ReadonlySet<string> = new Set([
  "serial",
  "hostname",
  "imsi",
  "sim1ReceivedMonthB",
  "sim1SentMonthB",
  "sim2ReceivedMonthB",
  "sim2SentMonthB",
]);

/** Whether a quantity waits for its turn of the day. */
export function isDailyQuantity(quantity: string): boolean {
  return DAILY_QUANTITIES.has(quantity);
}

/** Whether a site's daily quantities are read in this half-hour: each site has its own hour. */
export function isDailyTurn(siteId: number, halfHour: HalfHour): boolean {
  return siteId % HALF_HOURS_A_DAY === indexInDay(halfHour);
}

/** Whether a channel of a site is expected in a half-hour: most are in each. */
export function isExpectedIn(
  { siteId, quantity }: { readonly siteId: number; readonly quantity: string },
  halfHour: HalfHour,
): boolean {
  return !isDailyQuantity(quantity) || isDailyTurn(siteId, halfHour);
}
