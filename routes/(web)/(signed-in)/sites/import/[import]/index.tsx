/**
 * One import: what was judged of each row, and what can be done with it.
 *
 * @module
 */

import { page } from "fresh";
import ImportWork from "../../../../../../islands/ImportWork.tsx";
import { ImportPage } from "../../../../../../lib/ui/pages/imports/ImportPage.tsx";
import type { Told } from "../../../../../../lib/ui/Told.tsx";
import {
  type ImportView,
  loadImportView,
  parseRowsQuery,
} from "../../../../../../lib/web/pages/imports/import_view.ts";
import { importPath, openImport } from "../../../../../../lib/web/pages/imports/open_import.ts";
import { fleetZone } from "../../../../../../lib/web/pages/zone.ts";
import { define } from "../../../../../../lib/web/state.ts";

const TOLD: Readonly<Record<string, Told>> = {
  busy: {
    state: "warn",
    title: "Other imports are being worked on",
    words: "Wait for one to end, then try again.",
  },
  none: { state: "warn", title: "No row was ticked", words: "Tick the rows that are to be tested." },
  gone: { state: "warn", title: "The import has gone on meanwhile", words: "Look at how it stands now." },
};

export const handler = define.handlers({
  async GET(ctx) {
    const open = await openImport(ctx);
    const { user, services, record } = open;
    const zone = await fleetZone(services.db, { reaches: [user.reach], nowMs: ctx.state.base.clock.nowMs() });
    const { searchParams } = ctx.url;
    const told = TOLD[searchParams.get("told") ?? ""] ?? null;
    const view = await loadImportView(open, { query: parseRowsQuery(searchParams), zone, told });
    return page<ImportView & { readonly progressHref: string }>({
      ...view,
      progressHref: `${importPath(record.id)}/progress`,
    });
  },
});

export default define.page<typeof handler>(({ data: { work, progressHref, ...view } }) => (
  <ImportPage {...view} work={work && <ImportWork work={work} progressHref={progressHref} />} />
));
