/**
 * What happened to a device, in words, by local day, newest first.
 *
 * @module
 */

import type { DeviceEventKind } from "../../../domain/device_life.ts";
import type { CountersRead } from "../../../domain/device_life.ts";
import { halfHourOf } from "../../../domain/half_hour.ts";
import { localDateOf, localLabel } from "../../../domain/local_day.ts";
import type { Transformer } from "../../../domain/site.ts";
import type { DeviceEvent } from "../../../store/device_events.ts";
import type { IconName } from "../../../ui/drawings.ts";
import type { TimelineDay, TimelineEvent } from "../../../ui/Flow.tsx";
import { countText } from "../../../ui/format.ts";
import { quantityName } from "../read_now.ts";
import { dateText } from "./local_instant.ts";
import { type OpenDevice, placeWords, profileName, ratioWords } from "./open_device.ts";
import { counterText, quantityList } from "./words.ts";

const ICONS: Readonly<Record<DeviceEventKind, IconName>> = {
  "replaced": "meter",
  "moved": "next",
  "transformer": "other",
  "profile": "note",
  "retired": "out",
  "taken-back": "previous",
  "counted": "note",
};

/** The events by day. */
export function historyOf(open: OpenDevice, events: readonly DeviceEvent[]): readonly TimelineDay[] {
  const byDay = Map.groupBy(events, ({ atS }) => localDateOf(open.zone, halfHourOf(atS * 1000)));
  return [...byDay].map(([date, own]) => ({
    label: dateText(date),
    events: own.map((event) => eventOf(open, event)),
  }));
}

function eventOf(open: OpenDevice, event: DeviceEvent): TimelineEvent {
  const { id, kind, state, atS, by, note } = event;
  const who = by === null ? "" : `Noted by ${by}.`;
  return {
    id,
    timeLabel: localLabel(open.zone, atS * 1000),
    at: new Date(atS * 1000).toISOString(),
    state: state === "announced" ? "loading" : state === "withdrawn" ? "missing" : "info",
    ...(state === "done" ? { icon: ICONS[kind] } : {}),
    what: whatOf(event),
    more: [...detailsOf(open, event), who].filter((part) => part !== "").join(" "),
    ...(note === "" ? {} : { quote: note }),
  };
}

function whatOf({ kind, state }: DeviceEvent): string {
  if (state === "announced") return "Replacement announced";
  if (state === "withdrawn") return "Replacement announced and withdrawn";
  switch (kind) {
    case "replaced":
      return "Replaced by another meter";
    case "moved":
      return "Moved";
    case "transformer":
      return "Other transformers";
    case "profile":
      return "Read by another device profile";
    case "retired":
      return "Retired";
    case "taken-back":
      return "Taken back";
    case "counted":
      return "Counters of the replacement noted";
  }
}

/** What a before or an after may hold. */
interface Told {
  readonly profileId?: string;
  readonly serial?: string | null;
  readonly endpointId?: number;
  readonly unitId?: number;
  readonly transformer?: Transformer | null;
  readonly counters?: readonly CountersRead[];
  readonly ended?: readonly string[];
  readonly begun?: readonly string[];
  readonly corrected?: number;
}

function detailsOf(open: OpenDevice, event: DeviceEvent): readonly string[] {
  const before = event.before as Told;
  const after = event.after as Told;
  return [
    serialWords(before, after),
    after.profileId !== undefined && after.profileId !== before.profileId
      ? `${profileName(open, before.profileId ?? "")} became ${profileName(open, after.profileId)}.`
      : "",
    event.kind === "moved" && after.endpointId !== undefined && after.unitId !== undefined
      ? `${placeWords(open, after.endpointId, after.unitId)}; before, unit ${before.unitId ?? "unknown"}.`
      : "",
    event.kind === "transformer" ? `${ratioWords(after.transformer ?? null)}.` : "",
    ...(after.counters ?? []).map((read) => countersWords(open, { read, before, after })),
    (after.ended?.length ?? 0) > 0 ? `Ended: ${quantityList(after.ended ?? [])}.` : "",
    (after.begun?.length ?? 0) > 0 ? `Begun: ${quantityList(after.begun ?? [])}.` : "",
    (after.corrected ?? 0) > 0 ? `${countText(after.corrected ?? 0, "amount")} derived again.` : "",
  ].filter((words) => words !== "");
}

function serialWords({ serial: was }: Told, { serial: is }: Told): string {
  if (is === undefined || (was ?? null) === is) return "";
  return `Serial ${was ?? "unknown"} became ${is ?? "unknown"}.`;
}

function countersWords(
  open: OpenDevice,
  { read: { quantity, final, first }, before, after }: {
    readonly read: CountersRead;
    readonly before: Told;
    readonly after: Told;
  },
): string {
  const unit = open.channels.find((channel) => channel.quantity === quantity)?.unit ?? "";
  const shown = (profileId: string | undefined, counts: number | null) => {
    const profile = open.find(profileId ?? open.device.profileId);
    return counterText(unit, counts === null ? null : profile?.shownOf(quantity, counts) ?? null);
  };
  return `${quantityName(quantity)} ended at ${shown(before.profileId, final)} and began at ${
    shown(after.profileId, first)
  }.`;
}
