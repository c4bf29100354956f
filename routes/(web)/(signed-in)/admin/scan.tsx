/**
 * What the last scan of the host found.
 *
 * @module
 */

import { page } from "fresh";
import { ScanPage, type ScanPageProps } from "../../../../lib/ui/pages/ScanPage.tsx";
import { allow } from "../../../../lib/web/allow.ts";
import { readScan, scanPageProps } from "../../../../lib/web/pages/scan_view.ts";
import { define } from "../../../../lib/web/state.ts";

export const handler = define.handlers({
  async GET(ctx) {
    allow(ctx, "settings.see");
    const { config, clock } = ctx.state.base;
    ctx.state.title = "Scan";
    return page<ScanPageProps>(scanPageProps(await readScan(config.hostDir), clock.nowMs()));
  },
});

export default define.page<typeof handler>(({ data }) => <ScanPage {...data} />);
