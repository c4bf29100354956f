/**
 * Signing in.
 *
 * @module
 */

import { HttpError, page } from "fresh";
import { EMAIL_MAX_LENGTH } from "../../lib/auth/email.ts";
import { signIn } from "../../lib/auth/login.ts";
import { PASSWORD_MAX_LENGTH } from "../../lib/auth/password.ts";
import { endSession } from "../../lib/auth/session.ts";
import { type SignInFault, SignInPage } from "../../lib/ui/pages/SignInPage.tsx";
import { cookieOf, deviceCookieName, sessionCookieName } from "../../lib/web/cookie.ts";
import { line, password, readForm, requireBody, typed } from "../../lib/web/form.ts";
import { ownPath } from "../../lib/web/redirect.ts";
import { redirectSignedIn } from "../../lib/web/signed_in.ts";
import { define, type Services, servicesOf } from "../../lib/web/state.ts";

const FIELDS = {
  email: line({ min: 0, max: EMAIL_MAX_LENGTH }),
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
    const services = servicesOf(ctx.state);
    ctx.state.title = "Sign in";
    const body = await requireBody(ctx);
    const form = readForm(body, FIELDS);
    const { email = "", back = "/" } = typed(body, ["email", "back"]);
    const wrong: Shown = { email, back: ownPath(back), fault: { kind: "wrong" } };
    if (!form.ok) return page<Shown>(wrong, { status: 422 });
    const { secureCookies: secure } = base.config;
    const onTrouble = (error: unknown) =>
      base.log.warn("A sign-in could not be written down", { email: form.value.email, error });
    const signedIn = await signIn({ ...services, onTrouble }, {
      email: form.value.email,
      password: form.value.password,
      address: clientAddress,
      requestId: ctx.state.requestId,
      agent: ctx.req.headers.get("user-agent") ?? "",
      device: cookieOf(ctx.req.headers, deviceCookieName(secure)),
      nowMs: base.clock.nowMs(),
    });
    if (!signedIn.ok) {
      if (signedIn.error.kind === "wrong") return page<Shown>(wrong, { status: 422 });
      if (signedIn.error.kind === "failed") throw new HttpError(503, "No password can be checked");
      const waitS = signedIn.error.retryAfterS;
      return page<Shown>({ ...wrong, fault: { kind: "throttled", waitS } }, {
        status: 429,
        headers: { "retry-after": String(waitS) },
      });
    }
    await endEarlier(services, cookieOf(ctx.req.headers, sessionCookieName(secure)));
    return redirectSignedIn(form.value.back, { ...signedIn.value, secure });
  },
});

/** Whoever signs in over a session that is still there ends it: its token is in no cookie any more. */
async function endEarlier({ kv, events }: Services, token: string | undefined): Promise<void> {
  const ended = token === undefined ? null : await endSession(kv, token);
  if (ended !== null) events.end(ended);
}

export default define.page<typeof handler>(async ({ data, state }) => {
  const forgotHref = await state.base.services()?.mailer.ready() ? "/forgot" : null;
  return <SignInPage {...data} forgotHref={forgotHref} keepDays={null} keep={false} organisation="" />;
});
