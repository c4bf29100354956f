import { deepStrictEqual, doesNotMatch, match, strictEqual } from "node:assert/strict";
import type { ComponentChildren } from "preact";
import { App, createDefine, HttpError, page, type PageProps } from "fresh";
import { asset } from "fresh/runtime";
import { ask, type Module, site } from "./site.ts";

const define = createDefine<{ readonly log: string[] }>();

const wrap = (name: string) => ({
  default: ({ Component }: PageProps) => (
    <div class={name}>
      <Component />
    </div>
  ),
});
const say = (text: string): Module => ({ default: () => <p>{text}</p> });
const noting = (name: string): Module => ({
  handler: async (ctx: { next(): Promise<Response> }) => {
    const response = await ctx.next();
    response.headers.append("x-passed", name);
    return response;
  },
});

Deno.test("ctx.render() nests _app, then layouts from the outside in, then the page", async () => {
  const app = site({
    "_app.tsx": wrap("app"),
    "_layout.tsx": wrap("outer"),
    "a/_layout.tsx": wrap("inner"),
    "a/index.tsx": say("here"),
  });
  const { text } = await ask(app, "/a");
  match(text, /<div class="app"><div class="outer"><div class="inner"><p>here<\/p><\/div><\/div><\/div>/);
  match(text, /^<!DOCTYPE html><html><head><meta charset="utf-8"\s*\/?><\/head><body>/);
  doesNotMatch(text, /<script/);
});

Deno.test("_middleware runs from the outside in, for its folder only, groups included", async () => {
  const app = site({
    "_middleware.ts": noting("root"),
    "(g)/_middleware.ts": noting("group"),
    "(g)/in.tsx": say("in"),
    "a/_middleware.ts": noting("a"),
    "a/[b]/_middleware.ts": noting("b"),
    "a/[b]/index.tsx": say("b"),
    "out.tsx": say("out"),
  });
  strictEqual((await ask(app, "/a/1")).headers.get("x-passed"), "b, a, root");
  strictEqual((await ask(app, "/in")).headers.get("x-passed"), "group, root");
  strictEqual((await ask(app, "/out")).headers.get("x-passed"), "root");
});

Deno.test("_middleware may export a list, and what throws in it meets the error page of its folder", async () => {
  const list = [noting("first").handler, noting("second").handler];
  const app = site({
    "_middleware.ts": { default: list },
    "(web)/_middleware.ts": { handler: [() => Promise.reject(new HttpError(401))] },
    "(web)/_error.tsx": { default: () => <i>sign in</i> },
    "(web)/page.tsx": say("secret"),
  });
  const { status, text, headers } = await ask(app, "/page");
  deepStrictEqual([status, headers.get("x-passed")], [401, "second, first"]);
  match(text, /<i>sign in<\/i>/);
});

Deno.test("App.use() applies to what comes after it, and to requests that match nothing", async () => {
  const app = new App<unknown>()
    .get("/early", (ctx) => ctx.text(JSON.stringify(ctx.state)))
    .use((ctx) => {
      Object.assign(ctx.state as object, { late: true });
      return ctx.next();
    })
    .use((ctx) => ctx.next().catch(() => ctx.text(JSON.stringify(ctx.state), { status: 404 })))
    .get("/late", (ctx) => ctx.text(JSON.stringify(ctx.state)));
  strictEqual((await ask(app, "/early")).text, "{}");
  strictEqual((await ask(app, "/late")).text, '{"late":true}');
  strictEqual((await ask(app, "/nowhere")).text, '{"late":true}');
});

Deno.test("page() gives data, status and headers to the page, whose component may be async", async () => {
  const handler = define.handlers({
    GET: () => page({ name: "A & B" }, { status: 422, headers: { "x-a": "1" } }),
  });
  const show = define.page<typeof handler>(async ({ data }) => {
    await Promise.resolve();
    return <b>{data.name}</b>;
  });
  const { status, headers, text } = await ask(site({ "i.tsx": { handler, default: show } }), "/i");
  strictEqual(status, 422);
  strictEqual(headers.get("x-a"), "1");
  strictEqual(headers.get("content-type"), "text/html; charset=utf-8");
  match(text, /<b>A &amp; B<\/b>/);
});

Deno.test("App.handler() answers methods that a route lacks with 405 and Allow, HEAD like GET", async () => {
  const app = site({ "i.tsx": { ...say("x"), handler: { POST: () => new Response("posted") } } });
  strictEqual((await ask(app, "/i")).status, 200);
  strictEqual((await ask(app, "/i", { method: "POST" })).text, "posted");
  const put = await ask(app, "/i", { method: "PUT" });
  deepStrictEqual([put.status, put.headers.get("allow")], [405, "POST, GET, HEAD"]);
  const head = await ask(app, "/i", { method: "HEAD" });
  deepStrictEqual([head.status, head.text], [200, ""]);
});

