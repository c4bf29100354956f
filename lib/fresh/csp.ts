/**
 * Tells the browser what a page may load.
 *
 * @module
 */

import { nonceOf } from "./render.ts";
import type { Middleware } from "./types.ts";

/** What `csp()` takes. */
export interface CSPOptions {
  /** Reports what would be refused, and refuses nothing. */
  reportOnly?: boolean;
  /** Path that reports are sent to. */
  reportTo?: string;
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
export function csp<State>(options: CSPOptions = {}): Middleware<State> {
  const { reportOnly = false, reportTo, csp = [], useNonce = false } = options;
  const own = new Set(csp.map(nameOf));
  const directives = [...DEFAULTS.filter((directive) => !own.has(nameOf(directive))), ...csp];
  if (reportTo !== undefined) directives.push("report-to csp-endpoint", `report-uri ${reportTo}`);
  const header = `Content-Security-Policy${reportOnly ? "-Report-Only" : ""}`;

  return async (ctx) => {
    const response = await ctx.next();
    const nonce = useNonce ? nonceOf(ctx) : undefined;
    const policy = directives.map((directive) =>
      nonce !== undefined && /^(script|style)-src /.test(directive)
        ? directive.replace("'unsafe-inline'", `'nonce-${nonce}'`)
        : directive
    );
    response.headers.set(header, policy.join("; "));
    if (reportTo !== undefined) response.headers.set("Reporting-Endpoints", `csp-endpoint="${reportTo}"`);
    return response;
  };
}
