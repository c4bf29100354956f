/**
 * What each kind of answer carries, against the rules by which Mozilla's Observatory scores sites, and the request id.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { siteSpec } from "../collector/simulated.ts";
import { ask, signInByHand, withFlow } from "./running_product.ts";

interface Rule {
  readonly name: string;
  /** What failing it costs, by Observatory's table of scores. */
  readonly costs: number;
  readonly holds: (headers: Headers) => boolean;
}

const cspOf = (headers: Headers) => headers.get("content-security-policy") ?? "";

/** The rules of https://github.com/mdn/mdn-http-observatory (src/grader/charts.js), those that headers decide. */
const RULES: readonly Rule[] = [
  { name: "a policy there is", costs: 25, holds: (h) => cspOf(h) !== "" },
  {
    name: "no unsafe inline or eval",
    costs: 20,
    holds: (h) => !/unsafe-(inline|eval|hashes)/.test(cspOf(h)),
  },
  {
    name: "no scheme or star as a source",
    costs: 20,
    holds: (h) => !/(^|[ ;])(\*|https?:|data:)[ ;]/.test(scripts(h)),
  },
  { name: "nothing by default", costs: 10, holds: (h) => /(^|; ?)default-src 'none'/.test(cspOf(h)) },
  { name: "no base elsewhere", costs: 0, holds: (h) => /base-uri 'none'/.test(cspOf(h)) },
  { name: "no forms elsewhere", costs: 0, holds: (h) => /form-action 'self'/.test(cspOf(h)) },
  { name: "no frames", costs: 20, holds: (h) => /frame-ancestors 'none'/.test(cspOf(h)) },
  { name: "no frames in old browsers", costs: 20, holds: (h) => h.get("x-frame-options") === "DENY" },
  { name: "no plugins", costs: 0, holds: (h) => /object-src 'none'/.test(cspOf(h)) },
  { name: "no guessing of types", costs: 5, holds: (h) => h.get("x-content-type-options") === "nosniff" },
  {
    name: "no address of ours in a referrer for others",
    costs: 5,
    holds: (h) => ["same-origin", "strict-origin", "no-referrer"].includes(h.get("referrer-policy") ?? ""),
  },
  {
    name: "resources for ourselves alone",
    costs: 20,
    holds: (h) => h.get("cross-origin-resource-policy") === "same-origin",
  },
  { name: "no cross-origin reading", costs: 50, holds: (h) => !h.has("access-control-allow-origin") },
  {
    name: "two years of HTTPS",
    costs: 20,
    holds: (h) => Number(/max-age=(\d+)/.exec(h.get("strict-transport-security") ?? "")?.[1]) >= 15_768_000,
  },
  {
    name: "cookies for HTTPS, hidden from scripts and of one site",
    costs: 40,
    holds: (h) =>
      h.getSetCookie().every((cookie) =>
        /^__Host-/.test(cookie) && /; Secure/.test(cookie) && /; HttpOnly/.test(cookie) &&
        /; SameSite=/.test(cookie)
      ),
  },
];

function scripts(headers: Headers): string {
  return ` ${/script-src ([^;]*)/.exec(cspOf(headers))?.[1] ?? ""} `;
}

/** Observatory's score without its bonuses: A+ needs 100 with none of these failing. */
function failedRules(headers: Headers): readonly string[] {
  return RULES.filter(({ holds }) => !holds(headers)).map(({ name, costs }) => `${name} (-${costs})`);
}

