/**
 * For pages: who asks, whether the request comes from our own pages, and whether there is anything to show yet.
 *
 * @module
 */

import { HttpError } from "fresh";
import { findSession } from "../../lib/auth/session.ts";
import { isStoreError } from "../../lib/store/errors.ts";
import { findUser } from "../../lib/store/users.ts";
import { cookieOf, sessionCookieName } from "../../lib/web/cookie.ts";
import { comesFromUs } from "../../lib/web/csrf.ts";
import { define } from "../../lib/web/state.ts";

const fromUs = define.middleware((ctx) => {
  if (!comesFromUs(ctx.req, ctx.state.base.config.publicUrl)) throw new HttpError(403);
  return ctx.next();
});

const ready = define.middleware(async (ctx) => {
  if (!ctx.state.base.services()) throw new HttpError(503);
  try {
    return await ctx.next();
  } catch (error) {
    if (isStoreError(error, "unavailable")) throw new HttpError(503, "Database away", { cause: error });
    throw error;
  }
});

const session = define.middleware(async (ctx) => {
  const { config, clock } = ctx.state.base;
  const services = ctx.state.base.services();
  const token = cookieOf(ctx.req.headers, sessionCookieName(config.secureCookies));
  if (services && token !== undefined) {
    const found = await findSession(services.kv, { token, nowMs: clock.nowMs() });
    ctx.state.user = found && await findUser(services.db, found.userId);
  }
  return await ctx.next();
});

export const handler = define.middleware([fromUs, ready, session]);
