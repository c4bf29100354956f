/**
 * Removes a draft of one's own.
 *
 * @module
 */

import { HttpError } from "fresh";
import { removeDraft } from "../../../../../../lib/store/site_drafts.ts";
import { authorOf } from "../../../../../../lib/web/author.ts";
import { readForm, requireBody } from "../../../../../../lib/web/form.ts";
import { scanKey, scansIn } from "../../../../../../lib/web/pages/register/device_page.ts";
import { DRAFTS_PATH, ownDraft } from "../../../../../../lib/web/pages/register/draft.ts";
import { redirectTo } from "../../../../../../lib/web/redirect.ts";
import { define } from "../../../../../../lib/web/state.ts";

export const handler = define.handlers({
  async POST(ctx) {
    const draft = await ownDraft(ctx);
    const { record, user, services } = draft;
    if (!readForm(await requireBody(ctx), {}).ok) throw new HttpError(422);
    await removeDraft(services.db, authorOf(ctx.state), { draftId: record.id, ownerId: user.id });
    await scansIn(ctx.state, draft).forget(scanKey(draft));
    return redirectTo(`${DRAFTS_PATH}?done=removed`);
  },
});
