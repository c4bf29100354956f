/**
 * Takes a device out of a draft.
 *
 * @module
 */

import { HttpError } from "fresh";
import { readForm, requireBody } from "../../../../../../../../lib/web/form.ts";
import { registeredDevice } from "../../../../../../../../lib/web/pages/register/device_form.ts";
import { deviceIn } from "../../../../../../../../lib/web/pages/register/device_page.ts";
import {
  openDraft,
  saveStep,
  stepPath,
  withoutDevice,
} from "../../../../../../../../lib/web/pages/register/draft.ts";
import { redirectTo } from "../../../../../../../../lib/web/redirect.ts";
import { define } from "../../../../../../../../lib/web/state.ts";

export const handler = define.handlers({
  async POST(ctx) {
    const draft = await openDraft(ctx);
    if (!readForm(await requireBody(ctx), {}).ok) throw new HttpError(422);
    const { registration, version, id } = draft.record;
    const device = deviceIn(registration, ctx.params.device);
    // What is registered is retired, with its history, not taken out of a draft.
    if (!device || registeredDevice(registration, device.id)) throw new HttpError(404);
    const nowMs = ctx.state.base.clock.nowMs();
    // Where another window was quicker the page shows how things stand, the device among them.
    await saveStep(draft, { registration: withoutDevice(registration, device.id), version, nowMs });
    return redirectTo(stepPath(id, "devices"));
  },
});
