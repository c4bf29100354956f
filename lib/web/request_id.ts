/**
 * Names each request once, as early as it is seen, so that its answer, its page and its log lines say the same.
 *
 * @module
 */
import { newRequestId } from "../auth/token.ts";

const NAMED = new WeakMap<Request, string>();

/** Names a request; whoever asks for its name gets this one. */
export function nameRequest(request: Request, id: string): Request {
  NAMED.set(request, id);
  return request;
}

/** The name of a request; one that came in another way (the development server) is named now. */
export function requestIdOf(request: Request): string {
  const known = NAMED.get(request) ?? newRequestId();
  NAMED.set(request, known);
  return known;
}
