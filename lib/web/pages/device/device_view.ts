/**
 * The page of a device in words.
 *
 * @module
 */

import { closedHalfHourAt, endSOf } from "../../../domain/half_hour.ts";
import type { Series, SeriesBeginning } from "../../../domain/series.ts";
import { listDeviceEvents } from "../../../store/device_events.ts";
import { latestReadings } from "../../../store/readings.ts";
import { ageText, numberText } from "../../../ui/format.ts";
import type { Fact } from "../../../ui/Data.tsx";
import type { DeviceLink, DevicePageProps, SeriesRow } from "../../../ui/pages/device/DevicePage.tsx";
import type { Told } from "../../../ui/Told.tsx";
import { quantityName } from "../read_now.ts";
import { historyOf } from "./history.ts";
import { halfHourText, instantText } from "./local_instant.ts";
import { nowFacts, type OpenDevice, placeWords, profileName } from "./open_device.ts";

/** What was just done, by the name of the act. */
const DONE: Readonly<Record<string, Told>> = {
  replace: {
    state: "good",
    title: "The replacement is noted",
    words: "What was read since is derived again; the amounts that changed stand in the audit trail.",
  },
  counters: {
    state: "good",
    title: "The counters are noted",
    words: "The half-hours since are derived again.",
  },
  move: { state: "good", title: "The move is noted", words: "The next reading goes there." },
  transformer: { state: "good", title: "The transformers are changed", words: "" },
  profile: {
    state: "good",
    title: "The device profile is changed",
    words: "The next reading is taken by it.",
  },
  retire: { state: "good", title: "Noted", words: "" },
  withdraw: { state: "good", title: "The announcement is withdrawn", words: "" },
};

/** Half-hours that the newest reading is looked for. */
const LOOK_BACK = 7 * 48;

/** The page. `acts` and reading are left out for those who may not. */
export async function deviceView(
  open: OpenDevice,
  may: {
    readonly acts: boolean;
    readonly reads: boolean;
    /** Whether half-hours of others may be brought in. */
    readonly imports?: boolean;
    readonly done: string | null;
  },
): Promise<DevicePageProps> {
  const { db, device, zone, href, siteId, nowMs } = open;
  const events = await listDeviceEvents(db, open.meterId);
  const announced = events.find(({ state }) => state === "announced");
  const retired = device.until !== null;
  return {
    name: device.name,
    model: `${profileName(open, device.profileId)}. ${placeWords(open, device.endpointId, device.unitId)}`,
    site: { name: open.siteName, href: `/sites/${siteId}` },
    standing: retired && device.until !== null
      ? { state: "missing", words: `Retired since ${halfHourText(zone, device.until)}` }
      : announced
      ? { state: "loading", words: `To be replaced ${instantText(zone, announced.atS)}` }
      : null,
    readAction: may.reads && !retired ? `${href}/read` : null,
    acts: [
      ...(may.acts ? actsOf(open, events.find(({ kind }) => kind !== "moved")?.kind === "replaced") : []),
      ...(may.imports ? [{ label: "Half-hours of others", href: `${href}/half-hours` }] : []),
    ],
    withdrawAction: may.acts && announced ? `${href}/withdraw` : null,
    seen: open.seen,
    facts: [
      ...nowFacts(open),
      ...(device.maxPowerW === null
        ? []
        : [{ label: "Largest power", value: `${numberText(device.maxPowerW / 1000, 1)} kW` }]),
      { label: "Part of", value: open.parent ?? "nothing" },
      ...(open.label === null ? [] : [{ label: "Label", value: open.label }]),
      ...(open.location === null ? [] : [{ label: "Location", value: open.location }]),
      { label: "Registered from", value: halfHourText(zone, device.since) },
      await lastReading(open, nowMs),
    ],
    series: seriesOf(open),
    days: historyOf(open, events),
    told: DONE[may.done ?? ""] ?? null,
  };
}

function actsOf({ href, device }: OpenDevice, replaced: boolean): readonly DeviceLink[] {
  if (device.until !== null) return [{ label: "Take it back", href: `${href}/retire` }];
  return [
    { label: "Replace", href: `${href}/replace` },
    ...(replaced ? [{ label: "Counters of the replacement", href: `${href}/counters` }] : []),
    { label: "Move", href: `${href}/move` },
    { label: "Transformers", href: `${href}/transformer` },
    { label: "Device profile", href: `${href}/profile` },
    { label: "Retire", href: `${href}/retire` },
  ];
}

async function lastReading({ db, channels, zone }: OpenDevice, nowMs: number): Promise<Fact> {
  const due = closedHalfHourAt(nowMs);
  const latest = await latestReadings(db, {
    channelIds: channels.slice(0, 2_000).map(({ id }) => id),
    notBefore: due - LOOK_BACK,
  });
  const readS = Math.max(0, ...[...latest.values()].map((row) => endSOf(row.halfHour) + (row.readS ?? 0)));
  const value = readS === 0
    ? "none in the last 7 days"
    : `${instantText(zone, readS)}, ${ageText(Math.max(0, Math.round(nowMs / 1000) - readS))}`;
  return { label: "Last reading", value };
}

const BEGINNINGS: Readonly<Record<SeriesBeginning, string>> = {
  "counted": "Goes on from the counter before, as read at that moment",
  "at-least": "Goes on from the counter before; more may have been counted",
  "unseen": "Where the new counter began nobody read",
};

/** Series of a page at most. */
const SERIES_MAX = 60;

function seriesOf({ channels, series, zone }: OpenDevice): readonly SeriesRow[] {
  return channels.flatMap((channel): readonly SeriesRow[] => {
    const own = series.get(channel.id) ?? [];
    const ends = channel.until === null ? null : halfHourText(zone, channel.until);
    return own.map((one, place) => {
      const next = own[place + 1];
      return {
        id: `${channel.id}-${one.sinceS}`,
        counter: quantityName(channel.quantity),
        since: instantText(zone, one.sinceS),
        until: next ? instantText(zone, next.sinceS) : ends,
        factor: factorText(one, channel.unit),
        begins: beginText(one, place),
      };
    }).reverse();
  }).slice(0, SERIES_MAX);
}

function factorText({ numerator, denominator }: Series, unit: string): string {
  const value = numerator / denominator;
  return `${numberText(value, Number.isInteger(value) ? 0 : 3)} ${unit}`.trim();
}

function beginText({ begins, base }: Series, place: number): string {
  if (begins !== undefined) return BEGINNINGS[begins];
  if (base !== undefined) return "Its first reading is where it began; more may have been counted";
  return place === 0 ? "Its first reading" : "A new beginning: what came before is not known";
}
