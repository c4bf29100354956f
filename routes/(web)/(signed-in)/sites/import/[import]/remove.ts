/**
 * Forgets an import that has registered nothing, or was taken back.
 *
 * @module
 */

import { HttpError } from "fresh";
import { removeImport } from "../../../../../../lib/store/site_imports.ts";
import { authorOf } from "../../../../../../lib/web/author.ts";
import { readForm, requireBody } from "../../../../../../lib/web/form.ts";
import {
  importPath,
  IMPORTS_PATH,
  openImport,
  workKey,
} from "../../../../../../lib/web/pages/imports/open_import.ts";
import { redirectTo } from "../../../../../../lib/web/redirect.ts";
import { define } from "../../../../../../lib/web/state.ts";

export const handler = define.handlers({
  async POST(ctx) {
    const open = await openImport(ctx);
    if (!readForm(await requireBody(ctx), {}).ok) throw new HttpError(422);
    const { record, user, services, works } = open;
    await works.stop(workKey(open));
    const own = { importId: record.id, ownerId: user.id };
    const removed = await removeImport(services.db, authorOf(ctx.state), own);
    return redirectTo(removed ? `${IMPORTS_PATH}?done=removed` : `${importPath(record.id)}?told=gone`);
  },
});
