/**
 * Where a Wattpost answers that is tried. Pure.
 *
 * @module
 */

/** Where it answers. */
export type TrialPlace =
  /** Over HTTP or HTTPS: an origin, without a slash at its end. */
  | { readonly kind: "url"; readonly origin: string }
  /** On the Unix socket of a colour: an absolute path. */
  | { readonly kind: "socket"; readonly path: string };

/** A place as people read it. */
export function placeText(place: TrialPlace): string {
  return place.kind === "url" ? place.origin : `the socket ${place.path}`;
}