Deno.test("_error shows what is thrown in handlers, pages and middleware with its status", async () => {
  const app = site({
    "_app.tsx": wrap("app"),
    "_error.tsx": { default: ({ error }: PageProps) => <i>{(error as Error).message}</i> },
    "boom.ts": { handler: () => Promise.reject(new Error("boom")) },
    "teapot.ts": { handler: () => Promise.reject(new HttpError(418, "tea")) },
    "missing.ts": { handler: () => Promise.reject(new HttpError(404)) },
    "render.tsx": {
      default: () => {
        throw new Error("in page");
      },
    },
    "a/_middleware.ts": { handler: () => Promise.reject(new HttpError(403)) },
    "a/i.tsx": say("secret"),
    "b/_error.tsx": { default: () => <i>b's own</i> },
    "b/i.ts": { handler: () => Promise.reject(new HttpError(409)) },
  });
  const cases = [
    ["/boom", 500, "boom"],
    ["/teapot", 418, "tea"],
    ["/missing", 404, "Not Found"],
    ["/nowhere", 404, "Not Found"],
    ["/render", 500, "in page"],
    ["/a/i", 403, "Forbidden"],
    ["/b/i", 409, "b's own"],
  ] as const;
  for (const [path, status, shown] of cases) {
    const answer = await ask(app, path);
    strictEqual(answer.status, status, path);
    match(answer.text, new RegExp(`<div class="app"><i>${shown}</i></div>`), path);
  }
  strictEqual((await ask(app, "/b/i", { method: "POST" })).status, 409);
});

Deno.test("App.handler() answers errors without an error page plainly, and keeps a bug's words to itself", async () => {
  const quiet = console.error;
  console.error = () => {};
  try {
    const app = site({
      "boom.ts": { handler: () => Promise.reject(new Error("password 123")) },
      "no.ts": { handler: () => Promise.reject(new HttpError(403)) },
    });
    deepStrictEqual(pick(await ask(app, "/boom")), [500, "Internal Server Error"]);
    deepStrictEqual(pick(await ask(app, "/no")), [403, "Forbidden"]);
    deepStrictEqual(pick(await ask(app, "/nowhere")), [404, "Not Found"]);
  } finally {
    console.error = quiet;
  }
});

const pick = ({ status, text }: { status: number; text: string }) => [status, text];

Deno.test("Context.redirect() never leads to another host from a path", async () => {
  const cases = [
    ["/a/b?x=//y#//z", "/a/b?x=//y#//z"],
    ["//evil.test/x", "/evil.test/x"],
    ["/\\evil.test", "/evil.test"],
    ["\\\\evil.test", "/evil.test"],
    ["/\t/evil.test", "/evil.test"],
    [" //evil.test", "/evil.test"],
    ["///evil.test?//", "/evil.test?//"],
    ["https://friend.test/x", "https://friend.test/x"],
    ["?page=2", "?page=2"],
  ];
  const app = new App<unknown>().get("/", (ctx) => ctx.redirect(ctx.url.searchParams.get("to") ?? "", 303));
  for (const [to = "", want] of cases) {
    const { status, headers } = await ask(app, `/?to=${encodeURIComponent(to)}`);
    deepStrictEqual([status, headers.get("location")], [303, want]);
  }
});

Deno.test("Context.text and json say what they are", async () => {
  const app = new App<unknown>()
    .get("/text", (ctx) => ctx.text("t"))
    .get("/json", (ctx) => ctx.json({ a: 1 }, { status: 201 }));
  deepStrictEqual(pick(await ask(app, "/text")), [200, "t"]);
  deepStrictEqual(pick(await ask(app, "/json")), [201, '{"a":1}']);
});

Deno.test("asset() and the client entry's sheets stand in the head that _app writes", async () => {
  const Shell = ({ Component }: { Component: () => ComponentChildren }) => (
    <html lang="en">
      <head>
        <title>App</title>
        <meta name="description" content="app" />
        <link rel="stylesheet" href={asset("/css/app.css")} />
      </head>
      <body>
        <Component />
      </body>
    </html>
  );
  const app = site({ "_app.tsx": { default: Shell }, "i.tsx": say("x") }, {
    assets: new Map([["/css/app.css", "/css/app-1.css"]]),
    client: { runtime: "/r.js", preload: [], script: null, css: ["/c.css"] },
  });
  strictEqual(
    (await ask(app, "/i")).text,
    '<!DOCTYPE html><html lang="en"><head><title>App</title><meta name="description" content="app"/>' +
      '<link rel="stylesheet" href="/css/app-1.css"/><link rel="stylesheet" href="/c.css"/></head>' +
      "<body><p>x</p></body></html>",
  );
  strictEqual(asset("/css/app.css"), "/css/app.css");
});
