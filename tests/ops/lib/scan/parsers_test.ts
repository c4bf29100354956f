/**
 * What checks of a scan make of what the real tools printed; recorded in tests/fixtures/scan.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { judgeContainer, parseInspect } from "../../../../ops/lib/scan/hardening.ts";
import { judgePorts, openPorts, parseNmap } from "../../../../ops/lib/scan/ports.ts";
import { judgeSshd, looseBlocks, parseSshd } from "../../../../ops/lib/scan/sshd.ts";
import { missedByTestssl, parseTestssl } from "../../../../ops/lib/scan/tls.ts";
import { judgeExposure, parseExposure } from "../../../../ops/lib/scan/units.ts";
import {
  cookieJar,
  missedByWapiti,
  parseWapiti,
  sawSignedIn,
  sessionOf,
} from "../../../../ops/lib/scan/web.ts";
import { exampleDescription } from "../../../host/example_description.ts";
import inspect from "../../../fixtures/scan/inspect.json" with { type: "json" };
import nmap from "../../../fixtures/scan/nmap.xml" with { type: "text" };
import security from "../../../fixtures/scan/security.txt" with { type: "text" };
import sshd from "../../../fixtures/scan/sshd.txt" with { type: "text" };
import testssl from "../../../fixtures/scan/testssl.json" with { type: "json" };
import wapiti from "../../../fixtures/scan/wapiti.json" with { type: "json" };

const WHERE = "energy.example.test:8943";

Deno.test("parseTestssl() has what matters, without noise, and misses what must be offered", () => {
  const read = parseTestssl(JSON.stringify(testssl), WHERE);
  ok(read.ok);
  deepStrictEqual(read.value.map(({ id, severity }) => [id, severity]), [
    ["cipherlist_AVERAGE", "low"],
    ["cert_chain_of_trust", "critical"],
    ["cert_expirationStatus", "high"],
    ["HSTS", "low"],
    ["security_headers", "medium"],
    ["LUCKY13", "low"],
    ["TLS1_3", "medium"],
  ]);
});

const NO_ANSWERS = [
  { name: "no JSON", text: "" },
  { name: "an answer without protocols", text: "[]" },
  {
    name: "a server that is not there",
    text: `[{"id":"scanProblem","severity":"FATAL","finding":"Can't connect to '127.0.0.1:1'"}]`,
  },
];
for (const { name, text } of NO_ANSWERS) {
  Deno.test(`parseTestssl() takes ${name} for no pass`, () => {
    strictEqual(parseTestssl(text, WHERE).ok, false);
  });
}

const CUT_SHORT = [
  { name: "that came to its end", without: /^$/, says: [] },
  {
    name: "that was ended before the known attacks",
    without: /^(?:LUCKY13|scanTime)$/,
    says: ["testssl did not come to its end", "testssl says nothing of known attacks"],
  },
  { name: "that got no header", without: /^HSTS/, says: ["testssl says nothing of headers"] },
];
for (const { name, without, says } of CUT_SHORT) {
  Deno.test(`missedByTestssl() says what is not in a report ${name}`, () => {
    const report = testssl.filter(({ id }) => !without.test(id));
    deepStrictEqual(missedByTestssl(JSON.stringify(report)), says);
  });
}

Deno.test("missedByTestssl() says what was tried and failed, and that a report was closed by a signal", () => {
  const report = testssl.map((one) => {
    if (one.id === "heartbleed") return { ...one, severity: "WARN", finding: "Test failed, empty response" };
    return one.id === "scanTime" ? { ...one, severity: "WARN", finding: "Scan interrupted" } : one;
  });
  deepStrictEqual(missedByTestssl(JSON.stringify(report)), [
    "testssl did not come to its end",
    "heartbleed: Test failed, empty response",
  ]);
});

Deno.test("parseNmap() has the open ports of the address", () => {
  deepStrictEqual(parseNmap(nmap), {
    ok: true,
    value: { address: "127.0.0.1", open: [{ port: 8943, service: "" }] },
  });
});

const NO_PORTS = [
  { name: "a scan that was broken off", xml: nmap.replace('exit="success"', 'exit="error"') },
  { name: "no host", xml: nmap.replace(/<host .*<\/host>/s, "") },
  { name: "a host that answered too slowly", xml: nmap.replace("<host ", '<host timedout="true" ') },
];
for (const { name, xml } of NO_PORTS) {
  Deno.test(`parseNmap() takes ${name} for no pass`, () => strictEqual(parseNmap(xml).ok, false));
}

Deno.test("judgePorts() finds what is open besides and what should be and is not", () => {
  const seen = {
    address: "192.0.2.7",
    open: [443, 2222, 3306].map((port) => ({ port, service: port === 3306 ? "mysql" : "" })),
  };
  const judged = judgePorts(seen, { open: new Set([80, 443, 2222]), here: false });
  deepStrictEqual(judged.map(({ id, severity }) => [id, severity]), [
    ["open-3306", "high"],
    ["closed-80", "medium"],
  ]);
  const [here] = judgePorts(seen, { open: new Set([80, 443, 2222]), here: true });
  match(here?.what ?? "", /seen from the machine itself/);
});

Deno.test("openPorts() has what the table of segments opens to everybody and to administrators", () => {
  const described = { ...exampleDescription(), ssh: { port: 2222, keys: [] } };
  deepStrictEqual([...new Set(openPorts(described))].toSorted((a, b) => a - b), [80, 443, 2222]);
  deepStrictEqual(openPorts(null).toSorted((a, b) => a - b), [22, 80, 443]);
});

Deno.test("looseBlocks() finds passwords that are let in for some alone, in any file that sshd reads", async () => {
  const files: Readonly<Record<string, string>> = {
    "/etc/ssh/sshd_config": "Include /etc/ssh/sshd_config.d/*.conf\nPasswordAuthentication no\n",
    "/etc/ssh/sshd_config.d/60-vendor.conf": "Match Address 0.0.0.0/0\nPasswordAuthentication yes\n",
    "/etc/ssh/sshd_config.d/.hidden.conf": "Match all\nPasswordAuthentication yes\n",
  };
  const found = await looseBlocks({
    read: (path) => Promise.resolve(files[path] ?? null),
    list: () => Promise.resolve(["60-vendor.conf", ".hidden.conf", "notes"]),
  });
  deepStrictEqual(found.map(({ id, where }) => `${id} ${where}`), [
    "match-passwordauthentication /etc/ssh/sshd_config.d/60-vendor.conf",
  ]);
});

Deno.test("judgeSshd() finds passwords and root in what a distribution's sshd says of itself", () => {
  const settings = parseSshd(sshd);
  const found = new Map(judgeSshd(settings).map(({ id, severity }) => [id, severity]));
  strictEqual(found.get("passwordauthentication"), "critical");
  strictEqual(found.has("permitrootlogin"), false, "root by key is the way back");
  strictEqual(found.get("x11forwarding"), "low");
  strictEqual(found.has("permitemptypasswords"), false);
  const safe = parseSshd(
    sshd.replace("passwordauthentication yes", "passwordauthentication no"),
  );
  strictEqual(judgeSshd(safe).some(({ id }) => /password/.test(id)), false);
  const root = parseSshd(sshd.replace(/permitrootlogin \S+/, "permitrootlogin yes"));
  ok(judgeSshd(root).some(({ id, severity }) => id === "permitrootlogin" && severity === "critical"));
});

const LISTS = [
  { name: "ciphers", value: "aes128-ctr,aes256-cbc" },
  { name: "macs", value: "hmac-md5" },
  { name: "kexalgorithms", value: "diffie-hellman-group14-sha1" },
  { name: "maxauthtries", value: "100" },
  { name: "maxauthtries", value: "none" },
];
for (const { name, value } of LISTS) {
  Deno.test(`judgeSshd() finds ${name} ${value}`, () => {
    deepStrictEqual(judgeSshd(new Map([[name, value]])).map(({ id }) => id), [name]);
  });
}

Deno.test("judgeExposure() holds the app, which strangers talk to, to less than the host's own units", () => {
  strictEqual(parseExposure(security), 9.6);
  strictEqual(parseExposure("Failed to look up unit"), null);
  strictEqual(judgeExposure("wattpost@.service", 9.6)[0]?.severity, "high");
  strictEqual(judgeExposure("wattpost-check.service", 9.6).length, 0);
  strictEqual(judgeExposure("wattpost@.service", 1.9).length, 0);
});

Deno.test("judgeContainer() finds what a container may that runs as it comes, and nothing of a hardened one", () => {
  const [hard, soft] = parseInspect(JSON.stringify(inspect)) ?? [];
  ok(hard && soft);
  deepStrictEqual(judgeContainer(hard), []);
  deepStrictEqual(judgeContainer(soft).map(({ id }) => id).toSorted(), [
    "running-capabilities",
    "running-memory",
    "running-new-privileges",
    "running-processes",
    "running-published",
    "running-read-only",
    "running-user",
  ]);
  strictEqual(parseInspect("no"), null);
});

Deno.test("parseWapiti() has findings by kind and parameter, graver where code is injected", () => {
  const read = parseWapiti(JSON.stringify(wapiti), "http://127.0.0.1:8944/");
  ok(read.ok);
  const found = read.value.map(({ id, severity, where }) => [id, severity, where]);
  ok(
    found.some(([id, severity, where]) =>
      id === "cross-site-scripting:q" && severity === "high" && where === "http://127.0.0.1:8944/s"
    ),
  );
  ok(found.some(([id, severity]) => id === "content-security-policy-configuration" && severity === "low"));
  strictEqual(read.value.some(({ what }) => /X-XSS-Protection/.test(what)), false);
  strictEqual(parseWapiti("{}", "http://127.0.0.1/").ok, false);
});

const ALL_TRIED = "xss sql exec file crlf redirect csp http_headers cookieflags ssrf xxe".split(" ")
  .map((name) => `[*] Launching module ${name}\n`).join("");
const TRIES = [
  { name: "nothing where all was tried", out: ALL_TRIED, words: "", says: [] },
  {
    name: "what was not tried",
    out: ALL_TRIED.replace("module xss", "module x"),
    words: "",
    says: ["wapiti did not try xss"],
  },
  {
    name: "that a module broke",
    out: ALL_TRIED,
    words: `  File "/usr/lib/wapiti.py", line 7, in attack\n`,
    says: ["a module of wapiti broke"],
  },
  {
    name: "how often there was no answer",
    out: `${ALL_TRIED}12 requests were skipped due to network issues\n`,
    words: "",
    says: ["wapiti got no answer 12 times"],
  },
];
for (const { name, out, words, says } of TRIES) {
  Deno.test(`missedByWapiti() says ${name}`, () => deepStrictEqual(missedByWapiti(out, words), says));
}

Deno.test("sawSignedIn() wants a page that nobody else is led to", () => {
  const url = "https://energy.example.com/";
  strictEqual(sawSignedIn(`[+] GET ${url} (0)\n[+] GET ${url}account (1)\n`, url), true);
  strictEqual(sawSignedIn(`[+] GET ${url} (0)\n[+] GET ${url}sign-in?back=%2Faccount (1)\n`, url), false);
});

const COOKIES = [
  { text: "wattpost_session=abc.DEF-1\n", want: { name: "wattpost_session", value: "abc.DEF-1" } },
  { text: "a=b; Path=/", want: null },
  { text: "Cookie: a=b", want: null },
  { text: "", want: null },
];
for (const { text, want } of COOKIES) {
  Deno.test(`sessionOf() reads ${JSON.stringify(text)}`, () => deepStrictEqual(sessionOf(text), want));
}

Deno.test("cookieJar() names the host as wapiti looks it up", () => {
  const domains = ["energy.example.com", "192.0.2.7", "localhost"].map((host) =>
    Object.keys(JSON.parse(cookieJar(host, { name: "a", value: "b" })))[0]
  );
  deepStrictEqual(domains, [".energy.example.com", "192.0.2.7", ".localhost.local"]);
});
