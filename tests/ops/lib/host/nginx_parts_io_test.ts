import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { partOf } from "../../../../ops/lib/host/nginx_parts.ts";

const ROUTES = new URL("../../../../routes/", import.meta.url);

/** A route of the product. */
interface Route {
  /** Its path, with 1 for each parameter. */
  readonly path: string;
  /** Its text. */
  readonly text: string;
  /** Whether it lies behind the door. */
  readonly inside: boolean;
}

function routesIn(folder: string): readonly Route[] {
  return [...Deno.readDirSync(new URL(folder, ROUTES))].flatMap(({ name, isDirectory }) => {
    if (/^(_|\(_)/.test(name)) return [];
    if (isDirectory) return routesIn(`${folder}${name}/`);
    const path = `/${folder}${name.replace(/\.tsx?$/, "")}`
      .replaceAll(/\/\([^)]*\)/g, "").replace(/\/index$/, "").replaceAll(/\[[^\]]*\]/g, "1");
    const text = Deno.readTextFileSync(new URL(`${folder}${name}`, ROUTES));
    return [{ path: path === "" ? "/" : path, text, inside: folder.includes("(signed-in)") }];
  });
}

const routes = routesIn("");
const zonesOf = (path: string) => partOf(path)?.zones ?? [];

Deno.test("what strangers may send counts as a sign-in, but for leaving and the choice of a theme", () => {
  const open = routes.filter(({ text, inside, path }) =>
    !inside && !path.startsWith("/api/") && /\bPOST\b/.test(text)
  );
  ok(open.length > 5);
  const free = open.map(({ path }) => path).filter((path) => !zonesOf(path).includes("sign_in"));
  deepStrictEqual(free.toSorted(), ["/sign-out", "/theme"]);
});

Deno.test("every file that a page gives away counts as an export", () => {
  const files = routes.filter(({ path }) => /\.(csv|xlsx|json)$/.test(path) && !path.startsWith("/api/"));
  ok(files.length > 5);
  for (const { path } of files) deepStrictEqual(zonesOf(path), ["exports"], path);
});

Deno.test("every event stream is passed on unbuffered, every operation of the API counts as such", () => {
  const streams = routes.filter(({ text }) => text.includes("streamResponse("));
  deepStrictEqual(streams.map(({ path }) => path), ["/api/live"]);
  for (const { path } of streams) ok(partOf(path)?.more?.includes("proxy_buffering off;"));
  for (const { path } of routes) {
    strictEqual(zonesOf(path).includes("api"), path.startsWith("/api/v1"), path);
  }
});

Deno.test("where a link carries its token, nginx writes no error that repeats it", () => {
  const links = routes.filter(({ text }) => /searchParams\.get\("token"\)|\btokenIn\(/.test(text));
  deepStrictEqual(links.map(({ path }) => path).toSorted(), [
    "/confirm-email",
    "/invite",
    "/reset",
    "/setup",
  ]);
  for (const { path } of links) ok(partOf(path)?.quiet === true, path);
});

Deno.test("a page of a router is a page and no export", () => {
  for (const path of ["/sites/7/router", "/sites/7/router/vpn", "/sites/7/router/vpn/wg-quick"]) {
    const part = partOf(path);
    deepStrictEqual([part?.zones, part?.gzip], [["pages"], false], path);
  }
});
