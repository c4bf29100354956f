/**
 * Removes a draft of one's own.
 *
 * @module
 */

import { HttpError } from "fresh";
import { removeDraft } from "../../../../../../lib/store/site_drafts.ts";
import { readForm, requireBody } from "../../../../../../lib/web/form.ts";
import { DRAFTS_PATH, openDraft } from "../../../../../../lib/web/pages/register/draft.ts";
import { redirectTo } from "../../../../../../lib/web/redirect.ts";
import { define } from "../../../../../../lib/web/state.ts";

export const handler = define.handlers({
  async POST(ctx) {
    const { record, user, services } = await openDraft(ctx);
    if (!readForm(await requireBody(ctx), {}).ok) throw new HttpError(422);
    await removeDraft(services.db, { draftId: record.id, ownerId: user.id });
    return redirectTo(`${DRAFTS_PATH}?done=removed`);
  },
});
