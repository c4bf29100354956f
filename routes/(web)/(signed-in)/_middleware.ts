/**
 * Pages behind the door. Whoever is not signed in is sent to sign in and back; a route that answers without having
 * asked whether it may is answered with an error instead, so that one that forgot lets nothing out; what was refused
 * is written down.
 *
 * @module
 */

import { type Context, HttpError } from "fresh";
import { askerOf } from "../../../lib/web/allow.ts";
import { writeRefusal } from "../../../lib/web/refusal.ts";
import { define, type State } from "../../../lib/web/state.ts";

export const handler = define.middleware(async (ctx) => {
  const { state } = ctx;
  if (!state.user) return toSignIn(ctx);
  state.asker = askerOf(state.user);
  const answer = await ctx.next().catch(async (error: unknown) => {
    if (state.refusal) await writeRefusal(state, state.refusal);
    throw error;
  });
  if (state.asked) return answer;
  await answer.body?.cancel();
  throw new HttpError(500, `The route ${ctx.route} answered ${ctx.req.method} without asking whether it may`);
});

function toSignIn(ctx: Context<State>): Response {
  if (ctx.req.method !== "GET" || ctx.url.pathname.startsWith("/api/")) throw new HttpError(401);
  const back = `${ctx.url.pathname}${ctx.url.search}`;
  return ctx.redirect(back === "/" ? "/sign-in" : `/sign-in?back=${encodeURIComponent(back)}`, 303);
}
