/**
 * The counters of the last replacement became known.
 *
 * @module
 */

import { DeviceActPage } from "../../../../../../../lib/ui/pages/device/DeviceActPage.tsx";
import { postAct, showAct } from "../../../../../../../lib/web/pages/device/act.ts";
import { countersAct } from "../../../../../../../lib/web/pages/device/replace_act.ts";
import { define } from "../../../../../../../lib/web/state.ts";

export const handler = define.handlers({
  GET: (ctx) => showAct(ctx, countersAct),
  POST: (ctx) => postAct(ctx, countersAct),
});

export default define.page<typeof handler>(({ data }) => <DeviceActPage {...data} />);
