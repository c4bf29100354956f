/**
 * How much of a whole is used: data of a SIM, a peak against its limit. The number stands beside it.
 *
 * @module
 */

import type { JSX } from "preact";
import { coordinate } from "./scale.ts";

/** What the bar needs. */
export interface ShareBarProps {
  /** From 0 to 1; more is drawn as full. */
  readonly share: number;
  /** Colour by state; load by default. */
  readonly state?: "ok" | "warn" | "crit" | "stale";
}

const FILLS = { ok: "good-fill", warn: "warn-fill", crit: "critical-fill", stale: "stale-fill" } as const;

/** A bar as wide as its place and 8 px high; the words beside it say the same. */
export function ShareBar({ share, state }: ShareBarProps): JSX.Element {
  const width = coordinate(100 * Math.min(1, Math.max(0, share)));
  return (
    <svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">
      <path class="track" d="M0 0h100v8H0z" />
      <path class={state ? FILLS[state] : "load"} d={`M0 0h${width}v8H0z`} />
    </svg>
  );
}
