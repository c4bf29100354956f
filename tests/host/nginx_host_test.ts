import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { endMsOf, halfHourOf } from "../../lib/domain/half_hour.ts";
import { FIRST } from "../flows/running_product.ts";
import { type Answer, CANNOT, type NginxScene, signIn, withNginx } from "./nginx_scene.ts";
import { run, until } from "./run.ts";

/** What every answer carries once, from the app or from nginx. */
const ALWAYS = {
  "strict-transport-security": "max-age=63072000; includeSubDomains",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
} as const;

/** The newest line of the access log that is meant; it is written a moment after the answer. */
function lineOf(
  scene: NginxScene,
  isMeant: (line: Readonly<Record<string, unknown>>) => boolean,
): Promise<Readonly<Record<string, unknown>>> {
  return until("the line is written", async () => (await scene.access()).findLast(isMeant), { everyMs: 20 });
}

/** How curl ends where a connection is closed without an answer. */
const NOTHING: readonly number[] = [52, 56];

type Steps = Readonly<Record<string, (scene: NginxScene) => Promise<void>>>;

/** Headers that came more than once. */
function doubled({ names }: Answer): readonly string[] {
  return names.filter((name, i) => name !== "set-cookie" && names.indexOf(name) !== i);
}

const NAMES: Steps = {
  "without TLS a known name is sent to HTTPS under the same name, an unknown one gets nothing": async (
    scene,
  ) => {
    const { https } = scene.options.ports;
    for (const host of ["localhost", "www.localhost"]) {
      const answer = await scene.ask("/sites?page=2", { host, plain: true });
      strictEqual(answer.status, 301);
      strictEqual(answer.headers["location"], `https://${host}:${https}/sites?page=2`);
      strictEqual(answer.headers["strict-transport-security"], undefined);
    }
    const unknown = await run([...scene.curl, `http://other.example:${scene.options.ports.http}/`]);
    ok(NOTHING.includes(unknown.code), unknown.err);
  },
  "other names lead to the domain, and tell browsers to stay with TLS": async (scene) => {
    const answer = await scene.ask("/sites?page=2", { host: "www.localhost" });
    strictEqual(answer.status, 301);
    strictEqual(answer.headers["location"], `${scene.origin}/sites?page=2`);
    strictEqual(answer.headers["strict-transport-security"], ALWAYS["strict-transport-security"]);
  },
  "a host that is not ours is refused before a certificate is shown, and behind a name of ours too": async (
    scene,
  ) => {
    const { https } = scene.options.ports;
    const refused = await run([...scene.curl, "--insecure", `https://other.example:${https}/`]);
    strictEqual(refused.code, 35, "no handshake");
    const byAddress = await run([...scene.curl, "--insecure", `https://127.0.0.1:${https}/`]);
    strictEqual(byAddress.code, 35, "no handshake");
    const behind = await run([
      ...scene.curl,
      "--http1.1",
      "--header",
      "Host: other.example",
      `${scene.origin}/livez`,
    ]);
    ok(NOTHING.includes(behind.code), behind.err);
  },
  "the answer to the certificate authority lies in its folder, and nothing beside it is given away": async (
    scene,
  ) => {
    const folder = join(scene.options.paths.acme, ".well-known/acme-challenge");
    await Deno.mkdir(folder, { recursive: true });
    await Deno.writeTextFile(join(folder, "abc"), "abc.key\n");
    const path = "/.well-known/acme-challenge/abc";
    strictEqual((await scene.ask(path, { plain: true })).body, "abc.key\n");
    strictEqual(
      (await scene.ask(`${path}/../../../nginx.conf`, { plain: true, args: ["--path-as-is"] })).status,
      301,
    );
  },
};

