/**
 * The example of a host's description with a comment on each field, for `docs/host.md`; a test compares the committed
 * page, and that no field lacks its comment.
 *
 * @module
 */

import { LIMIT_BOUNDS } from "./host/describe.ts";
import { type LimitsDescription, USUAL_LIMITS } from "./host/description.ts";

/** What each field decides, by its path; in the order of the example. */
export const FIELD_WORDS: Readonly<Record<string, string>> = {
  domain: "The name that people type; needed",
  aliases: "Other names of the same site, at most 20: they lead to the domain. Usual: none",
  certificates: "Certificates are issued by an ACME server, which asks this host by HTTP",
  "certificates.email": "Where the authority writes to before one ends; needed",
  "certificates.directory": "Directory of the ACME server. Usual: Let's Encrypt",
  "certificates.staging": "Whether its staging is used, for trials: browsers do not trust it. Usual: false",
  adminNetworks: "IPv4 and IPv6 networks from which SSH is allowed, 1 to 50, yours among them; needed",
  ssh: "How administrators get in",
  "ssh.port": "TCP port of sshd. Usual: 22",
  "ssh.keys": "Public keys of the user deploy, 1 to 50: Ed25519, ECDSA, or RSA of at least 3072 bits; needed",
  routers: "Where routers are: the app reaches these networks and no others",
  "routers.networks":
    "Networks of fixed addresses and private APNs, at most 500; the VPN's own is not among them",
  "routers.ports": "TCP ports of Modbus there, at most 15. Usual: 502",
  vpn: "WireGuard towards routers; left out: there is none",
  "vpn.endpoint": "Name or address at which routers reach this host. Usual: the domain",
  "vpn.port": "UDP port; not one of SSH's or nginx's numbers. Usual: 51820",
  "vpn.network": "Private IPv4 network, /16 to /24, that nobody else has: the host has its first address",
  "vpn.network6": "Private IPv6 network in fd00::/8, /64 to /112; left out: the VPN has none",
  timeZone: "Zone of the host's clock in logs; readings are UTC anyway. Usual: UTC",
  database:
    'Where readings are kept: {"kind": "sqlite"}, the usual, or {"kind": "mysql", "host": "db1", "port": 3306}',
  "database.kind":
    "MariaDB is mysql too; user and password are the credential database_url, not part of this file",
  backups: "Backups of everything that cannot be made anew; left out: none are made by themselves",
  "backups.recipients":
    "Public keys of age, 1 to 10, whose private ones lie elsewhere: who has one reads every backup; needed",
  "backups.at": "When, each day by the host's clock. Usual: 02:37",
  "backups.keep": "How many stay, here and elsewhere: the newest of each of the last",
  "backups.keep.daily": "days, 1 to 366. Usual: 7",
  "backups.keep.weekly": "weeks, 0 to 520. Usual: 5",
  "backups.keep.monthly": "months, 0 to 240. Usual: 12",
  "backups.remote":
    'Where copies go: this, {"kind": "s3", "url", "bucket", "prefix"} or {"kind": "folder", "path"}; left out: nowhere',
  "backups.remote.kind": "Its secrets are files of the host, not part of this one",
  "backups.remote.host": "Name or address of the machine",
  "backups.remote.port": "TCP port of SSH there. Usual: 22",
  "backups.remote.user": "User there, let in by key",
  "backups.remote.path": "Folder there, from /",
  limits: "Limits of the host; each may be left out",
  "limits.pagesPerSecond": "Pages a second from one address",
  "limits.apiPerSecond": "Calls of the API a second from one address",
  "limits.signInsPerMinute": "Sign-ins a minute from one address",
  "limits.exportsPerMinute": "Exports a minute from one address",
  "limits.connectionsPerAddress": "Connections at once from one address",
  "limits.streamsPerAddress": "Live streams at once from one address; not more than its connections",
  "limits.bodyMb": "Largest body of a request in MB",
  "limits.banMinutes": "Minutes for which a ban lasts",
  "limits.logsMb": "Most that logs of nginx and of the app take, in MB",
  "limits.journalMb": "Most that the system's journal takes, in MB",
};

const BLOCK = /(<!-- deno-fmt-ignore-start -->\n)[^]*(<!-- deno-fmt-ignore-end -->)/;

/** The page with the example made anew. */
export function withExample(page: string, example: unknown): string {
  return page.replace(BLOCK, (_, begin, end) => `${begin}\n${formatExample(example)}\n${end}`);
}

/** The example with its comments, as a block of Markdown. */
export function formatExample(example: unknown): string {
  return `\`\`\`jsonc\n${objectText(example, { place: "", indent: "" })}\n\`\`\`\n`;
}

/** The paths of all fields of an example. */
export function fieldsIn(value: unknown, place = ""): readonly string[] {
  return entriesOf(value).flatMap(([name, inside]) => {
    const path = place === "" ? name : `${place}.${name}`;
    return [path, ...fieldsIn(inside, path)];
  });
}

function objectText(
  value: unknown,
  { place, indent }: { readonly place: string; readonly indent: string },
): string {
  const deeper = `${indent}  `;
  const entries = entriesOf(value);
  const lines = entries.map(([name, inside], at) => {
    const path = place === "" ? name : `${place}.${name}`;
    const text = entriesOf(inside).length > 0
      ? objectText(inside, { place: path, indent: deeper })
      : JSON.stringify(inside).replaceAll('","', '", "');
    const comma = at < entries.length - 1 ? "," : "";
    return `${deeper}// ${FIELD_WORDS[path] ?? ""}${boundsText(path)}\n${deeper}"${name}": ${text}${comma}`;
  });
  return `{\n${lines.join("\n")}\n${indent}}`;
}

function boundsText(path: string): string {
  const name = path.replace(/^limits\./, "") as keyof LimitsDescription;
  if (!path.startsWith("limits.") || !(name in LIMIT_BOUNDS)) return "";
  const [least, most] = LIMIT_BOUNDS[name];
  return `, ${least} to ${most}. Usual: ${USUAL_LIMITS[name]}`;
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}
