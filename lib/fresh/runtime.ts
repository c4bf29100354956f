/**
 * `fresh/runtime`: what pages and islands may use on the server and in the browser alike.
 *
 * @module
 */

import type { ComponentChildren } from "preact";
import { runtime } from "./shared.ts";

/** True in a browser, false on the server. */
export const IS_BROWSER: boolean = typeof document !== "undefined";

/** Gives the path of a file in `static/` a name by its content, which may be cached for a year. */
export function asset(path: string): string {
  return runtime().asset(path);
}

/** What `Head` takes. */
export interface HeadProps {
  /** Elements for the head. */
  children?: ComponentChildren;
}

/** Puts its children into the head; a later `title`, or element of the same `key`, replaces an earlier one. */
export function Head(props: HeadProps): null {
  runtime().head(props.children);
  return null;
}
