/**
 * Serves the files of the build and of `static/`: only those that the build lists, whatever path is asked.
 *
 * @module
 */

import { insideOf } from "./context.ts";
import { decode } from "./router.ts";
import type { Middleware } from "./types.ts";

const FOREVER = "public, max-age=31536000, immutable";
const ASK_AGAIN = "no-cache";

/** Makes middleware that serves static files; hashed names for a year, others after asking again. */
export function staticFiles<State>(): Middleware<State> {
  return async (ctx) => {
    const { build } = insideOf(ctx);
    const file = build.files.get(decode(ctx.url.pathname));
    if (file === undefined) return await ctx.next();
    const { method } = ctx.req;
    if (method !== "GET" && method !== "HEAD") {
      return new Response("Method Not Allowed", { status: 405, headers: { Allow: "GET, HEAD" } });
    }
    const etag = `"${file.hash}"`;
    const headers = new Headers({
      "Content-Type": file.contentType,
      "Cache-Control": file.immutable && !build.development ? FOREVER : ASK_AGAIN,
      "X-Content-Type-Options": "nosniff",
      ETag: etag,
    });
    if (knows(ctx.req.headers.get("If-None-Match"), etag)) {
      return new Response(null, { status: 304, headers });
    }
    if (method === "HEAD") return new Response(null, { headers });
    return new Response(await build.readFile(file.path), { headers });
  };
}

/** True if the browser's copy is the same; proxies that compress make strong tags weak. */
function knows(ifNoneMatch: string | null, etag: string): boolean {
  if (ifNoneMatch === null) return false;
  return ifNoneMatch.trim() === "*" ||
    ifNoneMatch.split(",").some((each) => each.trim().replace(/^W\//, "") === etag);
}
