/**
 * What a router's own registers tell from one reading to the next: it restarted, its SIM or operator is another one,
 * it lost the mobile network. Pure. Only readings are compared, so what happened between two of them is dated by the
 * later.
 *
 * @module
 */

import type { HalfHour } from "./half_hour.ts";
import { type Registration, registrationOf } from "./link.ts";

/** A reading of a router; `null` where a value was not read or the router does not have it. */
export interface RouterReading {
  /** The half-hour. */
  readonly halfHour: HalfHour;
  /** Epoch seconds of the boundary at which it was due. */
  readonly atS: number;
  /** Seconds since it started. */
  readonly uptimeS: number | null;
  /** Registration with the mobile network, as it words it. */
  readonly registration: string | null;
  /** The mobile network. */
  readonly operator: string | null;
  /** SIM in use, 1 or 2. */
  readonly simSlot: number | null;
  /** Identity of the subscriber of the SIM in use. */
  readonly imsi: string | null;
}

/** One thing to tell. */
export type RouterEvent =
  | {
    readonly kind: "restarted";
    /** The half-hour of the reading that shows it; of several the first. */
    readonly at: HalfHour;
    /** Epoch seconds at which it started, of several the last. */
    readonly startedS: number;
    /** How often, more than once only where they are told as one. */
    readonly times: number;
  }
  | {
    /** Another SIM in the same slot. */
    readonly kind: "sim-changed";
    /** The half-hour. */
    readonly at: HalfHour;
    /** The last four digits of the identity before and after. */
    readonly from: string;
    /** After. */
    readonly to: string;
  }
  | {
    /** The other slot is in use. */
    readonly kind: "sim-slot";
    /** The half-hour. */
    readonly at: HalfHour;
    /** The slot before. */
    readonly from: number;
    /** The slot now. */
    readonly to: number;
  }
  | {
    /** Another mobile network; with another SIM this is told by that. */
    readonly kind: "operator";
    /** The half-hour. */
    readonly at: HalfHour;
    /** The network before. */
    readonly from: string;
    /** The network now. */
    readonly to: string;
    /** Whether the router says it roams now. */
    readonly roaming: boolean;
  }
  | {
    /** The mobile network was lost, found again, or is a foreign one now. */
    readonly kind: "registration";
    /** The half-hour. */
    readonly at: HalfHour;
    /** Before. */
    readonly from: Registration;
    /** Now. */
    readonly to: Registration;
  };

/**
 * Seconds by which two computed starts may differ: what is kept of a reading is its half-hour, and retries end 25 min
 * after the boundary.
 */
const START_SLACK_S = 1_560;

/** Restarts a day above which they are told as one. */
export const RESTARTS_ABOVE = 4;

/** The events among readings, oldest first. */
export function routerEvents(
  readings: readonly RouterReading[],
  dayOf: (halfHour: HalfHour) => string,
): readonly RouterEvent[] {
  const events: RouterEvent[] = [];
  let before: Known = {
    uptimeS: null,
    startedS: null,
    registration: "unknown",
    operator: null,
    slot: null,
    imsis: new Map(),
  };
  for (const reading of readings) {
    const now = knownOf(reading, before);
    events.push(...differences(reading, before, now));
    before = now;
  }
  return joinRestarts(events, dayOf);
}

/** What was said last of each. */
interface Known {
  readonly uptimeS: number | null;
  readonly startedS: number | null;
  readonly registration: Registration;
  readonly operator: string | null;
  readonly slot: number | null;
  /** The identity seen in each slot; slot 0: the router does not say which. */
  readonly imsis: ReadonlyMap<number, string>;
}

function knownOf(
  { atS, uptimeS, registration, operator, simSlot, imsi }: RouterReading,
  before: Known,
): Known {
  const up = uptimeS !== null && uptimeS >= 0;
  const said = registrationOf(registration);
  const slot = simSlot === 1 || simSlot === 2 ? simSlot : before.slot;
  const digits = imsi !== null && /^\d{6,15}$/.test(imsi.trim()) ? imsi.trim() : null;
  return {
    uptimeS: up ? uptimeS : before.uptimeS,
    startedS: up ? atS - uptimeS : before.startedS,
    registration: said === "unknown" ? before.registration : said,
    operator: operator?.trim() || before.operator,
    slot,
    imsis: digits === null ? before.imsis : new Map([...before.imsis, [slot ?? 0, digits]]),
  };
}

function differences({ halfHour: at }: RouterReading, before: Known, now: Known): readonly RouterEvent[] {
  const events: RouterEvent[] = [];
  if (hasRestarted(before, now)) {
    events.push({ kind: "restarted", at, startedS: now.startedS ?? 0, times: 1 });
  }
  const place = now.slot ?? 0;
  const [oldSim, newSim] = [before.imsis.get(place), now.imsis.get(place)];
  const swapped = oldSim !== undefined && newSim !== undefined && oldSim !== newSim;
  if (swapped) events.push({ kind: "sim-changed", at, from: oldSim.slice(-4), to: newSim.slice(-4) });
  const turned = before.slot !== null && now.slot !== null && before.slot !== now.slot;
  if (turned) events.push({ kind: "sim-slot", at, from: before.slot, to: now.slot });
  if (
    before.operator !== null && now.operator !== null && before.operator !== now.operator && !swapped &&
    !turned
  ) {
    const roaming = now.registration === "roaming";
    events.push({ kind: "operator", at, from: before.operator, to: now.operator, roaming });
  }
  if (before.registration !== "unknown" && before.registration !== now.registration) {
    events.push({ kind: "registration", at, from: before.registration, to: now.registration });
  }
  return events;
}

/** It runs for less than before, or began so much later that a late reading does not explain it. */
function hasRestarted(before: Known, now: Known): boolean {
  if (before.uptimeS === null || now.uptimeS === null) return false;
  return now.uptimeS < before.uptimeS || (now.startedS ?? 0) > (before.startedS ?? 0) + START_SLACK_S;
}

function joinRestarts(
  events: readonly RouterEvent[],
  dayOf: (halfHour: HalfHour) => string,
): readonly RouterEvent[] {
  const restarts = events.flatMap((event) => event.kind === "restarted" ? [event] : []);
  const many = new Set(
    [...Map.groupBy(restarts, ({ at }) => dayOf(at))].filter(([, own]) => own.length > RESTARTS_ABOVE)
      .map(([day]) => day),
  );
  return events.flatMap((event): readonly RouterEvent[] => {
    if (event.kind !== "restarted" || !many.has(dayOf(event.at))) return [event];
    const own = restarts.filter(({ at }) => dayOf(at) === dayOf(event.at));
    if (own[0] !== event) return [];
    return [{ ...event, startedS: own.at(-1)?.startedS ?? event.startedS, times: own.length }];
  });
}
