/**
 * Devices of a site.
 *
 * @module
 */

import { serve } from "../../../../../lib/web/api/serve.ts";
import { listDevices } from "../../../../../lib/web/api/devices.ts";
import { define } from "../../../../../lib/web/state.ts";

export const handler = define.handlers(serve(listDevices));
