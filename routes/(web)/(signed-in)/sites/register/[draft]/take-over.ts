/**
 * Brings a draft that changes a site up to date, where somebody else has changed the site meanwhile.
 *
 * @module
 */

import { HttpError } from "fresh";
import { takeOver } from "../../../../../../lib/domain/site_change.ts";
import { readSiteState } from "../../../../../../lib/store/site_state.ts";
import { readForm, requireBody } from "../../../../../../lib/web/form.ts";
import { wholeChange } from "../../../../../../lib/web/pages/register/change_check.ts";
import { openDraft, saveStep, stepPath } from "../../../../../../lib/web/pages/register/draft.ts";
import { redirectTo } from "../../../../../../lib/web/redirect.ts";
import { define } from "../../../../../../lib/web/state.ts";

export const handler = define.handlers({
  async POST(ctx) {
    const draft = await openDraft(ctx);
    if (!readForm(await requireBody(ctx), {}).ok) throw new HttpError(422);
    const { id, registration, version } = draft.record;
    const { change } = wholeChange(registration);
    const stored = await readSiteState(draft.services.db, change.siteId);
    if (!stored.ok) throw new HttpError(404);
    const nowMs = ctx.state.base.clock.nowMs();
    // Where another window was quicker the page says so: it still stands as it was before.
    await saveStep(draft, { registration: takeOver(registration, stored.value), version, nowMs });
    return redirectTo(stepPath(id, "check"));
  },
});
