/**
 * Whatever the API does not have, answered as a problem.
 *
 * @module
 */

import { HttpError } from "fresh";
import { define } from "../../../lib/web/state.ts";

export const handler = define.handlers(() => {
  throw new HttpError(404);
});
