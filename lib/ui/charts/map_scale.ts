/**
 * A piece of the earth flat enough to draw: metres a pixel for a fix and what must be seen beside it, lines of
 * latitude and longitude at round places.
 *
 * @module
 */

import { niceStep } from "./scale.ts";

/** A place on the earth in degrees. */
export interface Place {
  /** North is positive. */
  readonly latitude: number;
  /** East is positive. */
  readonly longitude: number;
}

/** Metres of one degree of latitude. */
const METRES_A_DEGREE = 111_320;

/** How far a place lies east and north of another in metres, for places near each other. */
export function offsetM(from: Place, to: Place): { readonly eastM: number; readonly northM: number } {
  const turn = ((to.longitude - from.longitude + 540) % 360) - 180;
  return {
    eastM: turn * METRES_A_DEGREE * Math.cos(from.latitude * Math.PI / 180),
    northM: (to.latitude - from.latitude) * METRES_A_DEGREE,
  };
}

/** Distance in metres between places near each other. */
export function distanceM(a: Place, b: Place): number {
  const { eastM, northM } = offsetM(a, b);
  return Math.hypot(eastM, northM);
}

/** Metres a pixel so that what lies `reachM` from the middle is `reachPx` away; at least 0.5 m. */
export function metresAPixel(reachM: number, reachPx: number): number {
  return Math.max(0.5, reachM / reachPx);
}

/** A round length in metres that is at most `mostPx` wide. */
export function scaleBarM(metresPx: number, mostPx: number): number {
  const step = niceStep(metresPx * mostPx, [1, 2, 5, 10]);
  return step > metresPx * mostPx ? niceStep(step / 2.5, [1, 2, 5, 10]) : step;
}

/** A line of the graticule. */
export interface GridLine {
  /** Its degree. */
  readonly degree: number;
  /** Pixels from the middle: east or south is positive. */
  readonly px: number;
}

/** Lines of latitude or longitude within `reachPx` of the middle, about 90 px apart. */
export function gridLines(
  middle: Place,
  { metresPx, reachPx, along }: {
    readonly metresPx: number;
    readonly reachPx: number;
    readonly along: "latitude" | "longitude";
  },
): readonly GridLine[] {
  const shrink = along === "longitude" ? Math.max(0.01, Math.cos(middle.latitude * Math.PI / 180)) : 1;
  const degreePx = METRES_A_DEGREE * shrink / metresPx;
  const step = niceStep(90 / degreePx, [1, 2, 5, 10]);
  const first = Math.ceil((middle[along] - reachPx / degreePx) / step);
  const last = Math.floor((middle[along] + reachPx / degreePx) / step);
  const sign = along === "longitude" ? 1 : -1;
  return Array.from({ length: Math.min(40, Math.max(0, last - first + 1)) }, (_, index) => {
    const degree = Number(((first + index) * step).toFixed(6));
    return { degree, px: (degree - middle[along]) * degreePx * sign };
  });
}
