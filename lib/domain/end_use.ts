/**
 * What a meter's load is for. The order is the one in which charts stack them: what never stops lies lowest.
 *
 * @module
 */

/** What the energy of a meter is used for. */
export type EndUse = "server" | "ups" | "other" | "water" | "lighting" | "cooling" | "heating";

/** All end uses in stacking order, lowest first. */
export const END_USES: readonly EndUse[] = [
  "server",
  "ups",
  "other",
  "water",
  "lighting",
  "cooling",
  "heating",
];
