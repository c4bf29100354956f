/**
 * Says a thing seldom: what goes wrong with every request would fill a disk if each were logged.
 *
 * @module
 */

import type { Clock } from "../clock.ts";

/** What has the time and lives as long as the process. */
interface Owner {
  readonly clock: Clock;
}

const SAID = new WeakMap<Owner, Map<string, number>>();

/** Calls `say` unless the same was said in the last `everyMs`; the names must come from the source. */
export function atMostEach(
  owner: Owner,
  { what, everyMs }: { readonly what: string; readonly everyMs: number },
  say: () => void,
): void {
  const said = SAID.get(owner) ?? new Map<string, number>();
  SAID.set(owner, said);
  const nowMs = owner.clock.monotonicMs();
  if (nowMs - (said.get(what) ?? -Infinity) < everyMs) return;
  said.set(what, nowMs);
  say();
}
