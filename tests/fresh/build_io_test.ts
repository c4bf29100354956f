import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { request } from "node:http";
import { join } from "node:path";
import { Builder } from "fresh/dev";
import { buildFixture, serveFixture, serveInDevelopment, writeConfig } from "./served.ts";

async function get(url: string, init?: RequestInit) {
  const response = await fetch(url, init);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** Asks for a path as it stands: fetch() would resolve the dots itself. */
function rawStatus(origin: string, path: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const { hostname, port } = new URL(origin);
  request({ hostname, port, path, agent: false }, (response) => {
    response.resume().on("end", () => resolve(response.statusCode ?? 0));
  }).on("error", reject).end();
  return promise;
}

Deno.test("_fresh/server.js serves pages and assets with nothing but the build's static folder to read", async (t) => {
  await using served = await serveFixture();
  const { origin } = served;

  await t.step("a page without islands loads no script, and the style sheet by its content", async () => {
    const { status, headers, text } = await get(`${origin}/plain`);
    strictEqual(status, 200);
    ok(!text.includes("<script"));
    strictEqual(headers.get("link"), null);
    const css = /<link rel="stylesheet" href="(\/_fresh\/js\/[0-9a-f]{16}\/client\.css)"/.exec(text)?.[1];
    const sheet = await get(origin + css);
    match(sheet.text, /@layer base\{body\{margin:7px\}\}\.counter/);
    strictEqual(sheet.headers.get("cache-control"), "public, max-age=31536000, immutable");
    strictEqual(sheet.headers.get("content-type"), "text/css; charset=utf-8");
  });

  await t.step("a page of islands preloads what they import, and every URL in it is served", async () => {
    const { headers, text } = await get(`${origin}/`);
    const policy = headers.get("content-security-policy") ?? "";
    const nonce = /script-src 'self' 'nonce-([0-9a-f]{32})'/.exec(policy)?.[1];
    for (const [tag] of text.matchAll(/<(script|style)\b[^>]*>/g)) ok(tag.includes(`nonce="${nonce}"`), tag);
    const urls = [...text.matchAll(/"(\/_fresh\/js\/[^"]+)"/g)].flatMap(([, url]) => url ?? []);
    ok(urls.some((url) => url.includes("island-Counter")));
    ok(urls.some((url) => url.includes("chunk-")));
    for (const url of new Set(urls)) strictEqual((await get(origin + url)).status, 200, url);
    match(text, /<img src="\/mark-[0-9a-f]{16}\.svg"/);
    ok(!text.includes("</script><script>window.hacked"));
  });

  await t.step(
    "a style sheet that imports others is one file, and asset() names it by its content",
    async () => {
      const text = (await get(`${origin}/plain`)).text;
      const href = /<link rel="stylesheet" href="(\/css\/app-[0-9a-f]{16}\.css)"/.exec(text)?.[1];
      const sheet = await get(origin + href);
      strictEqual(sheet.text, "@layer base;@layer base{body{margin:7px}}p{margin:1px}\n");
      strictEqual(sheet.headers.get("cache-control"), "public, max-age=31536000, immutable");
      strictEqual((await get(`${origin}/css/app.css`)).text, sheet.text);
    },
  );

  await t.step("a static file has a tag, and is not sent again to those who have it", async () => {
    const first = await get(`${origin}/hello.txt`);
    deepStrictEqual([first.status, first.text], [200, "hello\n"]);
    strictEqual(first.headers.get("cache-control"), "no-cache");
    const etag = first.headers.get("etag") ?? "";
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      strictEqual((await get(`${origin}/hello.txt`, { headers: { "If-None-Match": tag } })).status, 304, tag);
    }
    strictEqual((await get(`${origin}/hello.txt`, { headers: { "If-None-Match": '"other"' } })).status, 200);
    const head = await get(`${origin}/hello.txt`, { method: "HEAD" });
    deepStrictEqual([head.status, head.text, head.headers.get("etag")], [200, "", etag]);
    strictEqual((await get(`${origin}/hello.txt`, { method: "POST" })).status, 405);
  });

  await t.step("no path leads out of the static folder", async () => {
    const paths = [
      "/../server.js",
      "/%2e%2e/server.js",
      "/..%2fserver.js",
      "/_fresh/js/../../../server.js",
      "/hello.txt%00",
      "/%",
      "/css/",
      "//etc/passwd",
      "/..%5cserver.js",
    ];
    for (const path of paths) strictEqual(await rawStatus(origin, path), 404, path);
  });

  await t.step("a part of a page is no route", async () => {
    strictEqual((await get(`${origin}/(_components)/Part`)).status, 404);
  });
});

Deno.test("Builder.build() names the same sources alike, and clears what an earlier build left", async () => {
  const temp = await Deno.makeTempDir({ prefix: "wattpost-fresh-" });
  try {
    const names = [];
    for (let run = 0; run < 2; run++) {
      await buildFixture(join(temp, "_fresh"));
      names.push(
        (await Array.fromAsync(Deno.readDir(join(temp, "_fresh/static/_fresh/js")))).map(({ name }) => name),
      );
    }
    strictEqual(names[0]?.length, 1);
    deepStrictEqual(names[1], names[0]);
  } finally {
    await Deno.remove(temp, { recursive: true });
  }
});

Deno.test("Builder.build() repeats what the bundler says of a broken client entry, and leaves nothing behind", async () => {
  const root = await Deno.makeTempDir({ prefix: "wattpost-fresh-" });
  try {
    const cases = [
      ['import "./missing.ts";', /Cannot bundle for the browser:[^]*missing\.ts/],
      ['import "./relative.css";', /says url\(\.\/x\.svg\): name files by their path from the root/],
    ] as const;
    await writeConfig(root);
    await Deno.writeTextFile(join(root, "relative.css"), "p { background: url(./x.svg); }");
    for (const [source, want] of cases) {
      await Deno.writeTextFile(join(root, "client.ts"), source);
      await rejects(new Builder({ root }).build({ snapshot: "memory" }), want);
    }
    const left = (await Array.fromAsync(Deno.readDir(root))).map(({ name }) => name);
    deepStrictEqual(left.sort(), ["client.ts", "deno.json", "relative.css"]);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("Builder.build() refuses two islands that the browser could not tell apart", async () => {
  const root = await Deno.makeTempDir({ prefix: "wattpost-fresh-" });
  try {
    await Deno.mkdir(join(root, "islands"));
    for (const name of ["a-b.tsx", "a_b.tsx"]) {
      await Deno.writeTextFile(join(root, "islands", name), "export default () => null;\n");
    }
    const build = new Builder({ root }).build({ snapshot: "memory" });
    await rejects(build, /Two islands are called island-a_b: rename one/);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("Builder.listen() serves pages that reload once another process answers", async () => {
  await using served = await serveInDevelopment();
  const { text, headers } = await get(`${served.origin}/plain`);
  match(text, /new EventSource\("\/_frsh\/alive"\)/);
  ok(!headers.get("content-security-policy")?.includes("unsafe-inline"));
  const css = /href="(\/_fresh\/js\/[^"]+\.css)"/.exec(text)?.[1];
  strictEqual((await get(served.origin + css)).headers.get("cache-control"), "no-cache");
  const stream = await fetch(`${served.origin}/_frsh/alive`);
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  match((await reader?.read())?.value ?? "", /^retry: 300\ndata: [0-9a-f-]{36}\n\n$/);
  await reader?.cancel();
});
