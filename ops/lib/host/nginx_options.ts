/**
 * Where nginx's files lie, on which ports it listens and how long it waits: what differs between a host and a test that
 * runs the same text beside it.
 *
 * @module
 */

import { PATHS } from "./layout.ts";
import type { Distribution } from "./step.ts";

/** Files and folders that the text names. */
export interface NginxPaths {
  /** Folder with `fullchain.pem` and `privkey.pem`. */
  readonly tls: string;
  /** The socket that requests are passed to, or a link to it. */
  readonly upstream: string;
  /** JSON a line, every request that named this host. */
  readonly accessLog: string;
  /** Time and address of what the limits refused. */
  readonly limitLog: string;
  /** Errors of the site. */
  readonly errorLog: string;
  /** Errors of nginx itself. */
  readonly mainErrorLog: string;
  /** Webroot of the ACME server's questions. */
  readonly acme: string;
  /** Pages that nginx shows by itself. */
  readonly pages: string;
  /** While this file is there, everybody but administrators sees the maintenance page. */
  readonly maintenance: string;
  /** Process id of the master. */
  readonly pid: string;
  /** Folder of bodies and answers that do not fit in memory; `null`: the distribution's own. */
  readonly temp: string | null;
}

/** Seconds that nginx waits for a client. */
export interface NginxWaits {
  /** For the whole head of a request. */
  readonly headS: number;
  /** Between two pieces of a body. */
  readonly bodyS: number;
  /** Until a client takes the next piece of an answer. */
  readonly sendS: number;
}

/** What the text is made for. */
export interface NginxOptions {
  /** Files and folders. */
  readonly paths: NginxPaths;
  /** What is included into `http` besides, globs as nginx knows them. */
  readonly includes: readonly string[];
  /** TCP ports. */
  readonly ports: { readonly http: number; readonly https: number };
  /** How long it waits. */
  readonly waits: NginxWaits;
  /** Networks of proxies before this host, whose X-Forwarded-For names the client; none: whoever connects is the client. */
  readonly proxies: readonly string[];
  /** User of the workers. */
  readonly user: string;
  /** Version as `nginx -v` says it; `null`: the distribution's. */
  readonly version: string | null;
}

/** What a host has. */
export const USUAL_OPTIONS: NginxOptions = {
  paths: {
    tls: PATHS.tls,
    upstream: PATHS.upstream,
    accessLog: PATHS.accessLog,
    limitLog: PATHS.limitLog,
    errorLog: PATHS.errorLog,
    mainErrorLog: "/var/log/nginx/error.log",
    acme: PATHS.acme,
    pages: PATHS.pages,
    maintenance: PATHS.maintenance,
    pid: "/run/nginx.pid",
    temp: null,
  },
  // What operators add of their own; sites of others, the package's default among them, are not served.
  includes: ["/etc/nginx/conf.d/*.conf"],
  ports: { http: 80, https: 443 },
  // Longer than a phone on a slow network pauses, shorter than anybody gains by holding a connection.
  waits: { headS: 10, bodyS: 20, sendS: 20 },
  proxies: [],
  user: "www-data",
  version: null,
};

/** What nginx writes, in one folder in place of the host's own: for a trial beside it. */
export function writtenIn(
  folder: string,
): Omit<NginxPaths, "tls" | "upstream" | "acme" | "pages" | "maintenance"> {
  const at = (name: string) => `${folder}/${name}`;
  return {
    accessLog: at("access.json"),
    limitLog: at("limits.txt"),
    errorLog: at("error.txt"),
    mainErrorLog: at("main.txt"),
    pid: at("pid"),
    temp: at("temp"),
  };
}

/** What a version knows. */
export interface NginxAbilities {
  /** `ssl_reject_handshake` (1.19.4): a name that is not ours is refused before a certificate is shown. */
  readonly rejectsHandshakes: boolean;
  /** `http2 on` (1.25.1) in place of `listen … http2`. */
  readonly http2Directive: boolean;
  /** Limits of HTTP/2 have directives of their own (before 1.19.7). */
  readonly http2Limits: boolean;
}

const VERSIONS: Readonly<Record<Distribution, string>> = {
  "ubuntu-22.04": "1.18.0",
  "debian-12": "1.22.1",
  "ubuntu-24.04": "1.24.0",
};

/** What the nginx of a distribution knows, or one of another version. */
export function abilitiesOf(distribution: Distribution, version: string | null): NginxAbilities {
  const [, minor = 0, patch = 0] = (version ?? VERSIONS[distribution]).split(".").map(Number);
  const since = (wantedMinor: number, wantedPatch: number) =>
    minor > wantedMinor || (minor === wantedMinor && patch >= wantedPatch);
  return {
    rejectsHandshakes: since(19, 4),
    http2Directive: since(25, 1),
    http2Limits: !since(19, 7),
  };
}
