/**
 * A meter's last half-hours beside its name: steps from 0, broken where a half-hour is missing.
 *
 * @module
 */

import type { JSX } from "preact";
import { amountOf, isGap } from "./half_hours.ts";
import { stepLine } from "./paths.ts";
import { kwText } from "./scale.ts";
import type { HalfHourCell } from "./types.ts";
import { peakOf } from "./words.ts";

const HEIGHT_PX = 24;

/** What the line needs. */
export interface SparkLineProps {
  /** The half-hours, usually 48. */
  readonly cells: readonly HalfHourCell[];
  /** Whose they are. */
  readonly name: string;
}

/** A line of 96 × 24 px scaled to its own peak, or a dash with the reason when there is no amount at all. */
export function SparkLine({ cells, name }: SparkLineProps): JSX.Element {
  const amounts = cells.map(amountOf);
  const peak = peakOf(amounts);
  if (!peak) return <span class="muted" title={cells.at(-1)?.reason ?? "no amounts"}>—</span>;
  const max = Math.max(peak.value, 1) * 1.05;
  const heights = amounts.map((amount) =>
    amount === null ? null : HEIGHT_PX - 1 - (HEIGHT_PX - 2) * Math.max(0, amount) / max
  );
  const missing = cells.filter(isGap).length;
  const says = `${name}: peak ${kwText(peak.value)} at ${cells[peak.index]?.label}, ${
    missing || "none"
  } missing`;
  return (
    <svg
      class="spark"
      viewBox={`0 0 ${cells.length} ${HEIGHT_PX}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={says}
    >
      <title>{says}</title>
      <path class="load-line" d={stepLine(heights)} />
    </svg>
  );
}
