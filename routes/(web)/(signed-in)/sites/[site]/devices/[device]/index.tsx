/**
 * The page of a device.
 *
 * @module
 */

import { page } from "fresh";
import { DevicePage, type DevicePageProps } from "../../../../../../../lib/ui/pages/device/DevicePage.tsx";
import { allowSite, mightDo } from "../../../../../../../lib/web/allow.ts";
import { deviceView } from "../../../../../../../lib/web/pages/device/device_view.ts";
import { openDevice } from "../../../../../../../lib/web/pages/device/open_device.ts";
import { define } from "../../../../../../../lib/web/state.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const place = await allowSite(ctx, "site.see");
    const open = await openDevice(ctx, "site.see");
    ctx.state.title = open.device.name;
    const acts = mightDo(ctx.state, "site.devices", place);
    const reads = mightDo(ctx.state, "site.read-now", place);
    const imports = mightDo(ctx.state, "site.import-readings", place);
    const done = ctx.url.searchParams.get("done");
    return page<DevicePageProps>(await deviceView(open, { acts, reads, imports, done }));
  },
});

export default define.page<typeof handler>(({ data }) => <DevicePage {...data} />);
