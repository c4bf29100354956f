/**
 * The description of the API as it is served: made once.
 *
 * @module
 */

import { jsonAnswer } from "./etag.ts";
import { openApiDocument } from "./openapi.ts";
import { GET_OPENAPI } from "./operations.ts";
import { served } from "./serve.ts";

const DOCUMENT = openApiDocument();

/** The description. */
export const getOpenApi = served(GET_OPENAPI, ({ ctx }) => Promise.resolve(jsonAnswer(ctx.req, DOCUMENT)));
