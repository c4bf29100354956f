/**
 * What is drawn on a canvas around the bars: hours, grid, seams, gaps, estimates, baseload, days, cursor. The same
 * marks as the server's drawing, in the same places.
 *
 * @module
 */

import { gapsOf, isAbout, type Run, runsOf, spanText } from "./half_hours.ts";
import { type Layer, reachOf, reasonLabels } from "./load_stack.ts";
import { kwOf, kwText, tickText, type ValueAxis } from "./scale.ts";
import { isNamedDay } from "./time_labels.ts";
import type { LoadByUse } from "./types.ts";
import { dayOf, isPart, siteTotalsOf, totalsOf } from "./words.ts";
import type { Ink } from "./canvas_ink.ts";

/** The plot in pixels. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** All a mark needs to know. */
export interface Scene {
  /** Where it draws. */
  readonly ctx: CanvasRenderingContext2D;
  /** The plot. */
  readonly area: Area;
  /** Colours and type. */
  readonly ink: Ink;
  /** The load shown. */
  readonly load: LoadByUse;
  /** Its visible layers, lowest first. */
  readonly layers: readonly Layer[];
  /** The value axis. */
  readonly axis: ValueAxis;
  /** The half-hour at the cursor; `null` without one. */
  readonly cursor: number | null;
  /** y of the names beside the plot; empty when they stand elsewhere. */
  readonly nameYs: NameYs;
}

/** y in pixels of a name by what it names: an end use or `baseload`. */
export type NameYs = ReadonlyMap<string, number>;

const xOf = ({ area, load }: Scene, index: number) =>
  area.left + (area.right - area.left) * index / load.halfHours.length;
const yOf = ({ area, axis }: Scene, kw: number) => area.bottom - (area.bottom - area.top) * kw / axis.max;

/** Hours and grid, below the bars. */
export function drawGround(scene: Scene): void {
  const { ctx, area, ink, load, axis } = scene;
  for (const run of runsOf(load.halfHours.length, (index) => load.halfHours[index]?.open === true)) {
    const [from, to] = [xOf(scene, run.from), xOf(scene, run.to)];
    ctx.fillStyle = ink.of("hours");
    ctx.fillRect(from, area.top, to - from, area.bottom - area.top);
    ctx.fillStyle = ink.of("border");
    ctx.fillRect(from, area.bottom + 1, to - from, 3);
  }
  ctx.font = ink.font;
  ctx.textAlign = "right";
  for (const tick of axis.ticks) {
    const y = yOf(scene, tick);
    line(ctx, [[area.left, crisp(y)], [area.right, crisp(y)]], ink.of(tick === 0 ? "border" : "line-soft"));
    ctx.fillStyle = ink.of("muted");
    ctx.fillText(tickText(tick), area.left - 8, y + 4.5);
  }
  ctx.fillText("kW", area.left - 8, area.top - 12);
}

/** Seams, gaps, estimates, baseload, days and cursor, over the bars. */
export function drawMarks(scene: Scene): void {
  const { ctx, load, ink, area } = scene;
  ctx.lineWidth = load.halfHours.length > 720 ? 0.3 : 1;
  ctx.strokeStyle = ink.of("surface");
  for (const { to } of scene.layers) steps(scene, to);
  ctx.lineWidth = 1;
  drawAbout(scene);
  drawGaps(scene);
  if (load.baseloadKw !== null) {
    const y = yOf(scene, load.baseloadKw);
    line(ctx, [[area.left, y], [area.right, y]], ink.of("surface"), { width: 3.5 });
    line(ctx, [[area.left, y], [area.right, y]], ink.of("text"), { width: 1.5, dash: [6, 3] });
  }
  drawDays(scene);
  drawLeaders(scene);
  if (scene.cursor === null) drawReasons(scene);
  else drawCursor(scene, scene.cursor);
}

function steps(scene: Scene, sums: readonly (number | null)[]): void {
  const { ctx } = scene;
  ctx.beginPath();
  trace(scene, sums);
  ctx.stroke();
}

