/**
 * The load of a site stacked by end use, drawn on the server: steps on what never stops, the baseload as a line,
 * operating hours shaded, gaps hatched with their reason, end uses named at the right end.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { numberText } from "../format.ts";
import { ChartFigure, Key } from "./ChartFigure.tsx";
import { gapsOf, isAbout, runsOf, spanText } from "./half_hours.ts";
import { endPlaces, loadAxis } from "./end_places.ts";
import { fitLabels } from "./labels.ts";
import { LOAD_FRAME } from "./load_frame.ts";
import { dayRows, lastKnown, type Layer, layersOf, loadFrom, reachOf, reasonLabels } from "./load_stack.ts";
import { stepArea, stepLine } from "./paths.ts";
import { Band, Labels, Masked, Plot, Sheet, Upright, ValueScale, yOf } from "./Plot.tsx";
import { coordinate, kwOf, type ValueAxis } from "./scale.ts";
import { dayLabels } from "./time_labels.ts";
import type { LoadByUse, RangeChoice } from "./types.ts";
import { isPart, loadSummary, stacked, totalsOf, useText } from "./words.ts";

const LOST_PX = { n: 40, m: 40, w: 204 };
/** Above so many half-hours a whole pixel of seam would eat the steps. */
const FINE_COLUMNS = 720;

/** What the stack needs. */
export interface LoadStackProps {
  /** Unique on the page. */
  readonly id: string;
  /** The load. */
  readonly load: LoadByUse;
  /** Its title; `Load by end use` by default. */
  readonly title?: string | undefined;
  /** From which half-hour on a phone shows it; all when absent. */
  readonly phoneFrom?: number | undefined;
  /** Ranges to choose from. */
  readonly ranges?: readonly RangeChoice[] | undefined;
  /** Where the numbers are as CSV. */
  readonly csvHref?: string | undefined;
}

/** The stack with its frame. */
export function LoadStack(props: LoadStackProps): JSX.Element {
  return (
    <LoadFigure {...props} legend={<StackLegend load={props.load} />}>
      <LoadDrawings {...props} />
    </LoadFigure>
  );
}

/** The frame of a load, whoever draws it. */
export function LoadFigure(
  props: LoadStackProps & { readonly children: ComponentChildren; readonly legend: ComponentChildren },
): JSX.Element {
  const { load, ranges = [] } = props;
  const names = stacked(load).toReversed().map((use) => `${use.name}, kWh`);
  return (
    <ChartFigure
      id={props.id}
      title={props.title ?? "Load by end use"}
      summary={`${loadSummary(load)} Half-hourly averages: kW\u00a0=\u00a02\u00a0×\u00a0kWh.`}
      csvHref={props.csvHref}
      beside={ranges.length > 0 && (
        <span class="choices" role="group" aria-label="Range">
          {ranges.map((range) => (
            <a key={range.href} href={range.href} aria-current={range.current ? "true" : undefined}>
              {range.label}
            </a>
          ))}
        </span>
      )}
      legend={props.legend}
      table={{
        caption: "Energy by day and end use",
        heads: ["Day", ...names, "All, kWh", "Complete"],
        rows: dayRows(load),
      }}
    >
      {props.children}
    </ChartFigure>
  );
}

/** The drawing, and on a phone the one of its last part. */
export function LoadDrawings({ id, load, phoneFrom = 0 }: LoadStackProps): JSX.Element {
  if (phoneFrom <= 0) return <LoadDrawing id={id} load={load} />;
  return (
    <>
      <div class="but-narrow">
        <LoadDrawing id={id} load={load} />
      </div>
      <div class="only-narrow">
        <LoadDrawing id={`${id}-phone`} load={loadFrom(load, phoneFrom)} />
      </div>
    </>
  );
}

