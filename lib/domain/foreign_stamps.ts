/**
 * Time stamps of other people's load profiles: read as they state them, told apart from what clocks never showed or
 * showed twice, and brought to instants. Pure.
 *
 * @module
 */

import { err, ok, type Result } from "../result.ts";
import { isLocalDate, offsetRules } from "./local_day.ts";

/** Which clock wrote the stamps: UTC; the zone's standard time all year round; the clock on the wall. */
export type StampClock = "utc" | "standard" | "local";

/** How stamps are meant. */
export interface StampStatement {
  /** Whether a stamp says when its period began or when it ended. */
  readonly stamp: "start" | "end";
  /** Which clock wrote them. */
  readonly clock: StampClock;
  /** The site's zone. */
  readonly zone: string;
}

/** A stamp as it stands in a file. */
export interface WrittenStamp {
  /** Milliseconds of the date and time as if they were UTC. */
  readonly wallMs: number;
  /** Milliseconds to add to UTC, where the stamp says so itself; `null`: it does not. */
  readonly offsetMs: number | null;
}

/** What is expected of a stamp, for people. */
export const STAMP_EXPECTED = "2026-03-29 00:30 or 29/03/2026 00:30";

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;

const YEAR_FIRST = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::00(?:\.0+)?)?(Z|[+-]\d{2}:\d{2})?$/;
const DAY_FIRST = /^(\d{2})[/.](\d{2})[/.](\d{4}) (\d{2}):(\d{2})(?::00)?()$/;

/** Reads a stamp; day, month and year with slashes or points are taken in this order. `24:00` is the next midnight. */
export function readStamp(text: string): WrittenStamp | null {
  const iso = YEAR_FIRST.exec(text);
  const [, first = "", month = "", last = "", hour = "", minute = "", zone = ""] = iso ??
    DAY_FIRST.exec(text) ?? [];
  const date = iso ? `${first}-${month}-${last}` : `${last}-${month}-${first}`;
  if (!isLocalDate(date)) return null;
  const [h, m] = [Number(hour), Number(minute)];
  if (m > 59 || h > 24 || (h === 24 && m > 0)) return null;
  return { wallMs: Date.parse(`${date}T00:00:00Z`) + (h * 60 + m) * MINUTE_MS, offsetMs: offsetOf(zone) };
}

function offsetOf(zone: string): number | null {
  if (zone === "") return null;
  if (zone === "Z") return 0;
  const [hours = 0, minutes = 0] = zone.slice(1).split(":").map(Number);
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * MINUTE_MS;
}

/** The offset that a zone has when its clocks are not put forward: the smallest of the year of an instant. */
export function standardOffsetMs(zone: string, instantMs: number): number {
  const yearMs = 365 * DAY_MS;
  const rules = offsetRules(zone);
  const near = rules.filter(({ fromMs }, i) => {
    const untilMs = rules[i + 1]?.fromMs ?? Infinity;
    return untilMs > instantMs - yearMs / 2 && fromMs < instantMs + yearMs / 2;
  });
  return Math.min(...near.map(({ offsetMs }) => offsetMs));
}

/**
 * The instants that a stamp of a wall clock can mean, earliest first: none in an hour that was skipped, two in one
 * that came twice. An end may be told by the clock that ran until then: 01:00 and 02:00 are the same moment where
 * clocks go forward at 01:00.
 */
export function instantsOf(wallMs: number, { zone, stamp }: StampStatement): readonly number[] {
  const rules = offsetRules(zone);
  const found = new Set<number>();
  for (const [i, { fromMs, offsetMs }] of rules.entries()) {
    const instantMs = wallMs - offsetMs;
    const untilMs = rules[i + 1]?.fromMs ?? Infinity;
    const begun = i === 0 || instantMs >= fromMs;
    if (begun && (instantMs < untilMs || (stamp === "end" && instantMs === untilMs))) found.add(instantMs);
  }
  return [...found].sort((one, other) => one - other);
}

/** Milliseconds that a zone is ahead of UTC at an instant. */
export function offsetAtMs(zone: string, instantMs: number): number {
  const rules = offsetRules(zone);
  return (rules.findLast(({ fromMs }) => fromMs <= instantMs) ?? rules[0])?.offsetMs ?? 0;
}

/** Why a stamp has no place. */
export type StampTrouble =
  /** Clocks were put forward over it. */
  | "skipped"
  /** It comes before the one above it, or says the same. */
  | "not-after"
  /** It is no whole number of periods after midnight UTC. */
  | "off-period";

/** What an instant is found by. */
export interface StampPlace {
  /** The instant of the stamp before, in epoch milliseconds; `null`: it is the first. */
  readonly beforeMs: number | null;
  /** Milliseconds of a period. */
  readonly periodMs: number;
}

/**
 * The instant of a stamp, in epoch milliseconds. Where the wall clock showed it twice, the one that follows best on
 * the stamp before: the next period if it can be, else the first that comes after it.
 */
export function placeStamp(
  { wallMs, offsetMs }: WrittenStamp,
  statement: StampStatement,
  { beforeMs, periodMs }: StampPlace,
): Result<number, StampTrouble> {
  const all = meaningsOf({ wallMs, offsetMs }, statement);
  if (all.length === 0) return err("skipped");
  const later = beforeMs === null ? all : all.filter((instantMs) => instantMs > beforeMs);
  const [first] = later;
  if (first === undefined) return err("not-after");
  const next = beforeMs === null ? first : later.find((instantMs) => instantMs === beforeMs + periodMs);
  const instantMs = next ?? first;
  return instantMs % periodMs === 0 ? ok(instantMs) : err("off-period");
}

/** The instants that a stamp can mean, earliest first: two where the clock showed it twice and it says no offset. */
export function meaningsOf({ wallMs, offsetMs }: WrittenStamp, statement: StampStatement): readonly number[] {
  if (offsetMs !== null) return [wallMs - offsetMs];
  switch (statement.clock) {
    case "utc":
      return [wallMs];
    case "standard":
      return [wallMs - standardOffsetMs(statement.zone, wallMs)];
    case "local":
      return instantsOf(wallMs, statement);
  }
}