function trace(scene: Scene, sums: readonly (number | null)[]): void {
  let drawing = false;
  sums.forEach((sum, index) => {
    if (sum !== null) {
      const y = yOf(scene, kwOf(sum));
      if (drawing) scene.ctx.lineTo(xOf(scene, index), y);
      else scene.ctx.moveTo(xOf(scene, index), y);
      scene.ctx.lineTo(xOf(scene, index + 1), y);
    }
    drawing = sum !== null;
  });
}

function drawAbout(scene: Scene): void {
  const { ctx, ink, load, area } = scene;
  const tops = scene.layers.at(-1)?.to ?? [];
  const about = tops.map((top, index) => isAbout(load.halfHours[index]?.quality ?? "none") ? top : null);
  for (const run of runsOf(about.length, (index) => about[index] !== null)) {
    ctx.fillStyle = ink.of("surface");
    for (let x = Math.ceil(xOf(scene, run.from)); x < xOf(scene, run.to) - 1; x += 2) {
      const index = Math.floor((x - area.left) / (area.right - area.left) * load.halfHours.length);
      const top = yOf(scene, kwOf(about[index] ?? 0));
      for (let y = area.bottom - (Math.floor(x / 2) % 2 === 0 ? 2 : 4); y > top; y -= 4) {
        ctx.fillRect(x, y, 1.5, 1.5);
      }
    }
  }
  ctx.lineWidth = 1.5;
  ctx.setLineDash([1, 3]);
  ctx.strokeStyle = ink.of("text");
  steps(scene, about);
  ctx.setLineDash([]);
  ctx.lineWidth = 1;
}

function drawGaps(scene: Scene): void {
  const { ctx, ink, load, area } = scene;
  const totals = totalsOf(load);
  for (const gap of gapsOf(load.halfHours, (index) => isGone(load, totals, index))) {
    const [from, to] = [xOf(scene, gap.from), xOf(scene, gap.to)];
    hatch(scene, { left: from, right: to, top: area.top, bottom: area.bottom });
    for (const x of [from, to]) line(ctx, [[crisp(x), area.top], [crisp(x), area.bottom]], ink.of("hatch"));
  }
  const tops = scene.layers.at(-1)?.to ?? [];
  const reach = reachOf(load, scene.layers);
  for (const run of runsOf(load.halfHours.length, (index) => isPart(load, index))) {
    for (let index = run.from; index < run.to; index++) {
      const bottom = yOf(scene, kwOf(tops[index] ?? 0));
      const top = Math.max(area.top, Math.min(bottom - 6, yOf(scene, kwOf(reach[index] ?? 0))));
      hatch(scene, { left: xOf(scene, index), right: xOf(scene, index + 1), top, bottom });
    }
  }
}

function isGone(load: LoadByUse, totals: readonly (number | null)[], index: number): boolean {
  return totals[index] === null && load.halfHours[index]?.quality !== "none";
}

function hatch({ ctx, ink }: Scene, box: Area): void {
  const height = box.bottom - box.top;
  ctx.save();
  ctx.beginPath();
  ctx.rect(box.left, box.top, box.right - box.left, height);
  ctx.clip();
  ctx.fillStyle = ink.of("surface");
  ctx.fill();
  ctx.strokeStyle = ink.of("hatch");
  ctx.beginPath();
  const first = Math.floor((box.left + box.top) / 8) * 8;
  for (let sum = first; sum < box.right + box.bottom; sum += 8) {
    ctx.moveTo(sum - box.bottom, box.bottom);
    ctx.lineTo(sum - box.top, box.top);
  }
  ctx.stroke();
  ctx.restore();
}

