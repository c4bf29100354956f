/**
 * `fresh/runtime`: what pages and islands may use on the server and in the browser alike.
 *
 * @module
 */

export { asset } from "./shared.ts";

/** True in a browser, false on the server. */
export const IS_BROWSER: boolean = typeof document !== "undefined";
