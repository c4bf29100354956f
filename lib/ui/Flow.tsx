/**
 * Things in order: what happened, the steps of a task, and the rungs of a test on one clock.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import type { IconName } from "./drawings.ts";
import { Icon } from "./Icon.tsx";
import { durationText, numberText } from "./format.ts";
import type { State } from "./state.ts";

/** Something that happened. */
export interface TimelineEvent {
  /** Unique. */
  readonly id: string | number;
  /** Local time, such as `07:42`. */
  readonly timeLabel: string;
  /** The instant, ISO 8601. */
  readonly at: string;
  /** Chooses icon and colour. */
  readonly state: State;
  /** Another icon than the state's own. */
  readonly icon?: IconName | undefined;
  /** What happened. */
  readonly what: ComponentChildren;
  /** More about it. */
  readonly more?: ComponentChildren;
  /** What a person wrote. */
  readonly quote?: string | undefined;
}

/** A day of events, newest first. */
export interface TimelineDay {
  /** Such as `Today`. */
  readonly label: string;
  /** Its events. */
  readonly events: readonly TimelineEvent[];
}

/** What happened, by day. */
export function Timeline({ days }: { readonly days: readonly TimelineDay[] }): JSX.Element {
  return (
    <ol class="timeline">
      {days.map((day) => [
        <li key={day.label} class="timeline-day">{day.label}</li>,
        ...day.events.map((event) => (
          <li key={event.id} data-state={event.state}>
            <time datetime={event.at}>{event.timeLabel}</time>
            <Icon name={event.icon ?? event.state} />
            <div>
              {event.what}
              {event.more && <p>{event.more}</p>}
              {event.quote && <blockquote>{event.quote}</blockquote>}
            </div>
          </li>
        )),
      ])}
    </ol>
  );
}

/** One step of a task. */
export interface Step {
  /** Its name. */
  readonly label: string;
  /** Where it leads; absent where it is not reached yet. */
  readonly href?: string | undefined;
  /** Done, being done, or to come. */
  readonly at: "done" | "now" | "later";
}

/** The steps of a task; on a phone only the present one keeps its name. */
export function Steps({ steps }: { readonly steps: readonly Step[] }): JSX.Element {
  return (
    <ol class="steps">
      {steps.map(({ label, href, at }) => (
        <li
          key={label}
          data-state={at === "done" ? "good" : undefined}
          aria-current={at === "now" ? "step" : undefined}
        >
          {at === "done" && <Icon name="check" />}
          {href && at !== "now" ? <a href={href}>{label}</a> : <span>{label}</span>}
        </li>
      ))}
    </ol>
  );
}

/** One rung of a test. */
export interface TestRung {
  /** Such as `Connect`. */
  readonly label: string;
  /** How it went. */
  readonly state: State;
  /** What was found. */
  readonly what: ComponentChildren;
  /** Milliseconds from the start of the test to that of the rung; `null`: not begun. */
  readonly fromMs: number | null;
  /** Milliseconds it took; `null`: not ended or not begun. */
  readonly tookMs: number | null;
  /** What could be done about it. */
  readonly advice?: ComponentChildren;
}

/** The rungs of a test, all drawn on the test's own clock. */
export function TestRungs({ rungs }: { readonly rungs: readonly TestRung[] }): JSX.Element {
  const allMs = rungs.reduce((most, rung) => Math.max(most, (rung.fromMs ?? 0) + (rung.tookMs ?? 0)), 1);
  return (
    <ol class="test">
      {rungs.map((rung, index) => (
        <li key={index} data-state={rung.state}>
          <Icon name={rung.state} />
          <b>{rung.label}</b>
          <span class="what">{rung.what}</span>
          <RungSpan rung={rung} allMs={allMs} />
          <span class="took">{rung.tookMs === null ? "—" : tookText(rung.tookMs)}</span>
          {rung.advice && <div class="advice">{rung.advice}</div>}
        </li>
      ))}
    </ol>
  );
}

function RungSpan({ rung, allMs }: { readonly rung: TestRung; readonly allMs: number }): JSX.Element {
  const from = ((rung.fromMs ?? 0) / allMs) * 200;
  const width = Math.max(1, ((rung.tookMs ?? 0) / allMs) * 200);
  return (
    <svg class="span" viewBox="0 0 200 12" aria-hidden="true">
      <path class="grid-line" d="M0 11.5H200" />
      {rung.fromMs !== null && (
        <path
          class="span-fill"
          d={`M${from.toFixed(1)} 3h${Math.min(width, 200 - from).toFixed(1)}v6h-${
            Math.min(width, 200 - from).toFixed(1)
          }z`}
        />
      )}
    </svg>
  );
}

/** How long a request took: `87 ms`, `1.6 s`, `2 min`. */
export function tookText(tookMs: number): string {
  if (tookMs < 1000) return `${numberText(tookMs)} ms`;
  return tookMs < 60_000 ? `${numberText(tookMs / 1000, 1)} s` : durationText(tookMs / 1000);
}
