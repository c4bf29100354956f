/**
 * Every half-hour of many days at once: a column a day, midnight to midnight in local time from top to bottom.
 * One path a colour, equal neighbours merged: a year stays below 24 kB compressed.
 *
 * @module
 */

import type { JSX } from "preact";
import { numberText } from "../format.ts";
import { ChartFigure, type ChartTable, Key } from "./ChartFigure.tsx";
import { amountOf, isAbout, isGap } from "./half_hours.ts";
import { classBreaks, type HeatPaths, heatPaths, usualHours } from "./heat.ts";
import { fitLabels, type Label } from "./labels.ts";
import { type Frame, Labels, Masked, Plot, Sheet, Upright } from "./Plot.tsx";
import { kwOf, kwText, percent, tickText } from "./scale.ts";
import type { HeatDay } from "./types.ts";
import { heatSummary, peakOf } from "./words.ts";

const FRAME: Frame = { topPx: 6, heightPx: 240, bottomPx: 30 };
/** Where clocks change, words stand above the map. */
const CHANGE_TOP_PX = 24;
const LOST_PX = { n: 48, m: 152, w: 152 };
/** Above so many days there is no room for a seam between them. */
const SEAM_DAYS = 130;

/** What the map needs. */
export interface HeatMapProps {
  /** Unique on the page. */
  readonly id: string;
  /** In order, at most a year or two. */
  readonly days: readonly HeatDay[];
  /** Its title; `Every half-hour` by default. */
  readonly title?: string;
  /** Where the numbers are as CSV. */
  readonly csvHref?: string | undefined;
}

/** The map with its frame; its table has a row a day, the CSV every half-hour. */
export function HeatMap({ id, days, title, csvHref }: HeatMapProps): JSX.Element {
  const kws = days.flatMap((day) => day.cells.map(amountOf).filter((each) => each !== null).map(kwOf));
  const breaks = classBreaks(kws);
  const paths = heatPaths(days, breaks);
  const hours = usualHours(days);
  return (
    <ChartFigure
      id={id}
      title={title ?? "Every half-hour"}
      summary={heatSummary(days)}
      csvHref={csvHref}
      table={tableOf(days)}
      legend={
        <>
          <li>
            <RampKey breaks={breaks} />
          </li>
          {paths.missing && <Key mark="hatch">missing</Key>}
          {paths.about && <Key mark="heat-estimated">~ estimated</Key>}
          {hours && <Key mark="baseload">opens {hours.opens}, closes {hours.closes}</Key>}
        </>
      }
    >
      <HeatDrawing id={id} days={days} paths={paths} />
    </ChartFigure>
  );
}

function HeatDrawing(
  { id, days, paths }: { readonly id: string; readonly days: readonly HeatDay[]; readonly paths: HeatPaths },
): JSX.Element {
  const columns = Math.max(1, days.length);
  const hours = usualHours(days);
  const sheet = { columns, heightPx: FRAME.heightPx, rows: 48, stroke: 1 };
  const frame = days.some((day) => day.halfHours !== 48) ? { ...FRAME, topPx: CHANGE_TOP_PX } : FRAME;
  const { topPx } = frame;
  const floor = topPx + FRAME.heightPx;
  return (
    <Plot label={heatSummary(days)} frame={frame} class="heat-plot">
      <svg y={topPx} width="100%" height={FRAME.heightPx}>
        <svg width="100%" height="100%" viewBox={`0 0 ${columns} 48`} preserveAspectRatio="none">
          <g class="heat" stroke-width="1" transform="translate(.5)">
            {paths.classes.map((d, index) => d && <path key={index} class={`heat-${index}`} d={d} />)}
          </g>
        </svg>
        <Masked id={`${id}-about`} class="estimated-over" d={paths.about} {...sheet} />
        <Masked id={`${id}-missing`} class="hatch" d={paths.missing} {...sheet} />
        {columns <= SEAM_DAYS && (
          <Sheet columns={columns} heightPx={FRAME.heightPx} rows={48}>
            <path class="day-seam" data-many={columns > 45 ? "" : undefined} d={daySeams(columns)} />
          </Sheet>
        )}
      </svg>
      {["00:00", "06:00", "12:00", "18:00", "24:00"].map((label) => (
        <text
          key={label}
          x="-8"
          y={hourY(label, topPx) + ({ "00:00": 10, "24:00": 0 }[label] ?? 4.5)}
          text-anchor="end"
        >
          {label}
        </text>
      ))}
      {hours && <HourLine say="opens" label={hours.opens} topPx={topPx} />}
      {hours && <HourLine say="closes" label={hours.closes} topPx={topPx} />}
      {days.map((day, index) =>
        day.weekStart && index > 0 && (
          <Upright
            key={index}
            class="axis-line"
            at={index}
            columns={columns}
            from={floor}
            to={floor + 5}
          />
        )
      )}
      <Labels
        labels={fitLabels(weekLabels(days), { align: "start", lostPx: LOST_PX })}
        y={floor + 21}
      />
      <ClockChanges days={days} />
    </Plot>
  );
}

