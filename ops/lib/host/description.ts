/**
 * What a host is to be: the one description from which everything on it is made. Parsed once, at the edge, with all
 * errors at once.
 *
 * @module
 */

import type { Keep } from "../backup/keep.ts";
import type { RemoteDescription } from "../backup/remote.ts";

/** A host as `ops/host.json` describes it. */
export interface HostDescription {
  /** The name people type, `energy.example.com`, in lower case. */
  readonly domain: string;
  /** Other names of the same site; they lead to the domain. At most 20. */
  readonly aliases: readonly string[];
  /** Certificates. */
  readonly certificates: CertificateDescription;
  /** IPv4 and IPv6 networks (`192.0.2.0/24`) from which SSH is allowed; at least one. */
  readonly adminNetworks: readonly string[];
  /** SSH. */
  readonly ssh: SshDescription;
  /** Where routers are. */
  readonly routers: RoutersDescription;
  /** The VPN towards routers; `null`: none. */
  readonly vpn: VpnDescription | null;
  /** Zone of the host's clock in logs, `Europe/Berlin`; readings are UTC anyway. */
  readonly timeZone: string;
  /** Where readings are kept. */
  readonly database: DatabaseDescription;
  /** Backups; absent: none are made by themselves. */
  readonly backups?: BackupsDescription;
  /** Limits. */
  readonly limits: LimitsDescription;
}

/** Backups of the database, settings, credentials and keys. */
export interface BackupsDescription {
  /** Public keys of age to which they are encrypted, 1 to 10; the private ones lie elsewhere. */
  readonly recipients: readonly string[];
  /** When, each day by the host's clock: `02:37`. */
  readonly at: string;
  /** How many stay, here and elsewhere. */
  readonly keep: Keep;
  /** Where copies go; `null`: they lie on this host alone. */
  readonly remote: RemoteDescription | null;
}

/** How certificates are issued. */
export interface CertificateDescription {
  /** Where the authority writes to. */
  readonly email: string;
  /** Directory of the ACME server. */
  readonly directory: string;
  /** Whether {@link STAGING_DIRECTORY} is used in its place: browsers do not trust what it issues. */
  readonly staging: boolean;
}

/** Let's Encrypt, whose certificates browsers trust. */
export const PRODUCTION_DIRECTORY = "https://acme-v02.api.letsencrypt.org/directory";

/** Let's Encrypt for trials: the same answers, far higher limits, not trusted by browsers. */
export const STAGING_DIRECTORY = "https://acme-staging-v02.api.letsencrypt.org/directory";

/** How administrators get in. */
export interface SshDescription {
  /** TCP port. */
  readonly port: number;
  /** Public keys of `deploy`, one a line of authorized_keys; at least one, at most 50. */
  readonly keys: readonly string[];
}

/** Where routers are reached. */
export interface RoutersDescription {
  /** Networks of fixed addresses and private APNs; the VPN's own need not be named. At most 500. */
  readonly networks: readonly string[];
  /** TCP ports of Modbus there; at most 15. */
  readonly ports: readonly number[];
}

/** The VPN towards routers (WireGuard). */
export interface VpnDescription {
  /** Name or address at which routers reach this host. */
  readonly endpoint: string;
  /** UDP port. */
  readonly port: number;
  /** Private IPv4 network, /16 to /24; the host has its first address. */
  readonly network: string;
  /** Private IPv6 network (fd00::/8), /64 to /112; `null`: the VPN has none. */
  readonly network6: string | null;
}

/** Where readings are kept. */
export type DatabaseDescription =
  | { readonly kind: "sqlite" }
  | { readonly kind: "mysql"; readonly host: string; readonly port: number };

/** Limits of a host. */
export interface LimitsDescription {
  /** Pages a second from one address. */
  readonly pagesPerSecond: number;
  /** Calls of the API a second from one address. */
  readonly apiPerSecond: number;
  /** Sign-ins a minute from one address. */
  readonly signInsPerMinute: number;
  /** Exports a minute from one address. */
  readonly exportsPerMinute: number;
  /** Connections at once from one address. */
  readonly connectionsPerAddress: number;
  /** Live streams at once from one address. */
  readonly streamsPerAddress: number;
  /** Largest body of a request in MB. */
  readonly bodyMb: number;
  /** Minutes for which a ban lasts. */
  readonly banMinutes: number;
  /** Most that logs of nginx and of the app may take, in MB. */
  readonly logsMb: number;
  /** Most that the system's journal may take, in MB. */
  readonly journalMb: number;
}

/** Limits that hold where the description names none. */
export const USUAL_LIMITS: LimitsDescription = {
  pagesPerSecond: 20,
  apiPerSecond: 10,
  signInsPerMinute: 10,
  exportsPerMinute: 6,
  connectionsPerAddress: 40,
  streamsPerAddress: 10,
  bodyMb: 10,
  banMinutes: 60,
  logsMb: 500,
  journalMb: 500,
};
