/**
 * Administration begins with the first page that somebody may see.
 *
 * @module
 */

import { allowAdmin } from "../../../../lib/web/allow.ts";
import { redirectTo } from "../../../../lib/web/redirect.ts";
import { define } from "../../../../lib/web/state.ts";

export const handler = define.handlers({
  GET: (ctx) => redirectTo(allowAdmin(ctx)),
});
