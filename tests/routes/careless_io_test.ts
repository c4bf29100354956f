/**
 * What a route gets that forgot to ask whether it may: the real middleware of the pages behind the door and of the
 * API before routes that answer without a question. Nothing of what they say leaves.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, match, strictEqual } from "node:assert/strict";
import { page } from "fresh";
import { openKv } from "../../lib/kv/mod.ts";
import { allow } from "../../lib/web/allow.ts";
import { define, type State } from "../../lib/web/state.ts";
import * as behindTheDoor from "../../routes/(web)/(signed-in)/_middleware.ts";
import * as error from "../../routes/(web)/_error.tsx";
import * as ofTheApi from "../../routes/api/v1/_middleware.ts";
import { TEST_SEAL } from "../fakes/author.ts";
import { withFlow } from "../flows/running_product.ts";
import { makeVisitor } from "../flows/visitors.ts";
import { ask, type Module, site } from "../fresh/site.ts";

const SECRET = "the meters of everybody";

/** Routes that answer, each in another way, and ask nothing; the last asks. */
const ROUTES: Readonly<Record<string, Module>> = {
  "text": { handler: { GET: () => new Response(SECRET), POST: () => new Response(SECRET) } },
  "away": {
    handler: { GET: () => new Response(null, { status: 303, headers: { location: `/?${SECRET}` } }) },
  },
  "empty": { handler: { POST: () => new Response(null, { status: 204 }) } },
  "page": { handler: { GET: () => page(SECRET) }, default: ({ data }: { readonly data: string }) => data },
  "component": { default: () => SECRET },
  "asks": {
    handler: {
      GET: (ctx: { readonly state: State }) => {
        allow(ctx, "sites.list");
        return new Response("Today");
      },
    },
  },
};

/** Files below a folder. */
const below = (folder: string) =>
  Object.fromEntries(Object.entries(ROUTES).map(([name, mod]) => [`${folder}/${name}.tsx`, mod]));

Deno.test("a route that asks nothing lets nothing out, behind the door and in the API", async (t) => {
  await withFlow({ specs: [], env: { COLLECT: "off" } }, async (flow) => {
    const viewer = await makeVisitor(flow, { name: "viewer", role: "viewer" });
    const operator = await makeVisitor(flow, { name: "operator", role: "operator" });
    using kv = await openKv(":memory:");
    const logged: unknown[] = [];
    const log = { error: (words: string, about: unknown) => logged.push([words, about]), warn: () => {} };
    const base = { clock: flow.clock, log, services: () => ({ db: flow.opened.db, kv, seal: TEST_SEAL }) };
    let user: State["user"] = viewer.user;
    const carried = define.middleware((ctx) => {
      const ofRequest = { base, user, asker: null, asked: false, refusal: null, retryAfterS: null };
      Object.assign(ctx.state, { ...ofRequest, requestId: "r1", clientAddress: "203.0.113.9" });
      return ctx.next();
    });
    const app = site<State>({
      "_middleware.ts": { handler: carried },
      "(web)/_error.tsx": error,
      "(web)/(signed-in)/_middleware.ts": behindTheDoor,
      ...below("(web)/(signed-in)"),
      "api/v1/_middleware.ts": ofTheApi,
      ...below("api/v1"),
    });
    const refused = [
      ["GET", "/text"],
      ["HEAD", "/text"],
      ["POST", "/text"],
      ["GET", "/away"],
      ["POST", "/empty"],
      ["GET", "/page"],
      ["GET", "/component"],
    ] as const;
    for (const [method, path] of refused) {
      await t.step(`${method} ${path}`, async () => {
        logged.length = 0;
        const headers = { authorization: `Bearer ${operator.token}` };
        for (
          const answer of [
            await ask(app, path, { method }),
            await ask(app, `/api/v1${path}`, { method, headers }),
          ]
        ) {
          strictEqual(answer.status, 500);
          doesNotMatch(answer.text + JSON.stringify([...answer.headers]), new RegExp(SECRET));
        }
        strictEqual(logged.length, 2);
        match(Deno.inspect(logged), /without asking[^]*has not asked/);
      });
    }
    await t.step("one that asks is answered", async () => {
      logged.length = 0;
      const headers = { authorization: `Bearer ${operator.token}` };
      const answers = [await ask(app, "/asks"), await ask(app, "/api/v1/asks", { headers })];
      deepStrictEqual(answers.map(({ text }) => text), ["Today", "Today"]);
    });
    await t.step("nobody comes as far as the route", async () => {
      user = null;
      strictEqual((await ask(app, "/text")).headers.get("location"), "/sign-in?back=%2Ftext");
      strictEqual((await ask(app, "/text", { method: "POST" })).status, 401);
      strictEqual((await ask(app, "/api/v1/text")).status, 401);
      deepStrictEqual(logged, []);
    });
  });
});