function LoadDrawing({ id, load }: { readonly id: string; readonly load: LoadByUse }): JSX.Element {
  const layers = layersOf(load);
  const axis = loadAxis(load, layers);
  const columns = load.halfHours.length;
  const floor = LOAD_FRAME.topPx + LOAD_FRAME.heightPx;
  const isFine = columns > FINE_COLUMNS;
  return (
    <Plot label={loadSummary(load)} frame={LOAD_FRAME} class="load-plot">
      {runsOf(columns, (index) => load.halfHours[index]?.open === true).map((run) => (
        <g key={run.from}>
          <Band
            class="hours-band"
            run={run}
            columns={columns}
            y={LOAD_FRAME.topPx}
            heightPx={LOAD_FRAME.heightPx}
          />
          <Band class="hours-rule" run={run} columns={columns} y={floor + 1} heightPx={3} />
        </g>
      ))}
      <ValueScale axis={axis} frame={LOAD_FRAME} unit="kW" />
      {isFine && <Midnights load={load} />}
      <Areas id={id} load={load} layers={layers} axis={axis} />
      <Gaps load={load} />
      {load.baseloadKw !== null && (
        <g>
          <Level class="casing" y={yOf(load.baseloadKw, axis, LOAD_FRAME)} />
          <Level class="baseload-line" y={yOf(load.baseloadKw, axis, LOAD_FRAME)} />
        </g>
      )}
      {!isFine && <Midnights load={load} />}
      <Labels
        labels={fitLabels(dayLabels(load.days, columns), { align: "start", lostPx: LOST_PX })}
        y={floor + 24}
        dx={4}
      />
      <Labels
        labels={fitLabels(reasonLabels(load), { align: "start", lostPx: LOST_PX })}
        y={LOAD_FRAME.topPx - 12}
        strong={() => true}
      />
      <EndLabels load={load} />
    </Plot>
  );
}

/** Hairlines at midnight: over the stack, or beneath it where there are many. */
function Midnights({ load }: { readonly load: LoadByUse }): JSX.Element {
  const floor = LOAD_FRAME.topPx + LOAD_FRAME.heightPx;
  return (
    <g>
      {load.days.filter((day) => day.from > 0).map((day) => (
        <Upright
          key={day.from}
          class="midnight-line"
          at={day.from}
          columns={load.halfHours.length}
          from={LOAD_FRAME.topPx}
          to={floor + 10}
        />
      ))}
    </g>
  );
}

function Level({ y, ...rest }: { readonly y: number; readonly class: string }): JSX.Element {
  return <line class={rest.class} x1="0" x2="100%" y1={coordinate(y)} y2={coordinate(y)} />;
}

interface AreasProps {
  readonly id: string;
  readonly load: LoadByUse;
  readonly layers: readonly Layer[];
  readonly axis: ValueAxis;
}

function Areas({ id, load, layers, axis }: AreasProps): JSX.Element {
  const columns = load.halfHours.length;
  const floor = LOAD_FRAME.topPx + LOAD_FRAME.heightPx;
  const heights = (sums: readonly (number | null)[]) =>
    sums.map((sum) => sum === null ? null : yOf(kwOf(sum), axis, LOAD_FRAME));
  const tops = heights(layers.at(-1)?.to ?? []);
  const only = (test: (index: number) => boolean) => tops.map((top, index) => test(index) ? top : null);
  const about = only((index) => isAbout(load.halfHours[index]?.quality ?? "none"));
  const part = only((index) => isPart(load, index));
  const reach = heights(reachOf(load, layers));
  const lifted = part.map((top, index) =>
    top === null ? null : Math.max(LOAD_FRAME.topPx, Math.min(top - 6, reach[index] ?? top))
  );
  return (
    <g>
      <Sheet columns={columns} heightPx={floor}>
        {layers.map(({ use, from, to }) => (
          <path key={use.use} class={`use-${use.use}`} d={stepArea(heights(to), heights(from))}>
            <title>{use.name}</title>
          </path>
        ))}
        <path
          class="seam"
          data-fine={columns > FINE_COLUMNS ? "" : undefined}
          d={layers.map(({ to }) => stepLine(heights(to))).join("")}
        />
      </Sheet>
      <Masked
        id={`${id}-about`}
        class="estimated-over"
        d={stepArea(about, about.map((top) => top === null ? null : floor))}
        columns={columns}
        heightPx={floor}
      />
      <Masked id={`${id}-part`} class="hatch" d={stepArea(lifted, part)} columns={columns} heightPx={floor} />
      <Sheet columns={columns} heightPx={floor}>
        <path class="estimated-line" d={stepLine(about)} />
      </Sheet>
    </g>
  );
}

