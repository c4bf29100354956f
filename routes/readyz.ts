/**
 * Can the process work? 503 with what is missing, a line each, when it cannot.
 *
 * @module
 */

import { define } from "../lib/web/state.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const missing = await ctx.state.base.missing();
    if (missing.length === 0) return ctx.text("ready\n");
    return ctx.text(missing.map((words) => `${words}\n`).join(""), {
      status: 503,
      headers: { "retry-after": "5" },
    });
  },
});
