/**
 * The one exception that means an HTTP status.
 *
 * @module
 */

import { STATUS_CODES } from "node:http";

/** Thrown anywhere in a request to answer with an HTTP status; `_error` renders it. */
export class HttpError extends Error {
  /** The HTTP status to answer with. */
  readonly status: number;

  /** Without a message the status' usual words are taken ("Not Found" for 404), or its number. */
  constructor(status: number, message?: string, options?: ErrorOptions) {
    super(message ?? STATUS_CODES[status] ?? String(status), options);
    this.name = this.constructor.name;
    this.status = status;
  }
}
