/**
 * How every part is, as health+json for monitoring.
 *
 * @module
 */

import { healthBody, worstOf } from "../lib/health/verdict.ts";
import { atMostEach } from "../lib/web/seldom.ts";
import { define } from "../lib/web/state.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { base } = ctx.state;
    const verdicts = await base.verdicts();
    const said = verdicts.filter(({ detail }) => detail !== undefined);
    if (said.length > 0) {
      atMostEach(base, { what: "not healthy", everyMs: 60_000 }, () => {
        base.log.warn("Not healthy", { verdicts: said });
      });
    }
    const time = new Date(base.clock.nowMs()).toISOString();
    return new Response(healthBody(verdicts, { release: base.config.release, time }), {
      status: worstOf(verdicts) === "fail" ? 503 : 200,
      headers: { "content-type": "application/health+json; charset=utf-8" },
    });
  },
});
