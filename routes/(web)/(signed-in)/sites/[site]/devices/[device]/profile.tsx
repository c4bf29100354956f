/**
 * A device is read by another profile.
 *
 * @module
 */

import { DeviceActPage } from "../../../../../../../lib/ui/pages/device/DeviceActPage.tsx";
import { postAct, showAct } from "../../../../../../../lib/web/pages/device/act.ts";
import { profileAct } from "../../../../../../../lib/web/pages/device/other_acts.ts";
import { define } from "../../../../../../../lib/web/state.ts";

export const handler = define.handlers({
  GET: (ctx) => showAct(ctx, profileAct),
  POST: (ctx) => postAct(ctx, profileAct),
});

export default define.page<typeof handler>(({ data }) => <DeviceActPage {...data} />);
