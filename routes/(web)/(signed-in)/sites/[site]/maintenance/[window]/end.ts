/**
 * Ends a maintenance window now.
 *
 * @module
 */

import { HttpError } from "fresh";
import { endWindow } from "../../../../../../../lib/store/maintenance.ts";
import { allowSite } from "../../../../../../../lib/web/allow.ts";
import { authorOf } from "../../../../../../../lib/web/author.ts";
import { readForm, requireBody } from "../../../../../../../lib/web/form.ts";
import { windowIdOf } from "../../../../../../../lib/web/params.ts";
import { redirectTo } from "../../../../../../../lib/web/redirect.ts";
import { define, servicesOf } from "../../../../../../../lib/web/state.ts";

export const handler = define.handlers({
  async POST(ctx) {
    const { id: siteId } = await allowSite(ctx, "site.devices");
    const id = windowIdOf(ctx.params);
    if (!readForm(await requireBody(ctx), {}).ok) throw new HttpError(422);
    const ended = await endWindow(servicesOf(ctx.state).db, authorOf(ctx.state), { id, siteId });
    if (!ended.ok && ended.error.kind === "no-such-window") throw new HttpError(404);
    return redirectTo(`/sites/${siteId}/maintenance?done=ended`);
  },
});
