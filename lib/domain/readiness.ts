/**
 * How ready a site is while it is registered: what is missing, and what it would bring. Pure.
 *
 * @module
 */

import { type Registration, type StepName, testOf } from "./registration.ts";

/** Something that is missing and would be worth having. */
export interface Missing {
  /** Where it is given. */
  readonly step: StepName;
  /** What is missing, a few words. */
  readonly what: string;
  /** What it would bring, a sentence without full stop. */
  readonly brings: string;
  /** Points of 100. */
  readonly points: number;
}

/** How ready a site is: 100 points when nothing is missing. */
export interface Readiness {
  /** 0 to 100. */
  readonly score: number;
  /** What is missing, what brings most first. */
  readonly missing: readonly Missing[];
}

interface Wish extends Missing {
  readonly there: boolean;
}

/** Judges how ready a site is. */
export function readinessOf(registration: Registration): Readiness {
  const missing = wishesOf(registration).filter(({ there }) => !there).map(({ there: _, ...one }) => one);
  const lost = missing.reduce((sum, { points }) => sum + points, 0);
  return { score: 100 - lost, missing: missing.toSorted((one, other) => other.points - one.points) };
}

/** What would be worth having; the points of all make 100. */
function wishesOf(registration: Registration): readonly Wish[] {
  return [...deviceWishes(registration), ...siteWishes(registration)];
}

function deviceWishes(registration: Registration): readonly Wish[] {
  const { devices } = registration;
  const untested = devices.filter((device) => testOf(registration, device)?.state !== "good").length;
  return [
    {
      points: 25,
      step: "devices",
      what: "A device",
      brings: "Without one nothing is metered",
      there: devices.length > 0,
    },
    {
      points: 20,
      step: "devices",
      what: untested > 1 ? `Good tests of ${untested} devices` : "A good test of every device",
      brings: "Wrong offsets and word orders are found before half-hours are spoilt",
      there: devices.length > 0 && untested === 0,
    },
    {
      points: 10,
      step: "devices",
      what: "A meter of the whole site",
      brings: "What no other meter sees is shown as the rest",
      there: devices.some(({ wholeSite }) => wholeSite),
    },
    {
      points: 5,
      step: "devices",
      what: "Serial numbers",
      brings: "A meter that was replaced is noticed",
      there: devices.length > 0 && devices.every(({ serial }) => serial !== null),
    },
  ];
}

function siteWishes({ site, router, hours }: Registration): readonly Wish[] {
  return [
    {
      points: 10,
      step: "hours",
      what: "Operating hours",
      brings: "Use out of hours is told apart from use in hours",
      there: hours !== null,
    },
    {
      points: 8,
      step: "router",
      what: "A second way in",
      brings: "A failed SIM does not cost readings",
      there: (router?.paths.length ?? 0) > 1,
    },
    {
      points: 7,
      step: "router",
      what: "The router's profile",
      brings: "Signal, SIM and WAN are read each half-hour",
      there: router?.profileId != null,
    },
    {
      points: 5,
      step: "router",
      what: "The SIM's allowance",
      brings: "The month's data can be watched against it",
      there: router?.sim.allowanceMB != null,
    },
    {
      points: 5,
      step: "site",
      what: "A position",
      brings: "A router that is carried away is noticed",
      there: site?.latitude != null && site.longitude != null,
    },
    {
      points: 5,
      step: "site",
      what: "Somebody to call",
      brings: "Whoever is on duty knows whom to ring",
      there: (site?.contacts.length ?? 0) > 0,
    },
  ];
}
