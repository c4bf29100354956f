/**
 * Another address to sign in with: asked for here by whoever was there a short while ago, agreed to by both addresses.
 *
 * @module
 */

import { page } from "fresh";
import { askEmailChange, type EmailChangeTrouble } from "../../../../lib/auth/email_change.ts";
import { findEmailChange, stopEmailChange } from "../../../../lib/store/email_changes.ts";
import { EmailPage, type EmailPageProps } from "../../../../lib/ui/pages/AccountForms.tsx";
import { allow } from "../../../../lib/web/allow.ts";
import { authorOf } from "../../../../lib/web/author.ts";
import { confirmFirst } from "../../../../lib/web/confirmed.ts";
import { choice, email, readForm, requireBody, typed } from "../../../../lib/web/form.ts";
import { letterServicesOf } from "../../../../lib/web/letters.ts";
import { ownOf } from "../../../../lib/web/pages/account_page.ts";
import { whenLabel } from "../../../../lib/web/pages/account_view.ts";
import { fleetZone } from "../../../../lib/web/pages/zone.ts";
import { redirectTo } from "../../../../lib/web/redirect.ts";
import { define, type State } from "../../../../lib/web/state.ts";

const PATH = "/account/email";

const FIELDS = { email };

const STOP = { do: choice<"stop">(["stop"]) };

export const handler = define.handlers({
  async GET(ctx) {
    allow(ctx, "account.own");
    const away = await confirmFirst(ctx, PATH);
    if (away) return away;
    return page<EmailPageProps>(await load(ctx.state, { typed: "", fault: null }));
  },
  async POST(ctx) {
    allow(ctx, "account.own");
    const { user } = ownOf(ctx.state);
    const services = letterServicesOf(ctx.state);
    const body = await requireBody(ctx);
    if (body.has("do") && readForm(body, STOP).ok) {
      // Stopping takes nothing from anybody: whoever sits there may do it.
      await stopEmailChange(services.db, authorOf(ctx.state), user.id);
      return redirectTo(PATH);
    }
    const away = await confirmFirst(ctx, PATH);
    if (away) return away;
    const again = async (fault: EmailPageProps["fault"], init: ResponseInit) =>
      page<EmailPageProps>(await load(ctx.state, { typed: typed(body, ["email"]).email ?? "", fault }), init);
    const form = readForm(body, FIELDS);
    if (!form.ok) {
      const words = form.error.email ?? form.error[""] ?? "";
      return await again({ kind: "wrong", words }, { status: 422 });
    }
    const asked = await askEmailChange(services, authorOf(ctx.state), { user, newEmail: form.value.email });
    if (asked.ok) return redirectTo(PATH);
    if (asked.error.kind === "throttled") {
      const { retryAfterS: waitS } = asked.error;
      return await again({ kind: "throttled", waitS }, {
        status: 429,
        headers: { "retry-after": String(waitS) },
      });
    }
    return await again({ kind: "wrong", words: TROUBLES[asked.error.kind] }, { status: 422 });
  },
});

const TROUBLES: Readonly<Record<Exclude<EmailChangeTrouble["kind"], "throttled">, string>> = {
  "same": "Is the address you have",
  "email-taken": "Somebody signs in with this address already",
  "not-set-up": "Nothing can be confirmed before a mail server is set",
};

async function load(state: State, shown: Pick<EmailPageProps, "typed" | "fault">): Promise<EmailPageProps> {
  state.title = "Change your e-mail address";
  const { services, user, nowMs } = ownOf(state);
  const { db, mailer } = services;
  const [canSend, change, zone] = await Promise.all([
    mailer.ready(),
    findEmailChange(db, { userId: user.id, nowMs }),
    fleetZone(db, { reaches: [user.reach], nowMs }),
  ]);
  const open = change && {
    newEmail: change.newEmail,
    waitsFor: change.waitsFor.map((side) => side === "email-old" ? change.oldEmail : change.newEmail),
    until: whenLabel(zone, change.expiresMs),
  };
  return { ...shown, email: user.email, canSend, open };
}

export default define.page<typeof handler>(({ data }) => <EmailPage {...data} />);
