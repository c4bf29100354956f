/**
 * What is looked for in the audit trail as a file; that it was taken away is written down in the trail.
 *
 * @module
 */

import { allow } from "../../../../lib/web/allow.ts";
import { writeDown } from "../../../../lib/web/author.ts";
import { streamOf } from "../../../../lib/web/api/files.ts";
import { countExport } from "../../../../lib/web/export_limit.ts";
import { auditCsvPieces } from "../../../../lib/web/pages/audit_csv.ts";
import { readAuditFilter } from "../../../../lib/web/pages/audit_view.ts";
import { define, servicesOf } from "../../../../lib/web/state.ts";

export const handler = define.handlers({
  async GET(ctx) {
    allow(ctx, "audit.export");
    await countExport(ctx.state);
    const { base, requestId } = ctx.state;
    const services = servicesOf(ctx.state);
    const filter = readAuditFilter(ctx.url.searchParams);
    await writeDown(ctx.state, { action: "export", subject: "audit trail", after: filter });
    const onTrouble = (error: unknown) => base.log.warn("A file broke off", { requestId, error });
    return new Response(streamOf(auditCsvPieces(services.db, filter), onTrouble), {
      headers: {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": 'attachment; filename="audit.csv"',
      },
    });
  },
});
