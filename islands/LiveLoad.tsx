/**
 * Brings newer half-hours to the load chart when the page hears that some were stored. Draws nothing itself.
 *
 * @module
 */

import type { Signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { LoadByUse } from "../lib/ui/charts/types.ts";

/** What it needs. */
export interface LiveLoadProps {
  /** Where the load is as JSON. */
  readonly href: string;
  /** Where newer half-hours go; the chart draws what is in it. */
  readonly into: Signal<LoadByUse | null>;
}

/** Fetches the load anew after each stored half-hour. */
export default function LiveLoad({ href, into }: LiveLoadProps): null {
  useEffect(() => {
    const leaving = new AbortController();
    const fetchLoad = async () => {
      const answer = await fetch(href, { signal: leaving.signal });
      if (answer.ok) into.value = await answer.json();
    };
    // The next stored half-hour tries again; until then the chart shows what it has.
    const onStored = () => void fetchLoad().catch(() => {});
    document.addEventListener("wattpost:stored", onStored);
    return () => {
      document.removeEventListener("wattpost:stored", onStored);
      leaving.abort();
    };
  }, []);
  return null;
}