/** A hairline between each two days. */
function daySeams(columns: number): string {
  return columns < 2 ? "" : `M1 0v48${"m1-48v48".repeat(columns - 2)}`;
}

function hourY(label: string, topPx: number): number {
  return topPx + FRAME.heightPx * (Number(label.slice(0, 2)) + Number(label.slice(3)) / 60) / 24;
}

function HourLine(
  { label, say, topPx }: { readonly label: string; readonly say: string; readonly topPx: number },
): JSX.Element {
  const y = hourY(label, topPx);
  return (
    <g>
      <line class="hour-line" x1="0" x2="100%" y1={y} y2={y} />
      <svg class="hour-label" x="100%" width="1" height="1">
        <path class="baseload-line" d={`M0 ${y}h6`} />
        <text x="10" y={y + 4.5}>{`${say} ${label}`}</text>
      </svg>
    </g>
  );
}

function weekLabels(days: readonly HeatDay[]): readonly Label[] {
  const weeks = days.flatMap((day, index) => day.weekStart ? [{ day, index }] : []);
  return weeks.map(({ day, index }, place) => ({
    at: index / days.length,
    texts: [day.dayMonth],
    rank: place % 8 === 0 ? 0 : place % 4 === 0 ? 1 : place % 2 === 0 ? 2 : 3,
  }));
}

function ClockChanges({ days }: { readonly days: readonly HeatDay[] }): JSX.Element {
  const changes: readonly Label[] = days.flatMap((day, index) =>
    day.halfHours === 48 ? [] : [{
      at: (index + 0.5) / days.length,
      texts: [
        `clocks ${day.halfHours > 48 ? "back" : "forward"}, ${day.halfHours} half-hours`,
        `${day.halfHours} half-hours`,
      ],
      rank: index,
    }]
  );
  return (
    <g>
      {changes.map(({ at }) => (
        <svg key={at} class="end-labels" x={percent(at)} width="1" height="1">
          <path class="clock-change" d={`M0 ${CHANGE_TOP_PX - 1}l-4-6h8z`} />
        </svg>
      ))}
      <Labels
        labels={fitLabels(changes, { align: "middle", lostPx: LOST_PX })}
        y={CHANGE_TOP_PX - 11}
        strong={() => true}
      />
    </g>
  );
}

const STEP_PX = 30;

function RampKey({ breaks }: { readonly breaks: readonly number[] }): JSX.Element {
  const top = breaks.at(-1) ?? 0;
  return (
    <svg
      class="ramp-key"
      width={STEP_PX * breaks.length + 26}
      height="32"
      role="img"
      aria-label={`Colours from 0 to over ${tickText(top)} kW`}
    >
      {breaks.map((from, index) => (
        <g key={from}>
          <rect class={`heat-${index} heat-key`} x={index * STEP_PX} width={STEP_PX - 1} height="12" />
          <text x={index * STEP_PX} y="28" text-anchor={index ? "middle" : undefined}>{tickText(from)}</text>
        </g>
      ))}
      <text x={breaks.length * STEP_PX + 4} y="28">kW</text>
    </svg>
  );
}

function tableOf(days: readonly HeatDay[]): ChartTable {
  return {
    caption: "Energy and peak by day",
    heads: ["Day", "kWh", "Peak", "Complete"],
    rows: days.map(({ label, dayMonth, cells }) => {
      const due = cells.filter((cell) => cell.quality !== "none");
      const amounts = due.map(amountOf);
      const known = amounts.filter((amount) => amount !== null);
      const peak = peakOf(amounts);
      const about = due.some((cell) => isGap(cell) || isAbout(cell.quality)) ? "~" : "";
      return [
        `${label.split(" ")[0] ?? ""} ${dayMonth}`,
        known.length === 0 ? "—" : about + numberText(known.reduce((sum, each) => sum + each, 0) / 1000, 1),
        peak ? `${kwText(peak.value)} at ${due[peak.index]?.label}` : "—",
        `${known.length} of ${due.length}`,
      ];
    }),
  };
}
