/**
 * Attacks on the server behind the pages: its files, the names that it believes, and what browsers may do with its
 * answers.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { ask, type Flow, withFlow } from "../flows/running_product.ts";
import { makeVisitor, type Visitor } from "../flows/visitors.ts";
import { type Attack, hostOf, raw, request, statusOf, withstand } from "./attack.ts";

interface Scene {
  readonly flow: Flow;
  readonly operator: Visitor;
}

/** What only files of the server hold. */
const INSIDES = /root:x:|"imports"|BEGIN [A-Z ]*PRIVATE|export (const|function)|SQLite format|\[core\]/;

const STEPS = [
  "../",
  "..%2f",
  "%2e%2e/",
  "%2e%2e%2f",
  "..\\",
  "..%5c",
  "%252e%252e%252f",
  "..;/",
  "....//",
  ".%00./",
];

const TARGETS = ["etc/passwd", "deno.json", "data/wattpost.db", "main.ts", ".git/config", "_fresh/server.js"];

const FILES: readonly Attack<Scene>[] = [
  {
    wants: "read files of the server through paths: no step up is taken, in any spelling",
    async holds({ flow }) {
      for (const step of STEPS) {
        for (const target of TARGETS) {
          for (const under of ["/", "/css/", "/_fresh/", "/_fresh/js/", "/api/v1/"]) {
            const path = `${under}${step.repeat(4)}${target}`;
            const answer = await raw(flow.origin, request(`GET ${path} HTTP/1.1`, [hostOf(flow)]));
            ok([303, 307, 400, 401, 404].includes(statusOf(answer)), `${path}: ${statusOf(answer)}`);
            doesNotMatch(answer, INSIDES, path);
          }
        }
      }
    },
  },
  {
    wants: "read the source, the settings or the database by their names: they are not served",
    async holds({ flow }) {
      const names = [
        ".env",
        ".env.example",
        ".git/HEAD",
        "deno.json",
        "deno.lock",
        "main.ts",
        "product.ts",
        "routes/_middleware.ts",
        "lib/config.ts",
        "data/wattpost.db",
        "data/keys.json",
        "_fresh/server.js",
        "_fresh/snapshot.json",
        "css/wattpost.css.map",
        "static/css/tokens.css",
        "package.json",
        "docker-compose.yml",
        "backup.zip",
        "server-status",
        "debug/pprof",
        "actuator/env",
        "phpinfo.php",
        "wp-login.php",
      ];
      for (const name of names) {
        const answer = await ask(flow.origin, `/${name}`);
        strictEqual(answer.status, 404, name);
        doesNotMatch(answer.text, INSIDES, name);
      }
    },
  },
  {
    wants: "have a folder listed: none is",
    async holds({ flow }) {
      for (const path of ["/css/", "/_fresh/", "/static/", "/fonts/", "/.well-known/", "/api/", "/api/v1/"]) {
        const { status } = await ask(flow.origin, path);
        ok([401, 404].includes(status), `${path} ${status}`);
      }
    },
  },
  {
    wants: "see metrics and inner states from outside: they answer this machine alone, and no proxy",
    async holds({ flow }) {
      const headers = { "x-forwarded-for": "127.0.0.1" };
      strictEqual((await ask(flow.origin, "/metrics", { headers })).status, 404);
      strictEqual(
        (await ask(flow.origin, "/metrics", { headers: { forwarded: "for=127.0.0.1" } })).status,
        404,
      );
      const foreign = await raw(flow.origin, request("GET /metrics HTTP/1.1", ["Host: wattpost.example"]));
      strictEqual(statusOf(foreign), 404);
      const { text } = await ask(flow.origin, "/health");
      doesNotMatch(text, /wattpost-flow|\/tmp|sqlite|argon|127\.0\.0\.1/i);
    },
  },
];

