/**
 * What channels said at the boundaries of half-hours.
 *
 * @module
 */

import { serve } from "../../../lib/web/api/serve.ts";
import { listReadings } from "../../../lib/web/api/readings.ts";
import { define } from "../../../lib/web/state.ts";

export const handler = define.handlers(serve(listReadings));
