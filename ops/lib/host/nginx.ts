/**
 * The configuration of nginx, made whole from the description: nobody edits it by hand. `deno task nginx print` shows
 * it, docs/nginx.md says why it is so.
 *
 * @module
 */

import type { HostDescription } from "./description.ts";
import { MADE_BY } from "./layout.ts";
import { logLines } from "./nginx_log.ts";
import { abilitiesOf, type NginxAbilities, type NginxOptions, USUAL_OPTIONS } from "./nginx_options.ts";
import { NGINX_PAGES, pageHtml, pageJson } from "./nginx_pages.ts";
import { serverLines } from "./nginx_servers.ts";
import { block, type Lines, mapOf, remark, textOf } from "./nginx_text.ts";
import { tlsLines } from "./nginx_tls.ts";
import { type Zone, zonesAtOnce, zonesOf } from "./nginx_zones.ts";
import type { HostFacts } from "./step.ts";

/** Texts of nginx. */
export interface NginxTexts {
  /** `/etc/nginx/nginx.conf`, all of it in one file: so a copy can be tried before it is moved into place. */
  readonly config: string;
  /** Pages by their file names. */
  readonly pages: Readonly<Record<string, string>>;
}

/** Connections of one worker. A stream takes two, and the app has a thousand. */
const WORKER_CONNECTIONS = 4096;

/** Files and sockets of one worker: two a connection and some. */
const WORKER_FILES = 2 * WORKER_CONNECTIONS + 1024;

/** The texts that make nginx as it is described. */
export function nginxConfig(
  described: HostDescription,
  facts: Pick<HostFacts, "distribution">,
  options: NginxOptions = USUAL_OPTIONS,
): NginxTexts {
  const can = abilitiesOf(facts.distribution, options.version);
  const pages = NGINX_PAGES.flatMap((page) => [
    [`${page.name}.html`, pageHtml(page)],
    [`${page.name}.json`, pageJson(page)],
  ]);
  return {
    config: textOf([...remark(MADE_BY), ...mainLines(options, siteLines(described, can, options))]),
    pages: Object.fromEntries(pages),
  };
}

function mainLines({ user, paths, includes }: NginxOptions, site: Lines): Lines {
  const temp = (kind: string) => `${kind}_temp_path ${paths.temp}/${kind};`;
  return [
    `user ${user};`,
    "worker_processes auto;",
    `worker_rlimit_nofile ${WORKER_FILES};`,
    ...remark("Workers of before a reload end when their streams have; longer than a release drains"),
    "worker_shutdown_timeout 60s;",
    `pid ${paths.pid};`,
    `error_log ${paths.mainErrorLog} warn;`,
    ...(paths.temp === null ? ["include /etc/nginx/modules-enabled/*.conf;"] : []),
    "",
    ...block("events", [`worker_connections ${WORKER_CONNECTIONS};`]),
    "",
    ...block("http", [
      "include /etc/nginx/mime.types;",
      "default_type application/octet-stream;",
      "server_tokens off;",
      "sendfile on;",
      "tcp_nopush on;",
      "server_names_hash_bucket_size 128;",
      "variables_hash_max_size 2048;",
      "map_hash_bucket_size 256;",
      `access_log off;`,
      ...(paths.temp === null ? [] : ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(temp)),
      ...includes.map((path) => `include ${path};`),
      "",
      ...site,
    ]),
  ];
}

function siteLines(described: HostDescription, can: NginxAbilities, options: NginxOptions): Lines {
  const { paths, proxies } = options;
  return [
    ...remark(
      "The link leads to the running release, which answers on a socket of its own; a switch moves the link.",
    ),
    ...remark("Kept connections would go on to the release of before"),
    ...block("upstream wattpost_app", [`server unix:${paths.upstream} max_fails=0;`]),
    "",
    ...clientLines(described, proxies),
    "",
    ...zoneLines(described),
    "",
    ...waitLines(can, options),
    "",
    ...gzipLines(),
    "",
    ...tlsLines(),
    "",
    ...logLines(),
    "",
    ...serverLines({ described, can, options }),
  ];
}

