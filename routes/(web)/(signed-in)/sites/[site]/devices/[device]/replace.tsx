/**
 * A device is replaced by another one.
 *
 * @module
 */

import { DeviceActPage } from "../../../../../../../lib/ui/pages/device/DeviceActPage.tsx";
import { postAct, showAct } from "../../../../../../../lib/web/pages/device/act.ts";
import { replaceAct } from "../../../../../../../lib/web/pages/device/replace_act.ts";
import { define } from "../../../../../../../lib/web/state.ts";

export const handler = define.handlers({
  GET: (ctx) => showAct(ctx, replaceAct),
  POST: (ctx) => postAct(ctx, replaceAct),
});

export default define.page<typeof handler>(({ data }) => <DeviceActPage {...data} />);
