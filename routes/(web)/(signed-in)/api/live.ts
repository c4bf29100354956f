/**
 * The event stream of a page: says which half-hour was stored. `?site=7` narrows it to a site, `?after=ID` names the
 * newest change that the page has seen.
 *
 * @module
 */

import { HttpError } from "fresh";
import { streamResponse } from "../../../../lib/web/events.ts";
import { define } from "../../../../lib/web/state.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const services = ctx.state.base.services();
    if (!services) throw new HttpError(503);
    const { searchParams } = ctx.url;
    const siteId = wholeNumber(searchParams.get("site"));
    const lastId = wholeNumber(ctx.req.headers.get("last-event-id") ?? searchParams.get("after"));
    const stream = await services.events.open({ siteId, lastId });
    if (!stream) throw new HttpError(503);
    return streamResponse(stream);
  },
});

function wholeNumber(text: string | null): number | null {
  if (text === null) return null;
  if (!/^\d{1,15}$/.test(text)) throw new HttpError(400);
  return Number(text);
}
