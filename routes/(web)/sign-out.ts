/**
 * Signing out ends the session here and in the store.
 *
 * @module
 */

import { endSession } from "../../lib/auth/session.ts";
import { writeDown } from "../../lib/web/author.ts";
import { cookieOf, sessionCookieName, setCookie } from "../../lib/web/cookie.ts";
import { redirectTo } from "../../lib/web/redirect.ts";
import { define } from "../../lib/web/state.ts";

export const handler = define.handlers({
  async POST(ctx) {
    const { base, user } = ctx.state;
    const secure = base.config.secureCookies;
    const name = sessionCookieName(secure);
    const services = base.services();
    const token = cookieOf(ctx.req.headers, name);
    const ended = services && token !== undefined ? await endSession(services.kv, token) : null;
    if (services && ended !== null) services.events.end(ended);
    if (services && user) {
      // Whoever wants out gets out, also when it cannot be written down.
      await writeDown(ctx.state, { action: "sign-out", subject: `user ${user.id}` }).catch(
        (error: unknown) => {
          base.log.warn("A sign-out could not be written down", { error });
        },
      );
    }
    return redirectTo("/sign-in", { "set-cookie": setCookie(name, "", { maxAgeS: 0, secure }) });
  },
});
