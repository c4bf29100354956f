/**
 * `deno task scan` with the real nmap, testssl and wapiti against the real product behind the real nginx: as it is set
 * up, as it should not be, and with tools that are killed while they look.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { withNginx } from "./nginx_scene.ts";
import { until } from "./run.ts";
import { CANNOT, type Running, type ScannedHost, WIDE, withScannedHost, writeCookie } from "./scan_scene.ts";

const HERE = ["--address", "127.0.0.1", "--web-seconds", "30"];

/** An address that swallows everything, so that nmap waits. */
const NOWHERE = "127.0.0.9";
const SWALLOWS = `table ip away {
  chain input { type filter hook input priority 0; ip daddr ${NOWHERE} drop; }
}
`;

const HIDDEN = ["Content-Security-Policy", "Strict-Transport-Security"]
  .map((name) => `  proxy_hide_header ${name};\n`).join("");

/** What a careless hand makes of nginx: a port more, TLS 1.2 alone, no HSTS, and pages without a policy. */
function careless(config: string): string {
  const changed = config
    .replace(/^http \{$/m, `http {\n${HIDDEN}  server { listen 3306; }`)
    .replace(/ssl_protocols .*;/, "ssl_protocols TLSv1.2;")
    .replaceAll(/^ *add_header Strict-Transport-Security .*$/gm, "");
  ok(changed.includes("listen 3306") && changed.includes("TLSv1.2;") && !/add_header Strict-/.test(changed));
  return changed;
}

async function looksClean(host: ScannedHost): Promise<void> {
  const { code, report, out } = await host.scan(["ports", "tls", "web"], HERE);
  deepStrictEqual(report.open.map(({ what, where }) => `${where}: ${what}`), [], out);
  strictEqual(code, 0, out);
  deepStrictEqual(report.checks.map(({ name, notRun }) => [name, notRun]), [
    ["ports", null],
    ["tls", null],
    ["web", null],
  ]);
  const [, , web] = report.checks;
  const [, pages] = /^(\d+) pages and forms of https:\/\/localhost\/, signed in/.exec(web?.looked ?? "") ??
    [];
  ok(Number(pages) > 4, out);
}

async function looksCareless(host: ScannedHost): Promise<void> {
  const { code, report, out } = await host.scan(["ports", "tls", "web"], HERE);
  strictEqual(code, 1, out);
  const found = report.open.map(({ check, id, severity }) => `${check} ${id} ${severity}`);
  const expected = [
    "ports open-3306 medium",
    "tls HSTS low",
    "tls TLS1_3 medium",
    "web content-security-policy-configuration low",
  ];
  for (const one of expected) ok(found.includes(one), `${one}\n${out}`);
  match(out, /TCP port 3306 \(mysql\) is open/);
}

/** What is killed, when, and what is said of it. */
const KILLED = [
  {
    check: "ports",
    args: ["--address", NOWHERE],
    program: /\bnmap$/,
    signal: "SIGKILL",
    isTime: () => Promise.resolve(true),
    says: /nmap ended with code 137/,
  },
  {
    check: "tls",
    args: HERE,
    program: /\btestssl$/,
    signal: "SIGTERM", // upon which it ends its report tidily
    isTime: async ({ argv }: Running) => {
      const report = await Deno.readTextFile(argv[argv.indexOf("--jsonfile") + 1] ?? "").catch(() => "");
      return report.includes(`"TLS1_3"`);
    },
    says: /^in part: testssl ended with code 143.*testssl says nothing of headers/,
  },
  {
    check: "web",
    args: HERE,
    program: /\bwapiti$/,
    signal: "SIGKILL",
    isTime: () => Promise.resolve(true),
    says: /wapiti ended with code 137/,
  },
] as const;

async function looksWhileKilled(host: ScannedHost): Promise<void> {
  const swallowed = await host.run(["nft", "--file", "-"], SWALLOWS);
  strictEqual(swallowed.code, 0, swallowed.err);
  for (const { check, args, program, signal, isTime, says } of KILLED) {
    const scanning = host.scan([check], args);
    await until(`${check} is under way`, async () => {
      const them = (await host.running()).filter(({ argv }) =>
        argv.slice(0, 2).some((one) => program.test(one))
      );
      const [first] = them;
      if (first === undefined || !await isTime(first)) return undefined;
      for (const { pid } of them) kill(pid, signal);
      return true;
    }, { everyMs: 20, deadlineMs: 180_000 });
    const { code, report, out } = await scanning;
    const [done] = report.checks;
    match(done?.notRun ?? "it passed", says, out);
    strictEqual(code, 3, out);
    match(out, /0 of 1 checks ran.*what did not run is no pass/);
  }
}

function kill(pid: number, signal: Deno.Signal): void {
  try {
    Deno.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

Deno.test({
  name:
    "a scan finds nothing on a host that is set up, what a careless hand left, and never passes a tool that was killed",
  ignore: CANNOT,
  async fn() {
    await withNginx({ limits: WIDE }, async (scene) => {
      const cookieFile = await writeCookie(scene);
      // Tools wait more than they work, so all look at the same time.
      const looks = await Promise.allSettled([
        withScannedHost(scene, { what: "clean", cookieFile }, looksClean),
        withScannedHost(scene, { what: "careless", cookieFile, change: careless }, looksCareless),
        withScannedHost(scene, { what: "killed", cookieFile }, looksWhileKilled),
      ]);
      const broken = looks.flatMap((look) => look.status === "rejected" ? [look.reason] : []);
      if (broken.length > 1) throw new AggregateError(broken, broken.join("\n"));
      for (const reason of broken) throw reason;
    });
  },
});
