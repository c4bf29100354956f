/**
 * Options by which tasks of this project are called for staging. Pure.
 *
 * @module
 */

import type { Place } from "../release/place.ts";

/** Where staging lies unless it is said otherwise. */
export const STAGING = { root: "/var/lib/wattpost-staging", name: "wattpost-staging" } as const;

/** The options by which tasks find a place. */
export function placeOptions({ root, name }: Pick<Place, "root" | "name">): readonly string[] {
  return ["--root", root, "--name", name];
}

/** Options of a deploy of an image, or of this project with what its build trusts besides. */
export function deployOptions({ image, ca }: { readonly image: string | null; readonly ca: string | null }) {
  return [
    ...(image === null ? [] : ["--image", image]),
    ...(ca === null || image !== null ? [] : ["--ca", ca]),
  ];
}
