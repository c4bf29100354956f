/**
 * Brings newer half-hours to the load chart when the page hears that some were stored. Draws nothing itself.
 *
 * @module
 */

import type { Signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { LoadByUse } from "../lib/ui/charts/types.ts";
import { paced, waitOnTimer } from "./(_live)/pace.ts";

/** What it needs. */
export interface LiveLoadProps {
  /** Where the load is as JSON. */
  readonly href: string;
  /** Where newer half-hours go; the chart draws what is in it. */
  readonly into: Signal<LoadByUse | null>;
}

/** The page itself is asked for at its own pace, so this one is only to keep answers in order. */
const PACING = { gatherMs: 0, leastMs: 3_000, spreadMs: 1_000, deadlineMs: 30_000 } as const;

/** Fetches the load anew after stored half-hours. */
export default function LiveLoad({ href, into }: LiveLoadProps): null {
  useEffect(() => {
    // The next stored half-hour tries again after a failure; until then the chart shows what it has.
    const pace = paced(async (signal) => {
      const answer = await fetch(href, { signal });
      if (!answer.ok || answer.redirected) return;
      const load: LoadByUse = await answer.json();
      if (!signal.aborted) into.value = load;
    }, { ...PACING, wait: waitOnTimer, random: Math.random });
    document.addEventListener("wattpost:stored", pace.ask);
    return () => {
      document.removeEventListener("wattpost:stored", pace.ask);
      pace.stop();
    };
  }, []);
  return null;
}
