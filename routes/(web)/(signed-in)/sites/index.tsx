/**
 * The list of sites.
 *
 * @module
 */

import { page } from "fresh";
import { Key } from "../../../../lib/ui/charts/ChartFigure.tsx";
import { MiniStrip } from "../../../../lib/ui/charts/HalfHourStrip.tsx";
import { SitesPage } from "../../../../lib/ui/pages/SitesPage.tsx";
import { parseSitesQuery } from "../../../../lib/ui/sites_query.ts";
import { allow, mightDo } from "../../../../lib/web/allow.ts";
import { loadSitesView, SITES_A_PAGE } from "../../../../lib/web/pages/sites_view.ts";
import { IMPORTS_PATH } from "../../../../lib/web/pages/imports/open_import.ts";
import { DRAFTS_PATH } from "../../../../lib/web/pages/register/draft.ts";
import { define, servicesOf } from "../../../../lib/web/state.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { base } = ctx.state;
    const services = servicesOf(ctx.state);
    const { reaches } = allow(ctx, "sites.list");
    const query = parseSitesQuery(ctx.url.searchParams);
    ctx.state.title = "Sites";
    const request = { query, reaches, nowMs: base.clock.nowMs() };
    return page({ query, view: await loadSitesView(services.db, request) });
  },
});

export default define.page<typeof handler>(({ data: { query, view }, state }) => (
  <SitesPage
    query={query}
    siteCount={view.siteCount}
    found={view.found}
    rows={view.rows.map(({ row, strip }) => ({
      ...row,
      strip: strip ? <MiniStrip strip={strip} name={row.name} /> : null,
    }))}
    pageSize={SITES_A_PAGE}
    spanLabel={view.spanLabel}
    bulkAction={mightDo(state, "sites.change") ? "/sites/bulk" : null}
    registerHref={mightDo(state, "sites.register") ? DRAFTS_PATH : null}
    importHref={mightDo(state, "sites.import") ? IMPORTS_PATH : undefined}
    legend={
      <ul class="legend">
        <Key mark="load">measured, to its own peak</Key>
        <Key mark="estimated">~ recovered</Key>
        <Key mark="hatch">missing</Key>
        <Key mark="hours">operating hours</Key>
      </ul>
    }
  />
));
