/**
 * The rows of a register map as separated values that no spreadsheet can be made to execute.
 *
 * @module
 */

import { mapToCsv } from "../../../../../../lib/web/map_csv.ts";
import { exportMap } from "../../../../../../lib/web/pages/maps/map_export.ts";
import { define } from "../../../../../../lib/web/state.ts";

export const handler = define.handlers({
  GET: (ctx) =>
    exportMap(ctx, { ending: "csv", type: "text/csv; charset=utf-8", write: (map) => mapToCsv(map) }),
});