const NAMES: readonly Attack<Scene>[] = [
  {
    wants: "have links and redirects lead to another host by its name in the request: they lead home",
    async holds({ flow }) {
      const home = new URL(flow.origin).host;
      for (const line of ["GET /sign-in HTTP/1.1", "GET http://evil.example/sign-in HTTP/1.1"]) {
        const answer = await raw(flow.origin, request(line, ["Host: evil.example"]));
        strictEqual(statusOf(answer), 307);
        match(answer, new RegExp(`\r\nlocation: http://${home}/sign-in\r\n`, "i"));
        doesNotMatch(answer, /evil/);
      }
      const sent = await raw(
        flow.origin,
        request("POST /sign-in HTTP/1.1", [
          "Host: evil.example",
          "Origin: http://evil.example",
          "Content-Length: 0",
        ]),
      );
      strictEqual(statusOf(sent), 403);
    },
  },
  {
    wants: "have the product believe a name, a path or a scheme that a header brings: it believes none",
    async holds({ flow }) {
      const headers = {
        "x-forwarded-host": "evil.example",
        "x-forwarded-proto": "https",
        "x-forwarded-prefix": "/evil",
        "x-original-url": "/admin/people",
        "x-rewrite-url": "/admin/people",
        "x-host": "evil.example",
        "x-forwarded-server": "evil.example",
      };
      const answer = await ask(flow.origin, "/sites", { headers });
      deepStrictEqual([answer.status, answer.headers.get("location")], [303, "/sign-in?back=%2Fsites"]);
      const page = await ask(flow.origin, "/sign-in", { headers });
      doesNotMatch(page.text + JSON.stringify([...page.headers]), /evil/);
    },
  },
  {
    wants: "read answers from a page of another site: none is allowed to",
    async holds({ flow, operator }) {
      const headers = { origin: "https://evil.example", cookie: operator.cookie };
      for (const path of ["/", "/sites", "/api/v1/sites", "/api/live?x", "/livez", "/health"]) {
        const answer = await fetch(`${flow.origin}${path}`, { headers });
        await answer.body?.cancel();
        for (const [name] of answer.headers) doesNotMatch(name, /^access-control-/, path);
        strictEqual(answer.headers.get("cross-origin-resource-policy"), "same-origin", path);
      }
      const asked = { ...headers, "access-control-request-method": "PATCH" };
      const preflight = await ask(flow.origin, "/api/v1/sites/1", { method: "OPTIONS", headers: asked });
      ok(preflight.status >= 400);
    },
  },
  {
    wants: "show our pages in a frame, or guess their types: every answer forbids it",
    async holds({ flow, operator }) {
      const { cookie } = operator;
      const paths = [
        "/",
        "/sign-in",
        "/nowhere",
        "/livez",
        "/api/v1/sites",
        "/robots.txt",
        "/api/v1/openapi.json",
      ];
      for (const path of paths) {
        const { headers } = await ask(flow.origin, path, { headers: { cookie } });
        const policy = headers.get("content-security-policy") ?? "";
        match(policy, /frame-ancestors 'none'/, path);
        match(policy, /default-src 'none'/, path);
        doesNotMatch(policy, /unsafe-|\*|https?:|(?<!img-src 'self' )data:/, path);
        deepStrictEqual(
          [
            headers.get("x-frame-options"),
            headers.get("x-content-type-options"),
            headers.get("referrer-policy"),
          ],
          ["DENY", "nosniff", "same-origin"],
          path,
        );
      }
    },
  },
  {
    wants: "run a script with a nonce that was seen before: each answer has its own, and the tags theirs",
    async holds({ flow, operator }) {
      const nonces = new Set<string>();
      for (let n = 0; n < 5; n++) {
        const { headers, text } = await ask(flow.origin, "/sites", { headers: { cookie: operator.cookie } });
        const nonce = /'nonce-([0-9a-f]{32})'/.exec(headers.get("content-security-policy") ?? "")?.[1] ?? "";
        ok(nonce !== "");
        for (const [tag] of text.matchAll(/<(script|style)\b[^>]*>/g)) {
          ok(tag.includes(`nonce="${nonce}"`), tag);
        }
        doesNotMatch(text, /\son[a-z]+=|javascript:|<style[^>]*>[^<]*@import/);
        nonces.add(nonce);
      }
      strictEqual(nonces.size, 5);
    },
  },
  {
    wants: "have somebody else's page out of a cache: no page may be kept",
    async holds({ flow, operator }) {
      const { cookie } = operator;
      for (const path of ["/", "/sites", "/account/tokens", "/nowhere.css", "/sites/x.js", "/sign-in"]) {
        const { headers } = await ask(flow.origin, path, { headers: { cookie } });
        match(headers.get("cache-control") ?? "", /no-store/, path);
      }
      const headers = { authorization: `Bearer ${operator.token}` };
      match(
        (await ask(flow.origin, "/api/v1/sites", { headers })).headers.get("cache-control") ?? "",
        /private/,
      );
    },
  },
  {
    wants: "learn what the server is made of: no answer says it",
    async holds({ flow }) {
      for (const path of ["/", "/nowhere", "/livez", "/api/v1/x"]) {
        const { headers } = await ask(flow.origin, path);
        for (const name of ["server", "x-powered-by", "via"]) strictEqual(headers.get(name), null, path);
      }
      doesNotMatch(await raw(flow.origin, "nonsense\r\n\r\n"), /\r\n(server|x-powered-by):/i);
    },
  },
];

Deno.test("attacks on the server", async (t) => {
  await withFlow({ specs: [], env: { COLLECT: "off" } }, async (flow) => {
    const operator = await makeVisitor(flow, { name: "operator", role: "operator" });
    for (const attacks of [FILES, NAMES]) {
      await flow.clock.advance(60_000);
      await withstand(t, { flow, operator }, attacks);
    }
    await t.step("nothing of it was an error of ours", () => {
      deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
    });
  });
});