/** Who asks. */
function clientLines({ adminNetworks }: HostDescription, proxies: readonly string[]): Lines {
  const real = proxies.length === 0
    ? remark(
      "Nothing stands before this nginx: whoever connects is the client, whatever X-Forwarded-For says",
    )
    : [
      ...remark("Only what these proxies write into X-Forwarded-For is believed"),
      ...proxies.map((network) => `set_real_ip_from ${network};`),
      "real_ip_header X-Forwarded-For;",
      "real_ip_recursive on;",
    ];
  return [
    ...real,
    ...block("geo $wattpost_from_admin", [
      "default 0;",
      "127.0.0.1/32 1;",
      "::1/128 1;",
      ...adminNetworks.map((network) => `${network} 1;`),
    ]),
    ...remark("An IPv6 network of 64 bits counts as one address: whoever has one has all of it"),
    ...mapOf("$binary_remote_addr", "$wattpost_address", {
      "~(?s)^(?<wattpost_network>.{8}).{8}$": "$wattpost_network",
      default: "$binary_remote_addr",
    }),
    ...mapOf("$request_method", "$wattpost_sender", { POST: "$wattpost_address", default: "" }),
    ...mapOf("$request_uri", "$wattpost_kind", { "~^/api/v1(/|$|[?])": "json", default: "html" }),
  ];
}

/** What is counted, and what is said to whoever comes too often. */
function zoneLines({ limits }: HostDescription): Lines {
  const zones = zonesOf(limits);
  const key = ({ counts }: Zone) => counts === "all" ? "$wattpost_address" : "$wattpost_sender";
  const waits = Object.values(zones).map(({ name, waitS }) => [name, String(waitS)]);
  return [
    ...Object.values(zones).map((zone) =>
      `limit_req_zone ${key(zone)} zone=${zone.name}:10m rate=${zone.rate};`
    ),
    ...zonesAtOnce(zones).map(({ name }) => `limit_conn_zone $wattpost_address zone=${name}_at_once:10m;`),
    "limit_conn_zone $wattpost_address zone=all_at_once:10m;",
    "limit_req_status 429;",
    "limit_conn_status 429;",
    "limit_req_log_level error;",
    "limit_conn_log_level error;",
    "uninitialized_variable_warn off;",
    ...mapOf("$wattpost_zone", "$wattpost_zone_wait", { ...Object.fromEntries(waits), default: "5" }),
    ...mapOf("$status", "$wattpost_wait", {
      429: "$wattpost_zone_wait",
      502: "10",
      503: "300",
      504: "30",
      default: "",
    }),
  ];
}

/** How long clients may take, and how much they may send before anything is known of them. */
function waitLines(can: NginxAbilities, { waits }: NginxOptions): Lines {
  return [
    `client_header_timeout ${waits.headS}s;`,
    `client_body_timeout ${waits.bodyS}s;`,
    `send_timeout ${waits.sendS}s;`,
    "keepalive_timeout 30s;",
    "keepalive_requests 1000;",
    "reset_timedout_connection on;",
    ...remark("What is left of a refused body is read for so long and no longer"),
    "lingering_time 10s;",
    "lingering_timeout 5s;",
    ...remark("16 kB of head, as the app has it without nginx"),
    "client_header_buffer_size 2k;",
    "large_client_header_buffers 2 8k;",
    "client_body_buffer_size 64k;",
    "http2_max_concurrent_streams 32;",
    ...(can.http2Limits
      ? [
        ...remark("This version holds HTTP/2 by directives of its own"),
        `http2_recv_timeout ${waits.headS}s;`,
        "http2_idle_timeout 30s;",
        "http2_max_field_size 8k;",
        "http2_max_header_size 16k;",
        "http2_max_requests 1000;",
      ]
      : []),
  ];
}

/** Compression; on where a part says so. */
function gzipLines(): Lines {
  const types = [
    "text/css",
    "text/csv",
    "text/plain",
    "text/javascript",
    "application/javascript",
    "application/json",
    "application/problem+json",
    "image/svg+xml",
  ];
  return [
    ...remark("Neither text/event-stream nor application/x-ndjson: lines are sent as they are said"),
    "gzip off;",
    "gzip_vary on;",
    "gzip_comp_level 5;",
    "gzip_min_length 1000;",
    "gzip_proxied any;",
    `gzip_types ${types.join(" ")};`,
  ];
}
