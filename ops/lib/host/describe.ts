/**
 * Reads `ops/host.json`: everything that is wrong is said at once, by field, and what is left out has its usual value.
 * Pure.
 *
 * @module
 */

import { addressText, type Network, networkText, parseAddress } from "../../../lib/domain/address.ts";
import { nearestOf } from "../../../lib/domain/site_sheet.ts";
import { err, ok, type Result } from "../../../lib/result.ts";
import type { FieldError } from "../fields.ts";
import { backupsOf } from "./describe_backups.ts";
import {
  distinct,
  entriesOf,
  type Field,
  fieldsOf,
  flagOf,
  inner,
  isAbsent,
  refuse,
  textOf,
  wholeOf,
} from "./describe_fields.ts";
import { adminNetworkOf, routerNetworkOf, type Taken, vpnNetworkOf } from "./describe_networks.ts";
import {
  type CertificateDescription,
  type DatabaseDescription,
  type HostDescription,
  type LimitsDescription,
  PRODUCTION_DIRECTORY,
  type RoutersDescription,
  type SshDescription,
  STAGING_DIRECTORY,
  USUAL_LIMITS,
  type VpnDescription,
} from "./description.ts";
import { hostNameOf } from "./host_name.ts";
import { readSshKey } from "./ssh_key.ts";

const LONGEST = 200_000;
const USUAL_ZONE = "UTC";
/** Least and most of each limit. */
export const LIMIT_BOUNDS: Readonly<Record<keyof LimitsDescription, readonly [least: number, most: number]>> =
  {
    pagesPerSecond: [1, 1_000],
    apiPerSecond: [1, 1_000],
    signInsPerMinute: [1, 600],
    exportsPerMinute: [1, 600],
    connectionsPerAddress: [4, 10_000],
    streamsPerAddress: [1, 1_000],
    bodyMb: [1, 100],
    banMinutes: [1, 43_200],
    logsMb: [8, 100_000],
    journalMb: [16, 100_000],
  };
const TOP = [
  "domain",
  "aliases",
  "certificates",
  "adminNetworks",
  "ssh",
  "routers",
  "vpn",
  "timeZone",
  "database",
  "backups",
  "limits",
] as const;

/** Reads the text of a description. */
export function readDescription(text: string): Result<HostDescription, readonly FieldError[]> {
  const json = parseJson(text);
  if (!json.ok) return err([json.error]);
  const errors: FieldError[] = [];
  const described = descriptionOf({ place: "", value: json.value, errors });
  return described !== null && errors.length === 0 ? ok(described) : err(errors);
}

/** A description as it is written down. */
export function formatDescription(described: HostDescription): string {
  return `${JSON.stringify(described, null, 2)}\n`;
}

function parseJson(text: string): Result<unknown, FieldError> {
  const refused = (value: string, expects: string) => err({ field: "the description", value, expects });
  if (text.length > LONGEST) {
    return refused(`${text.length} characters long`, `at most ${LONGEST} characters`);
  }
  try {
    return ok(JSON.parse(text.replace(/^\uFEFF/, "")));
  } catch (error) {
    return refused("no JSON", `JSON without comments: ${error instanceof Error ? error.message : error}`);
  }
}

function descriptionOf(field: Field): HostDescription | null {
  const fields = fieldsOf(field, TOP);
  const domain = domainOf(fields.domain);
  const aliases = distinct(
    entriesOf(fields.aliases, { least: 0, most: 20, of: "names" }),
    (alias) => aliasOf(alias, domain),
  );
  const admins = distinct(
    entriesOf(fields.adminNetworks, { least: 1, most: 50, of: "networks" }),
    adminNetworkOf,
  );
  const ssh = sshOf(fields.ssh);
  const routers = routersOf(fields.routers);
  const taken = [...takenBy("adminNetworks", admins), ...takenBy("routers.networks", routers.networks)];
  const vpn = isAbsent(fields.vpn) ? null : vpnOf(fields.vpn, { domain, taken, ssh });
  const listed = inner(fields.routers, "networks");
  if (
    isAbsent(fields.vpn) && (isAbsent(listed) || (Array.isArray(listed.value) && listed.value.length === 0))
  ) {
    refuse(listed, "networks of routers, or a vpn by which they are reached");
  }
  const backups = isAbsent(fields.backups) ? undefined : backupsOf(fields.backups);
  const described = {
    domain,
    aliases,
    certificates: certificatesOf(fields.certificates),
    adminNetworks: admins.map(networkText),
    ssh,
    routers: { networks: routers.networks.map(networkText), ports: routers.ports },
    vpn,
    timeZone: zoneOf(fields.timeZone),
    database: databaseOf(fields.database),
    ...(backups === undefined ? {} : { backups }),
    limits: limitsOf(fields.limits),
  };
  return isWhole(described) ? described : null;
}

