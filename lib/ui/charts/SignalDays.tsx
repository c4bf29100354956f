/**
 * The radio signal of a router day by day: from its lowest to its highest, with the mean as a step, and the strength
 * below which it is weak.
 *
 * @module
 */

import type { JSX } from "preact";
import { numberText } from "../format.ts";
import { fitLabels } from "./labels.ts";
import { stepArea, stepLine } from "./paths.ts";
import { type Frame, Labels, Plot, Sheet } from "./Plot.tsx";
import { coordinate } from "./scale.ts";
import { signalRange } from "./SignalChart.tsx";

const FRAME: Frame = { topPx: 8, heightPx: 96, bottomPx: 26 };
const LOST_PX = { n: 44, m: 44, w: 44 };
const STEP_DBM = 20;

/** A day of signal; `null`: not read. */
export interface SignalDay {
  /** Such as `Mon 23 Nov`. */
  readonly label: string;
  /** Lowest in dBm. */
  readonly low: number | null;
  /** Mean. */
  readonly mean: number | null;
  /** Highest. */
  readonly high: number | null;
}

/** The days. */
export function SignalDays(
  { days, weakDbm, sentence }: {
    readonly days: readonly SignalDay[];
    readonly weakDbm: number;
    /** The same in a sentence. */
    readonly sentence: string;
  },
): JSX.Element {
  const cells = days.flatMap(({ label, low, high }) => [{ label, dbm: low }, { label, dbm: high }]);
  const { low, high } = signalRange(cells, weakDbm);
  const floor = FRAME.topPx + FRAME.heightPx;
  const y = (dbm: number) => coordinate(FRAME.topPx + FRAME.heightPx * (high - dbm) / (high - low));
  const heights = (of: (day: SignalDay) => number | null) =>
    days.map((day) => {
      const dbm = of(day);
      return dbm === null ? null : y(dbm);
    });
  const ticks = Array.from({ length: (high - low) / STEP_DBM + 1 }, (_, index) => low + index * STEP_DBM);
  const every = days.length > 20 ? 7 : 2;
  const labels = days.map(({ label }, index) => ({
    at: index / days.length,
    texts: [label],
    rank: index % every === 0 ? 1 : 3,
  }))
    .filter((_, index) => index % every === 0);
  // A day whose lowest is its highest would be an area without a height.
  const least = (bottom: number | null, index: number) =>
    bottom === null ? null : Math.max(bottom, (heights((day) => day.high)[index] ?? 0) + 3);
  return (
    <Plot label={sentence} frame={FRAME} class="signal-plot">
      {ticks.map((tick) => (
        <g key={tick}>
          <line class="grid-line" x1="0" x2="100%" y1={y(tick)} y2={y(tick)} />
          <text x="-8" y={y(tick) + 4.5} text-anchor="end">{numberText(tick)}</text>
        </g>
      ))}
      <Sheet columns={days.length} heightPx={floor}>
        <path
          class="load-soft"
          d={stepArea(heights((day) => day.high), heights((day) => day.low).map(least))}
        />
        <path class="load-line" d={stepLine(heights((day) => day.mean))} />
      </Sheet>
      <line class="weak-line" x1="0" x2="100%" y1={y(weakDbm)} y2={y(weakDbm)} />
      <text class="halo" x="4" y={y(weakDbm) + (y(weakDbm) + 18 > floor ? -5 : 14)}>
        weak below {numberText(weakDbm)}
      </text>
      <Labels labels={fitLabels(labels, { align: "start", lostPx: LOST_PX })} y={floor + 20} />
    </Plot>
  );
}