function drawDays(scene: Scene): void {
  const { ctx, ink, load, area } = scene;
  const places = load.days.map((day) => xOf(scene, day.from));
  let free = -Infinity;
  ctx.font = ink.font;
  ctx.textAlign = "left";
  load.days.forEach((day, index) => {
    const x = places[index] ?? 0;
    const top = load.days.length > 10 ? area.bottom : area.top;
    if (day.from > 0) line(ctx, [[crisp(x), top], [crisp(x), area.bottom + 10]], ink.of("line"));
    if (!isNamedDay(index, load.days.length)) return;
    const text = index === 0 ? day.long : day.label;
    const width = ctx.measureText(text).width;
    if (x + 4 < free || x + 4 + width > area.right) return;
    ctx.fillStyle = ink.of("muted");
    ctx.fillText(text, x + 4, area.bottom + 24);
    free = x + width + 16;
  });
}

/** From the middle of each layer at the half-hour shown to its name beside the plot. */
function drawLeaders(scene: Scene): void {
  const { ctx, ink, area, load } = scene;
  const at = load.halfHours.length - 1;
  const last = (scene.layers[0]?.to ?? []).findLastIndex((sum) => sum !== null);
  const lead = (name: string, kw: number) => {
    const nameY = scene.nameYs.get(name);
    const y = yOf(scene, kw);
    if (nameY === undefined) return;
    line(ctx, [[area.right + 4, y], [area.right + 9, y], [area.right + 20, nameY]], ink.of("border"));
  };
  if (load.baseloadKw !== null) lead("baseload", load.baseloadKw);
  if (last < 0 || last < at - 48) return;
  for (const { use, from, to } of scene.layers) {
    lead(use.use, kwOf(((from[last] ?? 0) + (to[last] ?? 0)) / 2));
  }
}

/** Reasons of gaps and estimates above the plot, the longest first, where they fit. */
function drawReasons(scene: Scene): void {
  const { ctx, ink, area } = scene;
  const taken: Run[] = [];
  ctx.font = ink.fontStrong;
  ctx.fillStyle = ink.of("text");
  for (const label of reasonLabels(scene.load).toSorted((a, b) => a.rank - b.rank)) {
    const width = area.right - area.left;
    const [start, end] = [area.left + label.at * width, area.left + (label.to ?? label.at) * width];
    for (const text of label.texts) {
      const long = ctx.measureText(text).width;
      const from = [start, end - long].find((x) =>
        x >= area.left && x + long <= area.right &&
        taken.every((other) => x + long + 10 <= other.from || x >= other.to + 10)
      );
      if (from === undefined) continue;
      taken.push({ from, to: from + long });
      ctx.textAlign = "left";
      ctx.fillText(text, from, area.top - 12);
      break;
    }
  }
}

function drawCursor(scene: Scene, index: number): void {
  const { ctx, ink, area, load } = scene;
  const x = (xOf(scene, index) + xOf(scene, index + 1)) / 2;
  const half = load.halfHours[index];
  if (!half) return;
  line(ctx, [[x, area.top], [x, area.bottom]], ink.of("surface"), { width: 3.5 });
  line(ctx, [[x, area.top], [x, area.bottom]], ink.of("text"), { width: 1.5 });
  const total = siteTotalsOf(load)[index];
  const what = typeof total === "number"
    ? (isAbout(half.quality) ? "~" : "") + kwText(total) + (isPart(load, index) ? ", not told apart" : "")
    : half.reason ?? "no data";
  const span = spanText(load.halfHours, { from: index, to: index + 1 });
  const text = `${dayOf(load.days, index)?.long ?? ""} ${span}  ${what}`;
  ctx.font = ink.fontStrong;
  ctx.fillStyle = ink.of("text");
  ctx.textAlign = "left";
  const width = ctx.measureText(text).width;
  ctx.fillText(text, Math.max(area.left, Math.min(x - width / 2, area.right - width)), area.top - 12);
}

function line(
  ctx: CanvasRenderingContext2D,
  points: readonly (readonly [number, number])[],
  colour: string,
  { width = 1, dash = [] }: { readonly width?: number; readonly dash?: number[] } = {},
): void {
  ctx.beginPath();
  points.forEach(([x, y], index) => index === 0 ? ctx.moveTo(x, y) : ctx.lineTo(x, y));
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.setLineDash(dash);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.lineWidth = 1;
}

function crisp(pixel: number): number {
  return Math.round(pixel) + 0.5;
}
