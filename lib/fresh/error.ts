/**
 * The one exception that means an HTTP status.
 *
 * @module
 */

import { STATUS_CODES } from "node:http";

/** The usual words for a status ("Not Found" for 404), or its number where there are none. */
export function statusText(status: number): string {
  return STATUS_CODES[status] ?? String(status);
}

/** Thrown anywhere in a request to answer with an HTTP status; `_error` and `_404` render it. */
export class HttpError extends Error {
  /** The HTTP status to answer with. */
  readonly status: number;

  /** Without a message the status' usual words are taken. */
  constructor(status: number, message?: string, options?: ErrorOptions) {
    super(message ?? statusText(status), options);
    this.name = this.constructor.name;
    this.status = status;
  }
}
