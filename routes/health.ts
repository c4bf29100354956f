/**
 * How every part is, as health+json for monitoring.
 *
 * @module
 */

import { healthBody, worstOf } from "../lib/health/verdict.ts";
import { define } from "../lib/web/state.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { base } = ctx.state;
    const verdicts = await base.verdicts();
    const time = new Date(base.clock.nowMs()).toISOString();
    return new Response(healthBody(verdicts, { release: base.config.release, time }), {
      status: worstOf(verdicts) === "fail" ? 503 : 200,
      headers: { "content-type": "application/health+json; charset=utf-8" },
    });
  },
});
