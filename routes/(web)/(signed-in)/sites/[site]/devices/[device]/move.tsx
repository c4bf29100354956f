/**
 * A device is reached otherwise.
 *
 * @module
 */

import { DeviceActPage } from "../../../../../../../lib/ui/pages/device/DeviceActPage.tsx";
import { postAct, showAct } from "../../../../../../../lib/web/pages/device/act.ts";
import { moveAct } from "../../../../../../../lib/web/pages/device/other_acts.ts";
import { define } from "../../../../../../../lib/web/state.ts";

export const handler = define.handlers({
  GET: (ctx) => showAct(ctx, moveAct),
  POST: (ctx) => postAct(ctx, moveAct),
});

export default define.page<typeof handler>(({ data }) => <DeviceActPage {...data} />);
