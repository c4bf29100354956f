import { deepStrictEqual, doesNotMatch, match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { signal } from "@preact/signals";
import type { ComponentChildren, ComponentType } from "preact";
import { App, csp, staticFiles } from "fresh";
import { setBuildCache } from "../../lib/fresh/app.ts";
import { type BuildCache, EMPTY_BUILD } from "../../lib/fresh/build_cache.ts";
import { ask } from "./site.ts";

const Counter: ComponentType<{ count: unknown; children?: ComponentChildren }> = ({ children }) => (
  <b>{children}</b>
);
const BUILD: BuildCache = {
  ...EMPTY_BUILD,
  islands: new Map([[Counter as ComponentType, {
    name: "Counter",
    exportName: "default",
    chunk: "/_fresh/js/1/counter.js",
    preload: ["/_fresh/js/1/chunk.js"],
  }]]),
  client: { runtime: "/_fresh/js/1/runtime.js", preload: [], script: null, css: [] },
};

function withIslands(app: App<unknown>): App<unknown> {
  setBuildCache(app, BUILD);
  return app;
}

const nonceIn = (policy: string | null) => /'nonce-([0-9a-f]{32})'/.exec(policy ?? "")?.[1] ?? "none";

Deno.test("csp({ useNonce }) names a fresh nonce that every script and style of the page carries", async () => {
  const hoisted = <style>{"p{}"}</style>;
  const app = withIslands(
    new App<unknown>().use(csp({ useNonce: true })).get("/", (ctx) =>
      ctx.render(
        <html>
          <head>{hoisted}</head>
          <body>
            <script>1</script>
            <script nonce="own">2</script>
            <Counter count={signal(1)} />
          </body>
        </html>,
      )),
  );
  const seen = new Set<string>();
  for (let visit = 0; visit < 2; visit++) {
    const { headers, text } = await ask(app, "/");
    const policy = headers.get("content-security-policy");
    const nonce = nonceIn(policy);
    match(policy ?? "", new RegExp(`script-src 'self' 'nonce-${nonce}'; style-src 'self' 'nonce-${nonce}'`));
    doesNotMatch(policy ?? "", /unsafe-inline/);
    const tags = [...text.matchAll(/<(?:script|style)[^>]*>/g)].map(([tag]) => tag);
    strictEqual(tags.length, 4);
    strictEqual(tags.filter((tag) => tag.includes(`nonce="${nonce}"`)).length, 3);
    strictEqual(tags.filter((tag) => tag.includes('nonce="own"')).length, 1);
    seen.add(nonce);
  }
  strictEqual(seen.size, 2);
});

Deno.test("csp() replaces directives by name, and leaves the rest", async () => {
  const app = new App<unknown>().use(csp({ csp: ["img-src 'self' blob:"] })).get("/", (ctx) => ctx.text("x"));
  const policy = (await ask(app, "/")).headers.get("content-security-policy") ?? "";
  match(policy, /^default-src 'self'; script-src 'self' 'unsafe-inline'; .*; img-src 'self' blob:$/);
  strictEqual(policy.split("img-src").length, 2);
});

Deno.test("a page with islands marks each, preloads their chunks and keeps hostile props inside the script", async () => {
  const shared = signal("</script><script>alert(1)</script>");
  const app = withIslands(
    new App<unknown>().get("/", (ctx) =>
      ctx.render(
        <main>
          <Counter count={shared}>said</Counter>
          <i>
            <Counter count={shared} />
          </i>
          <Counter count={shared} />
        </main>,
      )),
  );
  const { text } = await ask(app, "/");
  match(text, /<!--frsh:island:Counter:0--><b>said<\/b><!--\/frsh:island--><i><!--frsh:island:Counter:1-->/);
  strictEqual(text.split("<!--/frsh:island-->").length, 4);
  match(text, /<link rel="modulepreload" href="\/_fresh\/js\/1\/chunk.js"/);
  match(text, /import \{ default as Counter \} from "\/_fresh\/js\/1\/counter.js"/);
  strictEqual(text.split("</script>").length, 2);
  strictEqual(text.split("@Signal").length, 2);
});

Deno.test("an island refuses functions, by name, and JSX wherever it stands", async () => {
  const quiet = console.error;
  const said: string[] = [];
  console.error = (error: unknown) => said.push(String(error));
  try {
    const app = withIslands(
      new App<unknown>()
        .get("/f", (ctx) => ctx.render(<Counter count={() => 1} />))
        .get("/j", (ctx) => ctx.render(<Counter count={[<i key="1" />]} />))
        .get("/c", (ctx) => ctx.render(<Counter count={1}>{<i />}</Counter>)),
    );
    strictEqual((await ask(app, "/f")).status, 500);
    strictEqual((await ask(app, "/j")).status, 500);
    strictEqual((await ask(app, "/c")).status, 500);
    match(said[0] ?? "", /Cannot give an island "0\.props\.count": a function/);
    for (const words of [said[1], said[2]]) match(words ?? "", /Cannot give an island JSX/);
  } finally {
    console.error = quiet;
  }
});

Deno.test("staticFiles() serves what the build lists and nothing else, by what is asked", async () => {
  const content = new TextEncoder().encode("body{}");
  const file = { path: "a-1.css", hash: "1", contentType: "text/css" };
  const app = new App<unknown>().use(staticFiles()).get("/page", (ctx) => ctx.text("page"));
  setBuildCache(app, {
    ...EMPTY_BUILD,
    files: new Map([["/a.css", { ...file, immutable: false }], ["/a-1.css", { ...file, immutable: true }]]),
    readFile: () => Promise.resolve(content),
  });
  const plain = await ask(app, "/a.css");
  const hashed = await ask(app, "/a-1.css");
  deepStrictEqual([plain.text, hashed.text], ["body{}", "body{}"]);
  notStrictEqual(plain.headers.get("cache-control"), hashed.headers.get("cache-control"));
  ok(hashed.headers.get("cache-control")?.includes("immutable"));
  strictEqual((await ask(app, "/a.css", { headers: { "If-None-Match": 'W/"1"' } })).status, 304);
  const post = await ask(app, "/a.css", { method: "POST" });
  deepStrictEqual([post.status, post.headers.get("allow")], [405, "GET, HEAD"]);
  for (const path of ["/../a.css/../../etc/passwd", "/%2e%2e%2fa.css", "/b.css", "/%"]) {
    strictEqual((await ask(app, path)).status, 404, path);
  }
  strictEqual((await ask(app, "/page")).text, "page");
});
