/**
 * What happened to a link, in words.
 *
 * @module
 */

import { startMsOf } from "../../domain/half_hour.ts";
import { eventAt, type LinkEvent } from "../../domain/link_health.ts";
import { type WayLetter, wayOf } from "../../domain/link.ts";
import { addDays, localDateOf, localDay, localLabel } from "../../domain/local_day.ts";
import type { OtherCause } from "../../domain/own_data.ts";
import type { TimelineDay, TimelineEvent } from "../../ui/Flow.tsx";
import { bytesText, countText, durationText, numberText } from "../../ui/format.ts";
import { longDay } from "./axis.ts";

const NAMES = { cellular: "cellular", wifi: "Wi-Fi", wired: "wired" } as const;

/** What a way is called in a sentence. */
export function wayName(letter: WayLetter): string {
  const way = wayOf(letter);
  return way ? NAMES[way.kind] : "an unknown path";
}

/** Metres, or kilometres. */
export function metresText(metres: number): string {
  return metres < 1_000
    ? `${numberText(metres)} m`
    : `${numberText(metres / 1_000, metres < 10_000 ? 1 : 0)} km`;
}

/** Where events are told. */
export interface ToldWhere {
  /** The site's zone. */
  readonly zone: string;
  /** The newest half-hour. */
  readonly now: number;
}

type Told = Pick<TimelineEvent, "state" | "icon" | "what" | "more">;

/** Events by day, newest first; at most `limit`. */
export function eventDays(
  events: readonly LinkEvent[],
  { zone, now, limit }: ToldWhere & { readonly limit: number },
): readonly TimelineDay[] {
  const today = localDateOf(zone, now);
  const byDay = Map.groupBy(events.slice(0, limit), (event) => localDateOf(zone, eventAt(event)));
  return [...byDay].map(([date, own]) => ({
    label: date === today
      ? "Today"
      : date === addDays(today, -1)
      ? "Yesterday"
      : longDay(localDay(zone, date)),
    events: own.map((event, i): TimelineEvent => {
      const ms = startMsOf(eventAt(event) + 1);
      return {
        id: `${event.kind} ${eventAt(event)} ${i}`,
        timeLabel: localLabel(zone, ms),
        at: new Date(ms).toISOString(),
        ...told(event, { zone, now }),
      };
    }),
  }));
}

function told(event: LinkEvent, { zone, now }: ToldWhere): Told {
  switch (event.kind) {
    case "failover":
    case "back":
      return toldChange(event, now);
    case "flapping":
      return {
        state: "warn",
        icon: "backup",
        what: `Its path changed ${numberText(event.changes)} times: it flaps`,
        more: `Last at ${localLabel(zone, startMsOf(event.last + 1))}, to ${
          wayName(event.to)
        }. Look at the signal, and at how the router checks its paths.`,
      };
    case "restarted":
      return event.times > 1
        ? {
          state: "warn",
          what: `The router restarted ${numberText(event.times)} times`,
          more: "Look at its power.",
        }
        : { state: "info", what: `The router restarted at ${localLabel(zone, event.startedS * 1000)}` };
    case "sim-changed":
      return {
        state: "warn",
        icon: "sim",
        what: "SIM changed?",
        more:
          `The router names the subscriber … ${event.to}, before it was … ${event.from}. If nobody changed it, ask who did.`,
      };
    case "sim-slot":
      return { state: "warn", icon: "sim", what: `Over from SIM ${event.from} to SIM ${event.to}` };
    case "operator":
      return {
        state: "info",
        icon: "cellular",
        what: `Mobile network ${event.to}, before it was ${event.from}`,
        more: event.roaming
          ? "The router says that it roams."
          : "The same SIM in another network, or another SIM.",
      };
    case "registration":
      return event.to === "home"
        ? { state: "good", icon: "cellular", what: "Registered with the mobile network again" }
        : { state: "warn", icon: "cellular", what: REGISTRATIONS[event.to] };
    case "moved":
      return {
        state: "critical",
        icon: "pin",
        what: `The router is ${metresText(event.distanceM)} from its site`,
      };
    case "returned":
      return { state: "good", icon: "pin", what: "The router is back at its site" };
  }
}

function toldChange(event: Extract<LinkEvent, { readonly change: unknown }>, now: number): Told {
  const { from, to, at, until, unanswered } = event.change;
  const lasted = durationText(((until ?? now + 1) - at) * 1800);
  const lost = unanswered > 0 ? `; ${countText(unanswered, "half-hour")} unanswered before` : "";
  if (event.kind === "back") {
    const what = `Back on the main path, ${wayName(to)}`;
    return { state: "good", what, more: `From ${wayName(from)}${lost}.` };
  }
  const away = until === null ? `For ${lasted} so far` : `For ${lasted}`;
  const what = `Over from ${wayName(from)} to ${wayName(to)}`;
  return { state: "warn", icon: "backup", what, more: `${away}${lost}.` };
}

const REGISTRATIONS = {
  home: "Registered",
  roaming: "The router roams: data may cost more",
  searching: "The mobile network is lost, the router searches",
  denied: "The mobile network refuses the SIM",
  none: "Not registered with any mobile network",
  unknown: "The router does not say how it stands with the network",
} as const;

/** What other traffic may be. */
export function causeText({ id, monthB }: OtherCause): string {
  const month = monthB === null ? "" : ` alone use ${bytesText(monthB)} a month`;
  switch (id) {
    case "pings-3s":
      return `Ping checks every 3 s${month}`;
    case "pings-10s":
      return `Ping checks every 10 s${month}`;
    case "pings-60s":
      return `Ping checks every 60 s${month}`;
    case "wireguard":
      return `WireGuard’s keepalive every 25 s${month}`;
    case "behind-the-router":
      return "Devices behind the router, or its remote management: look at who is in its LAN";
    case "unit-of-counter":
      return "The router counts less than Wattpost alone sent: its “mobile data type” may be set to kB or MB, or the path is not cellular";
  }
}
