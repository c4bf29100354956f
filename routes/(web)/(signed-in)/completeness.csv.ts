/**
 * How many sites reported each of the last 48 half-hours, as CSV.
 *
 * @module
 */

import { closedHalfHourAt, startMsOf } from "../../../lib/domain/half_hour.ts";
import { listCompleteness } from "../../../lib/store/overview.ts";
import { allow } from "../../../lib/web/allow.ts";
import { writeDown } from "../../../lib/web/author.ts";
import { csvText } from "../../../lib/web/csv.ts";
import { countExport } from "../../../lib/web/export_limit.ts";
import { define, servicesOf } from "../../../lib/web/state.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { base } = ctx.state;
    const services = servicesOf(ctx.state);
    const { reaches } = allow(ctx, "sites.export");
    await countExport(ctx.state);
    const due = closedHalfHourAt(base.clock.nowMs());
    const halfHours = await listCompleteness(services.db, { reaches, from: due - 47, to: due + 1 });
    const rows = halfHours.map(({ halfHour, expected, complete, partial, failed }) => [
      new Date(startMsOf(halfHour)).toISOString().replace(".000Z", "Z"),
      expected,
      complete,
      partial,
      failed,
    ]);
    const text = csvText([["start_utc", "expected", "complete", "partial", "failed"], ...rows]);
    await writeDown(ctx.state, { action: "export", subject: "completeness" });
    return new Response(text, {
      headers: {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": 'attachment; filename="completeness.csv"',
      },
    });
  },
});