type Draft = { readonly [K in keyof HostDescription]: HostDescription[K] | null };

function isWhole(draft: Draft): draft is HostDescription {
  return Object.entries(draft).every(([name, value]) => value !== null || name === "vpn");
}

function takenBy(place: string, networks: readonly Network[]): readonly Taken[] {
  return networks.map((network, at) => ({ place: `${place}[${at}]`, network }));
}

const NAME = `a name such as "energy.example.com", without https:// and port`;

function domainOf(field: Field): string | null {
  const text = textOf(field, NAME);
  return text === null ? null : hostNameOf(text) ?? refuse(field, NAME);
}

function aliasOf(field: Field, domain: string | null): string | null {
  const name = domainOf(field);
  return name !== null && name === domain ? refuse(field, "another name than the domain") : name;
}

function certificatesOf(field: Field): CertificateDescription | null {
  const { email, directory, staging } = fieldsOf(field, ["email", "directory", "staging"]);
  const isStaging = flagOf(staging);
  const address = emailOf(email);
  const url = isAbsent(directory) ? PRODUCTION_DIRECTORY : directoryOf(directory);
  if (isStaging && url !== null && ![PRODUCTION_DIRECTORY, STAGING_DIRECTORY].includes(url)) {
    refuse(staging, "false: we know no staging directory of the one that is named");
  }
  return address === null || url === null ? null : { email: address, directory: url, staging: isStaging };
}

