import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { CANNOT, type NginxScene, signIn, withNginx } from "./nginx_scene.ts";
import { run, until } from "./run.ts";

/** Small, so that few requests show them. */
const LIMITS = {
  pagesPerSecond: 5,
  apiPerSecond: 3,
  signInsPerMinute: 6,
  exportsPerMinute: 3,
  connectionsPerAddress: 6,
  streamsPerAddress: 2,
} as const;

type Steps = Readonly<Record<string, (scene: NginxScene) => Promise<void>>>;

interface Asked {
  readonly path: string;
  readonly from: string;
  readonly times: number;
  readonly args?: readonly string[];
}

interface Told {
  readonly status: number;
  /** `Retry-After`; empty: none. */
  readonly after: string;
}

/** Answers to many requests, one after the other over one connection: as quick as it goes. */
async function answers(
  scene: NginxScene,
  { path, from, times, args = [] }: Asked,
): Promise<readonly Told[]> {
  const each = Array.from({ length: times }, () => ["--output", "/dev/null", `${scene.origin}${path}`]);
  const written = ["--write-out", "%{http_code} %header{retry-after}\n"];
  const asked = ["--path-as-is", "--interface", from, ...written, ...args, ...each.flat()];
  const { out } = await run([...scene.curl, ...asked]);
  return out.trim().split("\n").map((line) => {
    const [status = "", after = ""] = line.split(" ");
    return { status: Number(status), after };
  });
}

/** The statuses of such answers. */
async function statuses(scene: NginxScene, asked: Asked): Promise<readonly number[]> {
  return (await answers(scene, asked)).map(({ status }) => status);
}

const count = (all: readonly number[], wanted: number) => all.filter((status) => status === wanted).length;

/** Zones, what is asked for, and what they let through at once. */
const ZONES = [
  { zone: "pages", path: "/robots.txt", from: "127.0.1.1", passes: 11, wait: "1" },
  { zone: "api", path: "/api/v1/sites", from: "127.0.1.2", passes: 7, wait: "1" },
  { zone: "exports", path: "/completeness.csv", from: "127.0.1.3", passes: 4, wait: "20" },
  { zone: "streams", path: "/api/live", from: "127.0.1.4", passes: 11, wait: "5" },
  { zone: "sign_in", path: "/sign-in", from: "127.0.1.5", passes: 7, wait: "10", sends: true },
] as const;

const ZONE_STEPS: Steps = Object.fromEntries(ZONES.map((one) => [
  `whoever asks too often is refused by the zone ${one.zone}, which the log names, and is told when to come again`,
  async (scene: NginxScene) => {
    const { zone, path, from, passes, wait } = one;
    const args = "sends" in one ? ["--header", `Origin: ${scene.origin}`, "--data", "email="] : [];
    const told = await answers(scene, { path, from, times: 6 * passes, args });
    deepStrictEqual(told.slice(0, passes).filter(({ status }) => status === 429), []);
    const refused = told.filter(({ status }) => status === 429);
    ok(refused.length > 0, told.map(({ status }) => status).join(" "));
    deepStrictEqual([...new Set(refused.map(({ after }) => after))], [wait]);
    match(
      await scene.log("errorLog"),
      new RegExp(`limiting requests, excess: \\S+ by zone "${zone}", client: ${from},`),
    );
    const line = await until("the line is written", async () => {
      return (await scene.access()).find(({ client, limited }) => client === from && limited === "yes");
    }, { everyMs: 20 });
    strictEqual(line["zone"], zone);
    match(
      await scene.log("limitLog"),
      new RegExp(`^\\d{4}-\\d\\d-\\d\\dT[\\d:]{8}[+-][\\d:]{5} ${from}$`, "m"),
    );
    strictEqual((await scene.ask("/livez", { from: "127.0.1.99" })).status, 200, "others are served");
  },
]));

/** Ways to write the path of the sign-in page, of which the app understands some. */
const SPELLINGS = [
  "/sign-in/",
  "//sign-in",
  "///sign-in",
  "/%73ign-in",
  "/sign%2din",
  "/\\sign-in",
  "/x\\..\\sign-in",
  "/%5csign-in",
  "/%2fsign-in",
  "/sign-in;x",
  "/sign-in%00",
  "/sign-in%20",
  "/SIGN-IN",
  "/sign-in?/livez",
  "/sign-in/second-factor",
] as const;

/** Paths of which nginx and the app would not make the same one: that of the first is another page to each. */
const WINDING = [
  "/sign-in//../second-factor",
  "/x%2fy/../sign-in",
  "/x%2Fy/%2E./health",
  "/x/../sign-in",
  "/x/..",
  "/./sign-in",
  "/x/.%2e/sign-in?a=b",
  "/x%2f..%2fsign-in",
  "/api//../live",
] as const;

