/**
 * The stack on a canvas: Chart.js with the one kind of bars and scale that is used, our own marks around them.
 * Loaded only in a browser and only once a page has a load to show.
 *
 * @module
 */

import { BarController, BarElement, Chart, type ChartDataset, LinearScale } from "chart.js";
import type { EndUse } from "../../lib/domain/end_use.ts";
import { HALF_HOUR_MS } from "../../lib/domain/half_hour.ts";
import { loadAxis } from "../../lib/ui/charts/end_places.ts";
import { LOAD_FRAME } from "../../lib/ui/charts/load_frame.ts";
import { layersOf } from "../../lib/ui/charts/load_stack.ts";
import { kwOf } from "../../lib/ui/charts/scale.ts";
import type { LoadByUse } from "../../lib/ui/charts/types.ts";
import { type Ink, inkOf } from "../../lib/ui/charts/canvas_ink.ts";
import { drawGround, drawMarks, type NameYs, type Scene } from "../../lib/ui/charts/canvas_marks.ts";

Chart.register(BarController, BarElement, LinearScale);

const LEFT_PX = 40;
const LEADER_PX = 24;

/** What is to be seen. */
export interface LoadView {
  /** The load. */
  readonly load: LoadByUse;
  /** End uses that are switched off. */
  readonly hidden: readonly EndUse[];
  /** The half-hour at the cursor; `null` without one. */
  readonly cursor: number | null;
  /** y of the names beside the plot; empty when they stand below it. */
  readonly nameYs: NameYs;
}

/** A drawn load. */
export interface LoadCanvas {
  /** Draws something else. */
  readonly show: (view: LoadView) => void;
  /** Reads the colours again and draws. */
  readonly redraw: () => void;
  /** The half-hour under a pixel of the canvas; `null` outside the plot. */
  readonly indexAt: (x: number) => number | null;
  /** Lets go of the canvas. */
  readonly destroy: () => void;
}

/** The door of the chunk. An object, because a function exported under `islands` would be taken for an island. */
export const loadCanvas = { draw: drawLoad } as const;

/** Draws a load on a canvas and follows its size. */
function drawLoad(
  canvas: HTMLCanvasElement,
  { view: first, onResize }: { readonly view: LoadView; readonly onResize: () => void },
): LoadCanvas {
  let view = first;
  let ink = inkOf(canvas.parentElement ?? document.body);
  const chart = new Chart(canvas, {
    type: "bar",
    data: { datasets: [] },
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      parsing: false,
      normalized: true,
      events: [],
      onResize,
      layout: { padding: { left: LEFT_PX, top: LOAD_FRAME.topPx, bottom: LOAD_FRAME.bottomPx } },
      scales: {
        x: { type: "linear", display: false, offset: false, stacked: true, bounds: "ticks" },
        y: { type: "linear", display: false, stacked: true, min: 0 },
      },
    },
    plugins: [{
      id: "half-hours",
      beforeDatasetsDraw: (each) => drawGround(sceneOf(each, view, ink)),
      afterDatasetsDraw: (each) => drawMarks(sceneOf(each, view, ink)),
    }],
  });
  const show = (next: LoadView) => {
    view = next;
    put(chart, view, ink);
  };
  show(first);
  return {
    show,
    redraw: () => {
      ink = inkOf(canvas.parentElement ?? document.body);
      show(view);
    },
    indexAt: (x) => indexAt(chart, view, x),
    destroy: () => chart.destroy(),
  };
}

function shownLayers({ load, hidden }: LoadView) {
  const uses = load.uses.filter(({ use }) => !hidden.includes(use));
  return layersOf({ ...load, uses });
}

function axisOf(view: LoadView) {
  return loadAxis(view.load, shownLayers(view));
}

function put(chart: Chart, view: LoadView, ink: Ink): void {
  const { load } = view;
  const endMs = load.firstMs + load.halfHours.length * HALF_HOUR_MS;
  const datasets: ChartDataset<"bar", { x: number; y: number }[]>[] = shownLayers(view).map((
    { use, from, to },
  ) => ({
    label: use.name,
    data: to.flatMap((sum, index) => {
      if (sum === null) return [];
      return { x: load.firstMs + (index + 0.5) * HALF_HOUR_MS, y: kwOf(sum - (from[index] ?? 0)) };
    }),
    backgroundColor: ink.of(`use-${use.use}`),
    barPercentage: 1,
    categoryPercentage: 1,
  }));
  chart.data.datasets = datasets;
  chart.options.scales = {
    x: { ...chart.options.scales?.["x"], min: load.firstMs, max: endMs },
    y: { ...chart.options.scales?.["y"], max: axisOf(view).max },
  };
  const padding = { left: LEFT_PX, top: LOAD_FRAME.topPx, bottom: LOAD_FRAME.bottomPx };
  chart.options.layout = { padding: { ...padding, right: view.nameYs.size > 0 ? LEADER_PX : 0 } };
  chart.update("none");
}

function sceneOf(chart: Chart, view: LoadView, ink: Ink): Scene {
  const { left, top, right, bottom } = chart.chartArea;
  return {
    ctx: chart.ctx,
    area: { left, top, right, bottom },
    ink,
    load: view.load,
    layers: shownLayers(view),
    axis: axisOf(view),
    cursor: view.cursor,
    nameYs: view.nameYs,
  };
}

function indexAt(chart: Chart, { load }: LoadView, x: number): number | null {
  const { left, right } = chart.chartArea;
  if (x < left || x >= right) return null;
  return Math.min(load.halfHours.length - 1, Math.floor((x - left) / (right - left) * load.halfHours.length));
}
