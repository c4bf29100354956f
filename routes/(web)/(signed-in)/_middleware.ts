/**
 * Pages behind the door: whoever is not signed in is sent to sign in and back.
 *
 * @module
 */

import { HttpError } from "fresh";
import { askerOf } from "../../../lib/web/allow.ts";
import { define } from "../../../lib/web/state.ts";

export const handler = define.middleware((ctx) => {
  if (ctx.state.user) {
    ctx.state.asker = askerOf(ctx.state.user);
    return ctx.next();
  }
  if (ctx.req.method !== "GET" || ctx.url.pathname.startsWith("/api/")) throw new HttpError(401);
  const back = `${ctx.url.pathname}${ctx.url.search}`;
  return ctx.redirect(back === "/" ? "/sign-in" : `/sign-in?back=${encodeURIComponent(back)}`, 303);
});
