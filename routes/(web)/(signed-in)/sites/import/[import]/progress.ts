/**
 * How far what is being done for an import is, for the page that follows it.
 *
 * @module
 */

import { jsonAnswer } from "../../../../../../lib/web/json.ts";
import { openImport, workKey } from "../../../../../../lib/web/pages/imports/open_import.ts";
import { define } from "../../../../../../lib/web/state.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const open = await openImport(ctx);
    const work = open.works.read(workKey(open));
    return jsonAnswer({ running: work?.state === "running", done: work?.done ?? 0 });
  },
});
