/**
 * Signing in.
 *
 * @module
 */

import { HttpError, page } from "fresh";
import { signIn } from "../../lib/auth/login.ts";
import { PASSWORD_MAX_LENGTH } from "../../lib/auth/password.ts";
import { SESSION_AGE_MS } from "../../lib/auth/session.ts";
import { type SignInFault, SignInPage } from "../../lib/ui/pages/SignInPage.tsx";
import { sessionCookieName, setCookie } from "../../lib/web/cookie.ts";
import { line, password, readBody, readForm, typed } from "../../lib/web/form.ts";
import { ownPath, redirectTo } from "../../lib/web/redirect.ts";
import { define } from "../../lib/web/state.ts";

const FIELDS = {
  email: line({ min: 0, max: 254 }),
  password: password({ min: 0, max: PASSWORD_MAX_LENGTH }),
  back: line({ min: 0, max: 2000 }),
};

interface Shown {
  readonly email: string;
  readonly back: string;
  readonly fault: SignInFault | null;
}

export const handler = define.handlers({
  GET(ctx) {
    if (ctx.state.user) return ctx.redirect("/", 303);
    ctx.state.title = "Sign in";
    return page<Shown>({ email: "", back: ownPath(ctx.url.searchParams.get("back") ?? "/"), fault: null });
  },
  async POST(ctx) {
    const { base, clientAddress } = ctx.state;
    const services = base.services();
    if (!services) throw new HttpError(503);
    ctx.state.title = "Sign in";
    const body = await readBody(ctx.req, base.clock);
    if (!body.ok) throw new HttpError(body.error === "too-large" ? 413 : 400);
    const form = readForm(body.value, FIELDS);
    const { email = "", back = "/" } = typed(body.value, ["email", "back"]);
    const wrong: Shown = { email, back: ownPath(back), fault: { kind: "wrong" } };
    if (!form.ok) return page<Shown>(wrong, { status: 422 });
    const nowMs = base.clock.nowMs();
    const credentials = { email: form.value.email.toLowerCase(), password: form.value.password };
    const signedIn = await signIn(services, { ...credentials, address: clientAddress, nowMs });
    if (!signedIn.ok) {
      if (signedIn.error.kind === "wrong") return page<Shown>(wrong, { status: 422 });
      const waitS = signedIn.error.retryAfterS;
      return page<Shown>({ ...wrong, fault: { kind: "throttled", waitS } }, {
        status: 429,
        headers: { "retry-after": String(waitS) },
      });
    }
    const secure = base.config.secureCookies;
    const cookie = setCookie(sessionCookieName(secure), signedIn.value.token, {
      maxAgeS: SESSION_AGE_MS / 1000,
      secure,
    });
    return redirectTo(form.value.back, { "set-cookie": cookie });
  },
});

export default define.page<typeof handler>(({ data }) => (
  <SignInPage {...data} keepDays={null} keep={false} organisation="" />
));
