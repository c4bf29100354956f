/**
 * Which half-hours of a site are under way in this process. Two cycles may overlap; what is stored of a site goes
 * by its half-hours in order, because each amount starts where the one before ended.
 *
 * @module
 */
import type { HalfHour } from "../lib/domain/half_hour.ts";

/** Half-hours under way by site. */
export interface Flights {
  /** Notes that a site's half-hour was claimed; each claim ends for itself. */
  begin(siteId: number, halfHour: HalfHour): void;
  /** Notes that it was stored or given up. */
  end(siteId: number, halfHour: HalfHour): void;
  /** Whether the site's half-hour is under way. */
  has(siteId: number, halfHour: HalfHour): boolean;
  /** Whether an earlier half-hour of the site is still under way. */
  waits(siteId: number, halfHour: HalfHour): boolean;
}

/** Starts with nothing under way. */
export function createFlights(): Flights {
  const bySite = new Map<number, readonly HalfHour[]>();
  const of = (siteId: number) => bySite.get(siteId) ?? [];
  return {
    begin: (siteId, halfHour) => void bySite.set(siteId, [...of(siteId), halfHour]),
    end(siteId, halfHour) {
      const all = of(siteId);
      const at = all.indexOf(halfHour);
      const rest = all.filter((_, i) => i !== at);
      if (rest.length === 0) bySite.delete(siteId);
      else bySite.set(siteId, rest);
    },
    has: (siteId, halfHour) => of(siteId).includes(halfHour),
    waits: (siteId, halfHour) => of(siteId).some((other) => other < halfHour),
  };
}
