/**
 * The audit trail, searchable.
 *
 * @module
 */

import { page } from "fresh";
import { searchAudit } from "../../../../../lib/store/audit_search.ts";
import { AuditPage, type AuditPageProps } from "../../../../../lib/ui/pages/AuditPage.tsx";
import { allow, mightDo } from "../../../../../lib/web/allow.ts";
import {
  AUDIT_PAGE,
  auditPageOf,
  auditQueryOf,
  readAuditFilter,
  readBelow,
} from "../../../../../lib/web/pages/audit_view.ts";
import { define, servicesOf } from "../../../../../lib/web/state.ts";

export const handler = define.handlers({
  async GET(ctx) {
    allow(ctx, "audit.see");
    const services = servicesOf(ctx.state);
    ctx.state.title = "Audit";
    const filter = readAuditFilter(ctx.url.searchParams);
    const below = readBelow(ctx.url.searchParams);
    const found = await searchAudit(services.db, auditQueryOf(filter, { below, limit: AUDIT_PAGE }));
    const mayExport = mightDo(ctx.state, "audit.export");
    return page<AuditPageProps>(auditPageOf(found, { filter, below, mayExport }));
  },
});

export default define.page<typeof handler>(({ data }) => <AuditPage {...data} />);
