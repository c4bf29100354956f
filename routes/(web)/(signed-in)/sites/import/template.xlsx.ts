/**
 * The template of a sheet of sites as a workbook whose cells are all texts.
 *
 * @module
 */

import { templateRows } from "../../../../../lib/domain/site_sheet.ts";
import { allow } from "../../../../../lib/web/allow.ts";
import { workbookOf } from "../../../../../lib/web/imports/xlsx_template.ts";
import { define } from "../../../../../lib/web/state.ts";

export const handler = define.handlers({
  GET(ctx) {
    allow(ctx, "sites.import");
    return new Response(workbookOf({ sheet: "Sites", rows: templateRows() }), {
      headers: {
        "content-type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "content-disposition": 'attachment; filename="wattpost-sites.xlsx"',
      },
    });
  },
});
