/**
 * The app on a port with nothing before it: what strangers do with bare sockets, and what they get for it.
 *
 * @module
 */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { serve, type ServeOptions } from "../../../lib/web/listen.ts";
import { BODY_MAX_BYTES } from "../../../lib/web/node_bridge.ts";
import { TCP_LIMITS, type TcpLimits } from "../../../lib/web/tcp_server.ts";

const QUICK: Partial<TcpLimits> = { headMs: 300, requestMs: 700, idleMs: 500, lookMs: 50 };

interface Table {
  readonly port: number;
  readonly asked: string[];
  readonly troubles: unknown[];
}

async function withServer(
  body: (table: Table) => Promise<void>,
  over: Partial<ServeOptions> = {},
): Promise<void> {
  const asked: string[] = [];
  const troubles: unknown[] = [];
  const port = freePort();
  const server = await serve({
    listen: { kind: "tcp", hostname: "127.0.0.1", port },
    publicUrl: `http://127.0.0.1:${port}`,
    handler: async (request) => {
      asked.push(`${request.method} ${new URL(request.url).pathname}`);
      return new Response(`[${await request.text().catch((error) => `broken: ${error.message}`)}]`);
    },
    onTrouble: (error) => troubles.push(error),
    limits: QUICK,
    ...over,
  });
  try {
    await body({ port, asked, troubles });
  } finally {
    await server.shutdown();
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Sends text as it is and reads until the other side ends; `null`: it neither answers nor ends. */
async function say(port: number, text: string | readonly string[], pauseMs = 0): Promise<string | null> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const sending = (async () => {
    for (const part of typeof text === "string" ? [text] : text) {
      await connection.write(new TextEncoder().encode(part));
      if (pauseMs > 0) await pause(pauseMs);
    }
  })().catch(() => {}); // it may be ended meanwhile: that is what is looked for
  const { promise: late, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(() => resolve(null), 5_000);
  const got = await Promise.race([readAll(connection), late]);
  clearTimeout(timer);
  if (got !== null) await sending;
  return got;
}

async function readAll(connection: Deno.Conn): Promise<string> {
  const chunk = new Uint8Array(65_536);
  let text = "";
  for (;;) {
    const size = await connection.read(chunk).catch(() => null);
    if (size === null) return text;
    text += new TextDecoder().decode(chunk.subarray(0, size));
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const END = "Connection: close\r\n\r\n";
const host = (port: number) => `Host: 127.0.0.1:${port}\r\n`;

interface Attack {
  readonly name: string;
  readonly send: (port: number) => string | readonly string[];
  readonly pauseMs?: number;
  /** Status that is answered; 0: none, the connection just ends. */
  readonly want: number;
}

const ATTACKS: readonly Attack[] = [
  { name: "a head that never ends", send: (p) => `GET / HTTP/1.1\r\n${host(p)}`, want: 408 },
  { name: "nothing at all", send: () => "", want: 408 },
  {
    name: "a head by single bytes",
    send: () => [..."GET / HTTP/1.1\r\nHost: a\r\nX: y"],
    pauseMs: 40,
    want: 408,
  },
  {
    name: "a huge field",
    send: (p) => `GET / HTTP/1.1\r\n${host(p)}X: ${"a".repeat(20_000)}\r\n${END}`,
    want: 431,
  },
  {
    name: "a huge target",
    send: (p) => `GET /${"a".repeat(20_000)} HTTP/1.1\r\n${host(p)}${END}`,
    want: 431,
  },
  {
    name: "too many fields",
    send: (p) => `GET / HTTP/1.1\r\n${host(p)}${"a: b\r\n".repeat(150)}${END}`,
    want: 431,
  },
  {
    name: "a huge body that is announced",
    send: (p) => `POST /a HTTP/1.1\r\n${host(p)}Content-Length: ${BODY_MAX_BYTES + 1}\r\n${END}`,
    want: 413,
  },
  {
    name: "a huge body in pieces",
    send: (p) => [
      `POST /a HTTP/1.1\r\n${host(p)}Transfer-Encoding: chunked\r\n${END}`,
      ...Array<string>(20).fill(`10000\r\n${"a".repeat(65_536)}\r\n`),
      "0\r\n\r\n",
    ],
    want: 413,
  },
  {
    name: "a body that never comes",
    send: (p) => `POST /a HTTP/1.1\r\n${host(p)}Content-Length: 10\r\n${END}abc`,
    want: 408,
  },
  {
    name: "a length and pieces at once",
    send: (p) =>
      `POST / HTTP/1.1\r\n${
        host(p)
      }Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n`,
    want: 400,
  },
  {
    name: "two lengths",
    send: (p) => `POST / HTTP/1.1\r\n${host(p)}Content-Length: 5\r\nContent-Length: 6\r\n${END}abcdef`,
    want: 400,
  },
  {
    name: "a length that is no number",
    send: (p) => `POST / HTTP/1.1\r\n${host(p)}Content-Length: +5\r\n${END}abcde`,
    want: 400,
  },
  {
    name: "pieces that are none",
    send: (p) => `POST / HTTP/1.1\r\n${host(p)}Transfer-Encoding: chunked, gzip\r\n${END}0\r\n\r\n`,
    want: 400,
  },
  {
    name: "a field without a colon",
    send: (p) => `GET / HTTP/1.1\r\n${host(p)}nonsense\r\n${END}`,
    want: 400,
  },
  { name: "a space before the colon", send: (p) => `GET / HTTP/1.1\r\n${host(p)}X : y\r\n${END}`, want: 400 },
  { name: "a folded field", send: (p) => `GET / HTTP/1.1\r\n${host(p)}X: y\r\n z\r\n${END}`, want: 400 },
  { name: "a NUL in a field", send: (p) => `GET / HTTP/1.1\r\n${host(p)}X: a\0b\r\n${END}`, want: 400 },
  { name: "no host", send: () => `GET / HTTP/1.1\r\n${END}`, want: 400 },
  { name: "two hosts", send: (p) => `GET / HTTP/1.1\r\n${host(p)}Host: evil.example\r\n${END}`, want: 400 },
  { name: "another host", send: () => `GET / HTTP/1.1\r\nHost: evil.example\r\n${END}`, want: 307 },
  { name: "a host of nonsense", send: () => `GET / HTTP/1.1\r\nHost: a/b@c\r\n${END}`, want: 307 },
  {
    name: "a whole URL of another host",
    send: (p) => `GET http://evil.example/a HTTP/1.1\r\n${host(p)}${END}`,
    want: 307,
  },
  {
    name: "a whole URL with a name in it",
    send: (p) => `GET http://a@b/ HTTP/1.1\r\n${host(p)}${END}`,
    want: 400,
  },
  { name: "a target that is no path", send: (p) => `GET a HTTP/1.1\r\n${host(p)}${END}`, want: 400 },
  { name: "the target of everything", send: (p) => `OPTIONS * HTTP/1.1\r\n${host(p)}${END}`, want: 400 },
  { name: "TRACE", send: (p) => `TRACE / HTTP/1.1\r\n${host(p)}${END}`, want: 405 },
  { name: "a method of its own", send: (p) => `BREW / HTTP/1.1\r\n${host(p)}${END}`, want: 400 },
  { name: "CONNECT", send: (p) => `CONNECT db:3306 HTTP/1.1\r\n${host(p)}${END}`, want: 0 },
  { name: "HTTP/2 without asking", send: () => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", want: 400 },
  { name: "TLS", send: () => "\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03", want: 400 },
  { name: "HTTP/0.9", send: () => "GET /\r\n\r\n", want: 400 },
];
for (const { name, send, pauseMs, want } of ATTACKS) {
  Deno.test(`serve() on a port answers ${want || "nothing"} to ${name}`, () =>
    withServer(async ({ port, troubles }) => {
      const got = await say(port, send(port), pauseMs);
      if (got === null) throw new Error("It neither answers nor ends");
      strictEqual(Number(got.slice(9, 12)), want, got.slice(0, 400));
      if (want >= 400) {
        match(got, /\r\nx-request-id: [^\r]{8,}\r\n/i);
        match(got, /\r\ncontent-security-policy: default-src 'none'/i);
        match(got, /\r\nx-content-type-options: nosniff\r\n/i);
      }
      ok(!/\r\n(server|x-powered-by):/i.test(got), got);
      strictEqual(got.split("HTTP/1.1 ").length - 1, want === 0 ? 0 : 1, "one answer and no more");
      deepStrictEqual(troubles, []);
    }));
}

Deno.test("serve() on a port gives the app the body, piece by piece or whole", () =>
  withServer(async ({ port }) => {
    const whole = await say(port, `POST /a HTTP/1.1\r\n${host(port)}Content-Length: 3\r\n${END}abc`);
    match(whole ?? "", /\[abc\]$/);
    const head = `POST /a HTTP/1.1\r\n${host(port)}Transfer-Encoding: chunked\r\n${END}`;
    const pieces = await say(port, [head, "2\r\nab\r\n", "1\r\nc\r\n0\r\n\r\n"], 20);
    match(pieces ?? "", /\[abc\]$/);
    const expecting = `POST /a HTTP/1.1\r\n${
      host(port)
    }Expect: 100-continue\r\nContent-Length: 3\r\n${END}abc`;
    match(await say(port, expecting) ?? "", /\[abc\]$/);
  }));

Deno.test("serve() on a port answers pipelined requests in their order", () =>
  withServer(async ({ port, asked }) => {
    const one = (path: string, end: string) => `GET ${path} HTTP/1.1\r\n${host(port)}${end}`;
    const got = await say(port, one("/1", "\r\n") + one("/2", "\r\n") + one("/3", END));
    strictEqual(got?.match(/HTTP\/1\.1 200/g)?.length, 3);
    deepStrictEqual(asked, ["GET /1", "GET /2", "GET /3"]);
  }));

Deno.test("serve() on a port ends a connection that sends requests faster than they are answered", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let running = 0;
  const handler = async () => {
    running += 1;
    await promise;
    return new Response("x");
  };
  await withServer(async ({ port }) => {
    const got = await say(port, `GET / HTTP/1.1\r\n${host(port)}\r\n`.repeat(200));
    strictEqual(got, "");
    ok(running <= TCP_LIMITS.pipelined, `${running} at once`);
    resolve();
  }, { handler });
});

Deno.test("serve() on a port has room for so many connections, and for fewer of one address", async () => {
  const full = async (limits: Partial<TcpLimits>, kind: "nobody" | "whoever-connects") => {
    let statuses: readonly string[] = [];
    await withServer(async ({ port }) => {
      const held = await Promise.all([1, 2, 3].map(() => Deno.connect({ hostname: "127.0.0.1", port })));
      const got = await say(port, `GET / HTTP/1.1\r\n${host(port)}${END}`);
      statuses = [...(got ?? "").matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status = ""]) => status);
      for (const connection of held) connection.close();
    }, { limits: { ...limits, headMs: 5_000 }, trustProxy: { kind } });
    return statuses.join();
  };
  strictEqual(await full({ connections: 3 }, "nobody"), "503");
  strictEqual(await full({ connectionsOfOne: 3 }, "nobody"), "503");
  strictEqual(await full({ connectionsOfOne: 3 }, "whoever-connects"), "200");
  strictEqual(await full({ connectionsOfOne: 4 }, "nobody"), "200");
});

Deno.test("serve() on a port gives room back when connections end", () =>
  withServer(async ({ port }) => {
    for (let i = 0; i < 10; i++) {
      const got = await say(port, `GET / HTTP/1.1\r\n${host(port)}${END}`);
      match(got ?? "", /^HTTP\/1\.1 200/);
    }
  }, { limits: { connectionsOfOne: 2 } }));

Deno.test("serve() on a port ends a connection that nobody uses", () =>
  withServer(async ({ port }) => {
    const got = await say(port, `GET / HTTP/1.1\r\n${host(port)}\r\n`);
    match(got ?? "nothing", /^HTTP\/1\.1 200/);
  }));

Deno.test("serve() on a port sends no body with HEAD, 204 and 304, and every cookie", async () => {
  const handler = (request: Request) => {
    const status = Number(new URL(request.url).searchParams.get("status"));
    const headers = new Headers([["set-cookie", "a=1; Path=/"], ["set-cookie", "b=2, c"], ["etag", '"x"']]);
    const body = request.method === "HEAD" || status !== 200 ? null : "body";
    return Promise.resolve(new Response(body, { status, headers }));
  };
  await withServer(async ({ port }) => {
    const ask = (method: string, status: number) =>
      say(port, `${method} /?status=${status} HTTP/1.1\r\n${host(port)}${END}`);
    for (const [method, status] of [["HEAD", 200], ["GET", 204], ["GET", 304]] as const) {
      const got = await ask(method, status) ?? "";
      match(got, new RegExp(`^HTTP/1\\.1 ${status} `));
      match(got, /\r\nset-cookie: a=1; Path=\/\r\n/i);
      match(got, /\r\nset-cookie: b=2, c\r\n/i);
      ok(got.endsWith("\r\n\r\n"), got);
    }
    match(await ask("GET", 200) ?? "", /\r\ncontent-length: 4\r\n[^]*\r\n\r\nbody$/i);
  }, { handler });
});

Deno.test("serve() on a port packs text for whoever takes it", async () => {
  const text = "a line of text\n".repeat(1_000);
  const handler = () =>
    Promise.resolve(new Response(text, { headers: { "content-type": "text/csv", etag: '"x"' } }));
  await withServer(async ({ port }) => {
    const packed = await fetch(`http://127.0.0.1:${port}/`);
    strictEqual(await packed.text(), text);
    strictEqual(packed.headers.get("etag"), 'W/"x"');
    match(packed.headers.get("vary") ?? "", /accept-encoding/i);
    const plain = await say(port, `GET / HTTP/1.1\r\n${host(port)}Accept-Encoding: gzip;q=0\r\n${END}`);
    match(plain ?? "", /\r\ncontent-length: 15000\r\n/i);
  }, { handler });
});

Deno.test("serve() on a port streams as it comes, and stops when the reader goes", async () => {
  const gone = Promise.withResolvers<string>();
  const aborted = Promise.withResolvers<void>();
  const handler = (request: Request) => {
    request.signal.addEventListener("abort", () => aborted.resolve());
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode("data: 1\n\n")),
      cancel: () => gone.resolve("cancelled"),
    });
    return Promise.resolve(new Response(body, { headers: { "content-type": "text/event-stream" } }));
  };
  await withServer(async ({ port }) => {
    const leave = new AbortController();
    const answer = await fetch(`http://127.0.0.1:${port}/`, { signal: leave.signal });
    const first = await answer.body?.getReader().read();
    strictEqual(new TextDecoder().decode(first?.value), "data: 1\n\n");
    leave.abort();
    strictEqual(await gone.promise, "cancelled");
    await aborted.promise;
  }, { handler });
});

