/**
 * A site, seen and changed.
 *
 * @module
 */

import { serve } from "../../../../../lib/web/api/serve.ts";
import { changeSite, getSite } from "../../../../../lib/web/api/sites.ts";
import { define } from "../../../../../lib/web/state.ts";

export const handler = define.handlers(serve(changeSite, getSite));
