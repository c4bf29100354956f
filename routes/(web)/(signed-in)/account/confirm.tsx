/**
 * The password typed again, before what would let somebody else take the account over.
 *
 * @module
 */

import { HttpError, page } from "fresh";
import { confirmPassword } from "../../../../lib/auth/confirm_password.ts";
import { PASSWORD_MAX_LENGTH } from "../../../../lib/auth/password.ts";
import { confirmSession } from "../../../../lib/auth/session.ts";
import { ConfirmPage, type ConfirmPageProps } from "../../../../lib/ui/pages/AccountForms.tsx";
import { allow } from "../../../../lib/web/allow.ts";
import { authorOf } from "../../../../lib/web/author.ts";
import { line, password, readForm, requireBody, typed } from "../../../../lib/web/form.ts";
import { ownPath, redirectTo } from "../../../../lib/web/redirect.ts";
import { define, servicesOf } from "../../../../lib/web/state.ts";

const FIELDS = {
  password: password({ min: 1, max: PASSWORD_MAX_LENGTH }),
  back: line({ min: 1, max: 200 }),
};

type Shown = Omit<ConfirmPageProps, "email">;

export const handler = define.handlers({
  GET(ctx) {
    allow(ctx, "account.own");
    ctx.state.title = "Confirm it is you";
    return page<Shown>({ back: ownPath(ctx.url.searchParams.get("back") ?? "/account"), fault: null });
  },
  async POST(ctx) {
    allow(ctx, "account.own");
    const { base, user, sessionKey } = ctx.state;
    const services = servicesOf(ctx.state);
    if (!user || sessionKey === null) throw new HttpError(401);
    ctx.state.title = "Confirm it is you";
    const body = await requireBody(ctx);
    const { back = "" } = typed(body, ["back"]);
    const again = (fault: Shown["fault"], init: ResponseInit) =>
      page<Shown>({ back: back === "" ? "/account" : ownPath(back), fault }, init);
    const form = readForm(body, FIELDS);
    if (!form.ok) {
      const words = form.error.password ?? form.error[""] ?? "The page to go on to is unknown: start again";
      return again({ kind: "wrong", words }, { status: 422 });
    }
    const { value } = form;
    const confirmed = await confirmPassword(services, authorOf(ctx.state), {
      user,
      password: value.password,
    });
    if (confirmed.ok) {
      await confirmSession(services.kv, { key: sessionKey, nowMs: base.clock.nowMs() });
      return redirectTo(value.back);
    }
    switch (confirmed.error.kind) {
      case "wrong-old":
        return again({ kind: "wrong", words: "Is not your password" }, { status: 422 });
      case "throttled": {
        const { retryAfterS: waitS } = confirmed.error;
        const headers = { "retry-after": String(waitS) };
        return again({ kind: "throttled", waitS }, { status: 429, headers });
      }
      case "failed":
        throw new HttpError(503, "No password can be checked");
    }
  },
});

export default define.page<typeof handler>(({ data, state }) => (
  <ConfirmPage {...data} email={state.user?.email ?? ""} />
));