Deno.test("serve() on a port makes no more of a stream than its reader takes", async () => {
  let made = 0;
  const gone = Promise.withResolvers<void>();
  const handler = () => {
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        made += 65_536;
        controller.enqueue(new Uint8Array(65_536));
      },
      cancel: () => gone.resolve(),
    });
    return Promise.resolve(new Response(body));
  };
  await withServer(async ({ port }) => {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port });
    await connection.write(new TextEncoder().encode(`GET / HTTP/1.1\r\n${host(port)}\r\n`));
    await pause(600);
    const before = made;
    await pause(300);
    strictEqual(made, before, "it waits for the reader");
    ok(made < 32 * 1024 * 1024, `${made} bytes`);
    connection.close();
    await gone.promise;
  }, { handler });
});

Deno.test("serve() on a port tells of what broke and answers 500 without it", async () => {
  await withServer(async ({ port, troubles }) => {
    const got = await say(port, `GET / HTTP/1.1\r\n${host(port)}${END}`);
    match(got ?? "", /^HTTP\/1\.1 500 /);
    ok(!got?.includes("secret"));
    deepStrictEqual(troubles.map(String), ["Error: a secret of ours"]);
  }, { handler: () => Promise.reject(new Error("a secret of ours")) });
});

Deno.test("serve() on a port answers what runs before it stops, and takes nothing new", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  const port = freePort();
  const server = await serve({
    listen: { kind: "tcp", hostname: "127.0.0.1", port },
    publicUrl: `http://127.0.0.1:${port}`,
    handler: async () => {
      started.resolve();
      await promise;
      return new Response("done");
    },
    onTrouble: () => {},
  });
  const answered = fetch(`http://127.0.0.1:${port}/`).then((answer) => answer.text());
  await started.promise;
  const stopped = server.shutdown();
  await pause(50);
  const refused = await fetch(`http://127.0.0.1:${port}/`).then(() => "answered", () => "refused");
  resolve();
  deepStrictEqual([await answered, refused], ["done", "refused"]);
  await stopped;
});
