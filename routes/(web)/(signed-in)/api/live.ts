/**
 * The event stream of a browser: says which half-hours of which sites were stored, for as long as the session lives.
 * It tells of sites within reach alone. `?site=7` narrows it to a site, `?after=ID` names the newest change that the page has seen.
 *
 * @module
 */

import { HttpError } from "fresh";
import { isSessionAlive } from "../../../../lib/auth/session.ts";
import type { Reach } from "../../../../lib/domain/permission.ts";
import type { Database } from "../../../../lib/store/db.ts";
import { listSiteIds } from "../../../../lib/store/plans.ts";
import { reachesAll } from "../../../../lib/store/reach.ts";
import { findUser } from "../../../../lib/store/users.ts";
import { allow, allowSiteId, askerOf } from "../../../../lib/web/allow.ts";
import { streamResponse, type StreamTrouble } from "../../../../lib/web/events.ts";
import { define, servicesOf, type State } from "../../../../lib/web/state.ts";
import { tooMany } from "../../../../lib/web/too_many.ts";

/** Sites that a stream of somebody who reaches some of them tells of, at most. */
const SITES_MAX = 10_000;

/** Seconds after which a page of somebody who has many open may try again. */
const AGAIN_S = 30;

export const handler = define.handlers({
  async GET(ctx) {
    const { base, user, sessionKey } = ctx.state;
    const services = servicesOf(ctx.state);
    if (!user || sessionKey === null) throw new HttpError(401);
    allow(ctx, "sites.list");
    const { searchParams } = ctx.url;
    const siteId = wholeNumber(searchParams.get("site"));
    if (siteId !== null) await allowSiteId(ctx, siteId, "site.see");
    const { kv, db, events } = services;
    const isAlive = async () => {
      const epoch = (await findUser(db, user.id))?.sessionEpoch;
      if (epoch === undefined) return false;
      return await isSessionAlive(kv, { key: sessionKey, epoch, nowMs: base.clock.nowMs() });
    };
    const sees = async () => {
      const now = await findUser(db, user.id);
      return now ? await sitesWithin(db, askerOf(now).reaches) : new Set<number>();
    };
    const opened = await events.open({
      owner: { sessionKey, userId: user.id, isAlive, sees },
      siteId,
      lastId: wholeNumber(ctx.req.headers.get("last-event-id") ?? searchParams.get("after")),
    });
    if (!opened.ok) throw refusal(opened.error, ctx.state);
    return streamResponse(opened.value);
  },
});

/** The sites within reach; `null`: every one. */
async function sitesWithin(db: Database, reaches: readonly Reach[]): Promise<ReadonlySet<number> | null> {
  return reachesAll(reaches) ? null : new Set(await listSiteIds(db, { reaches, limit: SITES_MAX }));
}

function refusal(trouble: StreamTrouble, state: State): HttpError {
  switch (trouble) {
    case "person-full":
      return tooMany(state, AGAIN_S);
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
