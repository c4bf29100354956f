/**
 * The template of a sheet of sites as CSV.
 *
 * @module
 */

import { templateRows } from "../../../../../lib/domain/site_sheet.ts";
import { allow } from "../../../../../lib/web/allow.ts";
import { csvText } from "../../../../../lib/web/csv.ts";
import { define } from "../../../../../lib/web/state.ts";

export const handler = define.handlers({
  GET(ctx) {
    allow(ctx, "sites.import");
    // Without the mark spreadsheets take UTF-8 for something else.
    return new Response(`\ufeff${csvText(templateRows())}`, {
      headers: {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": 'attachment; filename="wattpost-sites.csv"',
      },
    });
  },
});
