/**
 * The states a thing can be in, each with the words it owes the reader: what, since when, what is tried next, what
 * you can do. Data that is partial, old or estimated keeps its value; only the notice is added.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { ageText, countText, numberText } from "./format.ts";
import { Notice } from "./Over.tsx";

/** What every state notice may offer. */
export interface Offer {
  /** Buttons or links. */
  readonly actions?: ComponentChildren;
}

/** Something is being done: only for islands, the server renders finished pages. */
export function LoadingNotice(
  { what, waitsFor, givesUp, actions }: Offer & {
    /** What is being done, such as `Reading heat pump 2…`. */
    readonly what: string;
    /** What is waited for. */
    readonly waitsFor: string;
    /** Until when, such as `Gives up after 10 s`. */
    readonly givesUp: string;
  },
): JSX.Element {
  return (
    <Notice state="loading" title={what} actions={actions} live="polite">
      {waitsFor}. {givesUp}.
    </Notice>
  );
}

/** Some half-hours are missing. */
export function PartialNotice(
  { have, expected, children, actions }: Offer & {
    /** Half-hours with a value. */
    readonly have: number;
    /** Half-hours expected. */
    readonly expected: number;
    /** Which are missing and why, and what sums do about it. */
    readonly children: ComponentChildren;
  },
): JSX.Element {
  return (
    <Notice
      state="partial"
      title={`${numberText(have)} of ${countText(expected, "half-hour")}`}
      actions={actions}
    >
      {children}
    </Notice>
  );
}

/** The value is old: kept, never shown as now. */
export function StaleNotice(
  { lastLabel, ageS, next, actions }: Offer & {
    /** Local time of the last reading. */
    readonly lastLabel: string;
    /** Seconds since then. */
    readonly ageS: number;
    /** What is tried next, such as `Tried each half-hour, next 11:00`. */
    readonly next: string;
  },
): JSX.Element {
  return (
    <Notice state="stale" title={`Last reading ${lastLabel}, ${ageText(ageS)}`} actions={actions}>
      The value is kept, never shown as now. {next}.
    </Notice>
  );
}

/** Part of a sum was shared out over half-hours that were not metered one by one. */
export function EstimatedNotice(
  { count, children, actions }: Offer & {
    /** Half-hours that are estimated. */
    readonly count: number;
    /** Which, and from what. */
    readonly children: ComponentChildren;
  },
): JSX.Element {
  return (
    <Notice
      state="estimated"
      title={`${countText(count, "half-hour")} estimated`}
      actions={actions}
    >
      {children}
    </Notice>
  );
}

/** Something did not work. */
export function ErrorNotice(
  { what, since, next, advice, actions, live }: Offer & {
    /** What did not work, with the value: `No answer from 203.0.113.7`. */
    readonly what: string;
    /** Since when, such as `Since 09:00, 4 half-hours`. */
    readonly since?: string | undefined;
    /** What is tried next; absent where nothing is. */
    readonly next?: string | undefined;
    /** What you can do. */
    readonly advice?: string | undefined;
    /** Whether it appears while someone looks. */
    readonly live?: boolean | undefined;
  },
): JSX.Element {
  const sentences = [since, next, advice].filter((part) => part !== undefined);
  return (
    <Notice state="critical" title={what} actions={actions} live={live ? "assertive" : undefined}>
      {sentences.length > 0 && `${sentences.join(". ")}.`}
    </Notice>
  );
}

/** What is seen may not be changed, or not be seen at all. */
export function ForbiddenNotice(
  { title, children, actions }: Offer & {
    /** Such as `You can see this site, not change it`. */
    readonly title: string;
    /** Your role, and who can. */
    readonly children: ComponentChildren;
  },
): JSX.Element {
  return <Notice state="forbidden" title={title} actions={actions}>{children}</Notice>;
}

/** The browser has no connection: the page is as it was. */
export function OfflineNotice(
  { sinceLabel, pageLabel, actions }: Offer & {
    /** Local time since which there is no connection. */
    readonly sinceLabel: string;
    /** Local time at which the page was made. */
    readonly pageLabel: string;
  },
): JSX.Element {
  return (
    <Notice state="offline" title={`You are offline since ${sinceLabel}`} actions={actions} live="polite">
      This page is from {pageLabel} and goes on by itself when there is a connection.
    </Notice>
  );
}

/** Someone works there. */
export function MaintenanceNotice(
  { until, children, actions }: Offer & {
    /** Such as `Window until 12:00`. */
    readonly until: string;
    /** What this means meanwhile, and who opened it. */
    readonly children: ComponentChildren;
  },
): JSX.Element {
  return <Notice state="maintenance" title={until} actions={actions}>{children}</Notice>;
}