const ANSWERS: Steps = {
  "pages come over HTTP/2 with the app's own headers, each once": async (scene) => {
    const answer = await scene.ask("/sign-in");
    strictEqual(answer.status, 200);
    match(answer.first, /^HTTP\/2 /);
    deepStrictEqual(doubled(answer), []);
    for (const [name, value] of Object.entries(ALWAYS)) strictEqual(answer.headers[name], value, name);
    match(answer.headers["content-security-policy"] ?? "", /nonce-/);
    doesNotMatch(answer.headers["server"] ?? "", /\d/);
  },
  "a page that may show a secret is not compressed, others are": async (scene) => {
    const args = ["--header", "Accept-Encoding: gzip, br"];
    strictEqual((await scene.ask("/sign-in", { args })).headers["content-encoding"], undefined);
    strictEqual((await scene.ask("/reset", { args })).headers["content-encoding"], undefined);
    const cookie = ["--cookie", await signIn(scene, "127.0.0.3")];
    const zipped = (path: string) =>
      scene.ask(path, { args: [...args, ...cookie, "--output", "/dev/null", "--dump-header", "-"] });
    strictEqual((await zipped("/")).headers["content-encoding"], "gzip");
    strictEqual((await zipped("/account")).headers["content-encoding"], undefined);
  },
  "files named by their content are kept for a year, others asked for again": async (scene) => {
    const [, css = ""] = /href="([^"]+\.css)"/.exec((await scene.ask("/sign-in")).body) ?? [];
    match(css, /-[0-9a-f]{16}\.css$/);
    const named = await scene.ask(css);
    strictEqual(named.headers["cache-control"], "public, max-age=31536000, immutable");
    strictEqual((await scene.ask("/css/wattpost.css")).headers["cache-control"], "no-cache");
    const again = await scene.ask(css, { args: ["--header", `If-None-Match: ${named.headers["etag"]}`] });
    strictEqual(again.status, 304);
  },
  "strangers see that it is alive and nothing of how it is; administrators' networks see the rest": async (
    scene,
  ) => {
    strictEqual((await scene.ask("/livez")).status, 200);
    for (const path of ["/readyz", "/health", "/metrics", "/health/", "//health", "/%68ealth"]) {
      const answer = await scene.ask(path, { args: ["--path-as-is"] });
      strictEqual(answer.status, 404, path);
      match(answer.body, /There is nothing here/);
    }
    for (const path of ["/x%2fy/../health", "/x/../health", "/x%2fy/%2e%2e/metrics"]) {
      strictEqual((await scene.ask(path, { args: ["--path-as-is"] })).status, 400, path);
    }
    strictEqual((await scene.ask("/readyz", { from: "127.0.9.7" })).status, 200);
    match((await scene.ask("/health", { from: "127.0.9.7" })).headers["content-type"] ?? "", /health\+json/);
  },
  "pages of nginx carry the headers of the app, for people and for programs": async (scene) => {
    const big = ["--data-binary", `@${scene.big}`];
    const page = await scene.ask("/sign-in", { args: big });
    strictEqual(page.status, 413);
    match(page.headers["content-type"] ?? "", /^text\/html; charset=utf-8$/);
    match(page.body, /too large/);
    deepStrictEqual(doubled(page), []);
    for (const [name, value] of Object.entries(ALWAYS)) strictEqual(page.headers[name], value, name);
    match(page.headers["content-security-policy"] ?? "", /^default-src 'none'; style-src 'sha256-/);
    const problem = await scene.ask("/api/v1/sites", { args: big });
    strictEqual(problem.status, 413);
    strictEqual(problem.headers["content-type"], "application/problem+json");
    match(JSON.parse(problem.body).title, /too large/);
    strictEqual((await scene.ask("/wattpost-pages/large.html")).status, 404);
  },
  "a head that is too large is refused, in one field and in many": async (scene) => {
    const field = ["--header", `X-Long: ${"x".repeat(12_000)}`];
    const many = Array.from({ length: 20 }, (_, i) => ["--header", `X-${i}: ${"x".repeat(1_000)}`]).flat();
    for (const args of [field, many]) {
      strictEqual((await scene.ask("/livez", { args: ["--http1.1", ...args] })).status, 431);
      // Over HTTP/2 the stream may end without an answer.
      const { code, out } = await run([...scene.curl, "--include", ...args, `${scene.origin}/livez`]);
      ok(code !== 0 || /^HTTP\/2 4/.test(out), out);
    }
    strictEqual((await scene.ask(`/livez?${"x".repeat(9_000)}`, { args: ["--http1.1"] })).status, 414);
  },
};

