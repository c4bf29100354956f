/**
 * Keeps the choice of light or dark, or of roomy or compact rows, in a cookie and goes back to where it was made.
 *
 * @module
 */

import { HttpError } from "fresh";
import { type Density, setCookie, type Theme } from "../../lib/web/cookie.ts";
import { choice, type Fields, line, readBody, readForm } from "../../lib/web/form.ts";
import { redirectTo } from "../../lib/web/redirect.ts";
import { define } from "../../lib/web/state.ts";

const A_YEAR_S = 365 * 24 * 3600;

const BACK = { back: line({ min: 0, max: 2000 }) };

interface Chosen {
  readonly name: "theme" | "density";
  readonly value: string;
  /** What needs no cookie. */
  readonly usual: string;
  readonly back: string;
}

/** The one choice that was made; `null`: none, or something else came with it. */
function chosenIn(form: URLSearchParams): Chosen | null {
  const themes: Fields<{ theme: Theme; back: string }> = {
    theme: choice(["light", "dark", "system"]),
    ...BACK,
  };
  const densities: Fields<{ density: Density; back: string }> = {
    density: choice(["roomy", "compact"]),
    ...BACK,
  };
  const theme = readForm(form, themes);
  if (theme.ok) return { name: "theme", value: theme.value.theme, usual: "system", back: theme.value.back };
  const density = readForm(form, densities);
  if (!density.ok) return null;
  return { name: "density", value: density.value.density, usual: "roomy", back: density.value.back };
}

export const handler = define.handlers({
  async POST(ctx) {
    const { config, clock } = ctx.state.base;
    const body = await readBody(ctx.req, clock);
    const chosen = body.ok ? chosenIn(body.value) : null;
    if (!chosen) throw new HttpError(400);
    const cookie = setCookie(chosen.name, chosen.value, {
      maxAgeS: chosen.value === chosen.usual ? 0 : A_YEAR_S,
      secure: config.secureCookies,
    });
    return redirectTo(chosen.back, { "set-cookie": cookie });
  },
});
