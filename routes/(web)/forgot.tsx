/**
 * Asking for a link by which a forgotten password is replaced.
 *
 * @module
 */

import { page } from "fresh";
import { EMAIL_MAX_LENGTH } from "../../lib/auth/email.ts";
import { LINK_MS } from "../../lib/auth/links.ts";
import { askReset } from "../../lib/auth/reset.ts";
import { ForgotPage, type ForgotPageProps } from "../../lib/ui/pages/ForgotPage.tsx";
import { authorOf } from "../../lib/web/author.ts";
import { email, readForm, requireBody, typed } from "../../lib/web/form.ts";
import { letterServicesOf } from "../../lib/web/letters.ts";
import { define } from "../../lib/web/state.ts";

const NOT_SET_UP: ForgotPageProps = { kind: "not-set-up" };

export const handler = define.handlers({
  async GET(ctx) {
    const services = letterServicesOf(ctx.state);
    ctx.state.title = "Forgot your password?";
    if (!await services.mailer.ready()) return page<ForgotPageProps>(NOT_SET_UP);
    return page<ForgotPageProps>(askOf("", null));
  },
  async POST(ctx) {
    const services = letterServicesOf(ctx.state);
    ctx.state.title = "Forgot your password?";
    const body = await requireBody(ctx);
    if (!await services.mailer.ready()) return page<ForgotPageProps>(NOT_SET_UP, { status: 409 });
    const form = readForm(body, { email });
    const { email: as = "" } = typed(body, ["email"]);
    if (!form.ok) {
      const fault = form.error.email ?? form.error[""] ?? null;
      return page<ForgotPageProps>(askOf(as, fault), { status: 422 });
    }
    const asked = await askReset(services, authorOf(ctx.state), form.value.email);
    if (asked.ok) return page<ForgotPageProps>({ kind: "asked", linkS: LINK_MS.reset / 1000 });
    const { retryAfterS: waitS } = asked.error;
    return page<ForgotPageProps>({ kind: "throttled", waitS }, {
      status: 429,
      headers: { "retry-after": String(waitS) },
    });
  },
});

function askOf(email: string, fault: string | null): ForgotPageProps {
  return { kind: "ask", email, fault, emailMaxLength: EMAIL_MAX_LENGTH };
}

export default define.page<typeof handler>(({ data }) => <ForgotPage {...data} />);