const STREAMS: Steps = {
  "a live page hears of a half-hour as soon as it is stored": async (scene) => {
    const next = halfHourOf(endMsOf(FIRST));
    const { clock } = scene.flow;
    // The clock goes quickly to just before the end of the half-hour while nobody listens.
    await clock.advance(endMsOf(next) - clock.nowMs() - 1_000);
    const cookie = await signIn(scene, "127.0.0.4");
    const args = [
      "--no-buffer",
      "--interface",
      "127.0.0.4",
      "--cookie",
      cookie,
      "--header",
      "Accept-Encoding: gzip",
    ];
    const said: string[] = [];
    const hearing = run([...scene.curl, ...args, "--include", `${scene.origin}/api/live`], {
      onLine: (line) => said.push(line.trim()),
    });
    await until("the stream greets", () => Promise.resolve(said.includes("event: hello") || undefined), {
      everyMs: 10,
    });
    await scene.flow.collect(next);
    await until("the half-hour is told", () => Promise.resolve(said.includes("event: stored") || undefined), {
      everyMs: 10,
    });
    ok(!said.some((line) => /^content-encoding/i.test(line)));
    await scene.ask("/sign-out", {
      from: "127.0.0.4",
      args: ["--cookie", cookie, "--header", `Origin: ${scene.origin}`, "--data", ""],
    });
    strictEqual((await hearing).code, 0, "ended by the app");
  },
  "a release moves the link under requests, and none of them fails": async (scene) => {
    const { upstream } = scene.options.paths;
    const blue = await Deno.readLink(upstream);
    const green = join(scene.folder, "sockets/green.sock");
    const server = Deno.serve({ path: green, onListen: () => {} }, () => new Response("green\n"));
    await Deno.chmod(green, 0o660);
    let over = false;
    const codes: string[] = [];
    const asking = (async () => {
      while (!over) {
        const url = `${scene.origin}/livez?[1-10]`;
        const args = [
          "--interface",
          "127.0.9.1",
          "--output",
          "/dev/null",
          "--write-out",
          "%{http_code}\n",
          url,
        ];
        codes.push(...(await run([...scene.curl, ...args])).out.trim().split("\n"));
      }
    })();
    for (let i = 0; i < 12; i++) {
      const next = join(scene.folder, "sockets/next");
      await Deno.symlink(i % 2 === 0 ? green : blue, next);
      await Deno.rename(next, upstream);
      const seen = codes.length;
      await until("requests went on", () => Promise.resolve(codes.length > seen || undefined), {
        everyMs: 5,
      });
    }
    over = true;
    await asking;
    await server.shutdown();
    ok(codes.length > 100);
    deepStrictEqual(codes.filter((code) => code !== "200"), []);
  },
  "the app being away is said in our words, and comes back by itself": async (scene) => {
    const { upstream } = scene.options.paths;
    const blue = await Deno.readLink(upstream);
    await Deno.remove(upstream);
    const away = await scene.ask("/", { from: "127.0.0.5" });
    strictEqual(away.status, 502);
    strictEqual(away.headers["retry-after"], "10");
    match(away.body, /does not answer/);
    const link = await scene.ask("/reset?token=hidden", { from: "127.0.0.5" });
    strictEqual(link.status, 502);
    strictEqual(link.headers["referrer-policy"], "strict-origin", "or the icon's line has the token");
    await Deno.symlink(blue, upstream);
    strictEqual((await scene.ask("/sign-in", { from: "127.0.0.5" })).status, 200);
  },
  "maintenance is switched by a file, without a reload; administrators pass": async (scene) => {
    await Deno.writeTextFile(scene.options.paths.maintenance, "");
    const closed = await scene.ask("/sign-in", { args: ["--data", "email=a"] });
    strictEqual(closed.status, 503);
    strictEqual(closed.headers["retry-after"], "300");
    match(closed.body, /being maintained/);
    strictEqual(JSON.parse((await scene.ask("/api/v1/sites")).body).title, "Wattpost is being maintained");
    strictEqual((await scene.ask("/sign-in", { from: "127.0.9.7" })).status, 200);
    await Deno.remove(scene.options.paths.maintenance);
    strictEqual((await scene.ask("/sign-in")).status, 200);
  },
};

