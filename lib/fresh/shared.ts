/**
 * What server and browser both know: the paths of assets.
 *
 * @module
 */

/** Gives the hashed path of a static file, or the path itself if it is unknown. */
export type AssetPath = (path: string) => string;

let current: AssetPath = (path) => path;

/** Says how paths are hashed from now on; done by the renderer for each page and by `boot()`. */
export function setAssetPath(assetPath: AssetPath): void {
  current = assetPath;
}

/** Gives the path of a file in `static/` a name by its content, which may be cached for a year. */
export function asset(path: string): string {
  return current(path);
}
