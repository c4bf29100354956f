/**
 * Where the names of a stack stand at its right end: each as near as it can be to what it names, for the server's
 * drawing and the island's alike.
 *
 * @module
 */

import type { EndUse } from "../../domain/end_use.ts";
import { spreadOut } from "./labels.ts";
import { LOAD_FRAME } from "./load_frame.ts";
import { largestOf, lastKnown, layersOf, reachOf } from "./load_stack.ts";
import { axisTo, kwOf, type ValueAxis } from "./scale.ts";
import type { LoadByUse } from "./types.ts";

/** A name at the right end. */
export interface EndPlace {
  /** What it names. */
  readonly of: EndUse | "baseload";
  /** y in pixels of what it names in the newest half-hour. */
  readonly fromPx: number;
  /** y in pixels of the middle of the name. */
  readonly toPx: number;
}

/** The value axis of a load: three or four steps, whichever wastes less height. */
export function loadAxis(load: LoadByUse, layers = layersOf(load)): ValueAxis {
  const largest = Math.max(kwOf(largestOf(reachOf(load, layers))), load.baseloadKw ?? 0);
  const [three, four] = [axisTo(largest, 3), axisTo(largest, 4)];
  return four.max < three.max ? four : three;
}

/** Places for all end uses and the baseload, from the top; none while nothing is known. */
export function endPlaces(load: LoadByUse, { gapPx }: { readonly gapPx: number }): readonly EndPlace[] {
  const last = lastKnown(load);
  if (last === undefined) return [];
  const { max } = loadAxis(load);
  const bottom = LOAD_FRAME.topPx + LOAD_FRAME.heightPx;
  const yOf = (kw: number) => bottom - LOAD_FRAME.heightPx * Math.max(0, kw) / max;
  const named: { readonly of: EndPlace["of"]; readonly fromPx: number }[] = layersOf(load).map((layer) => ({
    of: layer.use.use,
    fromPx: yOf(kwOf(((layer.from[last] ?? 0) + (layer.to[last] ?? 0)) / 2)),
  }));
  named.reverse();
  if (load.baseloadKw !== null) named.push({ of: "baseload", fromPx: yOf(load.baseloadKw) });
  // Of equal height, the order of the stack: the sort is stable.
  named.sort((a, b) => a.fromPx - b.fromPx);
  const places = spreadOut(named.map(({ fromPx }) => fromPx), {
    gap: gapPx,
    from: LOAD_FRAME.topPx + 8,
    to: bottom - 4,
  });
  return named.map((each, index) => ({ ...each, toPx: places[index] ?? each.fromPx }));
}