const LOGS: Steps = {
  "the access log is one JSON line a request, without query, cookie and token": async (scene) => {
    const token = "s3cr3t-t0k3n";
    const args = [
      "--cookie",
      `session=${token}`,
      "--header",
      `Authorization: Bearer ${token}`,
      "--referer",
      `${scene.origin}/reset?token=${token}`,
    ];
    for (const path of ["/invite", "/reset", "/setup", "/confirm-email", "/reset/", "//reset", "/%72eset"]) {
      await scene.ask(`${path}?token=${token}`, { args });
    }
    const line = await lineOf(scene, ({ path }) => path === "/invite");
    strictEqual(line["client"], "127.0.0.2");
    strictEqual(typeof line["status"], "number");
    strictEqual(line["zone"], "sign_in");
    for (const name of ["accessLog", "limitLog", "errorLog"] as const) {
      ok(!(await scene.log(name)).includes(token), name);
    }
  },
  "the line of a request has the id that the app's own line and the answer have": async (scene) => {
    const { headers } = await scene.ask("/robots.txt", { args: ["--header", "X-Request-Id: mine"] });
    const id = headers["x-request-id"];
    ok(id !== undefined && id !== "mine");
    const line = await lineOf(scene, (one) => one["id"] === id);
    strictEqual(line["path"], "/robots.txt");
    ok(scene.flow.lines.some(({ requestId }) => requestId === id));
  },
  "nobody can forge a line, end one or write what a terminal obeys": async (scene) => {
    const before = (await scene.access()).length;
    const nasty = [
      '"},{"status":200}',
      "\x1b[31mred",
      "\x9b31m",
      "a\tb",
      "\u202eevil",
      "\\u000a",
      "%0a%0d{}",
    ];
    for (const agent of nasty) {
      await scene.ask(`/${encodeURIComponent(agent)}`, { args: ["--user-agent", agent] });
      await scene.ask("/livez", {
        args: ["--http1.1", "--request-target", `/${agent.replaceAll(/[\t ]/g, "")}`],
      });
    }
    const lines = await until("the lines are written", async () => {
      const now = await scene.access();
      return now.length >= before + 2 * nasty.length ? now : undefined;
    }, { everyMs: 20 });
    strictEqual(lines.length, before + 2 * nasty.length);
    const bytes = await Deno.readFile(scene.options.paths.accessLog);
    ok(bytes.every((byte) => byte === 10 || (byte >= 32 && byte < 127)));
    ok(lines.every((line) => typeof line["client"] === "string" && typeof line["status"] === "number"));
  },
  "an address that somebody writes into a header is not believed": async (scene) => {
    const args = [
      "--header",
      "X-Forwarded-For: 203.0.113.9",
      "--header",
      "Forwarded: for=203.0.113.9",
      "--header",
      "X-Real-IP: 203.0.113.9",
    ];
    await scene.ask("/robots.txt", { from: "127.0.0.6", args });
    const seen = scene.flow.lines.filter(({ path }) => path === "/robots.txt").map(({ from }) => from);
    strictEqual(seen.at(-1), "127.0.0.6");
    await lineOf(scene, ({ path, client }) => path === "/robots.txt" && client === "127.0.0.6");
  },
};

Deno.test({
  name:
    "nginx before the product: names, headers, files, streams, the switch of a release, logs and maintenance",
  ignore: CANNOT,
  async fn(t) {
    await withNginx({ limits: { pagesPerSecond: 1_000 } }, async (scene) => {
      for (const [name, body] of Object.entries({ ...NAMES, ...ANSWERS, ...STREAMS, ...LOGS })) {
        await t.step(name, () => body(scene));
      }
    });
  },
});