function Gaps({ load }: { readonly load: LoadByUse }): JSX.Element {
  const { halfHours } = load;
  const totals = totalsOf(load);
  const columns = halfHours.length;
  const gaps = gapsOf(halfHours, (index) => totals[index] === null && halfHours[index]?.quality !== "none");
  const floor = LOAD_FRAME.topPx + LOAD_FRAME.heightPx;
  return (
    <g>
      {gaps.map((gap) => (
        <g key={gap.from}>
          <Band
            class="hatch"
            run={gap}
            columns={columns}
            y={LOAD_FRAME.topPx}
            heightPx={LOAD_FRAME.heightPx}
            title={`No data ${spanText(halfHours, gap)}, ${gap.reason}`}
          />
          <Upright class="hatch-edge" at={gap.from} columns={columns} from={LOAD_FRAME.topPx} to={floor} />
          <Upright class="hatch-edge" at={gap.to} columns={columns} from={LOAD_FRAME.topPx} to={floor} />
        </g>
      ))}
    </g>
  );
}

/** Names and values of the last half-hour at the right end, led from where they lie in the stack. */
function EndLabels({ load }: { readonly load: LoadByUse }): JSX.Element | null {
  const last = lastKnown(load);
  if (last === undefined) return null;
  return (
    <svg class="end-labels" x="100%" width="1" height="1">
      <text x="24" y={LOAD_FRAME.topPx - 12}>{spanText(load.halfHours, { from: last, to: last + 1 })}</text>
      <text x="160" y={LOAD_FRAME.topPx - 12} text-anchor="end">kW</text>
      {endPlaces(load, { gapPx: 20 }).map(({ of, fromPx, toPx }) => {
        const use = load.uses.find((each) => each.use === of);
        const to = coordinate(toPx);
        return (
          <g key={of}>
            <path class="leader" d={`M4 ${coordinate(fromPx)}H9L18 ${to}`} />
            <g transform={`translate(0 ${to})`}>
              {use
                ? <rect class={`use-${use.use}`} x="24" y="-5" width="10" height="10" rx="1" />
                : <path class="baseload-line" d="M20 0h15" />}
              <text class="say" x="40" y="4.5">{use?.name ?? "Baseload"}</text>
              <text x="160" y="4.5" text-anchor="end">
                {use ? useText(use.amountsWh[last] ?? null) : numberText(load.baseloadKw ?? 0, 1)}
              </text>
            </g>
          </g>
        );
      })}
    </svg>
  );
}

/** What marks and colours mean; end uses are left out where they are named elsewhere. */
export function StackLegend(
  { load, named = false }: { readonly load: LoadByUse; readonly named?: boolean },
): JSX.Element {
  const totals = totalsOf(load);
  const gone = totals.some((total, index) => total === null && load.halfHours[index]?.quality !== "none");
  return (
    <>
      {!named && stacked(load).toReversed().map((use) => (
        <li key={use.use} class="only-below-wide">
          <span class={`key use-${use.use}`} />
          {use.name}
        </li>
      ))}
      {!named && load.baseloadKw !== null && (
        <li class="only-below-wide">
          <svg class="chart-key" width="14" height="14" aria-hidden="true">
            <path class="baseload-line" d="M0 7H14" />
          </svg>
          Baseload {numberText(load.baseloadKw, 1)} kW
        </li>
      )}
      {load.halfHours.some((each) => each.open) && <Key mark="hours">operating hours</Key>}
      {load.halfHours.some((each) => isAbout(each.quality)) && <Key mark="heat-estimated">~ estimated</Key>}
      {(gone || load.halfHours.some((_, index) => isPart(load, index))) && (
        <Key mark="hatch">missing or incomplete</Key>
      )}
    </>
  );
}
