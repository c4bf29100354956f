/**
 * The half-hours of a site as CSV: a row each, a column a meter, instants in UTC and in the site's own zone.
 *
 * @module
 */

import { HttpError } from "fresh";
import { allowSite } from "../../../../../lib/web/allow.ts";
import { writeDown } from "../../../../../lib/web/author.ts";
import { countExport } from "../../../../../lib/web/export_limit.ts";
import { siteCsv } from "../../../../../lib/web/pages/site_csv.ts";
import { define, servicesOf } from "../../../../../lib/web/state.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { base } = ctx.state;
    const services = servicesOf(ctx.state);
    const { id: siteId } = await allowSite(ctx, "site.export");
    await countExport(ctx.state);
    const range = ctx.url.searchParams.get("range") ?? "all";
    const csv = await siteCsv(services.db, { siteId, range, nowMs: base.clock.nowMs() });
    if (!csv) throw new HttpError(404);
    await writeDown(ctx.state, { action: "export", subject: `site ${siteId}`, siteId, after: { range } });
    return new Response(csv.text, {
      headers: {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": `attachment; filename="${csv.fileName}"`,
      },
    });
  },
});
