/**
 * Sites within reach.
 *
 * @module
 */

import { serve } from "../../../../lib/web/api/serve.ts";
import { listSites } from "../../../../lib/web/api/sites.ts";
import { define } from "../../../../lib/web/state.ts";

export const handler = define.handlers(serve(listSites));
