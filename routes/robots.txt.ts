/**
 * Keeps search engines out.
 *
 * @module
 */

import { ROBOTS_TEXT } from "../lib/web/security_text.ts";
import { define } from "../lib/web/state.ts";

export const handler = define.handlers({
  GET: (ctx) => ctx.text(ROBOTS_TEXT),
});
