/**
 * What happened at a site lately, day by day, in words.
 *
 * @module
 */

import { endMsOf, type HalfHour } from "../../domain/half_hour.ts";
import { addDays, localDateOf, localLabel } from "../../domain/local_day.ts";
import { type SiteEvent, siteEvents } from "../../domain/timeline.ts";
import { siteReasonWords } from "../../domain/words.ts";
import type { IconName } from "../../ui/drawings.ts";
import type { TimelineDay, TimelineEvent } from "../../ui/Flow.tsx";
import { countText } from "../../ui/format.ts";
import type { State } from "../../ui/state.ts";
import { dayMonth, todayOf } from "./axis.ts";
import { PATH_NAMES } from "./site_head.ts";
import type { SiteFacts } from "./site_view.ts";

/** Events shown at most. */
const EVENTS_MAX = 8;

/** The newest events, by local day. */
export function timelineOf(facts: SiteFacts): readonly TimelineDay[] {
  const { zone } = facts.plan.site;
  const events = siteEvents(facts.outcomes).slice(0, EVENTS_MAX);
  const byDay = Map.groupBy(events, ({ from }) => localDateOf(zone, from + 1));
  return [...byDay].map(([date, own]) => ({
    label: dayLabel(date, todayOf(facts)),
    events: own.map((event) => eventOf(event, facts)),
  }));
}

function dayLabel(date: string, today: string): string {
  if (date === today) return "Today";
  return date === addDays(today, -1) ? "Yesterday" : dayMonth(date);
}

function eventOf(event: SiteEvent, facts: SiteFacts): TimelineEvent {
  const atMs = endMsOf(event.from);
  return {
    id: event.from,
    timeLabel: localLabel(facts.plan.site.zone, atMs),
    at: new Date(atMs).toISOString(),
    ...wordsOf(event, facts),
  };
}

interface Words {
  readonly state: State;
  readonly icon?: IconName;
  readonly what: string;
  readonly more: string;
}

/** Whether every half-hour of a stretch has an amount by now. */
function isKnown(
  { total }: SiteFacts,
  { from, to }: { readonly from: HalfHour; readonly to: HalfHour },
): boolean {
  const amounts = total.amounts.slice(Math.max(0, from - total.from), to - total.from);
  return amounts.length === to - from && amounts.every((amount) => amount !== null);
}

function wordsOf({ kind, from, to, reason }: SiteEvent, facts: SiteFacts): Words {
  const { plan, due, outcomes } = facts;
  const zone = plan.site.zone;
  const known = countText((to ?? due + 1) - from, "half-hour");
  const count = from === outcomes[0]?.halfHour ? `at least ${known}` : known;
  const until = to === null ? "goes on" : `until ${localLabel(zone, endMsOf(to))}`;
  switch (kind) {
    case "silent": {
      const why = reason ? `${capital(siteReasonWords(reason).short)}. ` : "";
      const after = to === null
        ? "Tried each half-hour."
        : isKnown(facts, { from, to })
        ? "The energy was recovered from the counters."
        : "The energy of this time is not known in full.";
      return {
        state: to === null ? "critical" : "stale",
        what: to === null ? "Nothing read since" : `Nothing read ${until}`,
        more: `${why}${capital(count)}. ${after}`,
      };
    }
    case "backup": {
      const main = plan.paths[0];
      const name = main ? `${PATH_NAMES[main.kind]} path` : "Main path";
      return {
        state: to === null ? "warn" : "info",
        icon: "backup",
        what: to === null ? "On its backup path" : `On its backup path ${until}`,
        more: `${name} does not answer. Readings are complete, ${count}.`,
      };
    }
    case "partial":
      return {
        state: "partial",
        what: to === null ? "Some devices are missing" : `Some devices were missing ${until}`,
        more: `${capital(count)}. The other devices were read.`,
      };
  }
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