Deno.test("every kind of answer would earn Observatory's A+ and is named", async (t) => {
  const home = "https://meters.example";
  const env = { PUBLIC_URL: home, SECURITY_CONTACT: "mailto:security@meters.example" };
  await withFlow({ specs: [siteSpec()], env }, async ({ origin, lines }) => {
    const headers = { host: "meters.example", origin: home };
    const get = (path: string, more: Record<string, string> = {}) =>
      raw(origin, path, { headers: { ...headers, ...more } });
    const page = await get("/sign-in");
    const [, css = ""] = /href="([^"]+\.css[^"]*)"/.exec(page.text) ?? [];
    const kinds: readonly (readonly [string, number, () => Promise<Raw>])[] = [
      ["a page", 200, () => Promise.resolve(page)],
      ["JSON", 200, () => get("/health")],
      ["a file", 200, () => get(css)],
      ["text", 200, () => get("/livez")],
      ["a redirect to sign in", 303, () => get("/")],
      ["a redirect home", 307, () => get("/", { host: "other.example" })],
      ["a page that is not there", 404, () => get("/none")],
      ["a method that is not answered", 405, () => raw(origin, "/", { method: "BREW", headers })],
      [
        "a form that nobody of ours sent",
        403,
        () =>
          raw(origin, "/sign-in", {
            method: "POST",
            headers: { ...headers, origin: "https://evil.example" },
          }),
      ],
      ["security.txt", 200, () => get("/.well-known/security.txt")],
      ["robots.txt", 200, () => get("/robots.txt")],
      ["a page whose address is a secret", 0, () => get("/setup?token=abc")],
    ];
    for (const [name, status, load] of kinds) {
      await t.step(name, async () => {
        const answer = await load();
        if (status > 0 && name !== "a method that is not answered") {
          strictEqual(answer.status, status, answer.text);
        }
        deepStrictEqual(failedRules(answer.headers), []);
        match(answer.headers.get("x-request-id") ?? "", /^[\w-]{8,}$/);
        match(answer.headers.get("permissions-policy") ?? "", /publickey-credentials-get=\(self\)/);
        strictEqual(answer.headers.get("cross-origin-opener-policy"), "same-origin");
        ok(!answer.headers.has("server") && !answer.headers.has("x-powered-by"));
        const referrer = name === "a page whose address is a secret" ? "strict-origin" : "same-origin";
        strictEqual(answer.headers.get("referrer-policy"), referrer);
      });
    }
    await t.step("the log line has the id of the answer", () => {
      const id = page.headers.get("x-request-id");
      strictEqual(lines.find(({ requestId }) => requestId === id)?.["path"], "/sign-in");
    });
    await t.step("the words of a path cannot forge a line", async () => {
      await get("/%0d%0a%7b%22level%22:%22error%22%7d%e2%80%ae");
      ok(lines.every((line) => line["level"] !== "error"));
      ok(!JSON.stringify(lines).includes("\u202e"));
    });
  });
});

Deno.test("what is for signed-in people, files and streams carries the same", async () => {
  await withFlow({ specs: [siteSpec()] }, async ({ origin, siteIds }) => {
    const cookie = await signInByHand(origin);
    const paths = [
      "/",
      "/sites",
      `/sites/${siteIds[0]}`,
      "/completeness.csv",
      `/sites/${siteIds[0]}/half-hours.csv`,
    ];
    for (const path of paths) {
      const { headers } = await ask(origin, path, { headers: { cookie } });
      const failed = failedRules(headers).filter((name) => !name.startsWith("two years"));
      deepStrictEqual(failed, [], path);
    }
    const leave = new AbortController();
    const stream = await fetch(`${origin}/api/live`, { headers: { cookie }, signal: leave.signal });
    deepStrictEqual(failedRules(stream.headers).filter((name) => !name.startsWith("two years")), []);
    leave.abort();
    await stream.body?.cancel().catch(() => {});
  });
});

interface Raw {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Asks by hand: `fetch` sets the Host header itself. */
async function raw(
  origin: string,
  path: string,
  { method = "GET", headers }: { readonly method?: string; readonly headers: Record<string, string> },
): Promise<Raw> {
  const { hostname, port } = new URL(origin);
  using connection = await Deno.connect({ hostname, port: Number(port) });
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join("");
  await connection.write(
    new TextEncoder().encode(`${method} ${path} HTTP/1.1\r\n${fields}Connection: close\r\n\r\n`),
  );
  const all = await new Response(connection.readable).text();
  const [head = "", ...rest] = all.split("\r\n\r\n");
  const [first = "", ...names] = head.split("\r\n");
  const pairs = names.map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]);
  return { status: Number(first.split(" ")[1]), headers: new Headers(pairs), text: rest.join("\r\n\r\n") };
}
