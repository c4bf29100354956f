/**
 * The servers of nginx: who is not asked for by name is not answered, other names lead to the domain, and the domain
 * is the product.
 *
 * @module
 */

import type { HostDescription } from "./description.ts";
import { logsOf } from "./nginx_log.ts";
import type { NginxAbilities, NginxOptions } from "./nginx_options.ts";
import { NGINX_PAGES, pagePolicy } from "./nginx_pages.ts";
import { limitAll, locationLines } from "./nginx_parts.ts";
import { block, type Lines, remark } from "./nginx_text.ts";
import { certificateLines, httpsListen } from "./nginx_tls.ts";

/** What servers are made of. */
export interface ServerInput {
  /** What the host is to be. */
  readonly described: HostDescription;
  /** What this nginx knows. */
  readonly can: NginxAbilities;
  /** Where everything is. */
  readonly options: NginxOptions;
}

/** Where nginx's own pages are below the site; nobody can ask for them. */
const OWN = "/wattpost-pages";

/** As the app sends it. */
const HSTS = 'add_header Strict-Transport-Security "max-age=63072000; includeSubDomains" always;';

/** All servers; stands in `http`. */
export function serverLines(input: ServerInput): Lines {
  const { described } = input;
  return [
    ...unknownHosts(input),
    "",
    ...plainHttp(input),
    ...(described.aliases.length === 0 ? [] : ["", ...otherNames(input)]),
    "",
    ...site(input),
  ];
}

function unknownHosts({ can, options: { ports, paths } }: ServerInput): Lines {
  return [
    ...remark(
      "Who asks for no name of ours, scanners of addresses above all, gets nothing: no answer, no certificate",
    ),
    ...block("server", [
      `listen ${ports.http} default_server;`,
      `listen [::]:${ports.http} default_server;`,
      "server_name _;",
      "access_log off;",
      "return 444;",
    ]),
    ...block("server", [
      ...httpsListen(ports.https, can, " default_server"),
      "server_name _;",
      "access_log off;",
      ...(can.rejectsHandshakes ? ["ssl_reject_handshake on;"] : certificateLines(paths)),
      "return 444;",
    ]),
  ];
}

function plainHttp({ described, options: { ports, paths } }: ServerInput): Lines {
  const port = ports.https === 443 ? "" : `:${ports.https}`;
  return [
    ...remark("Without TLS there are only the questions of the certificate authority"),
    ...block("server", [
      `listen ${ports.http};`,
      `listen [::]:${ports.http};`,
      `server_name ${[described.domain, ...described.aliases].join(" ")};`,
      ...logsOf(paths),
      "client_max_body_size 1k;",
      ...block("location ^~ /.well-known/acme-challenge/", [
        `root ${paths.acme};`,
        "default_type text/plain;",
        ...remark("What is asked for here in vain would stand in the log as whoever asked has written it"),
        "log_not_found off;",
        "limit_conn all_at_once 40;",
      ]),
      ...block("location /", [`return 301 https://$host${port}$request_uri;`]),
    ]),
  ];
}

function otherNames({ described, can, options: { ports, paths } }: ServerInput): Lines {
  return [
    ...remark("Other names lead to the one where cookies and forms work"),
    ...block("server", [
      ...httpsListen(ports.https, can),
      `server_name ${described.aliases.join(" ")};`,
      ...certificateLines(paths),
      ...logsOf(paths),
      HSTS,
      `return 301 https://${authorityOf(described, ports.https)}$request_uri;`,
    ]),
  ];
}

/** Host and, where it is not the usual one, port. */
function authorityOf({ domain }: Pick<HostDescription, "domain">, httpsPort: number): string {
  return httpsPort === 443 ? domain : `${domain}:${httpsPort}`;
}

function site(input: ServerInput): Lines {
  const { described, can, options: { ports, paths } } = input;
  return [
    ...remark("The product"),
    ...block("server", [
      ...httpsListen(ports.https, can),
      `server_name ${described.domain};`,
      ...certificateLines(paths),
      ...logsOf(paths),
      "",
      ...gate(input),
      "",
      ...proxyLines(authorityOf(described, ports.https)),
      "",
      limitAll(described.limits),
      ...locationLines(described.limits, paths),
      "",
      ...ownPages(input),
    ]),
  ];
}

