/**
 * Can the process work? 503 with what is missing, a line each, when it cannot.
 *
 * @module
 */

import { releaseHeader } from "../lib/web/release_header.ts";
import { atMostEach } from "../lib/web/seldom.ts";
import { define } from "../lib/web/state.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { base } = ctx.state;
    const missing = await base.missing();
    const headers = releaseHeader(base);
    if (missing.length === 0) return ctx.text("ready\n", { headers });
    if (missing.some(({ detail }) => detail !== undefined)) {
      atMostEach(base, { what: "not ready", everyMs: 60_000 }, () => base.log.warn("Not ready", { missing }));
    }
    return ctx.text(missing.map(({ words }) => `${words}\n`).join(""), {
      status: 503,
      headers: { ...headers, "retry-after": "5" },
    });
  },
});
