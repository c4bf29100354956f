import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { createDefine } from "fresh";
import { ask, site } from "./site.ts";

const define = createDefine<unknown>();

const says = (text: string) => ({ handler: () => new Response(text) });

const ROUTES = {
  "files/[...rest].ts": says("rest"),
  "sites/[site]/[tab].ts": says("tab"),
  "sites/[site]/index.ts": says("site"),
  "sites/new.ts": says("new"),
  "sites/index.ts": says("sites"),
  "(group)/inside.ts": says("inside"),
  "report-[month].ts": says("month"),
  "[any].ts": says("any"),
  "index.ts": says("home"),
};
const WHERE: readonly (readonly [string, string, Record<string, string>?])[] = [
  ["/", "home"],
  ["/sites", "sites"],
  ["/sites/new", "new"],
  ["/sites/7", "site", { site: "7" }],
  ["/sites/7/hours", "tab"],
  ["/inside", "inside"],
  ["/report-may", "month"],
  ["/elsewhere", "any"],
  ["/files", "rest"],
  ["/files/a/b", "rest"],
  ["/files/", "rest"],
  ["/files/a/", "rest"],
];
for (const [path, want] of WHERE) {
  Deno.test(`fsRoutes() leads ${path} to ${want}`, async () => {
    strictEqual((await ask(site(ROUTES), path)).text, want);
  });
}

Deno.test("Context.params decodes what the path says, and survives what is no encoding", async () => {
  const show = { handler: define.handlers((ctx) => ctx.json(ctx.params)) };
  const app = site({ "a/[x]/[y].ts": show, "r/[...all].ts": show });
  deepStrictEqual(JSON.parse((await ask(app, "/a/caf%C3%A9/b")).text), { x: "café", y: "b" });
  deepStrictEqual(JSON.parse((await ask(app, "/a/%E0%A4%A/b")).text), { x: "%E0%A4%A", y: "b" });
  deepStrictEqual(JSON.parse((await ask(app, "/r/1/2")).text), { all: "1/2" });
});

const REFUSED: readonly (readonly [path: string, module: Record<string, unknown>, want: RegExp])[] = [
  ["wrong.ts", { thing: 1 }, /routes\/wrong\.ts exports no "default", "handler" or "handlers"/],
  ["set.ts", { ...says("x"), config: {} }, /routes\/set\.ts exports "config"/],
  ["_404.ts", says("lost"), /Not a route name: "_404"/],
  ["a/[[b]].ts", says("optional"), /Not a route name: "\[\[b\]\]"/],
  ["[a][b].ts", says("two"), /Two parameters side by side/],
  ["_layout.ts", says("x"), /routes\/_layout\.ts exports no "default"/],
  ["_middleware.ts", { handler: { GET: () => new Response() } }, /middleware has no methods/],
  ["list.ts", { handler: [() => new Response()] }, /only middleware may/],
  ["two.ts", { handler: (_req: unknown, _ctx: unknown) => new Response() }, /must take one argument/],
];
for (const [path, module, want] of REFUSED) {
  Deno.test(`fsRoutes() refuses ${path}, and says why, before anything is served`, () => {
    throws(() => site({ [path]: module }).handler(), want);
  });
}
