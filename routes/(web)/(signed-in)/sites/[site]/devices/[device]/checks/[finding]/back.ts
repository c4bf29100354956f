/**
 * Brings a finding back that was put aside.
 *
 * @module
 */

import { HttpError } from "fresh";
import { bringFindingBack } from "../../../../../../../../../lib/store/findings.ts";
import { allowSite } from "../../../../../../../../../lib/web/allow.ts";
import { authorOf } from "../../../../../../../../../lib/web/author.ts";
import { readForm, requireBody } from "../../../../../../../../../lib/web/form.ts";
import { CHECKS_PATH } from "../../../../../../../../../lib/web/pages/checks_view.ts";
import { redirectTo } from "../../../../../../../../../lib/web/redirect.ts";
import { define, servicesOf } from "../../../../../../../../../lib/web/state.ts";
import { findingOf } from "../(_finding)/finding_of.ts";

export const handler = define.handlers({
  async POST(ctx) {
    const { id: siteId } = await allowSite(ctx, "site.devices");
    const { kind, meterId } = await findingOf(ctx.state, ctx.params, siteId);
    if (!readForm(await requireBody(ctx), {}).ok) throw new HttpError(400);
    const brought = await bringFindingBack(servicesOf(ctx.state).db, authorOf(ctx.state), {
      siteId,
      meterId,
      kind,
    });
    if (!brought.ok) throw new HttpError(404);
    return redirectTo(`${CHECKS_PATH}?done=back`);
  },
});