/** What is answered before anything else is looked at. */
function gate({ options: { paths } }: ServerInput): Lines {
  return [
    'set $wattpost_answer "";',
    `if (-f ${paths.maintenance}) { set $wattpost_answer 503; }`,
    'if ($wattpost_from_admin) { set $wattpost_answer ""; }',
    ...remark(
      "Browsers send nothing but printable ASCII. The app would take a backslash for a slash and pass over a tab:",
      "what nginx counts as one path would be another one there",
    ),
    'if ($request_uri ~ "[^!-\\x5b\\x5d-~]") { set $wattpost_answer 400; }',
    ...remark(
      "Browsers take . and .. out before they ask. nginx does so after %2f became / and // one, the app before:",
      "/x%2fy/../health would be /x/health here and /health there",
    ),
    'if ($request_uri ~* "^[^?\\x23]*(/|%2f)([.]|%2e)([.]|%2e)?(/|%2f|[?\\x23]|$)") { set $wattpost_answer 400; }',
    `if ($uri ~ ^${OWN}/) { set $wattpost_answer ""; }`,
    "if ($wattpost_answer = 503) { return 503; }",
    "if ($wattpost_answer = 400) { return 400; }",
  ];
}

/** How the app is asked. */
function proxyLines(authority: string): Lines {
  return [
    "proxy_http_version 1.1;",
    `proxy_set_header Host ${authority};`,
    ...remark("The app believes the address; what a client wrote there is gone"),
    "proxy_set_header X-Forwarded-For $remote_addr;",
    "proxy_set_header X-Forwarded-Proto https;",
    `proxy_set_header X-Forwarded-Host ${authority};`,
    'proxy_set_header Forwarded "";',
    'proxy_set_header X-Real-IP "";',
    "proxy_set_header X-Request-Id $request_id;",
    'proxy_set_header Connection "";',
    ...remark("Only nginx compresses, and only where that tells nothing"),
    'proxy_set_header Accept-Encoding "";',
    "proxy_redirect off;",
    "proxy_connect_timeout 5s;",
    "proxy_send_timeout 60s;",
    "proxy_read_timeout 120s;",
    ...remark("A body has arrived whole before the app hears of it: slow senders hold nothing of it"),
    "proxy_request_buffering on;",
    "proxy_buffer_size 16k;",
    "proxy_buffers 8 16k;",
    "proxy_busy_buffers_size 32k;",
    ...remark("What a slow reader has not taken waits on the disk up to here, then in the app"),
    "proxy_max_temp_file_size 32m;",
  ];
}

/** Pages of nginx, for browsers and for programs. */
function ownPages({ options: { paths } }: ServerInput): Lines {
  const shown = NGINX_PAGES.map(({ name, status, also }) =>
    `error_page ${[status, ...also].join(" ")} ${OWN}/${name}.$wattpost_kind;`
  );
  return [
    ...remark("Heads that are too large"),
    `error_page 494 =431 ${OWN}/refused.$wattpost_kind;`,
    ...shown,
    ...block(`location ^~ ${OWN}/`, [
      "internal;",
      ...remark("A body that was too large there is so here too, and the page would not be shown"),
      "client_max_body_size 0;",
      `alias ${paths.pages}/;`,
      "types { text/html html; application/problem+json json; }",
      "charset utf-8;",
      "etag off;",
      "if_modified_since off;",
      "log_not_found off;",
      'add_header Last-Modified "";',
      ...ownHeaders(),
    ]),
  ];
}

/** What the app sends with each of its answers and nginx with its own. */
function ownHeaders(): Lines {
  const headers: readonly (readonly [string, string])[] = [
    ["Cache-Control", "no-store"],
    ["Content-Security-Policy", pagePolicy()],
    ["X-Content-Type-Options", "nosniff"],
    ["X-Frame-Options", "DENY"],
    // The address may hold a token: browsers ask for an icon next, and its line in the error log has a referrer.
    ["Referrer-Policy", "strict-origin"],
    ["Cross-Origin-Opener-Policy", "same-origin"],
    ["Cross-Origin-Resource-Policy", "same-origin"],
    ["Cross-Origin-Embedder-Policy", "require-corp"],
    ["X-Request-Id", "$request_id"],
    ["Retry-After", "$wattpost_wait"],
  ];
  return [HSTS, ...headers.map(([name, value]) => `add_header ${name} "${value}" always;`)];
}
