/**
 * Path data for steps: a half-hour is an average, so lines are steps, areas have flat tops and a gap breaks both.
 * x counts half-hours and is stretched by the drawing; y is pixels.
 *
 * @module
 */

import { type Run, runsOf } from "./half_hours.ts";
import { coordinate } from "./scale.ts";

/** Heights in pixels from the top of the plot; `null` where nothing is drawn. */
export type Heights = readonly (number | null)[];

/** The stepped outline of one run without gaps. Equal neighbours become one stroke. */
function stepsOfRun(heights: Heights, run: Run): string {
  let path = "";
  let before: number | null = null;
  for (let index = run.from; index < run.to; index++) {
    const y = coordinate(heights[index] ?? 0);
    if (before === null) path += `M${index} ${y}`;
    else if (y !== before) path += `H${index}V${y}`;
    before = y;
  }
  return `${path}H${run.to}`;
}

/** A stepped line that gaps break. */
export function stepLine(heights: Heights): string {
  return runsOf(heights.length, (index) => heights[index] !== null)
    .map((run) => stepsOfRun(heights, run)).join("");
}

/** The closed areas between a stepped top and a stepped bottom; drawn only where both have a height. */
export function stepArea(tops: Heights, bottoms: Heights): string {
  const drawn = (index: number) => typeof tops[index] === "number" && typeof bottoms[index] === "number";
  return runsOf(tops.length, drawn).map((run) => {
    let back = "";
    let before: number | null = null;
    for (let index = run.to - 1; index >= run.from; index--) {
      const y = coordinate(bottoms[index] ?? 0);
      if (before === null) back += `V${y}`;
      else if (y !== before) back += `H${index + 1}V${y}`;
      before = y;
    }
    return `${stepsOfRun(tops, run)}${back}H${run.from}Z`;
  }).join("");
}

/** Bars from the floor, each one half-hour wide; a value of 0 still shows as a line of half a pixel. */
export function barsPath(tops: Heights, floor: number): string {
  const least = tops.map((top) => top === null ? null : Math.min(top, floor - 0.5));
  return stepArea(least, least.map((top) => top === null ? null : floor));
}

/** The seams between neighbouring bars, each as high as the higher of its two. */
export function barSeams(tops: Heights, floor: number): string {
  let path = "";
  for (let index = 1; index < tops.length; index++) {
    const left = tops[index - 1];
    const right = tops[index];
    if (typeof left !== "number" && typeof right !== "number") continue;
    path += `M${index} ${floor}V${coordinate(Math.min(left ?? floor, right ?? floor) - 1)}`;
  }
  return path;
}
