/**
 * Metrics for Prometheus: with the configured bearer token, or straight from this machine alone.
 *
 * @module
 */

import { HttpError } from "fresh";
import { sameSecret } from "../lib/auth/token.ts";
import { renderMetrics } from "../lib/health/prometheus.ts";
import { isFromHere } from "../lib/web/headers.ts";
import { define } from "../lib/web/state.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { base } = ctx.state;
    const { remoteAddr } = ctx.info;
    const wanted = base.config.metricsToken;
    const given = ctx.req.headers.get("authorization") ?? "";
    const allowed = wanted === undefined
      ? "hostname" in remoteAddr && isFromHere(ctx.req.headers, remoteAddr.hostname)
      : await sameSecret(given, `Bearer ${wanted}`);
    if (!allowed) throw new HttpError(wanted === undefined ? 404 : 401);
    return ctx.text(renderMetrics(await base.metrics()), {
      headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8" },
    });
  },
});
