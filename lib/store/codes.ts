/**
 * The numbers under which choices are stored. A number once given keeps its meaning for good: new choices are
 * added at the end of a list, none is ever moved.
 *
 * @module
 */

import type { ChannelKind } from "../domain/channel.ts";
import type { EndUse } from "../domain/end_use.ts";
import type { Role } from "../domain/permission.ts";
import type { SeriesBeginning } from "../domain/series.ts";
import type { EndpointKind, PathKind } from "../domain/site.ts";

/** Kinds of addresses. */
export const PATH_KINDS: readonly PathKind[] = ["cellular", "wifi", "wired"];

/** Kinds of endpoints. */
export const ENDPOINT_KINDS: readonly EndpointKind[] = ["router", "gateway", "device"];

/** Kinds of channels; a counter is 0. */
export const CHANNEL_KINDS: readonly ChannelKind[] = ["counter", "gauge", "state", "text"];

/** How a series goes on from the one before; stored plus one. */
export const SERIES_BEGINNINGS: readonly SeriesBeginning[] = ["counted", "at-least", "unseen"];

/** End uses; not the order in which charts stack them. */
export const END_USE_CODES: readonly EndUse[] = [
  "heating",
  "cooling",
  "water",
  "lighting",
  "ups",
  "server",
  "other",
];

/** How a half-hour of a site stands. */
export type LedgerState = "open" | "claimed" | "complete" | "partial" | "failed";

/** States of a ledger row. */
export const LEDGER_STATES: readonly LedgerState[] = ["open", "claimed", "complete", "partial", "failed"];

/** Roles of users; not the order of who may more. */
export const ROLES: readonly Role[] = ["viewer", "operator", "administrator", "technician"];

/** The number of a choice; a choice that is not in its list is a bug. */
export function codeIn<T extends string>(list: readonly T[], choice: T): number {
  const code = list.indexOf(choice);
  if (code < 0) throw new RangeError(`"${choice}" is none of ${list.join(", ")}`);
  return code;
}

/** The choice behind a number; a number that is not in the list is a bug. */
export function choiceOf<T extends string>(list: readonly T[], code: number): T {
  const choice = list[code];
  if (choice === undefined) throw new RangeError(`${code} is none of ${list.join(", ")}`);
  return choice;
}