function emailOf(field: Field): string | null {
  const expects = `an e-mail address such as "operations@example.com"`;
  const text = textOf(field, expects);
  if (text === null) return null;
  const [, local, domain] = /^([^\s@"'<>()\\,;:[\]]{1,64})@([^@]+)$/.exec(text) ?? [];
  const name = domain === undefined ? null : hostNameOf(domain);
  return local === undefined || name === null ? refuse(field, expects) : `${local}@${name}`;
}

function directoryOf(field: Field): string | null {
  const expects = `the https:// address of an ACME directory, such as "${PRODUCTION_DIRECTORY}"`;
  const text = textOf(field, expects);
  if (text === null) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  const fits = url?.protocol === "https:" && url.username === "" && url.password === "" && url.hash === "";
  return fits && text.length <= 300 && !/[\s"'\\;{}$]/.test(text) ? text : refuse(field, expects);
}

function sshOf(field: Field): SshDescription | null {
  const { port, keys } = fieldsOf(field, ["port", "keys"]);
  const number = portOf(port, 22);
  if (number === 80 || number === 443) refuse(port, "another port: 80 and 443 are nginx's");
  const seen = new Map<string, string>();
  const lines = entriesOf(keys, { least: 1, most: 50, of: "public keys" }).flatMap((entry) => {
    const key = typeof entry.value === "string" ? readSshKey(entry.value) : readSshKey("");
    if (!key.ok) {
      refuse(entry, key.error);
      return [];
    }
    const { type, base64, comment } = key.value;
    const same = seen.get(base64);
    if (same !== undefined) refuse(entry, `another key: ${same} is the same`);
    seen.set(base64, entry.place);
    return [`${type} ${base64} ${comment}`.trim()];
  });
  return number === null ? null : { port: number, keys: lines };
}

function routersOf(
  field: Field,
): { readonly networks: readonly Network[]; readonly ports: RoutersDescription["ports"] } {
  const { networks, ports } = fieldsOf(field, ["networks", "ports"]);
  const listed = isAbsent(ports)
    ? [502]
    : distinct(entriesOf(ports, { least: 1, most: 15, of: "ports" }), (port) => portOf(port));
  const named = entriesOf(networks, { least: 0, most: 500, of: "networks" });
  return { networks: distinct(named, routerNetworkOf), ports: listed };
}

interface Around {
  readonly domain: string | null;
  readonly taken: readonly Taken[];
  readonly ssh: SshDescription | null;
}

function vpnOf(field: Field, { domain, taken, ssh }: Around): VpnDescription | null {
  const { endpoint, port, network, network6 } = fieldsOf(field, ["endpoint", "port", "network", "network6"]);
  const reached = isAbsent(endpoint) ? domain : placeOf(endpoint);
  const number = portOf(port, 51_820);
  const user = [["80", "nginx"], ["443", "nginx"], [String(ssh?.port), "SSH"]].find(([one]) =>
    one === String(number)
  );
  if (user) {
    refuse(
      port,
      `another port: ${user[0]} is ${user[1]}'s, and one number for two things is mistaken easily`,
    );
  }
  const four = vpnNetworkOf(network, 4, taken);
  const six = isAbsent(network6) ? null : vpnNetworkOf(network6, 6, taken);
  if (reached === null || number === null || four === null) return null;
  return { endpoint: reached, port: number, network: networkText(four), network6: six && networkText(six) };
}

/** A name or an address at which a host is reached. */
function placeOf(field: Field): string | null {
  const expects = `a name such as "vpn.example.com" or an address, without port`;
  const text = textOf(field, expects);
  if (text === null) return null;
  const address = text.includes("%") ? null : parseAddress(text);
  return address ? addressText(address) : hostNameOf(text) ?? refuse(field, expects);
}

function zoneOf(field: Field): string | null {
  if (isAbsent(field)) return USUAL_ZONE;
  const expects = `a time zone such as "Europe/Berlin"`;
  const text = textOf(field, expects);
  if (text === null || text === USUAL_ZONE) return text;
  const zones = Intl.supportedValuesOf("timeZone");
  const same = zones.find((zone) => zone.toLowerCase() === text.toLowerCase());
  if (same === text || (same === undefined && isZone(text))) return text;
  const near = same ?? nearestOf(text, zones);
  return refuse(field, near === null ? expects : `${expects}; did you mean "${near}"?`);
}

/** Whether it is another name of a zone, such as `Europe/Kyiv` where this program says `Europe/Kiev`. */
function isZone(text: string): boolean {
  if (!/^[A-Z][A-Za-z_]+\/[A-Za-z0-9_+/-]+$/.test(text)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

function databaseOf(field: Field): DatabaseDescription | null {
  const { kind, host, port } = fieldsOf(field, ["kind", "host", "port"]);
  if (isAbsent(kind) || kind.value === "sqlite") {
    const unused = `left out: it is for {"kind": "mysql"}`;
    for (const one of [host, port]) if (!isAbsent(one)) refuse(one, unused);
    return { kind: "sqlite" };
  }
  if (kind.value !== "mysql") return refuse(kind, `"sqlite" or "mysql" (MariaDB is "mysql" too)`);
  const place = databaseHostOf(host);
  const number = portOf(port, 3_306);
  return place === null || number === null ? null : { kind: "mysql", host: place, port: number };
}

/** Where a database is; a name without a dot is one of the local network. */
function databaseHostOf(field: Field): string | null {
  const { value } = field;
  const local = typeof value === "string" && /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(value.trim());
  return local && !/^\d+$/.test(value.trim()) ? value.trim().toLowerCase() : placeOf(field);
}

function limitsOf(field: Field): LimitsDescription | null {
  const names = Object.keys(LIMIT_BOUNDS) as (keyof LimitsDescription)[];
  const fields = fieldsOf(field, names);
  const numbers = names.map((name) => {
    const [least, most] = LIMIT_BOUNDS[name];
    return [name, wholeOf(fields[name], { least, most, otherwise: USUAL_LIMITS[name] })] as const;
  });
  if (numbers.some(([, number]) => number === null)) return null;
  const limits = Object.fromEntries(numbers) as unknown as LimitsDescription;
  if (limits.streamsPerAddress > limits.connectionsPerAddress) {
    refuse(fields.streamsPerAddress, `at most connectionsPerAddress (${limits.connectionsPerAddress})`);
  }
  return limits;
}

function portOf(field: Field, otherwise?: number): number | null {
  const bounds = { least: 1, most: 65_535 };
  return wholeOf(field, otherwise === undefined ? bounds : { ...bounds, otherwise });
}
