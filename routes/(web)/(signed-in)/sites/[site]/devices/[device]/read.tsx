/**
 * Reads a device now, on the same queue as the half-hourly visits, and shows the words beside what they mean.
 *
 * @module
 */

import { HttpError, page } from "fresh";
import { ReadNowPage, type ReadNowPageProps } from "../../../../../../../lib/ui/pages/ReadNowPage.tsx";
import { readNow } from "../../../../../../../lib/web/pages/read_now.ts";
import { deviceIdOf, siteIdOf } from "../../../../../../../lib/web/params.ts";
import { define } from "../../../../../../../lib/web/state.ts";
import { findDevice } from "../../../../(_devices)/find_device.ts";

/** Milliseconds after which a person is told instead of waiting on. */
const READ_MS = 30_000;

export const handler = define.handlers({
  /** Someone came by the address alone: the site's page has the button. */
  GET: (ctx) => ctx.redirect(`/sites/${siteIdOf(ctx.params)}`, 303),
  async POST(ctx) {
    const { base } = ctx.state;
    const services = base.services();
    if (!services) throw new HttpError(503);
    const siteId = siteIdOf(ctx.params);
    const meterId = deviceIdOf(ctx.params);
    const signal = AbortSignal.any([ctx.req.signal, AbortSignal.timeout(READ_MS)]);
    const props = await readNow(services, { siteId, meterId, nowMs: base.clock.nowMs(), findDevice, signal });
    if (!props) throw new HttpError(404);
    ctx.state.title = `${props.device}, read now`;
    return page<ReadNowPageProps>(props);
  },
});

export default define.page<typeof handler>(({ data }) => <ReadNowPage {...data} />);
