/**
 * The load of a site by end use, as the chart draws it on the server and in the browser.
 *
 * @module
 */

import { END_USES } from "../../domain/end_use.ts";
import { startMsOf } from "../../domain/half_hour.ts";
import { stackByEndUse } from "../../domain/usage.ts";
import type { LoadByUse } from "../../ui/charts/types.ts";
import { endUseName } from "../../ui/Words.tsx";
import { axisOf } from "./axis.ts";
import { cellQualityOf } from "./cells.ts";
import type { SiteFacts } from "./site_view.ts";

/** The last half-hours of a site by end use. */
export function loadByUse({ plan, due, energy, baseloadW, reasons }: SiteFacts, count: number): LoadByUse {
  const to = due + 1;
  const from = Math.max(to - count, Math.min(plan.since, to - 48));
  const axis = axisOf(plan.site.zone, { from, to, hours: plan.site.hours });
  const { layers, total } = stackByEndUse(energy.loads, { from, count: to - from });
  const halfHours = axis.labels.map((label, index) => {
    const known = layers.some(({ totals }) => totals.amounts[index] !== null);
    const letter = total.quality[index];
    const quality = !known && letter !== "-" ? "missing" : cellQualityOf(letter);
    // A rest that could not be told, of which only the metered part stands: not as sure as the site's own meter.
    const inPart = layers.some(({ totals }) => totals.partial[index] && totals.amounts[index] !== null);
    const reason = reasons.get(from + index);
    const open = axis.open[index];
    return {
      label,
      quality: inPart || (quality === "missing" && known) ? "suspect" as const : quality,
      ...(quality === "missing" && reason !== undefined ? { reason } : {}),
      ...(open === undefined ? {} : { open }),
    };
  });
  const uses = END_USES.flatMap((use) => {
    const layer = layers.find(({ endUse }) => endUse === use);
    return layer ? [{ use, name: endUseName(use), amountsWh: layer.totals.amounts }] : [];
  });
  return {
    firstMs: startMsOf(from),
    halfHours,
    uses,
    days: axis.days,
    siteWh: total.amounts,
    baseloadKw: baseloadW === null ? null : baseloadW / 1000,
  };
}
