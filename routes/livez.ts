/**
 * Is the process alive? True also while its database is away: restarting it would not help.
 *
 * @module
 */

import { releaseHeader } from "../lib/web/release_header.ts";
import { define } from "../lib/web/state.ts";

export const handler = define.handlers({
  GET: (ctx) => ctx.text("alive\n", { headers: releaseHeader(ctx.state.base) }),
});
