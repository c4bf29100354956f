/**
 * Signing in.
 *
 * @module
 */

import { HttpError, page } from "fresh";
import PasskeySignIn from "../../islands/PasskeySignIn.tsx";
import { EMAIL_MAX_LENGTH } from "../../lib/auth/email.ts";
import { signIn } from "../../lib/auth/login.ts";
import { PASSWORD_MAX_LENGTH } from "../../lib/auth/password.ts";
import { relyingPartyOf } from "../../lib/auth/relying_party.ts";
import { type SignInFault, SignInPage } from "../../lib/ui/pages/SignInPage.tsx";
import { admissionHeaders, pathOf } from "../../lib/web/admitted.ts";
import { cookieOf, deviceCookieName } from "../../lib/web/cookie.ts";
import { line, password, readForm, requireBody, typed } from "../../lib/web/form.ts";
import { letterServicesOf } from "../../lib/web/letters.ts";
import { ownPath, redirectTo } from "../../lib/web/redirect.ts";
import { define } from "../../lib/web/state.ts";

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
    const { searchParams } = ctx.url;
    const fault = searchParams.has("over") ? { kind: "expired" } as const : null;
    return page<Shown>({ email: "", back: ownPath(searchParams.get("back") ?? "/"), fault });
  },
  async POST(ctx) {
    const { base, clientAddress } = ctx.state;
    const services = letterServicesOf(ctx.state);
    ctx.state.title = "Sign in";
    const body = await requireBody(ctx);
    const form = readForm(body, FIELDS);
    const { email = "", back = "/" } = typed(body, ["email", "back"]);
    const wrong: Shown = { email, back: ownPath(back), fault: { kind: "wrong" } };
    if (!form.ok) return page<Shown>(wrong, { status: 422 });
    const signedIn = await signIn(services, {
      email: form.value.email,
      password: form.value.password,
      address: clientAddress,
      requestId: ctx.state.requestId,
      agent: ctx.req.headers.get("user-agent") ?? "",
      device: cookieOf(ctx.req.headers, deviceCookieName(base.config.secureCookies)),
      back: ownPath(form.value.back),
      nowMs: base.clock.nowMs(),
    });
    if (!signedIn.ok) {
      const { kind } = signedIn.error;
      if (kind !== "failed") {
        base.signInLog.refused(clientAddress, kind === "wrong" ? "password" : "throttle");
      }
      if (signedIn.error.kind === "wrong") return page<Shown>(wrong, { status: 422 });
      if (signedIn.error.kind === "failed") throw new HttpError(503, "No password can be checked");
      const waitS = signedIn.error.retryAfterS;
      return page<Shown>({ ...wrong, fault: { kind: "throttled", waitS } }, {
        status: 429,
        headers: { "retry-after": String(waitS) },
      });
    }
    return redirectTo(pathOf(signedIn.value), await admissionHeaders(ctx, signedIn.value));
  },
});

export default define.page<typeof handler>(async ({ data, state }) => {
  const forgotHref = await state.base.services()?.mailer.ready() ? "/forgot" : null;
  const passkey = typeof relyingPartyOf(state.base.config.publicUrl) === "string"
    ? undefined
    : <PasskeySignIn back={data.back} />;
  return (
    <SignInPage
      {...data}
      passkey={passkey}
      forgotHref={forgotHref}
      keepDays={null}
      keep={false}
      organisation=""
    />
  );
});
