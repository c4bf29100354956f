/**
 * Withdraws a replacement that was announced.
 *
 * @module
 */

import { withdrawAnnounced } from "../../../../../../../lib/store/device_announced.ts";
import { authorOf } from "../../../../../../../lib/web/author.ts";
import { readForm, requireBody } from "../../../../../../../lib/web/form.ts";
import { SEEN } from "../../../../../../../lib/web/pages/device/act.ts";
import { openDevice } from "../../../../../../../lib/web/pages/device/open_device.ts";
import { redirectTo } from "../../../../../../../lib/web/redirect.ts";
import { define } from "../../../../../../../lib/web/state.ts";

export const handler = define.handlers({
  async POST(ctx) {
    const { db, siteId, meterId, href } = await openDevice(ctx, "site.devices");
    const read = readForm(await requireBody(ctx), { seen: SEEN });
    if (!read.ok) return redirectTo(href);
    const done = await withdrawAnnounced(db, authorOf(ctx.state), {
      siteId,
      meterId,
      note: "",
      ...read.value,
    });
    return redirectTo(done.ok ? `${href}?done=withdraw` : href);
  },
});
