/**
 * Half-hourly energy.
 *
 * @module
 */

import { serve } from "../../../lib/web/api/serve.ts";
import { listIntervals } from "../../../lib/web/api/interval_readings.ts";
import { define } from "../../../lib/web/state.ts";

export const handler = define.handlers(serve(listIntervals));
