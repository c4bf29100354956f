/**
 * The load of a site by end use as JSON, for the chart that follows live.
 *
 * @module
 */

import { HttpError } from "fresh";
import { deviceFinder } from "../../(_devices)/find_device.ts";
import { allowSite } from "../../../../../lib/web/allow.ts";
import { isLoadRange, loadSiteLoad } from "../../../../../lib/web/pages/site_view.ts";
import { define, servicesOf } from "../../../../../lib/web/state.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { base } = ctx.state;
    const services = servicesOf(ctx.state);
    const { id: siteId } = await allowSite(ctx, "site.see");
    const range = ctx.url.searchParams.get("range") ?? "week";
    if (!isLoadRange(range)) throw new HttpError(400);
    const findDevice = await deviceFinder(services, siteId);
    const request = { siteId, range, nowMs: base.clock.nowMs(), findDevice };
    const load = await loadSiteLoad(services.db, request);
    if (!load) throw new HttpError(404);
    return ctx.json(load);
  },
});
