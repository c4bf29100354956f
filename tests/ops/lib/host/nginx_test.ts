import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { type HostDescription, USUAL_LIMITS } from "../../../../ops/lib/host/description.ts";
import { MADE_BY } from "../../../../ops/lib/host/layout.ts";
import { nginxConfig } from "../../../../ops/lib/host/nginx.ts";
import { NGINX_HELP, readNginxArguments } from "../../../../ops/lib/host/nginx_arguments.ts";
import { abilitiesOf, USUAL_OPTIONS } from "../../../../ops/lib/host/nginx_options.ts";
import { NGINX_PAGES, pageHtml, pageJson, pagePolicy } from "../../../../ops/lib/host/nginx_pages.ts";
import { zonesOf } from "../../../../ops/lib/host/nginx_zones.ts";
import type { Distribution } from "../../../../ops/lib/host/step.ts";

const DESCRIBED: HostDescription = {
  domain: "energy.example.com",
  aliases: ["www.energy.example.com"],
  certificates: { email: "ops@example.com", directory: "https://ca.example/dir", staging: false },
  adminNetworks: ["192.0.2.0/24", "2001:db8:1::/48"],
  ssh: { port: 22, keys: [] },
  routers: { networks: [], ports: [502] },
  vpn: null,
  timeZone: "Europe/Berlin",
  database: { kind: "sqlite" },
  limits: USUAL_LIMITS,
};

const textFor = (distribution: Distribution, described = DESCRIBED) =>
  nginxConfig(described, { distribution }).config;

