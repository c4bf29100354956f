/**
 * Maintenance windows of a site.
 *
 * @module
 */

import { HttpError, page } from "fresh";
import { halfHourOf } from "../../../../../../lib/domain/half_hour.ts";
import { getSitePlan } from "../../../../../../lib/store/plans.ts";
import {
  MaintenancePage,
  type MaintenancePageProps,
} from "../../../../../../lib/ui/pages/device/MaintenancePage.tsx";
import { allowSite } from "../../../../../../lib/web/allow.ts";
import { authorOf } from "../../../../../../lib/web/author.ts";
import { requireBody, typed } from "../../../../../../lib/web/form.ts";
import {
  MAINTENANCE_NAMES,
  type MaintenancePlace,
  maintenanceView,
  setWindow,
} from "../../../../../../lib/web/pages/device/maintenance_view.ts";
import { redirectTo } from "../../../../../../lib/web/redirect.ts";
import { define, servicesOf, type State } from "../../../../../../lib/web/state.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { id } = await allowSite(ctx, "site.devices");
    const place = await placeOf(ctx.state, id);
    const done = ctx.url.searchParams.get("done");
    return page<MaintenancePageProps>(await maintenanceView(place, { typed: null, faults: {}, done }));
  },
  async POST(ctx) {
    const { id } = await allowSite(ctx, "site.devices");
    const place = await placeOf(ctx.state, id);
    const form = await requireBody(ctx);
    const set = await setWindow(place, authorOf(ctx.state), form);
    if (set.ok) return redirectTo(`/sites/${id}/maintenance?done=set`);
    const shown = { typed: typed(form, MAINTENANCE_NAMES), faults: set.error, done: null };
    return page<MaintenancePageProps>(await maintenanceView(place, shown), { status: 422 });
  },
});

async function placeOf(state: State, siteId: number): Promise<MaintenancePlace> {
  const { db } = servicesOf(state);
  const nowMs = state.base.clock.nowMs();
  const plan = await getSitePlan(db, siteId, halfHourOf(nowMs));
  if (!plan) throw new HttpError(404);
  state.title = `Maintenance: ${plan.site.name}`;
  return { db, plan, nowMs };
}

export default define.page<typeof handler>(({ data }) => <MaintenancePage {...data} />);
