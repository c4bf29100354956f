/**
 * How many sites gave no reading, by half-hour: what is still missing in the colour of trouble, what came later
 * dotted on top of it.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { numberText } from "../format.ts";
import { ChartFigure, Key } from "./ChartFigure.tsx";
import { fitLabels } from "./labels.ts";
import { barSeams, stepArea } from "./paths.ts";
import { type Frame, Labels, Masked, Plot, Sheet, Upright, ValueScale, yOf } from "./Plot.tsx";
import { axisTo } from "./scale.ts";
import { timeLabels } from "./time_labels.ts";
import type { CompletenessCell, DayMark } from "./types.ts";
import { completenessSummary, whenText } from "./words.ts";

const FRAME: Frame = { topPx: 28, heightPx: 96, bottomPx: 32 };
const LOST_PX = { n: 40, m: 40, w: 40 };

/** What the chart needs. */
export interface CompletenessChartProps {
  /** Unique on the page. */
  readonly id: string;
  /** The half-hours, usually 48. */
  readonly cells: readonly CompletenessCell[];
  /** The days they lie in. */
  readonly days: readonly DayMark[];
  /** Sites expected in each half-hour. */
  readonly sites: number;
  /** Its title; `Completeness` by default. */
  readonly title?: string;
  /** Beside the title, such as a badge. */
  readonly beside?: ComponentChildren;
  /** Where the numbers are as CSV. */
  readonly csvHref?: string | undefined;
}

/** Sites without a reading, by half-hour. */
export function CompletenessChart(props: CompletenessChartProps): JSX.Element {
  const { id, cells, days } = props;
  const columns = cells.length;
  const floor = FRAME.topPx + FRAME.heightPx;
  const axis = axisTo(Math.max(2, ...cells.map((cell) => cell.missing + cell.recovered)), 2);
  const y = (sites: number) => yOf(sites, axis, FRAME);
  const missing = cells.map((cell) => cell.missing > 0 ? y(cell.missing) : null);
  const recovered = cells.map((cell) => cell.recovered > 0 ? y(cell.missing + cell.recovered) : null);
  const tops = cells.map((cell) =>
    cell.missing + cell.recovered > 0 ? y(cell.missing + cell.recovered) : null
  );
  const times = timeLabels({ cells, days }, 3);
  return (
    <ChartFigure
      id={id}
      title={props.title ?? "Completeness"}
      summary={completenessSummary(props)}
      beside={props.beside}
      csvHref={props.csvHref}
      legend={
        <>
          <Key mark="critical">still missing</Key>
          <Key mark="estimated">recovered later: total known, shape estimated</Key>
        </>
      }
      table={{
        caption: "Sites without a reading by half-hour",
        heads: ["Half-hour", "Still missing", "Recovered later", "Of sites"],
        rows: cells.map((cell, index) => [
          whenText({ cells, days }, index),
          numberText(cell.missing),
          numberText(cell.recovered),
          numberText(props.sites),
        ]),
      }}
    >
      <Plot label={completenessSummary(props)} frame={FRAME} class="completeness-plot">
        <ValueScale axis={axis} frame={FRAME} unit="sites" />
        <Sheet columns={columns} heightPx={floor}>
          <path
            class="critical-fill"
            d={stepArea(missing, missing.map((top) => top === null ? null : floor))}
          />
        </Sheet>
        <Masked
          id={`${id}-recovered`}
          class="estimated"
          d={stepArea(recovered, recovered.map((_, index) => y(cells[index]?.missing ?? 0)))}
          columns={columns}
          heightPx={floor}
        />
        <Sheet columns={columns} heightPx={floor}>
          <path class="bar-seam" d={barSeams(tops, floor)} />
        </Sheet>
        {days.filter((day) => day.from > 0).map((day) => (
          <Upright
            key={day.from}
            class="midnight-line"
            at={day.from}
            columns={columns}
            from={28}
            to={floor + 6}
          />
        ))}
        {times.map(({ at }) => (
          <Upright key={at} class="axis-line" at={at} columns={1} from={floor} to={floor + 6} />
        ))}
        <Labels
          labels={fitLabels(times, { align: "middle", lostPx: LOST_PX, leftPx: 32 })}
          y={floor + 23}
          strong={({ text }) => text.includes(" ")}
        />
      </Plot>
    </ChartFigure>
  );
}
