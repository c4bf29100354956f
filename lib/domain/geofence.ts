/**
 * Whether a router is where its site was registered. Pure. One fix proves nothing (reflections throw it some hundred
 * metres): moved is said after two usable fixes in a row outside, back after one inside.
 *
 * @module
 */

import type { HalfHour } from "./half_hour.ts";

/** A place on the earth. */
export interface Position {
  /** Degrees north, -90 to 90. */
  readonly latitude: number;
  /** Degrees east, -180 to 180. */
  readonly longitude: number;
}

/** What a router said of its place in a half-hour. */
export interface Fix extends Position {
  /** The half-hour. */
  readonly halfHour: HalfHour;
  /** Satellites in use; `null`: not said. */
  readonly satellites: number | null;
  /** Radius in metres within which it surely is; `null`: not said. */
  readonly accuracyM: number | null;
}

/** The fence of a site. */
export interface Fence {
  /** Where it was registered; `null`: nowhere. */
  readonly home: Position | null;
  /** Metres that the router may be away. */
  readonly radiusM: number;
}

/** Metres that a router may be away unless a site says otherwise. */
export const USUAL_RADIUS_M = 300;

/** Between what the radius may be, in metres: GNSS under a roof is off by some ten. */
export const RADIUS_LIMITS_M: readonly [number, number] = [50, 100_000];

/** Satellites below which a fix is not believed: three dimensions and time need four. */
export const SATELLITES_LEAST = 4;

/** Half-hours after which an old fix says nothing of now: a day. */
export const FIX_KEPT = 48;

const EARTH_M = 6_371_008.8; // mean radius, IUGG

/** Metres between two places along the earth (haversine). */
export function metresBetween(a: Position, b: Position): number {
  const rad = Math.PI / 180;
  const dLatitude = (b.latitude - a.latitude) * rad;
  const dLongitude = (b.longitude - a.longitude) * rad;
  const h = Math.sin(dLatitude / 2) ** 2 +
    Math.cos(a.latitude * rad) * Math.cos(b.latitude * rad) * Math.sin(dLongitude / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** Whether a fix can be believed: within the world, not 0,0, of four satellites, sharper than the fence is wide. */
export function isUsableFix({ latitude, longitude, satellites, accuracyM }: Fix, radiusM: number): boolean {
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return false;
  if (Math.abs(latitude) < 1e-4 && Math.abs(longitude) < 1e-4) return false;
  if (satellites !== null && satellites < SATELLITES_LEAST) return false;
  return accuracyM === null || accuracyM <= radiusM;
}

/** Out of the fence, or in again. */
export interface FenceEvent {
  /** Which. */
  readonly kind: "moved" | "returned";
  /** The half-hour of the first fix that said so. */
  readonly at: HalfHour;
  /** Metres from where the site was registered. */
  readonly distanceM: number;
}

/** Where a router is. */
export type FenceState = "at-home" | "moved" | "no-fix" | "not-registered";

/** What is known of a router's place. */
export interface FenceView {
  /** Where it is. */
  readonly state: FenceState;
  /** The newest fix that can be believed; `null`: none. */
  readonly fix: Fix | null;
  /** Metres between it and home; `null`: one of them is not known. */
  readonly distanceM: number | null;
  /** What happened, oldest first. */
  readonly events: readonly FenceEvent[];
}

/**
 * Judges the fixes of a site.
 *
 * @param fixes Oldest first.
 * @param now The newest half-hour: a fix older than a day says nothing of it.
 */
export function judgeFixes(fixes: readonly Fix[], { home, radiusM }: Fence, now: HalfHour): FenceView {
  const usable = fixes.filter((fix) => isUsableFix(fix, radiusM));
  const newest = usable.at(-1) ?? null;
  if (home === null) return { state: "not-registered", fix: newest, distanceM: null, events: [] };
  const events: FenceEvent[] = [];
  let outside: FenceEvent | null = null;
  let away = false;
  for (const fix of usable) {
    const distanceM = metresBetween(fix, home);
    if (distanceM <= radiusM) {
      if (away) events.push({ kind: "returned", at: fix.halfHour, distanceM });
      [outside, away] = [null, false];
    } else if (outside === null) outside = { kind: "moved", at: fix.halfHour, distanceM };
    else if (!away) {
      events.push({ ...outside, distanceM });
      away = true;
    }
  }
  const distanceM = newest && metresBetween(newest, home);
  const old = newest === null || newest.halfHour <= now - FIX_KEPT;
  return { state: away ? "moved" : old ? "no-fix" : "at-home", fix: newest, distanceM, events };
}
