/**
 * The data of a SIM in its month: ours, the rest, what is still to come by forecast, and where the allowance ends. The
 * words beside it say the same.
 *
 * @module
 */

import type { JSX } from "preact";
import { coordinate, percent } from "./scale.ts";

/** What the bar needs, in bytes. */
export interface DataBarProps {
  /** Ours so far; 0 where it is not known. */
  readonly ownB: number;
  /** Used so far in all. */
  readonly usedB: number;
  /** At the month's end; `null`: too early to tell. */
  readonly forecastB: number | null;
  /** The allowance; `null`: not registered. */
  readonly allowanceB: number | null;
}

const BAR_PX = 20;

/** The bar, as wide as its place. */
export function DataBar({ ownB, usedB, forecastB, allowanceB }: DataBarProps): JSX.Element {
  const end = Math.max(usedB, forecastB ?? 0, allowanceB ?? 0, 1) * (allowanceB === null ? 1 : 1.02);
  const width = (bytes: number) => percent(Math.min(1, Math.max(0, bytes) / end));
  const over = allowanceB !== null && Math.max(usedB, forecastB ?? 0) > allowanceB;
  return (
    <svg class="data-bar" width="100%" height={BAR_PX + 12} aria-hidden="true" focusable="false">
      <rect class="track" y="6" width="100%" height={BAR_PX} />
      {forecastB !== null && (
        <rect
          class={over ? "data-coming-over" : "data-coming"}
          y="6"
          width={width(forecastB)}
          height={BAR_PX}
        />
      )}
      <rect class="data-other" y="6" width={width(usedB)} height={BAR_PX} />
      <rect class="data-own" y="6" width={width(Math.min(ownB, usedB))} height={BAR_PX} />
      {allowanceB !== null && (
        <line
          class="data-limit"
          x1={width(allowanceB)}
          x2={width(allowanceB)}
          y1="0"
          y2={coordinate(BAR_PX + 12)}
        />
      )}
    </svg>
  );
}
