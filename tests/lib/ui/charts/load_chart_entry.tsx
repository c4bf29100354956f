/**
 * Bundled by the browser test of the load chart: hydrates the island with the same half-hours as its page.
 *
 * @module
 */

import { signal } from "@preact/signals";
import { hydrate } from "preact";
import LoadChart from "../../../../islands/LoadChart.tsx";
import type { LoadByUse } from "../../../../lib/ui/charts/types.ts";
import { sampleLoad } from "./sample.ts";

const live = signal<LoadByUse | null>(null);
const root = document.querySelector("#island");
if (root) hydrate(<LoadChart id="load" load={sampleLoad(7)} live={live} phoneFrom={240} />, root);

/** A stored half-hour arrives: the same load with one more. */
document.querySelector("#arrive")?.addEventListener("click", () => {
  const load = sampleLoad(7);
  live.value = {
    ...load,
    halfHours: [...load.halfHours, { label: "10:30", quality: "measured", open: true }],
    uses: load.uses.map((use) => ({ ...use, amountsWh: [...use.amountsWh, 1000] })),
  };
});
