/**
 * The event stream of a browser: says which half-hours of which sites were stored, for as long as the session lives.
 * `?site=7` narrows it to a site, `?after=ID` names the newest change that the page has seen.
 *
 * @module
 */

import { HttpError } from "fresh";
import { isSessionAlive } from "../../../../lib/auth/session.ts";
import { findUser } from "../../../../lib/store/users.ts";
import { streamResponse, type StreamTrouble } from "../../../../lib/web/events.ts";
import { define } from "../../../../lib/web/state.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { base, user, sessionKey } = ctx.state;
    const services = base.services();
    if (!services) throw new HttpError(503);
    if (!user || sessionKey === null) throw new HttpError(401);
    const { kv, db, events } = services;
    const isAlive = async () =>
      await isSessionAlive(kv, { key: sessionKey, nowMs: base.clock.nowMs() }) &&
      await findUser(db, user.id) !== null;
    const { searchParams } = ctx.url;
    const opened = await events.open({
      owner: { sessionKey, userId: user.id, isAlive },
      siteId: wholeNumber(searchParams.get("site")),
      lastId: wholeNumber(ctx.req.headers.get("last-event-id") ?? searchParams.get("after")),
    });
    if (!opened.ok) throw refusal(opened.error);
    return streamResponse(opened.value);
  },
});

function refusal(trouble: StreamTrouble): HttpError {
  switch (trouble) {
    case "session-full":
      return new HttpError(429);
    case "full":
      return new HttpError(503, "No place for another stream");
    case "closing":
      return new HttpError(503, "Closing");
  }
}

function wholeNumber(text: string | null): number | null {
  if (text === null) return null;
  if (!/^\d{1,15}$/.test(text)) throw new HttpError(400);
  return Number(text);
}
