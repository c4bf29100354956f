/**
 * Today: what needs somebody this morning.
 *
 * @module
 */

import { page } from "fresh";
import { CompletenessChart } from "../../../lib/ui/charts/CompletenessChart.tsx";
import { CompletenessBadge, TodayPage } from "../../../lib/ui/pages/TodayPage.tsx";
import { allow, mightDo } from "../../../lib/web/allow.ts";
import { loadTodayView } from "../../../lib/web/pages/today_view.ts";
import { DRAFTS_PATH } from "../../../lib/web/pages/register/draft.ts";
import { define, servicesOf } from "../../../lib/web/state.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { base } = ctx.state;
    const services = servicesOf(ctx.state);
    const { reaches } = allow(ctx, "sites.list");
    ctx.state.title = "Today";
    const view = await loadTodayView(services.db, { reaches, nowMs: base.clock.nowMs() });
    return page({ view, exports: mightDo(ctx.state, "sites.export") });
  },
});

export default define.page<typeof handler>(({ data: { view, exports }, state }) => (
  <TodayPage
    nowLabel={view.nowLabel}
    siteCount={view.siteCount}
    registerHref={mightDo(state, "sites.register") ? DRAFTS_PATH : null}
    triage={view.triage}
    nextLabel={view.nextLabel}
    findings={view.findings}
    silent={view.silent}
    completeness={view.completeness}
    completenessChart={view.completeness && (
      <CompletenessChart
        id="completeness"
        cells={view.cells}
        days={view.days}
        sites={view.expected}
        beside={<CompletenessBadge {...view.completeness} />}
        csvHref={exports ? "/completeness.csv" : undefined}
      />
    )}
    largest={view.yesterday.largest}
    yesterdayWh={view.yesterday.yesterdayWh}
  />
));
