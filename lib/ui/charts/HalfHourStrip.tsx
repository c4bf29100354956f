/**
 * The last half-hours as bars from 0: large with an axis and reasons on a site's page, small in a row of a list.
 *
 * @module
 */

import type { JSX } from "preact";
import { countText, numberText } from "../format.ts";
import { ChartFigure, type ChartTable, Key } from "./ChartFigure.tsx";
import { amountOf, gapsOf, isAbout, isGap, runsOf, spanText } from "./half_hours.ts";
import { fitLabels, type Label } from "./labels.ts";
import { barSeams, barsPath } from "./paths.ts";
import { Band, type Frame, Labels, Masked, Plot, Sheet, Upright, ValueScale, yOf } from "./Plot.tsx";
import { axisTo, coordinate, kwOf, kwText } from "./scale.ts";
import { timeLabels } from "./time_labels.ts";
import type { HalfHours } from "./types.ts";
import { onText, peakOf, qualityText, stripSummary, whenText } from "./words.ts";

const FRAME: Frame = { topPx: 28, heightPx: 72, bottomPx: 34 };
const LOST_PX = { n: 40, m: 40, w: 40 };

/** What the large strip needs. */
export interface HalfHourStripProps {
  /** Unique on the page. */
  readonly id: string;
  /** The half-hours, usually 48. */
  readonly strip: HalfHours;
  /** Its title; `Last 48 half-hours` by default. */
  readonly title?: string;
  /** Where the numbers are as CSV. */
  readonly csvHref?: string | undefined;
}

/** The large strip: a bar each, hatch with its reason where one is missing, dots where one is only about right. */
export function HalfHourStrip({ id, strip, title, csvHref }: HalfHourStripProps): JSX.Element {
  const { cells } = strip;
  return (
    <ChartFigure
      id={id}
      title={title ?? `Last ${countText(cells.length, "half-hour")}`}
      summary={`${stripSummary(strip)} kW\u00a0=\u00a02\u00a0×\u00a0kWh.`}
      csvHref={csvHref}
      table={tableOf(strip)}
      legend={cells.some((cell) => isAbout(cell.quality) || isGap(cell) || cell.open) && (
        <>
          <Key mark="load">measured</Key>
          {cells.some((cell) => isAbout(cell.quality)) && <Key mark="estimated">~ estimated</Key>}
          {cells.some(isGap) && <Key mark="hatch">missing</Key>}
          {cells.some((cell) => cell.open) && <Key mark="hours">operating hours</Key>}
        </>
      )}
    >
      <StripDrawing id={id} strip={strip} />
    </ChartFigure>
  );
}

function StripDrawing({ id, strip }: { readonly id: string; readonly strip: HalfHours }): JSX.Element {
  const { cells } = strip;
  const columns = cells.length;
  const floor = FRAME.topPx + FRAME.heightPx;
  const amounts = cells.map(amountOf);
  const axis = axisTo(Math.max(...amounts.map((amount) => kwOf(amount ?? 0))), 2);
  const tops = amounts.map((amount) => amount === null ? null : yOf(kwOf(amount), axis, FRAME));
  const solid = tops.map((top, index) => isAbout(cells[index]?.quality ?? "none") ? null : top);
  const about = tops.map((top, index) => isAbout(cells[index]?.quality ?? "none") ? top : null);
  const gaps = gapsOf(cells, (index) => isGap(cells[index] ?? { amountWh: null, quality: "none" }));
  const reasons: Label[] = gaps.map((gap) => ({
    at: gap.from / columns,
    to: gap.to / columns,
    texts: [`${spanText(cells, gap)} ${gap.reason}`, gap.reason, "missing"],
    rank: -(gap.to - gap.from),
  }));
  const times = timeLabels(strip, 3);
  return (
    <Plot label={stripSummary(strip)} frame={FRAME} class="strip-plot">
      <ValueScale axis={axis} frame={FRAME} unit="kW" />
      {runsOf(columns, (index) => about[index] !== null).map((run) => (
        <Band
          key={run.from}
          class="estimated-back"
          run={run}
          columns={columns}
          y={FRAME.topPx}
          heightPx={FRAME.heightPx}
        />
      ))}
      <Sheet columns={columns} heightPx={floor}>
        <path class="load" d={barsPath(solid, floor)} />
      </Sheet>
      <Masked
        id={`${id}-about`}
        class="estimated"
        d={barsPath(about, floor)}
        columns={columns}
        heightPx={floor}
      />
      <Sheet columns={columns} heightPx={floor}>
        <path class="bar-seam" d={barSeams(tops, floor)} />
      </Sheet>
      {gaps.map((gap) => (
        <Band
          key={gap.from}
          class="hatch"
          run={gap}
          columns={columns}
          y={FRAME.topPx}
          heightPx={FRAME.heightPx}
          title={`${spanText(cells, gap)} ${gap.reason}`}
        />
      ))}
      {strip.days.filter((day) => day.from > 0).map((day) => (
        <Upright
          key={day.from}
          class="midnight-line"
          at={day.from}
          columns={columns}
          from={FRAME.topPx}
          to={floor + 9}
        />
      ))}
      {runsOf(columns, (index) => cells[index]?.open === true).map((run) => (
        <Band key={run.from} class="hours-rule" run={run} columns={columns} y={floor + 2} heightPx={3} />
      ))}
      {times.map((time) => (
        <Upright
          key={time.at}
          class="axis-line"
          at={time.at}
          columns={1}
          from={floor}
          to={floor + 9}
        />
      ))}
      <Labels
        labels={fitLabels(times, { align: "middle", lostPx: LOST_PX, leftPx: 32 })}
        y={floor + 26}
        strong={({ text }) => text.includes(" ")}
      />
      <Labels
        labels={fitLabels(reasons, { align: "start", lostPx: LOST_PX })}
        y={FRAME.topPx - 12}
        strong={() => true}
      />
    </Plot>
  );
}

