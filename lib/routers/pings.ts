/**
 * How often a path may be checked by ping without eating the data of its SIM.
 *
 * The cost of one ping follows from metering.md 9: pings every 3 s are 147 MB a month. In a month of 30.44 days there
 * are 876,600 of them, so one is 168 bytes: 84 sent (IPv4 20, ICMP 8, 56 of data) and 84 that come back.
 *
 * @module
 */

/** Bytes of one ping and its answer. */
export const PING_BYTES = 168;

/** Seconds of a month: a twelfth of a year of 365.25 days. */
export const MONTH_S = 2_629_800;

/** Part of the allowance that checks may take. */
export const CHECKS_SHARE = 0.05;

/** Where no allowance is registered, in seconds: 7.4 MB a month. */
export const UNKNOWN_ALLOWANCE_INTERVAL_S = 60;

/** Where data costs nothing, in seconds; oftener brings nothing to half-hours. */
export const FREE_INTERVAL_S = 10;

/** Intervals that are offered, in seconds. */
const INTERVALS_S = [10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 600, 900, 1_800, 3_600] as const;

/** Bytes of asking a time server and its answer: 76 each way (IPv4 20, UDP 8, NTP 48). */
const CLOCK_BYTES = 152;

/** Seconds between two questions to a time server once the clock runs; RutOS asks far less often. */
const CLOCK_INTERVAL_S = 1_024;

/** MB a month that the clock takes at most, with the two time servers of our files. */
export const CLOCK_MONTH_MB: number = 2 * MONTH_S / CLOCK_INTERVAL_S * CLOCK_BYTES / 1e6;

/** How often a SIM's path is checked. */
export interface PingBudget {
  /** Seconds between two pings; `null`: the allowance is too small for any check. */
  readonly intervalS: number | null;
  /** What they take a month, in MB of 1,000,000 bytes. */
  readonly monthMb: number;
  /** The allowance by which it was chosen, MB a month; `null`: not registered. */
  readonly allowanceMb: number | null;
}

/** MB a month that pings at an interval take. */
export function monthMbOf(intervalS: number): number {
  return MONTH_S / intervalS * PING_BYTES / 1e6;
}

/** The shortest interval whose pings, with the clock, stay below 5 % of an allowance in MB a month; `null`: not registered. */
export function pingBudgetOf(allowanceMb: number | null): PingBudget {
  if (allowanceMb === null) {
    const intervalS = UNKNOWN_ALLOWANCE_INTERVAL_S;
    return { intervalS, monthMb: monthMbOf(intervalS), allowanceMb };
  }
  const intervalS =
    INTERVALS_S.find((each) => monthMbOf(each) + CLOCK_MONTH_MB < allowanceMb * CHECKS_SHARE) ??
      null;
  return { intervalS, monthMb: intervalS === null ? 0 : monthMbOf(intervalS), allowanceMb };
}