const MORE: Steps = {
  "no spelling of the sign-in page gets around its zone": async (scene) => {
    const understood: string[] = [];
    for (const [i, path] of SPELLINGS.entries()) {
      const from = `127.0.2.${i + 1}`;
      const args = ["--header", `Origin: ${scene.origin}`, "--data", "email="];
      // As many as pages let through, more than sign-ins do.
      const all = await statuses(scene, { path, from, times: 11, args });
      const reached = scene.flow.lines.filter((line) => line["from"] === from && line["path"] === "/sign-in");
      ok(reached.length <= 8, `${path}: ${all.join(" ")}`);
      if (reached.length > 0) understood.push(path);
    }
    ok(understood.length > 2, "some of them are the page");
    const bad = await scene.ask("/\\sign-in", { args: ["--path-as-is"] });
    strictEqual(bad.status, 400);
    match(bad.body, /was not understood/);
  },
  "a path that goes back is refused, for nginx and the app go different ways": async (scene) => {
    for (const path of WINDING) {
      const { status } = await scene.ask(path, { from: "127.0.1.8", args: ["--path-as-is"] });
      strictEqual(status, 400, path);
    }
    for (const path of ["/robots.txt?a=/../b", "/.hidden", "/a..b", "/...", "/x%2fy"]) {
      const { status } = await scene.ask(path, { from: "127.0.1.8", args: ["--path-as-is"] });
      ok(status === 200 || status === 404, path);
    }
  },
  "pages that are only looked at count for no sign-in": async (scene) => {
    const all = await statuses(scene, { path: "/sign-in", from: "127.0.1.6", times: 10 });
    strictEqual(count(all, 200), 10);
  },
  "live pages at once are bounded by address": async (scene) => {
    const from = "127.0.1.7";
    const cookie = await signIn(scene, from);
    const open = [1, 2].map(() => {
      const said: string[] = [];
      const args = ["--no-buffer", "--interface", from, "--cookie", cookie, `${scene.origin}/api/live`];
      return { said, ended: run([...scene.curl, ...args], { onLine: (line) => said.push(line) }) };
    });
    for (const { said } of open) {
      await until("it greets", () => Promise.resolve(said.includes("event: hello") || undefined), {
        everyMs: 10,
      });
    }
    const third = await scene.ask("/api/live", { from, args: ["--cookie", cookie] });
    strictEqual(third.status, 429);
    match(
      await scene.log("errorLog"),
      new RegExp(`limiting connections by zone "streams_at_once", client: ${from},`),
    );
    strictEqual((await scene.ask("/livez", { from })).status, 200);
    await scene.ask("/sign-out", {
      from,
      args: ["--cookie", cookie, "--header", `Origin: ${scene.origin}`, "--data", ""],
    });
    await Promise.all(open.map(({ ended }) => ended));
  },
};

/** A connection with TLS, by hand. */
async function connect(scene: NginxScene): Promise<Deno.TlsConn> {
  return await Deno.connectTls({
    hostname: "localhost",
    port: scene.options.ports.https,
    caCerts: [await Deno.readTextFile(scene.ca)],
  });
}

const send = (conn: Deno.Conn, text: string) => conn.write(new TextEncoder().encode(text));

/** Reads to the end; what was said. */
async function rest(conn: Deno.Conn): Promise<string> {
  let said = "";
  const bytes = new Uint8Array(4_096);
  for (;;) {
    const read = await conn.read(bytes).catch(() => null);
    if (read === null) return said;
    said += new TextDecoder().decode(bytes.subarray(0, read));
  }
}