function tableOf(strip: HalfHours): ChartTable {
  return {
    caption: "Half-hours with their amount and average power",
    heads: ["Half-hour", "kWh", "kW", "Quality"],
    rows: strip.cells.map((cell, index) => {
      const amount = amountOf(cell);
      const about = isAbout(cell.quality) ? "~" : "";
      return [
        whenText(strip, index),
        amount === null ? "—" : about + numberText(amount / 1000, 2),
        amount === null ? "—" : about + numberText(kwOf(amount), 1),
        amount === null ? cell.reason ?? cell.quality : cell.quality,
      ];
    }),
  };
}

const MINI_FLOOR = 21;

/** The strip in a list: scaled to its own peak, which it says; 240 × 24 px or as its place has it. */
export function MiniStrip(
  { strip, name }: { readonly strip: HalfHours; readonly name: string },
): JSX.Element {
  const { cells } = strip;
  const amounts = cells.map(amountOf);
  const peak = peakOf(amounts);
  const max = peak && peak.value > 0 ? peak.value : 1;
  const bar = (index: number) => {
    const amount = amounts[index];
    if (typeof amount !== "number") return "";
    const height = Math.max(1, Math.round(MINI_FLOOR * Math.max(0, amount) / max));
    return `M${index * 5} ${MINI_FLOOR}v-${height}h4v${height}z`;
  };
  const box = (run: { readonly from: number; readonly to: number }, top: number, height: number) => {
    const width = (run.to - run.from) * 5 - 1;
    return `M${run.from * 5} ${top}h${width}v${height}h-${width}z`;
  };
  const about = (index: number) => amounts[index] !== null && isAbout(cells[index]?.quality ?? "none");
  const join = (test: (index: number) => boolean, top: number, height: number) =>
    runsOf(cells.length, test).map((run) => box(run, top, height)).join("");
  const bars = (wanted: boolean) =>
    cells.map((_, index) => about(index) === wanted ? bar(index) : "").join("");
  const midnight = strip.days.filter((day) => day.from > 0).map((day) => `M${day.from * 5 - 0.5} 0V24`).join(
    "",
  );
  const missing = (index: number) => isGap(cells[index] ?? { amountWh: null, quality: "none" });
  const says = peak
    ? `scaled to its peak of ${kwText(peak.value)} ${onText(strip, peak.index)}`
    : "no amounts";
  return (
    <svg
      class="strip"
      viewBox={`0 0 ${coordinate(cells.length * 5)} 24`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`${name}: ${qualityText(cells)}, ${says}`}
    >
      <title>{`${qualityText(cells)}, ${says}`}</title>
      <Marks marks={[["midnight-line", midnight], ["estimated-back", join(about, 0, MINI_FLOOR)]]} />
      <Marks
        marks={[["hours-rule", join((index) => cells[index]?.open === true, 22, 2)], ["load", bars(false)]]}
      />
      <Marks marks={[["estimated", bars(true)], ["hatch", join(missing, 0, MINI_FLOOR)]]} />
    </svg>
  );
}

function Marks({ marks }: { readonly marks: readonly (readonly [string, string])[] }): JSX.Element {
  return <>{marks.map(([name, d]) => d && <path key={name} class={name} d={d} />)}</>;
}
