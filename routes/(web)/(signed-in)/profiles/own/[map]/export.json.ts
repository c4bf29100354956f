/**
 * A register map as JSON, a line for each row.
 *
 * @module
 */

import { mapToJsonFile } from "../../../../../../lib/profiles/map_json.ts";
import { exportMap } from "../../../../../../lib/web/pages/maps/map_export.ts";
import { define } from "../../../../../../lib/web/state.ts";

export const handler = define.handlers({
  GET: (ctx) => exportMap(ctx, { ending: "json", type: "application/json", write: mapToJsonFile }),
});
