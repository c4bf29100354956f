import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { CANNOT, withNginx } from "./nginx_scene.ts";
import { run, until } from "./run.ts";

/** One finding of testssl. */
interface Finding {
  readonly id: string;
  readonly severity: string;
  readonly finding: string;
}

/** What testssl must find, by its own names. */
const EXPECTED: Readonly<Record<string, RegExp>> = {
  SSLv2: /^not offered$/,
  SSLv3: /^not offered$/,
  TLS1: /^not offered$/,
  TLS1_1: /^not offered$/,
  TLS1_2: /^offered$/,
  TLS1_3: /^offered/,
  ALPN_HTTP2: /^h2$/,
  cipherlist_NULL: /^not offered$/,
  cipherlist_aNULL: /^not offered$/,
  cipherlist_EXPORT: /^not offered$/,
  cipherlist_LOW: /^not offered$/,
  cipherlist_3DES_IDEA: /^not offered$/,
  cipherlist_AVERAGE: /^not offered$/,
  cipherlist_STRONG: /^offered$/,
  PFS: /^offered$/,
  PFS_ECDHE_curves: /^prime256v1 secp384r1 X25519$/,
  cert_chain_of_trust: /^passed/,
  cert_trust: /^Ok via SAN/,
  OCSP_stapling: /^not offered$/,
  HSTS_time: /^730 days/,
  HSTS_subdomains: /^includes subdomains$/,
  banner_server: /^nginx$/,
  "X-Frame-Options": /^DENY$/,
  "X-Content-Type-Options": /^nosniff$/,
  "Content-Security-Policy": /default-src 'none'/,
  "Referrer-Policy": /^same-origin$/,
};

/** Findings of a certificate authority that is made for a minute. */
const ACCEPTED = new Set(["cert_revocation"]);

/** What counts as bad. */
const BAD = new Set(["MEDIUM", "HIGH", "CRITICAL", "FATAL"]);

Deno.test({
  name:
    "testssl finds TLS 1.2 and 1.3 with forward secrecy, HTTP/2, no tickets, two years of HSTS, and nothing bad",
  ignore: CANNOT,
  async fn() {
    await withNginx({}, async (scene) => {
      const report = join(scene.folder, "testssl.json");
      const quiet = ["--quiet", "--color", "0", "--warnings", "off", "--jsonfile", report] as const;
      const args = [
        "--ip",
        "127.0.0.1",
        "--add-ca",
        scene.ca,
        ...quiet,
        "-p",
        "-s",
        "-S",
        "-f",
        "-h",
      ] as const;
      const { out, err } = await run(["testssl", ...args, `${scene.origin}/sign-in`], {
        deadlineMs: 300_000,
      });
      const findings: readonly Finding[] = JSON.parse(await Deno.readTextFile(report));
      for (const [id, wanted] of Object.entries(EXPECTED)) {
        const found = findings.find((one) => one.id === id);
        ok(found, `testssl says nothing of ${id}\n${out}${err}`);
        match(found.finding, wanted, `${id}: ${found.finding}`);
      }
      const port = scene.options.ports.https;
      const old = [
        "openssl",
        "s_client",
        "-tls1_2",
        "-connect",
        `127.0.0.1:${port}`,
        "-servername",
        "localhost",
      ] as const;
      doesNotMatch((await run(old, { input: "" })).out, /session ticket/i);
      deepStrictEqual(findings.filter(({ id, severity }) => BAD.has(severity) && !ACCEPTED.has(id)), []);
    });
  },
});

Deno.test({
  name: "the certificate is changed by a reload without a lost request",
  ignore: CANNOT,
  async fn() {
    await withNginx({ limits: { pagesPerSecond: 1_000 } }, async (scene) => {
      const serial = async () => {
        const args = [
          "-connect",
          `127.0.0.1:${scene.options.ports.https}`,
          "-servername",
          "localhost",
        ] as const;
        const { out } = await run(["openssl", "s_client", ...args], { input: "" });
        return /-----BEGIN CERTIFICATE-----[^-]*/.exec(out)?.[0];
      };
      const before = await serial();
      ok(before);
      await scene.renew();
      let over = false;
      const codes: string[] = [];
      const asking = (async () => {
        while (!over) {
          const args = ["--output", "/dev/null", "--write-out", "%{http_code}\n"] as const;
          codes.push((await run([...scene.curl, ...args, `${scene.origin}/livez`])).out.trim());
        }
      })();
      await scene.reload();
      // A worker of before may still take a connection or two.
      await until("the new one is served", async () => await serial() === before ? undefined : true);
      over = true;
      await asking;
      strictEqual(codes.filter((code) => code !== "200").length, 0, codes.join(" "));
    });
  },
});