/** Sends a text again and again until the connection ends or it is told to stop; milliseconds that it lived. */
async function drip(conn: Deno.Conn, text: string, signal: AbortSignal): Promise<number> {
  const startMs = performance.now();
  const ended = rest(conn);
  let over = false;
  ended.then(() => over = true);
  while (!over && !signal.aborted) {
    await send(conn, text).catch(() => over = true);
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
  return performance.now() - startMs;
}

const HEAD = "POST / HTTP/1.1\r\nHost: localhost\r\n";

const SLOW: Steps = {
  "whoever says nothing, or a head piece by piece, is cut off": async (scene) => {
    const silent = await Deno.connect({ hostname: "127.0.0.1", port: scene.options.ports.https });
    const quiet = await connect(scene);
    const dripping = await connect(scene);
    await send(dripping, "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
    const never = new AbortController();
    const [, , livedMs] = await Promise.all([rest(silent), rest(quiet), drip(dripping, "x", never.signal)]);
    ok(livedMs < 30_000, `lived ${livedMs} ms`);
    for (const conn of [silent, quiet, dripping]) conn.close();
  },
  "a body that stops is cut off": async (scene) => {
    const conn = await connect(scene);
    await send(conn, `${HEAD}Content-Length: 100\r\n\r\nabc`);
    doesNotAnswer(await rest(conn));
    conn.close();
  },
  "bodies of one byte after the other hold the places of their address and nobody else's": async (scene) => {
    const stop = new AbortController();
    const conns = await Promise.all(
      Array.from({ length: LIMITS.connectionsPerAddress }, () => connect(scene)),
    );
    for (const conn of conns) await send(conn, `${HEAD}Content-Length: 1000\r\n\r\n`);
    const appLines = scene.flow.lines.length;
    const dripping = Promise.all(conns.map((conn) => drip(conn, "x", stop.signal)));
    const refused = await until("the next one is refused", async () => {
      const answer = await scene.ask("/livez", { from: "127.0.0.1" });
      return answer.status === 429 ? answer : undefined;
    });
    match(refused.body, /Too much at once/);
    match(await scene.log("errorLog"), /limiting connections by zone "all_at_once", client: 127\.0\.0\.1,/);
    strictEqual((await scene.ask("/robots.txt", { from: "127.0.1.98" })).status, 200);
    // Longer than a silent one lives: no timeout ends them, the bound does not need one.
    await new Promise((resolve) => setTimeout(resolve, 2 * scene.options.waits.bodyS * 1_000));
    strictEqual((await scene.ask("/livez", { from: "127.0.0.1" })).status, 429);
    const asked = scene.flow.lines.slice(appLines).filter(({ method }) => method === "POST");
    deepStrictEqual(asked, [], "the app has heard of none of them");
    stop.abort();
    for (const conn of conns) conn.close();
    await dripping;
    notStrictEqual((await scene.ask("/livez", { from: "127.0.1.97" })).status, 429);
  },
};

function doesNotAnswer(said: string): void {
  ok(said === "" || said.startsWith("HTTP/1.1 408"), said);
}

const WRK: Steps = {
  "wrk gets what the rate allows and no more": async (scene) => {
    const seconds = 2;
    const startMs = performance.now();
    const args = ["-t1", "-c4", `-d${seconds}s`, `${scene.origin}/livez`] as const;
    const { out, err } = await run(["wrk", ...args]);
    const tookS = (performance.now() - startMs) / 1_000;
    const all = Number(/(\d+) requests in/.exec(out)?.[1]);
    const refused = Number(/Non-2xx or 3xx responses: (\d+)/.exec(out)?.[1] ?? 0);
    const most = 1 + 2 * LIMITS.pagesPerSecond + LIMITS.pagesPerSecond * tookS + 1;
    ok(all > 100 && all - refused <= most, `${out}${err}`);
    ok(all - refused > LIMITS.pagesPerSecond, "and not less either");
  },
};

Deno.test({
  name: "nginx's limits: requests by zone, live pages by address, wrk",
  ignore: CANNOT,
  async fn(t) {
    await withNginx({ limits: LIMITS }, async (scene) => {
      for (const [name, body] of Object.entries({ ...ZONE_STEPS, ...MORE, ...WRK })) {
        await t.step(name, () => body(scene));
      }
    });
  },
});

Deno.test({
  name: "slow clients hold their own places, nobody else's, and not for long",
  ignore: CANNOT,
  async fn(t) {
    await withNginx({ limits: LIMITS, waits: { headS: 3, bodyS: 3, sendS: 3 } }, async (scene) => {
      for (const [name, body] of Object.entries(SLOW)) await t.step(name, () => body(scene));
    });
  },
});

Deno.test({
  name: "behind a proxy that is described, its client is counted, an IPv6 network of 64 bits as one",
  ignore: CANNOT,
  async fn() {
    const limits = { ...LIMITS, pagesPerSecond: 1 };
    await withNginx({ limits, proxies: ["127.0.3.0/24"] }, async (scene) => {
      const through = async (client: string, { times = 3, from = "127.0.3.1" } = {}) => {
        const args = ["--header", `X-Forwarded-For: ${client}`];
        return (await statuses(scene, { path: "/robots.txt", from, times, args })).join(" ");
      };
      // Three pass at once.
      const passed = "200 200 200";
      strictEqual(await through("2001:db8:1:1::1"), passed);
      match(await through("2001:db8:1:1:ffff::2", { times: 30 }), /429/);
      strictEqual(await through("2001:db8:1:2::1"), passed);
      strictEqual(await through("203.0.113.7"), passed);
      strictEqual(await through("198.51.100.1, 203.0.113.8, 127.0.3.2"), passed, "the last that is no proxy");
      strictEqual(await through("203.0.113.9", { from: "127.0.1.50" }), passed);
      const seen = new Set(
        scene.flow.lines.filter(({ path }) => path === "/robots.txt").map(({ from }) => from),
      );
      seen.delete("2001:db8:1:1:ffff::2"); // what of it passed after a second
      deepStrictEqual([...seen].sort(), [
        "127.0.1.50",
        "2001:db8:1:1::1",
        "2001:db8:1:2::1",
        "203.0.113.7",
        "203.0.113.8",
      ]);
    });
  },
});
