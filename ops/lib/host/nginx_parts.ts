/**
 * The parts of the product as nginx tells them apart by their paths: what each may take, how long it may take and
 * whether it is compressed.
 *
 * Compression and secrets: an answer that holds a secret and something that its reader's enemy chose, compressed
 * together, tells of the secret by its length (BREACH). So nothing is compressed on pages that show a secret (account,
 * second factor, links of e-mails and invitations, files with keys). Other pages hold names and readings; session cookies are
 * `SameSite=Lax`, so no other site makes a browser ask for them in the background, and there is no token in a form.
 *
 * @module
 */

import type { LimitsDescription } from "./description.ts";
import type { NginxPaths } from "./nginx_options.ts";
import { block, type Lines, remark } from "./nginx_text.ts";
import { type Zone, type ZoneName, zonesOf } from "./nginx_zones.ts";

/** A part of the product. */
export interface Part {
  /** What it is, for whoever reads the text. */
  readonly why: string;
  /** Matched as nginx does: `= /path`, `^~ /path`, `~ regex`. */
  readonly match: string;
  /** Zones it counts in; the last one is said in the access log. */
  readonly zones: readonly ZoneName[];
  /** Largest body in kB, or the described one; absent: that of pages. */
  readonly bodyKb?: number | "described";
  /** Whether answers are compressed. */
  readonly gzip: boolean;
  /**
   * Whether its requests carry a token in their address. The error log writes the whole request, query and referrer
   * too, and no directive changes that: nothing below an emergency is written there. The access log says what was
   * refused.
   */
  readonly quiet?: boolean;
  /** Directives besides. */
  readonly more?: Lines;
}

/** Largest body of a page's form in kB: a register map's form has 512, a file of half-hours 900. */
const PAGE_BODY_KB = 1024;

/** Largest body of the API and of signing in in kB, as the app has it. */
const SMALL_BODY_KB = 64;

/** The parts; of regular expressions the first that matches counts. */
const PARTS: readonly Part[] = [
  {
    why: "Live pages: nothing is gathered, an hour may pass between two lines",
    match: "~ ^/api/live(/|$)",
    zones: ["streams"],
    bodyKb: 1,
    gzip: false,
    more: ["proxy_buffering off;", "proxy_read_timeout 1h;"],
  },
  {
    why: "The API",
    match: "~ ^/api/v1(/|$)",
    zones: ["api"],
    bodyKb: SMALL_BODY_KB,
    gzip: true,
    more: ["proxy_read_timeout 300s;"],
  },
  {
    why: "Files and code of pages; the app says that hashed names hold for a year",
    match: '~ "^/_fresh/|^/css/|-[0-9a-f]{16}\\.[a-z0-9]{2,5}$"',
    zones: ["assets"],
    bodyKb: 1,
    gzip: true,
  },
  {
    why: "Links in e-mails and of the first start: the query is their token",
    match: "~ ^/(setup|invite|reset|confirm-email)(/|$)",
    zones: ["pages", "sign_in"],
    bodyKb: SMALL_BODY_KB,
    gzip: false,
    quiet: true,
  },
  {
    why: "Signing in; only what is sent counts as such",
    match: "~ ^/(sign-in|forgot)(/|$)",
    zones: ["pages", "sign_in"],
    bodyKb: SMALL_BODY_KB,
    gzip: false,
  },
  {
    why: "Exports",
    match: "~ (\\.csv|\\.xlsx|/export\\.json)$",
    zones: ["exports"],
    gzip: true,
    more: ["proxy_read_timeout 300s;"],
  },
  {
    why: "Pages that may show a secret, and files with keys for routers and their VPN",
    match: "~ ^/(account|admin/(mail|people)|sites/[^/]+/router)(/|$)",
    zones: ["pages"],
    gzip: false,
  },
  {
    why: "Sheets with sites",
    match: "= /sites/import",
    zones: ["pages"],
    bodyKb: "described",
    gzip: true,
  },
  {
    why: "How every part is: for administrators' networks and this machine; to others it is not there",
    match: "~ ^/(readyz|health|metrics)(/|$)",
    zones: ["pages"],
    bodyKb: 1,
    gzip: true,
    more: ["if ($wattpost_from_admin = 0) { return 404; }"],
  },
  { why: "Everything else", match: "/", zones: ["pages"], gzip: true },
];

/** The part to which nginx counts a path: an exact one, else the first regular expression, else everything else. */
export function partOf(path: string): Part | undefined {
  const matched = (one: Part) => one.match.startsWith("~ ") && new RegExp(regexIn(one.match)).test(path);
  return PARTS.find(({ match }) => match === `= ${path}`) ?? PARTS.find(matched) ??
    PARTS.find(({ match }) => match === "/");
}

function regexIn(match: string): string {
  return match.slice(2).replace(/^"(.*)"$/, "$1");
}

/** The locations of the site. */
export function locationLines(limits: LimitsDescription, paths: NginxPaths): Lines {
  const zones = zonesOf(limits);
  return PARTS.flatMap((part) => {
    const { why, match, gzip, quiet, more = [] } = part;
    const describedKb = limits.bodyMb * 1024;
    const bodyKb = part.bodyKb === "described"
      ? describedKb
      : Math.min(part.bodyKb ?? PAGE_BODY_KB, describedKb);
    const lines = [
      `set $wattpost_zone ${part.zones.at(-1)};`,
      ...part.zones.flatMap((name) => limitsOf(zones[name])),
      // A location that has a limit of its own no longer has the server's.
      ...(part.zones.some((name) => zones[name].atOnce !== null) ? [limitAll(limits)] : []),
      `client_max_body_size ${bodyKb}k;`,
      ...(gzip ? ["gzip on;"] : []),
      ...(quiet ? [`error_log ${paths.errorLog} emerg;`] : []),
      ...more,
      "proxy_pass http://wattpost_app;",
    ];
    return ["", ...remark(why), ...block(`location ${match}`, lines)];
  });
}

/** Connections at once over everything. */
export function limitAll({ connectionsPerAddress }: LimitsDescription): string {
  return `limit_conn all_at_once ${connectionsPerAddress};`;
}

function limitsOf({ name, burst, atOnce }: Zone): Lines {
  return [
    `limit_req zone=${name} burst=${burst} nodelay;`,
    ...(atOnce === null ? [] : [`limit_conn ${name}_at_once ${atOnce};`]),
  ];
}
