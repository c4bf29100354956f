/**
 * Reads a device now, on the same queue as the half-hourly visits, and shows the words beside what they mean.
 *
 * @module
 */

import { HttpError, page } from "fresh";
import { ReadNowPage, type ReadNowPageProps } from "../../../../../../../lib/ui/pages/ReadNowPage.tsx";
import { allowSite } from "../../../../../../../lib/web/allow.ts";
import { writeDown } from "../../../../../../../lib/web/author.ts";
import { readNow } from "../../../../../../../lib/web/pages/read_now.ts";
import { deviceIdOf } from "../../../../../../../lib/web/params.ts";
import type { Limit } from "../../../../../../../lib/kv/limits.ts";
import { define, servicesOf } from "../../../../../../../lib/web/state.ts";
import { countPerson } from "../../../../../../../lib/web/too_many.ts";
import { deviceFinder } from "../../../../(_devices)/find_device.ts";

/** Milliseconds after which a person is told instead of waiting on. */
const READ_MS = 30_000;

/** Live readings of one person; a router reads one device at a time, and others wait for it. */
const READS: Limit = { name: "read-now", tries: 30, windowMs: 60_000 };

export const handler = define.handlers({
  /** Someone came by the address alone: the site's page has the button. */
  async GET(ctx) {
    const { id } = await allowSite(ctx, "site.see");
    return ctx.redirect(`/sites/${id}`, 303);
  },
  async POST(ctx) {
    const { base } = ctx.state;
    const services = servicesOf(ctx.state);
    const { id: siteId } = await allowSite(ctx, "site.read-now");
    const meterId = deviceIdOf(ctx.params);
    await countPerson(ctx.state, READS);
    const signal = AbortSignal.any([ctx.req.signal, AbortSignal.timeout(READ_MS)]);
    const findDevice = await deviceFinder(services, siteId);
    const props = await readNow(services, { siteId, meterId, nowMs: base.clock.nowMs(), findDevice, signal });
    if (!props) throw new HttpError(404);
    const after = { device: meterId, outcome: props.outcome.kind };
    await writeDown(ctx.state, { action: "read-now", subject: `site ${siteId}`, siteId, after });
    ctx.state.title = `${props.device}, read now`;
    return page<ReadNowPageProps>(props);
  },
});

export default define.page<typeof handler>(({ data }) => <ReadNowPage {...data} />);
