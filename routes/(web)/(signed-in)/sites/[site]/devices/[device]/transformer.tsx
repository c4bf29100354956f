/**
 * A device has other transformers.
 *
 * @module
 */

import { DeviceActPage } from "../../../../../../../lib/ui/pages/device/DeviceActPage.tsx";
import { postAct, showAct } from "../../../../../../../lib/web/pages/device/act.ts";
import { transformerAct } from "../../../../../../../lib/web/pages/device/other_acts.ts";
import { define } from "../../../../../../../lib/web/state.ts";

export const handler = define.handlers({
  GET: (ctx) => showAct(ctx, transformerAct),
  POST: (ctx) => postAct(ctx, transformerAct),
});

export default define.page<typeof handler>(({ data }) => <DeviceActPage {...data} />);
