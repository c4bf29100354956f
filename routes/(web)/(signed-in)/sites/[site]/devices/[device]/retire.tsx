/**
 * A device is retired, or taken back.
 *
 * @module
 */

import { DeviceActPage } from "../../../../../../../lib/ui/pages/device/DeviceActPage.tsx";
import { postAct, showAct } from "../../../../../../../lib/web/pages/device/act.ts";
import { retireAct } from "../../../../../../../lib/web/pages/device/other_acts.ts";
import { define } from "../../../../../../../lib/web/state.ts";

export const handler = define.handlers({
  GET: (ctx) => showAct(ctx, retireAct),
  POST: (ctx) => postAct(ctx, retireAct),
});

export default define.page<typeof handler>(({ data }) => <DeviceActPage {...data} />);
