/**
 * The radio signal of a router as steps in dBm, with the strength below which it is weak and hatch where the
 * router was not read.
 *
 * @module
 */

import type { JSX } from "preact";
import { numberText } from "../format.ts";
import { gapsOf, spanText } from "./half_hours.ts";
import { fitLabels } from "./labels.ts";
import { stepLine } from "./paths.ts";
import { Band, type Frame, Labels, Plot, Sheet, Upright } from "./Plot.tsx";
import { coordinate } from "./scale.ts";
import { timeLabels } from "./time_labels.ts";
import type { DayMark, SignalCell } from "./types.ts";
import { signalSummary } from "./words.ts";

const FRAME: Frame = { topPx: 8, heightPx: 76, bottomPx: 26 };
const LOST_PX = { n: 44, m: 44, w: 44 };
const STEP_DBM = 20;

/** What the chart needs. */
export interface SignalChartProps {
  /** The half-hours, usually 48. */
  readonly cells: readonly SignalCell[];
  /** The days they lie in. */
  readonly days: readonly DayMark[];
  /** Below which it is weak: −110 for RSRP, −90 for RSSI. */
  readonly weakDbm: number;
}

/** From the lowest to the highest multiple of 20 dBm that holds all values and the threshold. */
export function signalRange(
  cells: readonly SignalCell[],
  weakDbm: number,
): { readonly low: number; readonly high: number } {
  const values = [...cells.flatMap((cell) => cell.dbm ?? []), weakDbm];
  const low = Math.floor((Math.min(...values) - 1) / STEP_DBM) * STEP_DBM;
  const high = Math.ceil((Math.max(...values) + 1) / STEP_DBM) * STEP_DBM;
  return { low, high: Math.max(high, low + 2 * STEP_DBM) };
}

/** The signal, without a frame of its own: the router's card has the heading. */
export function SignalChart({ cells, days, weakDbm }: SignalChartProps): JSX.Element {
  const { low, high } = signalRange(cells, weakDbm);
  const columns = cells.length;
  const floor = FRAME.topPx + FRAME.heightPx;
  const y = (dbm: number) => coordinate(FRAME.topPx + FRAME.heightPx * (high - dbm) / (high - low));
  const ticks = Array.from({ length: (high - low) / STEP_DBM + 1 }, (_, index) => low + index * STEP_DBM);
  const gaps = gapsOf(cells, (index) => cells[index]?.dbm === null);
  const times = timeLabels({ cells, days }, 6);
  const weakY = y(weakDbm);
  return (
    <Plot label={signalSummary(cells, weakDbm)} frame={FRAME} class="signal-plot">
      {ticks.map((tick) => (
        <g key={tick}>
          <line class="grid-line" x1="0" x2="100%" y1={y(tick)} y2={y(tick)} />
          <text x="-8" y={y(tick) + 4.5} text-anchor="end">{numberText(tick)}</text>
        </g>
      ))}
      <line class="weak-line" x1="0" x2="100%" y1={weakY} y2={weakY} />
      {days.filter((day) => day.from > 0).map((day) => (
        <Upright
          key={day.from}
          class="midnight-line"
          at={day.from}
          columns={columns}
          from={8}
          to={floor + 4}
        />
      ))}
      <Sheet columns={columns} heightPx={floor}>
        <path class="load-line" d={stepLine(cells.map((cell) => cell.dbm === null ? null : y(cell.dbm)))} />
      </Sheet>
      {gaps.map((gap) => (
        <Band
          key={gap.from}
          class="hatch"
          run={gap}
          columns={columns}
          y={FRAME.topPx}
          heightPx={FRAME.heightPx}
          title={`Not read ${spanText(cells, gap)}, ${gap.reason}`}
        />
      ))}
      <text class="halo" x="4" y={weakY + (weakY + 18 > floor ? -5 : 14)}>
        weak below {numberText(weakDbm)}
      </text>
      <Labels
        labels={fitLabels(times, { align: "middle", lostPx: LOST_PX, leftPx: 36 })}
        y={floor + 20}
        strong={({ text }) => text.includes(" ")}
      />
    </Plot>
  );
}
