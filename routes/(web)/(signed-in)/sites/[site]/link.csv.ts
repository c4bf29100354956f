/**
 * The days of a site's link as CSV: paths, signal and data of the last 60 local days.
 *
 * @module
 */

import { HttpError } from "fresh";
import { allowSite } from "../../../../../lib/web/allow.ts";
import { writeDown } from "../../../../../lib/web/author.ts";
import { countExport } from "../../../../../lib/web/export_limit.ts";
import { LINK_CSV_DAYS, linkCsv } from "../../../../../lib/web/pages/link_csv.ts";
import { loadLink } from "../../../../../lib/web/pages/link_view.ts";
import { define, servicesOf } from "../../../../../lib/web/state.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { base } = ctx.state;
    const { id: siteId } = await allowSite(ctx, "site.export");
    await countExport(ctx.state);
    const request = { siteId, nowMs: base.clock.nowMs(), days: LINK_CSV_DAYS };
    const loaded = await loadLink(servicesOf(ctx.state).db, request);
    if (!loaded) throw new HttpError(404);
    const { text, fileName } = linkCsv(loaded);
    await writeDown(ctx.state, {
      action: "export",
      subject: `site ${siteId}`,
      siteId,
      after: { range: "link" },
    });
    return new Response(text, {
      headers: {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": `attachment; filename="${fileName}"`,
      },
    });
  },
});
