/**
 * Stops what is being done for an import; whole sites are done, or not at all.
 *
 * @module
 */

import { HttpError } from "fresh";
import { readForm, requireBody } from "../../../../../../lib/web/form.ts";
import { importPath, openImport, workKey } from "../../../../../../lib/web/pages/imports/open_import.ts";
import { redirectTo } from "../../../../../../lib/web/redirect.ts";
import { define } from "../../../../../../lib/web/state.ts";

export const handler = define.handlers({
  async POST(ctx) {
    const open = await openImport(ctx);
    if (!readForm(await requireBody(ctx), {}).ok) throw new HttpError(422);
    await open.works.stop(workKey(open));
    return redirectTo(importPath(open.record.id));
  },
});
