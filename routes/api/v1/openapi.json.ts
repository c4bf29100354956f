/**
 * The description of the API.
 *
 * @module
 */

import { serve } from "../../../lib/web/api/serve.ts";
import { getOpenApi } from "../../../lib/web/api/describe.ts";
import { define } from "../../../lib/web/state.ts";

export const handler = define.handlers(serve(getOpenApi));
