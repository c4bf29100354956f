/**
 * What the parts of a site's page are made from, for their tests: a site in London with a whole-site meter, to be
 * changed by the case. A router and a heating meter stand there too.
 *
 * @module
 */

import type { Channel } from "../../../../lib/domain/channel.ts";
import { type HalfHour, halfHourOf, startMsOf } from "../../../../lib/domain/half_hour.ts";
import type { HalfHourOutcome } from "../../../../lib/domain/overview.ts";
import type { Meter, Site, SitePlan } from "../../../../lib/domain/site.ts";
import { siteTotals } from "../../../../lib/domain/usage.ts";
import type { ReadingRow } from "../../../../lib/domain/visit.ts";
import type { ChannelHalfHours } from "../../../../lib/store/half_hours.ts";
import type { SiteFacts } from "../../../../lib/web/pages/site_view.ts";

/** The newest half-hour that is over: 10:00 to 10:30 on Wednesday, 25 November 2026. */
export const DUE: HalfHour = halfHourOf(Date.UTC(2026, 10, 25, 10));

/** Since when the site is registered unless a case says otherwise: 60 days. */
export const SINCE: HalfHour = DUE - 60 * 48;

/** Ten minutes after the boundary. */
export const NOW_MS = startMsOf(DUE + 1) + 600_000;

const SITE: Site = {
  id: 7,
  name: "Bakery",
  town: "Leeds",
  zone: "Europe/London",
  latitude: null,
  longitude: null,
  hours: null,
  collected: true,
};

/** A meter; its id, unit and channel are the same number. */
export function meterOf(id: number, name: string, changed: Partial<Meter> = {}): Meter {
  return {
    id,
    endpointId: 1,
    unitId: id,
    profileId: "test-meter",
    name,
    endUse: "heating",
    wholeSite: false,
    maxPowerW: null,
    transformer: null,
    ...changed,
  };
}

function channelOf(meter: Meter): Channel {
  const { id } = meter;
  const dated = { since: SINCE, until: null };
  return {
    id,
    siteId: 7,
    meterId: id,
    quantity: "importWh",
    kind: "counter",
    unit: "Wh",
    decimals: 0,
    ...dated,
  };
}

/** Half-hours of a channel that end with the newest one. */
export function halfHoursOf(
  channelId: number,
  amounts: readonly (number | null)[],
  changed: Partial<ChannelHalfHours> = {},
): ChannelHalfHours {
  return {
    channelId,
    from: DUE + 1 - amounts.length,
    amounts,
    quality: amounts.map((amount) => amount === null ? "x" : "m").join(""),
    reasons: [],
    ...changed,
  };
}

/** A newest reading. */
export function readingOf(
  channelId: number,
  halfHour: HalfHour,
  changed: Partial<ReadingRow> = {},
): ReadingRow {
  return {
    halfHour,
    channelId,
    words: "00000001",
    readS: 5,
    profileVersion: 1,
    value: 1_000,
    boundary: 1_000,
    amount: 100,
    quality: "measured",
    readingReason: null,
    amountReason: null,
    ...changed,
  };
}

/** How half-hours ended, the last one the newest: letters as the ledger has them, the rank after a backup. */
export function outcomesOf(
  letters: string,
  reason: HalfHourOutcome["reason"] = null,
): readonly HalfHourOutcome[] {
  const states = { c: "complete", b: "complete", p: "partial", f: "failed", o: "open" } as const;
  return [...letters].flatMap((letter, index): readonly HalfHourOutcome[] => {
    const state = letter in states ? states[letter as keyof typeof states] : null;
    if (state === null) return [];
    const failed = state === "failed";
    const pathRank = failed || state === "open" ? null : letter === "b" ? 1 : 0;
    return [{ halfHour: DUE + 1 - letters.length + index, state, reason: failed ? reason : null, pathRank }];
  });
}

/** What a case changes. */
export interface FactsChange extends Partial<Omit<SiteFacts, "plan" | "energy">> {
  /** Its meters; the router is one of profile `router`. */
  readonly meters?: readonly Meter[];
  /** Half-hours of the first meters. */
  readonly channels?: readonly ChannelHalfHours[];
  /** The site itself. */
  readonly site?: Partial<Site>;
  /** Parts of the plan. */
  readonly plan?: Partial<SitePlan>;
}

/** The facts of a site. */
export function factsOf({ meters, channels, site, plan, ...changed }: FactsChange = {}): SiteFacts {
  const own = meters ?? [meterOf(1, "Main", { endUse: null, wholeSite: true })];
  const halfHours = channels ?? [];
  const energyMeters = own.slice(0, halfHours.length).map((meter) => ({ meter, channel: channelOf(meter) }));
  const loads = energyMeters.flatMap(({ meter }, i) => {
    const history = halfHours[i];
    return history ? [{ endUse: meter.endUse, wholeSite: meter.wholeSite, history }] : [];
  });
  const from = Math.min(...halfHours.map((each) => each.from), DUE - 47);
  return {
    siteId: 7,
    range: "day",
    nowMs: NOW_MS,
    findDevice: (id) =>
      id === "router" ? { label: "Router", kind: "router" } : { label: "Meter 1", kind: "meter" },
    plan: {
      site: { ...SITE, ...site },
      paths: [{ id: 5, rank: 0, kind: "wired", host: "a" }, { id: 6, rank: 1, kind: "cellular", host: "b" }],
      endpoints: [],
      meters: own,
      channels: own.map(channelOf),
      series: [],
      since: SINCE,
      ...plan,
    },
    coming: [],
    due: DUE,
    outcomes: [],
    state: { kind: "good" },
    energy: {
      meters: energyMeters,
      channels: halfHours,
      loads,
      units: new Map(own.map(({ id, unitId }) => [id, unitId])),
    },
    total: siteTotals(loads, { from, count: DUE + 1 - from }),
    latest: new Map(),
    baseloadW: null,
    reasons: new Map(),
    ...changed,
  };
}