/** Lines of the last block of that name, without it and without what stands deeper. */
function linesIn(text: string, head: string): readonly string[] {
  const lines = text.split("\n");
  const first = lines.findLastIndex((line) => line.trim() === `${head} {`);
  ok(first >= 0, `There is no ${head}`);
  const indent = /^ */.exec(lines[first] ?? "")?.[0] ?? "";
  const last = lines.findIndex((line, at) => at > first && line === `${indent}}`);
  return lines.slice(first + 1, last).filter((line) => line.startsWith(`${indent}  `) && !/^\s*#/.test(line))
    .map((line) => line.trim());
}

Deno.test("nginxConfig() says who made the file, and closes every block that it opens", () => {
  const text = textFor("debian-12");
  match(text, new RegExp(`^# ${MADE_BY.replaceAll(/[()]/g, "\\$&")}\n`));
  const plain = text.replaceAll(/#.*/g, "").replaceAll(/"[^"]*"|'[^']*'/g, "");
  strictEqual(plain.split("{").length, plain.split("}").length);
  for (const line of plain.split("\n")) match(line.trimEnd(), /[;{}]$|^$|\blog_format \w+/);
});

Deno.test("nginxConfig() uses what each distribution's nginx knows", () => {
  const [jammy, bookworm, noble] = [textFor("ubuntu-22.04"), textFor("debian-12"), textFor("ubuntu-24.04")];
  doesNotMatch(jammy, /ssl_reject_handshake/);
  match(jammy, /http2_recv_timeout 10s;/);
  match(
    jammy,
    /listen 443 ssl http2 default_server;\n\s+listen \[::\]:443 ssl http2 default_server;\n\s+server_name _;\n\s+access_log off;\n\s+ssl_certificate /,
  );
  for (const text of [bookworm, noble]) {
    match(text, /ssl_reject_handshake on;/);
    doesNotMatch(text, /http2_recv_timeout|http2 on;/);
  }
  const newer =
    nginxConfig(DESCRIBED, { distribution: "debian-12" }, { ...USUAL_OPTIONS, version: "1.26.2" }).config;
  match(newer, /listen 443 ssl;\n\s+listen \[::\]:443 ssl;\n\s+http2 on;/);
  doesNotMatch(newer, /ssl http2/);
});

Deno.test("abilitiesOf() compares versions as numbers", () => {
  strictEqual(abilitiesOf("debian-12", "1.9.15").rejectsHandshakes, false);
  strictEqual(abilitiesOf("debian-12", "1.25.0").http2Directive, false);
  strictEqual(abilitiesOf("debian-12", "1.25.1").http2Directive, true);
});

Deno.test("nginxConfig() has Mozilla's intermediate TLS and nothing older", () => {
  const text = textFor("debian-12");
  match(text, /ssl_protocols TLSv1\.2 TLSv1\.3;/);
  match(text, /ssl_session_tickets off;/);
  const [, ciphers = ""] = /ssl_ciphers (\S+);/.exec(text) ?? [];
  for (const cipher of ciphers.split(":")) {
    match(cipher, /^ECDHE-(ECDSA|RSA)-(AES\d+-GCM-SHA\d+|CHACHA20-POLY1305)$/);
  }
});

Deno.test("nginxConfig() bounds every part of the product by a zone, a body and connections at once", () => {
  const text = textFor("debian-12");
  const heads = [...new Set([...text.matchAll(/^\s+location (.*) \{$/gm)].map(([, head = ""]) => head))];
  const proxied = heads.filter((head) =>
    linesIn(text, `location ${head}`).some((line) => line.startsWith("proxy_pass"))
  );
  strictEqual(proxied.length, 10);
  for (const head of proxied) {
    const lines = linesIn(text, `location ${head}`);
    ok(lines.some((line) => /^limit_req zone=\w+ burst=\d+ nodelay;$/.test(line)), head);
    ok(lines.some((line) => /^client_max_body_size \d+k;$/.test(line)), head);
    const own = lines.filter((line) => line.startsWith("limit_conn "));
    ok(own.length === 0 || own.includes("limit_conn all_at_once 40;"), `${head} has lost the server's`);
  }
});

Deno.test("nginxConfig() takes the described limits", () => {
  const limits = {
    ...USUAL_LIMITS,
    pagesPerSecond: 7,
    signInsPerMinute: 9,
    bodyMb: 25,
    streamsPerAddress: 3,
  };
  const text = textFor("debian-12", { ...DESCRIBED, limits });
  match(text, /limit_req_zone \$wattpost_address zone=pages:10m rate=7r\/s;/);
  match(text, /limit_req_zone \$wattpost_sender zone=sign_in:10m rate=9r\/m;/);
  ok(linesIn(text, "location = /sites/import").includes("client_max_body_size 25600k;"));
  ok(linesIn(text, "location ~ ^/api/live(/|$)").includes("limit_conn streams_at_once 3;"));
});

Deno.test("nginxConfig() never takes more of a page than of a sheet", () => {
  const text = textFor("debian-12", { ...DESCRIBED, limits: { ...USUAL_LIMITS, bodyMb: 0.5 } });
  ok(linesIn(text, "location /").includes("client_max_body_size 512k;"));
});

Deno.test("nginxConfig() streams live pages, and compresses neither them nor what shows secrets", () => {
  const text = textFor("debian-12");
  const live = linesIn(text, "location ~ ^/api/live(/|$)");
  ok(live.includes("proxy_buffering off;") && live.includes("proxy_read_timeout 1h;"));
  const secret = ["api/live", "setup|invite", "sign-in|forgot", "account|admin/"];
  for (const part of secret) {
    const head = [...text.matchAll(/location (.*) \{/g)].map(([, one = ""]) => one).find((one) =>
      one.includes(part)
    );
    ok(!linesIn(text, `location ${head}`).includes("gzip on;"), part);
  }
  match(text, /^\s+gzip off;$/m);
  doesNotMatch(/gzip_types (.*);/.exec(text)?.[1] ?? "", /event-stream|ndjson/);
});

Deno.test("nginxConfig() writes neither queries nor cookies nor headers with tokens into the access log", () => {
  const text = textFor("debian-12");
  const [, format = ""] = /log_format wattpost escape=json\n\s+'(.*)';/.exec(text) ?? [];
  const example = format.replaceAll(/"\$\w+"/g, '"x"').replaceAll(/:\$\w+/g, ":1");
  deepStrictEqual(Object.keys(JSON.parse(example)).slice(0, 5), ["at", "id", "client", "method", "path"]);
  doesNotMatch(format, /\$(request|request_uri|uri|args|query_string|http_\w+|cookie_\w+|arg_\w+)\b/);
});

Deno.test("nginxConfig() keeps the error log silent where an address is a secret", () => {
  const lines = linesIn(textFor("debian-12"), "location ~ ^/(setup|invite|reset|confirm-email)(/|$)");
  ok(lines.some((line) => /^error_log \S+ emerg;$/.test(line)));
});

Deno.test("nginxConfig() believes no X-Forwarded-For unless proxies are named", () => {
  const plain = textFor("debian-12");
  doesNotMatch(plain, /set_real_ip_from|real_ip_header/);
  match(plain, /proxy_set_header X-Forwarded-For \$remote_addr;/);
  doesNotMatch(plain, /proxy_add_x_forwarded_for/);
  const options = { ...USUAL_OPTIONS, proxies: ["198.51.100.0/24"] };
  const behind = nginxConfig(DESCRIBED, { distribution: "debian-12" }, options).config;
  match(behind, /set_real_ip_from 198\.51\.100\.0\/24;/);
});

Deno.test("nginxConfig() lets administrators' networks and this machine pass, nobody else", () => {
  deepStrictEqual(linesIn(textFor("debian-12"), "geo $wattpost_from_admin"), [
    "default 0;",
    "127.0.0.1/32 1;",
    "::1/128 1;",
    "192.0.2.0/24 1;",
    "2001:db8:1::/48 1;",
  ]);
});

Deno.test("nginxConfig() has no server for other names where there are none", () => {
  const text = textFor("debian-12", { ...DESCRIBED, aliases: [] });
  doesNotMatch(text, /www\./);
  match(text, /server_name energy\.example\.com;/);
});

Deno.test("zonesOf() tells to wait until one more is let in", () => {
  const zones = zonesOf({ ...USUAL_LIMITS, signInsPerMinute: 7, exportsPerMinute: 120 });
  strictEqual(zones.sign_in.waitS, 9);
  strictEqual(zones.exports.waitS, 1);
  strictEqual(zones.sign_in.counts, "sent");
});

Deno.test("pages of nginx load nothing, and say the same to programs", () => {
  for (const page of NGINX_PAGES) {
    const html = pageHtml(page);
    doesNotMatch(html, /(src|href)="(?!\/?"|")/);
    doesNotMatch(html, /<script|@import|url\(|style="/);
    match(html, new RegExp(`<h1>${page.title}</h1>`));
    deepStrictEqual(JSON.parse(pageJson(page)), {
      type: "about:blank",
      title: page.title,
      detail: page.words,
    });
  }
  match(pagePolicy(), /^default-src 'none'; style-src 'sha256-[\w+/]{43}='; /);
});

const ORDERS = [
  { args: [], want: null },
  { args: ["print", "--help"], want: null },
  { args: ["print"], want: { command: "print", file: null, distribution: null } },
  {
    args: ["print", "--for", "ubuntu-22.04", "--file", "a.json"],
    want: { command: "print", file: "a.json", distribution: "ubuntu-22.04" },
  },
  { args: ["check"], want: { command: "check", file: null } },
  { args: ["check", "--for", "debian-12"], want: 'check takes no "--for"' },
  { args: ["check", "--file"], want: "--file wants a value behind it" },
  { args: ["print", "--for", "suse"], want: '--for takes debian-12, ubuntu-22.04, ubuntu-24.04, not "suse"' },
  { args: ["maintenance"], want: { command: "maintenance", to: null } },
  { args: ["maintenance", "on"], want: { command: "maintenance", to: "on" } },
  { args: ["maintenance", "perhaps"], want: 'maintenance is on or off, not "perhaps"' },
  { args: ["maintenance", "off", "now"], want: 'maintenance takes no "now"' },
  { args: ["chek"], want: '"chek" is no command; known are print, check and maintenance' },
] as const;

for (const { args, want } of ORDERS) {
  Deno.test(`readNginxArguments() reads "${args.join(" ")}"`, () => {
    const read = readNginxArguments(args);
    deepStrictEqual(read.ok ? read.value : read.error, want);
  });
}

Deno.test("the help of deno task nginx names each command", () => {
  for (const command of ["print", "check", "maintenance on", "maintenance off"]) {
    ok(NGINX_HELP.includes(`deno task nginx ${command}`));
  }
});
