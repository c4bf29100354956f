/**
 * The app on a Unix socket behind a proxy: who may write to it, whose origin its requests have, and what becomes of
 * the socket of a process that is gone.
 *
 * @module
 */

import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { atHome, serve } from "../../../lib/web/listen.ts";
import type { WebServer } from "../../../lib/web/tcp_server.ts";

const HOME = "https://meters.example.org";

async function withSocket(test: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(`${folder}/app.sock`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Serves what it was asked as the answer. */
function serveAt(path: string, troubles: unknown[] = []): Promise<WebServer> {
  return serve({
    listen: { kind: "unix", path },
    publicUrl: HOME,
    handler: async (request) => {
      if (request.url.endsWith("/broken")) throw new Error("A secret of ours");
      return new Response(`${request.method} ${request.url} ${await request.text()}`);
    },
    onTrouble: (error) => troubles.push(error),
  });
}

/** Sends a request over a socket as a proxy does. */
async function askOver(path: string, text: string): Promise<string> {
  using connection = await Deno.connect({ transport: "unix", path });
  await connection.write(new TextEncoder().encode(text));
  return await new Response(connection.readable).text();
}

const HEADERS = "Host: meters.example.org\r\nConnection: close\r\n";

Deno.test("serve() on a socket is for its owner and group, under the public origin", () =>
  withSocket(async (path) => {
    const server = await serveAt(path);
    try {
      strictEqual(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o660);
      const got = await askOver(path, `GET /sites?q=a HTTP/1.1\r\n${HEADERS}\r\n`);
      ok(got.includes(`GET ${HOME}/sites?q=a `), got);
      const posted = await askOver(path, `POST /sign-in HTTP/1.1\r\n${HEADERS}Content-Length: 3\r\n\r\na=b`);
      ok(posted.includes(`POST ${HOME}/sign-in a=b`), posted);
    } finally {
      await server.shutdown();
    }
  }));

Deno.test("serve() tells the operator of an error and the reader nothing of it", () =>
  withSocket(async (path) => {
    const troubles: unknown[] = [];
    const server = await serveAt(path, troubles);
    try {
      const got = await askOver(path, `GET /broken HTTP/1.1\r\n${HEADERS}\r\n`);
      ok(got.startsWith("HTTP/1.1 500"), got);
      ok(!got.includes("secret"));
      deepStrictEqual(troubles.map(String), ["Error: A secret of ours"]);
    } finally {
      await server.shutdown();
    }
  }));

Deno.test("serve() takes the place of a socket that nobody answers at", () =>
  withSocket(async (path) => {
    const code = `Deno.listen({ transport: "unix", path: Deno.args[0] }); Deno.kill(Deno.pid, "SIGKILL")`;
    await new Deno.Command("deno", { args: ["eval", code, path], stderr: "null" }).output();
    ok((await Deno.stat(path)).isSocket);
    const server = await serveAt(path);
    const got = await askOver(path, `GET / HTTP/1.1\r\n${HEADERS}\r\n`);
    ok(got.startsWith("HTTP/1.1 200"), got);
    await server.shutdown();
  }));

Deno.test("serve() leaves a socket alone at which another process answers", () =>
  withSocket(async (path) => {
    const server = await serveAt(path);
    await rejects(serveAt(path), Deno.errors.AddrInUse);
    const got = await askOver(path, `GET / HTTP/1.1\r\n${HEADERS}\r\n`);
    ok(got.startsWith("HTTP/1.1 200"), got);
    await server.shutdown();
  }));

const PATHS = [
  ["http://127.0.0.1:8000/sites?q=a%20b", `${HOME}/sites?q=a%20b`],
  ["http://127.0.0.1:8000//evil.example/x", `${HOME}/evil.example/x`],
] as const;
Deno.test("atHome() keeps path and query and never leaves the public origin", () => {
  for (const [url, want] of PATHS) strictEqual(atHome(new Request(url), HOME).url, want);
});
