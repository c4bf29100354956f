/**
 * Around every operation of the API: a bearer token, counted requests, problems that programs read.
 *
 * @module
 */

import { throughApiDoor } from "../../../lib/web/api/door.ts";
import { define } from "../../../lib/web/state.ts";

export const handler = define.middleware(throughApiDoor);
