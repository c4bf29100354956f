/**
 * Why nothing was read, in the words of the collector and in those of a reading. Pure, so that what judges a visit does
 * not bring the Modbus library along.
 *
 * @module
 */
import type { ReadingReason } from "../lib/domain/reading.ts";

/** Why a connection or a request failed. */
export type ReadError =
  | { readonly kind: "no-route" }
  | { readonly kind: "refused" }
  | { readonly kind: "connect-timeout" }
  | { readonly kind: "closed" }
  | { readonly kind: "response-timeout" }
  | { readonly kind: "bad-frame" }
  | { readonly kind: "address-not-allowed" }
  | { readonly kind: "visit-deadline" }
  /** The device answered with a Modbus exception code, 1 to 255. */
  | { readonly kind: "exception"; readonly code: number };

/** Exception codes with names of their own. */
const PATH_UNAVAILABLE = 0x0a;
const TARGET_SILENT = 0x0b;

/** The reading reason of an error. */
export function reasonOf(error: ReadError): ReadingReason {
  if (error.kind !== "exception") return error.kind;
  if (error.code === PATH_UNAVAILABLE) return "path-unavailable";
  if (error.code === TARGET_SILENT) return "unit-silent";
  return `exception-${error.code}`;
}
