/**
 * Stops the scan of a draft.
 *
 * @module
 */

import { HttpError } from "fresh";
import { readForm, requireBody } from "../../../../../../../../lib/web/form.ts";
import { scanKey, scansIn } from "../../../../../../../../lib/web/pages/register/device_page.ts";
import { devicePath } from "../../../../../../../../lib/web/pages/register/device_view.ts";
import { openDraft } from "../../../../../../../../lib/web/pages/register/draft.ts";
import { redirectTo } from "../../../../../../../../lib/web/redirect.ts";
import { define } from "../../../../../../../../lib/web/state.ts";

export const handler = define.handlers({
  async POST(ctx) {
    const draft = await openDraft(ctx);
    if (!readForm(await requireBody(ctx), {}).ok) throw new HttpError(422);
    await scansIn(ctx.state, draft).stop(scanKey(draft));
    return redirectTo(devicePath(draft.record.id, "new"));
  },
});
