/**
 * Errors as programs read them (RFC 9457). A problem says what is wrong with the request, never what is inside.
 *
 * @module
 */

import { STATUS_CODES } from "node:http";
import { titleOf } from "./openapi.ts";
import type { Problem } from "./schemas.ts";

/** Why a request is refused. */
export interface Refusal {
  /** HTTP status, 400 to 599. */
  readonly status: number;
  /** In words for whoever wrote the program; default: the status'. */
  readonly detail?: string;
  /** What is wrong, by parameter or field. */
  readonly errors?: Readonly<Record<string, string>>;
  /** Headers that belong to the status. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The answer to a refused request. */
export function problemResponse(refusal: Refusal, requestId: string): Response {
  const { status, detail = titleOf(status), errors, headers = {} } = refusal;
  const problem: Problem = {
    type: "about:blank",
    title: STATUS_CODES[status] ?? String(status),
    status,
    detail,
    instance: requestId,
    ...(errors && Object.keys(errors).length > 0 ? { errors: { ...errors } } : {}),
  };
  return new Response(JSON.stringify(problem), {
    status,
    headers: { ...headers, "content-type": "application/problem+json", "cache-control": "private, no-store" },
  });
}

/** A request that cannot be answered as it stands, by parameter. */
export function wrong(errors: Readonly<Record<string, string>>, status = 400): Refusal {
  return { status, errors };
}
