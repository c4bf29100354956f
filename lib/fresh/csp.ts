/**
 * Tells the browser what a page may load.
 *
 * @module
 */

import { insideOf } from "./context.ts";
import type { Middleware } from "./types.ts";

/** What `csp()` takes. */
export interface CSPOptions {
  /** Directives that replace the default of the same name or are added. */
  csp?: string[];
  /** Allows inline scripts and styles by the nonce that each page is rendered with, and no others. */
  useNonce?: boolean;
}

const DEFAULTS = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  "img-src 'self' data:",
  "media-src 'self' data: blob:",
  "worker-src 'self' blob:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "upgrade-insecure-requests",
];

function nameOf(directive: string): string {
  return directive.trim().split(/\s/)[0] ?? "";
}

/** Makes middleware that sets the policy on each response. */
export function csp<State>({ csp = [], useNonce = false }: CSPOptions = {}): Middleware<State> {
  const own = new Set(csp.map(nameOf));
  const directives = [...DEFAULTS.filter((directive) => !own.has(nameOf(directive))), ...csp];

  return async (ctx) => {
    const response = await ctx.next();
    const nonce = useNonce ? insideOf(ctx).nonce : null;
    const policy = directives.map((directive) =>
      nonce !== null && /^(script|style)-src /.test(directive)
        ? directive.replace("'unsafe-inline'", `'nonce-${nonce}'`)
        : directive
    );
    response.headers.set("Content-Security-Policy", policy.join("; "));
    return response;
  };
}
