/**
 * Where certificates, certbot's folders and nginx are: the host's places, which a test replaces by its own.
 *
 * @module
 */

import { CERTIFICATE_NAME, HOST_FILES, IDS, PATHS } from "./layout.ts";

/** The places that certificates touch. */
export interface CertificatePlace {
  /** certbot's folder of settings and certificates. */
  readonly config: string;
  /** certbot's folder of work under way. */
  readonly work: string;
  /** certbot's folder of logs. */
  readonly logs: string;
  /** Added to certbot's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** How nginx is called. */
  readonly nginx: readonly [string, ...string[]];
  /** Folder from which nginx answers the authority's questions. */
  readonly webroot: string;
  /** The link to the folder of the served certificate. */
  readonly tls: string;
  /** Folder of the pair that nginx starts with. */
  readonly selfSigned: string;
  /** The file that tells the app, and who may read it. */
  readonly told: { readonly path: string; readonly owner: string };
  /** Where nginx serves TLS. */
  readonly served: { readonly hostname: string; readonly port: number };
  /** Port on which the authority asks. */
  readonly challengePort: number;
  /** Server that names are asked of; `null`: the system's. */
  readonly nameServer: { readonly ipAddr: string; readonly port: number } | null;
  /** Addresses of this host; `null`: asked of the system. */
  readonly addresses: readonly string[] | null;
}

/** The places of a host. */
export const HOST_PLACE: CertificatePlace = {
  config: "/etc/letsencrypt",
  work: "/var/lib/letsencrypt",
  logs: "/var/log/letsencrypt",
  env: {},
  nginx: ["/usr/sbin/nginx"],
  webroot: PATHS.acme,
  tls: PATHS.tls,
  selfSigned: PATHS.selfSigned,
  told: { path: `${PATHS.host}/${HOST_FILES.certificate}`, owner: `root:${IDS.app.name}` },
  served: { hostname: "127.0.0.1", port: 443 },
  challengePort: 80,
  nameServer: null,
  addresses: null,
};

/** Folder with the certificate that an authority issued: links to the newest files. */
export function liveFolder({ config }: Pick<CertificatePlace, "config">): string {
  return `${config}/live/${CERTIFICATE_NAME}`;
}

/** certbot's file of how the certificate is renewed. */
export function renewalFile({ config }: Pick<CertificatePlace, "config">): string {
  return `${config}/renewal/${CERTIFICATE_NAME}.conf`;
}

/** Path under which the authority asks for an answer. */
export const CHALLENGE_PATH = "/.well-known/acme-challenge";
