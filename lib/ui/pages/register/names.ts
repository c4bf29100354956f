/**
 * Names of the fields that come in rows, so that a form, its faults and who reads it agree.
 *
 * @module
 */

import { CONTACTS_MAX, ENDPOINTS_MAX, PATHS_MAX } from "../../../domain/registration.ts";

/** Rows of contacts that a site has. */
export const CONTACT_ROWS = CONTACTS_MAX;

/** Rows of paths that a router has. */
export const PATH_ROWS = PATHS_MAX;

/** Rows of endpoints that a router has. */
export const ENDPOINT_ROWS = ENDPOINTS_MAX;

/** Name of a contact's field; rows count from 1. */
export function contactField(row: number, part: "Name" | "Phone" | "Email"): string {
  return `contact${row}${part}`;
}

/** Name of a path's field; rows count from 1 and are the order in which paths are tried. */
export function pathField(row: number, part: "Kind" | "Host"): string {
  return `path${row}${part}`;
}

/** Name of an endpoint's field; rows count from 1. */
export function endpointField(
  row: number,
  part: "Id" | "Kind" | "Port" | "PauseMs" | "ResponseTimeoutMs",
): string {
  return `endpoint${row}${part}`;
}

/** Name of a day's field; 0 is Monday. */
export function dayField(weekday: number): string {
  return `day${weekday}`;
}
