/**
 * Another password. All sessions end, and this browser goes on with a new one.
 *
 * @module
 */

import { HttpError, page } from "fresh";
import { changeOwnPassword } from "../../../../lib/auth/own_password.ts";
import { endOtherSessions } from "../../../../lib/auth/own_sessions.ts";
import { PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH } from "../../../../lib/auth/password.ts";
import { PasswordPage, type PasswordPageProps } from "../../../../lib/ui/pages/AccountForms.tsx";
import { restartSession } from "../../../../lib/web/admitted.ts";
import { allow } from "../../../../lib/web/allow.ts";
import { authorOf } from "../../../../lib/web/author.ts";
import { newPasswordOf, password, readForm, requireBody } from "../../../../lib/web/form.ts";
import { letterServicesOf } from "../../../../lib/web/letters.ts";
import { ownOf } from "../../../../lib/web/pages/account_page.ts";
import { redirectTo } from "../../../../lib/web/redirect.ts";
import { define } from "../../../../lib/web/state.ts";

const OLD = password({ min: 1, max: PASSWORD_MAX_LENGTH });

type Shown = Pick<PasswordPageProps, "faults" | "waitS">;

export const handler = define.handlers({
  GET(ctx) {
    allow(ctx, "account.own");
    ctx.state.title = "Change your password";
    return page<Shown>({ faults: {}, waitS: null });
  },
  async POST(ctx) {
    allow(ctx, "account.own");
    ctx.state.title = "Change your password";
    const { user, sessionKey } = ownOf(ctx.state);
    const services = letterServicesOf(ctx.state);
    const again = (faults: Shown["faults"]) => page<Shown>({ faults, waitS: null }, { status: 422 });
    const form = readForm(await requireBody(ctx), { old: OLD, password: newPasswordOf(user) });
    if (!form.ok) {
      const { old, password, "": other } = form.error;
      return again({ old, password, other });
    }
    const { old, password: next } = form.value;
    if (old === next) return again({ password: "Is the one you have" });
    const changed = await changeOwnPassword(services, authorOf(ctx.state), { user, old, next });
    if (changed.ok) {
      const ended = await endOtherSessions(services.kv, { userId: user.id, keep: sessionKey });
      for (const key of ended) services.events.end(key);
      return redirectTo("/account?done=password", await restartSession(ctx, changed.value));
    }
    switch (changed.error.kind) {
      case "wrong-old":
        return again({ old: "Is not your password" });
      case "throttled": {
        const waitS = changed.error.retryAfterS;
        const headers = { "retry-after": String(waitS) };
        return page<Shown>({ faults: {}, waitS }, { status: 429, headers });
      }
      case "failed":
        throw new HttpError(503, "No password can be worked on");
    }
  },
});

export default define.page<typeof handler>(({ data, state }) => (
  <PasswordPage {...data} email={state.user?.email ?? ""} minLength={PASSWORD_MIN_LENGTH} />
));
