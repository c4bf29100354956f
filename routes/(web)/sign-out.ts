/**
 * Signing out ends the session here and in the store.
 *
 * @module
 */

import { endSession } from "../../lib/auth/session.ts";
import { cookieOf, sessionCookieName, setCookie } from "../../lib/web/cookie.ts";
import { redirectTo } from "../../lib/web/redirect.ts";
import { define } from "../../lib/web/state.ts";

export const handler = define.handlers({
  async POST(ctx) {
    const secure = ctx.state.base.config.secureCookies;
    const name = sessionCookieName(secure);
    const services = ctx.state.base.services();
    const token = cookieOf(ctx.req.headers, name);
    const ended = services && token !== undefined ? await endSession(services.kv, token) : null;
    if (services && ended !== null) services.events.end(ended);
    return redirectTo("/sign-in", { "set-cookie": setCookie(name, "", { maxAgeS: 0, secure }) });
  },
});
