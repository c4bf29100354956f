/**
 * Register maps of one's own stand beside the library: whoever asks for them alone is led to that list.
 *
 * @module
 */

import { allow } from "../../../../../lib/web/allow.ts";
import { redirectTo } from "../../../../../lib/web/redirect.ts";
import { define } from "../../../../../lib/web/state.ts";

export const handler = define.handlers({
  GET(ctx) {
    allow(ctx, "sites.list");
    return redirectTo("/profiles?from=own");
  },
});
