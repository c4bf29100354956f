/**
 * Today: what needs somebody this morning.
 *
 * @module
 */

import { HttpError, page } from "fresh";
import { CompletenessChart } from "../../../lib/ui/charts/CompletenessChart.tsx";
import { CompletenessBadge, TodayPage } from "../../../lib/ui/pages/TodayPage.tsx";
import { loadTodayView } from "../../../lib/web/pages/today_view.ts";
import { define } from "../../../lib/web/state.ts";
import { REGISTER_ADVICE } from "./(_sites)/register_advice.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { base } = ctx.state;
    const services = base.services();
    if (!services) throw new HttpError(503);
    ctx.state.title = "Today";
    return page({ view: await loadTodayView(services.db, base.clock.nowMs()) });
  },
});

export default define.page<typeof handler>(({ data: { view } }) => (
  <TodayPage
    nowLabel={view.nowLabel}
    siteCount={view.siteCount}
    registerHref={null}
    registerAdvice={REGISTER_ADVICE}
    triage={view.triage}
    nextLabel={view.nextLabel}
    silent={view.silent}
    completeness={view.completeness}
    completenessChart={view.completeness && (
      <CompletenessChart
        id="completeness"
        cells={view.cells}
        days={view.days}
        sites={view.expected}
        beside={<CompletenessBadge {...view.completeness} />}
        csvHref="/completeness.csv"
      />
    )}
    largest={view.yesterday.largest}
    yesterdayWh={view.yesterday.yesterdayWh}
  />
));
