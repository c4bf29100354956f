/**
 * Two series of half-hours over each other: ours as a line of steps, another one's dashed in ink, so that a shift is
 * seen at once. Gaps break both.
 *
 * @module
 */

import type { JSX } from "preact";
import { fitLabels } from "./labels.ts";
import { stepLine } from "./paths.ts";
import { type Frame, Labels, Plot, Sheet, Upright, ValueScale, yOf } from "./Plot.tsx";
import { axisTo } from "./scale.ts";
import { timeLabels } from "./time_labels.ts";
import type { DayMark } from "./types.ts";

const FRAME: Frame = { topPx: 24, heightPx: 168, bottomPx: 26 };
const LOST_PX = { n: 44, m: 44, w: 44 };

/** What the drawing needs. */
export interface TwoLinesProps {
  /** What it shows, with its point, for those who do not see it. */
  readonly label: string;
  /** Local times at which half-hours start, `HH:MM`. */
  readonly labels: readonly string[];
  /** The days they lie in. */
  readonly days: readonly DayMark[];
  /** Unit above the axis. */
  readonly unit: string;
  /** Ours; `null`: none. */
  readonly ours: readonly (number | null)[];
  /** The other one's; `null`: none. */
  readonly theirs: readonly (number | null)[];
}

/** The drawing, without a frame of its own. */
export function TwoLines({ label, labels, days, unit, ours, theirs }: TwoLinesProps): JSX.Element {
  const columns = labels.length;
  const floor = FRAME.topPx + FRAME.heightPx;
  const axis = axisTo(Math.max(1e-3, ...[...ours, ...theirs].map((value) => value ?? 0)));
  const heights = (values: readonly (number | null)[]) =>
    values.map((value) => value === null ? null : yOf(value, axis, FRAME));
  const times = timeLabels({ cells: labels.map((each) => ({ label: each })), days }, columns > 96 ? 24 : 6);
  return (
    <Plot label={label} frame={FRAME}>
      <ValueScale axis={axis} frame={FRAME} unit={unit} />
      {days.filter(({ from }) => from > 0).map(({ from }) => (
        <Upright
          key={from}
          class="midnight-line"
          at={from}
          columns={columns}
          from={FRAME.topPx}
          to={floor + 4}
        />
      ))}
      <Sheet columns={columns} heightPx={floor}>
        <path class="load-line" d={stepLine(heights(ours))} />
        <path class="baseload-line" d={stepLine(heights(theirs))} />
      </Sheet>
      <Labels labels={fitLabels(times, { align: "middle", lostPx: LOST_PX, leftPx: 36 })} y={floor + 20} />
    </Plot>
  );
}

/** What the lines mean, for the legend of a figure. */
export function TwoLinesLegend(
  { ours, theirs }: { readonly ours: string; readonly theirs: string },
): JSX.Element {
  return (
    <>
      <li>
        <svg class="chart-key" width="14" height="14" aria-hidden="true" focusable="false">
          <path class="load-line" d="M0 7H14" />
        </svg>
        {ours}
      </li>
      <li>
        <svg class="chart-key" width="14" height="14" aria-hidden="true" focusable="false">
          <path class="baseload-line" d="M0 7H14" />
        </svg>
        {theirs}
      </li>
    </>
  );
}
