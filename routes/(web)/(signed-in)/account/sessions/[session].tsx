/**
 * Signs whoever asks out in one other browser, at once.
 *
 * @module
 */

import { HttpError } from "fresh";
import { endSessionByPublicId, listSessions } from "../../../../../lib/auth/session.ts";
import { allow } from "../../../../../lib/web/allow.ts";
import { writeDown } from "../../../../../lib/web/author.ts";
import { readForm, requireBody } from "../../../../../lib/web/form.ts";
import { ownOf } from "../../../../../lib/web/pages/account_page.ts";
import { redirectTo } from "../../../../../lib/web/redirect.ts";
import { define } from "../../../../../lib/web/state.ts";
import { browserWords } from "../../../../../lib/web/user_agent.ts";

export const handler = define.handlers({
  async POST(ctx) {
    allow(ctx, "account.own");
    const { services, user, sessionKey, nowMs } = ownOf(ctx.state);
    const { kv, events } = services;
    const sessions = await listSessions(kv, user, nowMs);
    const session = sessions.find(({ publicId }) => publicId === ctx.params.session);
    if (!session) throw new HttpError(404);
    // The one at hand ends by signing out, which takes its cookie away too.
    if (session.key === sessionKey) throw new HttpError(422);
    if (!readForm(await requireBody(ctx), {}).ok) throw new HttpError(422);
    const key = await endSessionByPublicId(kv, { userId: user.id, publicId: session.publicId });
    if (key === null) throw new HttpError(404);
    events.end(key);
    const after = { browser: browserWords(session.agent), from: session.origin };
    await writeDown(ctx.state, { action: "session-ended", subject: `user ${user.id}`, after });
    return redirectTo("/account?done=session#sessions");
  },
});
