/**
 * The page of one site.
 *
 * @module
 */

import { signal } from "@preact/signals";
import { HttpError, page } from "fresh";
import LiveLoad from "../../../../../islands/LiveLoad.tsx";
import LoadChart from "../../../../../islands/LoadChart.tsx";
import { listRetired } from "../../../../../lib/store/device_pages.ts";
import type { LoadByUse } from "../../../../../lib/ui/charts/types.ts";
import { HalfHourStrip } from "../../../../../lib/ui/charts/HalfHourStrip.tsx";
import { HeatMap } from "../../../../../lib/ui/charts/HeatMap.tsx";
import { SignalChart } from "../../../../../lib/ui/charts/SignalChart.tsx";
import { SparkLine } from "../../../../../lib/ui/charts/SparkLine.tsx";
import { LinkButton, PostButton } from "../../../../../lib/ui/Input.tsx";
import { FindingsPanel } from "../../../../../lib/ui/FindingsPanel.tsx";
import { SitePage } from "../../../../../lib/ui/pages/SitePage.tsx";
import { type Told, ToldNotice } from "../../../../../lib/ui/Told.tsx";
import { deviceFinder } from "../../(_devices)/find_device.ts";
import { allowSite, mightDo } from "../../../../../lib/web/allow.ts";
import {
  isLoadRange,
  type LoadRange,
  loadSiteView,
  type SiteView,
} from "../../../../../lib/web/pages/site_view.ts";
import { define, servicesOf } from "../../../../../lib/web/state.ts";

const CHANGED: Told = {
  state: "good",
  title: "The site is changed",
  words: "The next half-hour is read with it; what was collected before stays.",
};

/** RSSI below which a radio link is weak, in dBm. */
const WEAK_DBM = -90;

const RANGES: readonly (readonly [LoadRange, string])[] = [["day", "Day"], ["week", "7 days"], [
  "month",
  "30 days",
]];

export const handler = define.handlers({
  async GET(ctx) {
    const { base } = ctx.state;
    const services = servicesOf(ctx.state);
    const place = await allowSite(ctx, "site.see");
    const asked = ctx.url.searchParams.get("range") ?? "week";
    const range = isLoadRange(asked) ? asked : "week";
    const findDevice = await deviceFinder(services, place.id);
    const request = { siteId: place.id, range, nowMs: base.clock.nowMs(), findDevice };
    const view = await loadSiteView(services.db, request);
    if (!view) throw new HttpError(404);
    ctx.state.title = view.head.name;
    const exports = mightDo(ctx.state, "site.export", place);
    const reads = mightDo(ctx.state, "site.read-now", place);
    const may = {
      changes: mightDo(ctx.state, "site.change", place),
      clones: mightDo(ctx.state, "sites.register"),
      maintains: mightDo(ctx.state, "site.devices", place),
    };
    const retired = (await listRetired(services.db, place.id)).map(({ id, name }) => ({
      name,
      href: `/sites/${place.id}/devices/${id}`,
    }));
    const changed = ctx.url.searchParams.get("done") === "changed";
    return page({ retired, view, range, exports, reads, may, changed });
  },
});

export default define.page<typeof handler>((
  { data: { retired, view, range, exports, reads, may, changed } },
) => (
  <SitePage
    head={view.head}
    figures={view.figures}
    strip={
      <HalfHourStrip id="strip" strip={view.strip} csvHref={exports ? csvHref(view, "day") : undefined} />
    }
    load={<Load view={view} range={range} exports={exports} />}
    heat={<HeatMap id="heat" days={view.heat} csvHref={exports ? csvHref(view, "all") : undefined} />}
    devices={view.devices.map(({ row, spark }) => ({
      ...row,
      readAction: reads ? row.readAction : null,
      spark: spark.length > 0 ? <SparkLine cells={spark} name={row.name} /> : undefined,
    }))}
    retired={retired}
    findings={<FindingsPanel findings={view.findings} />}
    router={routerOf(view)}
    routerHref={`/sites/${view.id}/router`}
    linkHref={`/sites/${view.id}/link`}
    timeline={view.timeline}
    actions={<SiteActions siteId={view.id} {...may} />}
    notice={changed && <ToldNotice told={CHANGED} />}
  />
));

function SiteActions(
  { siteId, changes, clones, maintains }: {
    readonly siteId: number;
    readonly maintains: boolean;
    readonly changes: boolean;
    readonly clones: boolean;
  },
) {
  return (
    <>
      {maintains && <LinkButton href={`/sites/${siteId}/maintenance`}>Maintenance</LinkButton>}
      {clones && <PostButton action={`/sites/${siteId}/clone`}>Clone</PostButton>}
      {changes && <PostButton action={`/sites/${siteId}/change`}>Change</PostButton>}
    </>
  );
}

interface LoadProps {
  readonly view: SiteView;
  readonly range: LoadRange;
  /** Whether figures may be taken away as a file. */
  readonly exports: boolean;
}

function Load({ view, range, exports }: LoadProps) {
  const live = signal<LoadByUse | null>(null);
  return (
    <div class="kept" data-kept>
      <LiveLoad href={`/sites/${view.id}/load?range=${range}`} into={live} />
      <LoadChart
        id="load"
        load={view.load}
        live={live}
        phoneFrom={Math.max(0, view.load.halfHours.length - 144)}
        ranges={RANGES.map(([key, label]) => ({
          label,
          href: `/sites/${view.id}?range=${key}#load-title`,
          current: key === range,
        }))}
        csvHref={exports ? csvHref(view, range) : undefined}
      />
    </div>
  );
}

function routerOf({ router }: SiteView) {
  if (!router) return null;
  const { model, signal, days } = router;
  if (signal.length === 0) return model;
  return { ...model, signalChart: <SignalChart cells={signal} days={days} weakDbm={WEAK_DBM} /> };
}

function csvHref(view: SiteView, range: string): string {
  return `/sites/${view.id}/half-hours.csv?range=${range}`;
}
