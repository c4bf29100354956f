/**
 * Refuses requests that change something and come from another site.
 *
 * @module
 */

import type { Context } from "./context.ts";
import { HttpError } from "./error.ts";
import type { Middleware } from "./types.ts";

/** What `csrf()` takes. */
export interface CsrfOptions<State = unknown> {
  /** Origins that may send, the request's own if absent. */
  origin?: string | string[] | ((origin: string, context: Context<State>) => boolean);
}

const SAFE_METHODS = ["GET", "HEAD", "OPTIONS"];

/**
 * Makes middleware that answers 403 to an unsafe request whose `Sec-Fetch-Site` or `Origin` names another
 * site. A request with neither is let through: it does not come from a browser of today.
 */
export function csrf<State>(options: CsrfOptions<State> = {}): Middleware<State> {
  function isAllowed(origin: string | null, ctx: Context<State>): boolean {
    const allowed = options.origin ?? ctx.url.origin;
    if (origin === null) return false;
    if (typeof allowed === "function") return allowed(origin, ctx);
    return Array.isArray(allowed) ? allowed.includes(origin) : origin === allowed;
  }

  return (ctx) => {
    if (SAFE_METHODS.includes(ctx.req.method)) return ctx.next();
    const site = ctx.req.headers.get("Sec-Fetch-Site");
    const origin = ctx.req.headers.get("Origin");
    const sameSite = site === null ? origin === null : site === "same-origin" || site === "none";
    if (sameSite || isAllowed(origin, ctx)) return ctx.next();
    throw new HttpError(403);
  };
}
