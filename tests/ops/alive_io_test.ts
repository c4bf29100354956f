import { strictEqual } from "node:assert/strict";
import type { Listen } from "../../lib/config.ts";
import { isAlive } from "../../ops/alive.ts";

async function answering(
  options: Deno.ServeTcpOptions | Deno.ServeUnixOptions,
  status: number,
): Promise<boolean> {
  const paths: string[] = [];
  const handler = (request: Request) => {
    paths.push(request.url.replace(/^.*\//, "/"));
    return new Response("x", { status });
  };
  const server = "path" in options
    ? Deno.serve({ ...options, onListen }, handler)
    : Deno.serve({ ...options, onListen }, handler);
  try {
    const alive = await isAlive(listenOf(server.addr));
    strictEqual(paths[0], "/livez");
    return alive;
  } finally {
    await server.shutdown();
  }
}

function onListen(): void {}

function listenOf(addr: Deno.Addr): Listen {
  if (addr.transport === "tcp") return { kind: "tcp", hostname: addr.hostname, port: addr.port };
  return { kind: "unix", path: "path" in addr ? addr.path : "" };
}

const TCP = { hostname: "127.0.0.1", port: 0 };

Deno.test("isAlive() says yes to 200", async () => strictEqual(await answering(TCP, 200), true));

Deno.test("isAlive() says no to 503", async () => strictEqual(await answering(TCP, 503), false));

Deno.test("isAlive() asks on a Unix socket", async () => {
  const folder = await Deno.makeTempDir();
  strictEqual(await answering({ path: `${folder}/app.sock` }, 200), true);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("isAlive() says no where nobody listens", async () => {
  const listener = Deno.listen(TCP);
  const { port } = listener.addr;
  listener.close();
  strictEqual(await isAlive({ kind: "tcp", hostname: "127.0.0.1", port }), false);
});
