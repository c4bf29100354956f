/**
 * Third step of registering a site: leads to its first device, or to a new one.
 *
 * @module
 */

import { devicePath } from "../../../../../../../lib/web/pages/register/device_view.ts";
import { openDraft } from "../../../../../../../lib/web/pages/register/draft.ts";
import { redirectTo } from "../../../../../../../lib/web/redirect.ts";
import { define } from "../../../../../../../lib/web/state.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { record } = await openDraft(ctx);
    const [first] = record.registration.devices;
    return redirectTo(devicePath(record.id, first?.id ?? "new"));
  },
});
