/**
 * The cursor of a load chart: which half-hour an instant is, and where a key takes it.
 *
 * @module
 */

import { HALF_HOUR_MS, HALF_HOURS_A_DAY } from "../../domain/half_hour.ts";
import type { LoadByUse } from "./types.ts";

/** The index of the half-hour that holds an instant in epoch ms; `null` when the load has none. */
export function indexAtMs(load: LoadByUse, ms: number | null): number | null {
  if (ms === null) return null;
  const index = Math.floor((ms - load.firstMs) / HALF_HOUR_MS);
  return index >= 0 && index < load.halfHours.length ? index : null;
}

/** The instant in epoch ms at which a half-hour starts. */
export function msAtIndex(load: LoadByUse, index: number): number {
  return load.firstMs + index * HALF_HOUR_MS;
}

/** Where a key takes the cursor among `count` half-hours; `undefined` for a key that does not move it. */
export function keyTarget(
  key: string,
  { from, count }: { readonly from: number; readonly count: number },
): number | undefined {
  const moves: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    PageUp: -HALF_HOURS_A_DAY,
    PageDown: HALF_HOURS_A_DAY,
    Home: -count,
    End: count,
  };
  const by = moves[key];
  return by === undefined ? undefined : Math.max(0, Math.min(count - 1, from + by));
}
