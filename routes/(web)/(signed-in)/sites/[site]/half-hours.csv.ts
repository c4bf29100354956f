/**
 * The half-hours of a site as CSV: a row each, a column a meter, instants in UTC and in the site's own zone.
 *
 * @module
 */

import { HttpError } from "fresh";
import { appendAudit } from "../../../../../lib/store/audit.ts";
import { siteCsv } from "../../../../../lib/web/pages/site_csv.ts";
import { siteIdOf } from "../../../../../lib/web/params.ts";
import { define } from "../../../../../lib/web/state.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { base, user, clientAddress } = ctx.state;
    const services = base.services();
    if (!services || !user) throw new HttpError(503);
    const siteId = siteIdOf(ctx.params);
    const range = ctx.url.searchParams.get("range") ?? "all";
    const nowMs = base.clock.nowMs();
    const csv = await siteCsv(services.db, { siteId, range, nowMs });
    if (!csv) throw new HttpError(404);
    const entry = { atMs: nowMs, actor: user.email, origin: clientAddress };
    await appendAudit(services.db, {
      ...entry,
      action: "export",
      subject: `site ${siteId}`,
      after: { range },
    });
    return new Response(csv.text, {
      headers: {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": `attachment; filename="${csv.fileName}"`,
      },
    });
  },
});
