/**
 * Signs whoever asks out everywhere else.
 *
 * @module
 */

import { HttpError } from "fresh";
import { endOtherSessions } from "../../../../../lib/auth/own_sessions.ts";
import { allow } from "../../../../../lib/web/allow.ts";
import { writeDown } from "../../../../../lib/web/author.ts";
import { choice, readForm, requireBody } from "../../../../../lib/web/form.ts";
import { ownOf } from "../../../../../lib/web/pages/account_page.ts";
import { redirectTo } from "../../../../../lib/web/redirect.ts";
import { define } from "../../../../../lib/web/state.ts";

const FIELDS = { end: choice<"others">(["others"]) };

export const handler = define.handlers({
  async POST(ctx) {
    allow(ctx, "account.own");
    const { services, user, sessionKey } = ownOf(ctx.state);
    if (!readForm(await requireBody(ctx), FIELDS).ok) throw new HttpError(422);
    const ended = await endOtherSessions(services.kv, { userId: user.id, keep: sessionKey });
    for (const key of ended) services.events.end(key);
    await writeDown(ctx.state, {
      action: "session-ended",
      subject: `user ${user.id}`,
      after: { others: ended.length },
    });
    return redirectTo("/account?done=sessions#sessions");
  },
});
