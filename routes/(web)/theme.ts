/**
 * Keeps the choice of light or dark in a cookie and goes back to where it was made.
 *
 * @module
 */

import { HttpError } from "fresh";
import { setCookie, type Theme } from "../../lib/web/cookie.ts";
import { choice, line, readBody, readForm } from "../../lib/web/form.ts";
import { redirectTo } from "../../lib/web/redirect.ts";
import { define } from "../../lib/web/state.ts";

const A_YEAR_S = 365 * 24 * 3600;

const FIELDS = {
  theme: choice<Theme>(["light", "dark", "system"]),
  back: line({ min: 0, max: 2000 }),
};

export const handler = define.handlers({
  async POST(ctx) {
    const { config, clock } = ctx.state.base;
    const body = await readBody(ctx.req, clock);
    const form = body.ok ? readForm(body.value, FIELDS) : body;
    if (!form.ok) throw new HttpError(400);
    const { theme, back } = form.value;
    const cookie = setCookie("theme", theme, {
      maxAgeS: theme === "system" ? 0 : A_YEAR_S,
      secure: config.secureCookies,
    });
    return redirectTo(back, { "set-cookie": cookie });
  },
});
