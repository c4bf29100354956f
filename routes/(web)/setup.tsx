/**
 * The one-time link that makes the first administrator.
 *
 * @module
 */

import { HttpError, page } from "fresh";
import { EMAIL_MAX_LENGTH } from "../../lib/auth/email.ts";
import { PASSWORD_MIN_LENGTH } from "../../lib/auth/password.ts";
import { setUp } from "../../lib/auth/setup.ts";
import { hashOfToken, looksLikeToken } from "../../lib/auth/token.ts";
import { isSetupToken } from "../../lib/store/users.ts";
import { SetupPage, type SetupPageProps } from "../../lib/ui/pages/SetupPage.tsx";
import { admitAndRedirect } from "../../lib/web/admitted.ts";
import { email, line, newPasswordOf, readForm, requireBody, typed } from "../../lib/web/form.ts";
import { define, servicesOf } from "../../lib/web/state.ts";
import { tooMany } from "../../lib/web/too_many.ts";

const FIELDS = {
  token: line({ min: 1, max: 100 }),
  name: line({ min: 1, max: 80 }),
  email,
};

const SPENT: SetupPageProps = { kind: "spent" };

export const handler = define.handlers({
  async GET(ctx) {
    const services = servicesOf(ctx.state);
    ctx.state.title = "Set up";
    const token = ctx.url.searchParams.get("token") ?? "";
    const nowMs = ctx.state.base.clock.nowMs();
    const good = looksLikeToken(token) &&
      await isSetupToken(services.db, { tokenHash: await hashOfToken(token), nowMs });
    if (!good) return page<SetupPageProps>(SPENT, { status: 410 });
    return page<SetupPageProps>(formOf({ token, name: "", email: "" }, {}));
  },
  async POST(ctx) {
    const { base, clientAddress } = ctx.state;
    const services = servicesOf(ctx.state);
    ctx.state.title = "Set up";
    const body = await requireBody(ctx);
    const { token = "", name = "", email = "" } = typed(body, ["token", "name", "email"]);
    const form = readForm(body, { ...FIELDS, password: newPasswordOf({ name, email }) });
    if (!form.ok) {
      return page<SetupPageProps>(formOf({ token, name, email }, form.error), { status: 422 });
    }
    const nowMs = base.clock.nowMs();
    const made = await setUp(services, {
      token: form.value.token,
      address: clientAddress,
      requestId: ctx.state.requestId,
      nowMs,
      administrator: form.value,
    });
    if (made.ok) return await admitAndRedirect(ctx, { user: made.value, how: "password", back: "/" });
    switch (made.error.kind) {
      case "spent":
        return page<SetupPageProps>(SPENT, { status: 410 });
      case "throttled":
        throw tooMany(ctx.state, made.error.retryAfterS);
      case "failed":
        throw new HttpError(503, "No password can be hashed");
    }
  },
});

function formOf(
  draft: { readonly token: string; readonly name: string; readonly email: string },
  faults: Readonly<Record<string, string>>,
): SetupPageProps {
  return {
    kind: "form",
    ...draft,
    faults,
    passwordMinLength: PASSWORD_MIN_LENGTH,
    emailMaxLength: EMAIL_MAX_LENGTH,
  };
}

export default define.page<typeof handler>(({ data }) => <SetupPage {...data} />);
