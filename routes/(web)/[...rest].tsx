/**
 * Whatever no other route answers, so that a page that is not there looks like ours.
 *
 * @module
 */

import { HttpError } from "fresh";
import { define } from "../../lib/web/state.ts";

export const handler = define.handlers(() => {
  throw new HttpError(404);
});
