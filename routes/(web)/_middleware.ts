/**
 * For pages: who asks, whether the request comes from our own pages, and whether there is anything to show yet. What
 * is turned away is written down.
 *
 * @module
 */

import { HttpError } from "fresh";
import { findSession } from "../../lib/auth/session.ts";
import { findUser } from "../../lib/store/users.ts";
import { cookieOf, sessionCookieName } from "../../lib/web/cookie.ts";
import { comesFromUs } from "../../lib/web/csrf.ts";
import { whyLater } from "../../lib/web/later.ts";
import { turnedAwayBy, writeTurnedAway } from "../../lib/web/refusal.ts";
import { atMostEach } from "../../lib/web/seldom.ts";
import { define } from "../../lib/web/state.ts";

const turnedAway = define.middleware(async (ctx) => {
  const write = async (status: number) => {
    const why = turnedAwayBy(status);
    if (why !== null) await writeTurnedAway(ctx.state, { request: ctx.req, why });
  };
  const answer = await ctx.next().catch(async (error: unknown) => {
    if (error instanceof HttpError) await write(error.status);
    throw error;
  });
  await write(answer.status);
  return answer;
});

const fromUs = define.middleware(async (ctx) => {
  if (comesFromUs(ctx.req, ctx.state.base.config.publicUrl)) return await ctx.next();
  await writeTurnedAway(ctx.state, { request: ctx.req, why: "from another site" });
  throw new HttpError(403);
});

const ready = define.middleware(async (ctx) => {
  if (!ctx.state.base.services()) throw new HttpError(503);
  try {
    return await ctx.next();
  } catch (error) {
    const why = whyLater(error);
    if (why !== null) throw new HttpError(503, why, { cause: error });
    throw error;
  }
});

const SEEN_WARNED_EVERY_MS = 60_000;

const session = define.middleware(async (ctx) => {
  const { base } = ctx.state;
  const { config, clock } = base;
  const services = ctx.state.base.services();
  const token = cookieOf(ctx.req.headers, sessionCookieName(config.secureCookies));
  if (services && token !== undefined) {
    const onTrouble = (error: unknown) =>
      atMostEach(base, { what: "seen", everyMs: SEEN_WARNED_EVERY_MS }, () => {
        base.log.warn("Cannot remember that a session was seen", { error });
      });
    const found = await findSession(services.kv, { token, nowMs: clock.nowMs(), onTrouble });
    const user = found && await findUser(services.db, found.userId);
    // Changed rights and passwords end every session of before.
    if (found && user && found.epoch === user.sessionEpoch) {
      ctx.state.user = user;
      ctx.state.sessionKey = found.key;
    }
  }
  return await ctx.next();
});

export const handler = define.middleware([turnedAway, fromUs, ready, session]);
