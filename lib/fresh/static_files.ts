/**
 * Serves the files of the build and of `static/`: only those that the build lists, whatever path is asked.
 *
 * @module
 */

import type { Context } from "./context.ts";
import { wrappersOf } from "./context.ts";
import type { Middleware } from "./types.ts";

const FOREVER = "public, max-age=31536000, immutable";
const ASK_AGAIN = "no-cache";

/** Makes middleware that serves static files; hashed names for a year, others after asking again. */
export function staticFiles<State>(): Middleware<State> {
  return async (ctx) => {
    const { build } = wrappersOf(ctx);
    const file = build.files.get(requestedPath(ctx));
    if (file === undefined) return await ctx.next();
    const { method } = ctx.req;
    if (method !== "GET" && method !== "HEAD") {
      return new Response("Method Not Allowed", { status: 405, headers: { Allow: "GET, HEAD" } });
    }
    const etag = `"${file.hash}"`;
    const headers = new Headers({
      "Content-Type": file.contentType,
      "Cache-Control": file.immutable && ctx.config.mode === "production" ? FOREVER : ASK_AGAIN,
      "X-Content-Type-Options": "nosniff",
      ETag: etag,
    });
    if (knows(ctx.req.headers.get("If-None-Match"), etag)) {
      return new Response(null, { status: 304, headers });
    }
    if (method === "HEAD") return new Response(null, { headers });
    return new Response(await build.readFile(file), { headers });
  };
}

function requestedPath<State>({ url, config }: Context<State>): string {
  if (!url.pathname.startsWith(config.basePath)) return "";
  try {
    return decodeURIComponent(url.pathname.slice(config.basePath.length));
  } catch {
    return "";
  }
}

/** True if the browser's copy is the same; proxies that compress make strong tags weak. */
function knows(ifNoneMatch: string | null, etag: string): boolean {
  if (ifNoneMatch === null) return false;
  return ifNoneMatch.trim() === "*" ||
    ifNoneMatch.split(",").some((each) => each.trim().replace(/^W\//, "") === etag);
}
