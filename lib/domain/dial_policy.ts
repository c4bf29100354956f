/**
 * Where the product may connect for a site: whoever can register one chooses what this process dials, so the
 * address is judged when it is dialled, and the port with it.
 *
 * @module
 */
import {
  type Address,
  addressText,
  holds,
  kindOf,
  type Network,
  networkText,
  parseAddress,
  parseNetwork,
} from "./address.ts";
import { err, ok, type Result } from "../result.ts";

/** A service of the product itself, such as its database. */
export interface OwnService {
  /** Its address; `null`: any of this machine's. */
  readonly address: string | null;
  /** Its TCP port; `null`: any. */
  readonly port: number | null;
}

/** What an administrator allows. */
export interface AllowedPlaces {
  /** Private networks of sites, such as that of a VPN. */
  readonly networks: readonly string[];
  /** Ports besides {@link USUAL_PORTS}. */
  readonly ports: readonly number[];
}

/** What may be dialled. */
export interface DialPolicy extends AllowedPlaces {
  /** Whether sites on this machine may be dialled, at any port; for the demo. */
  readonly loopbackAllowed: boolean;
  /** What is never dialled, whatever network it lies in. */
  readonly own: readonly OwnService[];
}

/** Ports at which a mail server on this machine takes messages (RFC 5321, 8314, 6409), and one that is usual besides. */
export const RELAY_PORTS: readonly number[] = [25, 465, 587, 2525];

/** What may be dialled as a mail server. */
export interface MailDialPolicy extends Pick<DialPolicy, "loopbackAllowed" | "own"> {
  /** Whether an administrator says that it runs on this machine. */
  readonly onThisMachine: boolean;
  /** Ports at which it may then be, usually {@link RELAY_PORTS}. */
  readonly relayPorts: readonly number[];
}

/** Why a place is not dialled. */
export type DialRefusal =
  /** A private network that nobody allowed. */
  | "network-not-allowed"
  /** A port that nobody allowed. */
  | "port-not-allowed"
  /** This machine, or an address that no site can have. */
  | "never"
  /** A service of the product itself. */
  | "own-service";

/** Allowed without saying so: Modbus TCP, what devices use beside it, Modbus over TLS. */
export const USUAL_PORTS: readonly number[] = [502, 503, 802];

/** Allowed networks and ports at most. */
export const PLACES_MAX = { networks: 50, ports: 50 } as const;

/** A network with fewer leading bits is no site's: too many machines would be within reach. */
const PREFIX_LEAST = { ipv4: 8, ipv6: 16 } as const;

/** Ports at which something else than a meter answers, on whatever machine: never allowed. */
const SERVICE_PORTS: ReadonlySet<number> = new Set(
  ("7 9 13 17 19 20 21 22 23 25 37 42 43 49 53 67 68 69 70 79 80 81 88 109 110 111 113 119 123 135 137 138 139 143 161 162 " +
    "179 194 201 264 318 381 382 383 389 411 412 427 443 444 445 464 465 497 500 512 513 514 515 520 521 540 543 544 548 554 " +
    "563 587 591 593 601 623 631 636 639 646 647 648 666 674 691 694 695 698 699 700 830 848 853 860 873 902 903 989 990 991 " +
    "992 993 994 995 1080 1194 1433 1434 1521 1701 1723 1812 1813 1883 2049 2181 2222 2375 2376 2379 2380 3000 3128 3260 " +
    "3268 3269 3306 3389 4369 4444 4512 5000 5060 5061 5222 5432 5433 5601 5671 5672 5900 5901 5984 5985 5986 6000 6379 " +
    "6443 6666 6667 7001 7474 8000 8001 8008 8009 8080 8081 8086 8088 8089 8091 8123 8200 8443 8500 8501 8600 8883 8888 " +
    "9000 9001 9042 9090 9091 9092 9093 9100 9200 9300 9418 9443 9999 10000 10250 10255 11211 15672 25565 27017 27018 " +
    "33060 50000 50070 61616").split(" ").map(Number),
);

/** Judges a place that is about to be dialled; the address is what the name was resolved to. */
export function judgeDial(
  policy: DialPolicy,
  place: { readonly address: string; readonly port: number },
): Result<void, DialRefusal> {
  const address = parseAddress(place.address);
  if (address === null || place.address.includes("%")) return err("never");
  const kind = kindOf(address);
  if (policy.own.some((service) => isService(service, { address, port: place.port }))) {
    return err("own-service");
  }
  if (kind === "loopback") return policy.loopbackAllowed ? ok(undefined) : err("never");
  if (kind !== "ordinary" && kind !== "private") return err("never");
  if (kind === "private" && !isWithin(policy.networks, address)) return err("network-not-allowed");
  return isPortAllowed(policy.ports, place.port) ? ok(undefined) : err("port-not-allowed");
}

/**
 * Judges a mail server that is about to be dialled: on this machine only where that was said, and then at few ports;
 * elsewhere at any; never a service of the product itself.
 */
export function judgeMailDial(
  policy: MailDialPolicy,
  place: { readonly address: string; readonly port: number },
): Result<void, DialRefusal> {
  const address = parseAddress(place.address);
  if (address === null || place.address.includes("%")) return err("never");
  if (policy.own.some((service) => isService(service, { address, port: place.port }))) {
    return err("own-service");
  }
  const kind = kindOf(address);
  if (kind === "ordinary" || kind === "private") return ok(undefined);
  if (kind !== "loopback") return err("never");
  if (policy.loopbackAllowed) return ok(undefined);
  // IPv4 inside a translator's address leads to the translator, which is another machine.
  const isHere = address.bytes.length === 4 || addressText(address) === "::1";
  if (!policy.onThisMachine || !isHere) return err("never");
  return policy.relayPorts.includes(place.port) ? ok(undefined) : err("port-not-allowed");
}

/** Services under every address of theirs; one that listens everywhere is at any. */
export async function resolveServices(
  services: readonly { readonly host: string; readonly port: number }[],
  resolve: (host: string) => Promise<readonly string[]>,
): Promise<readonly OwnService[]> {
  const found = await Promise.all(services.map(async ({ host, port }): Promise<readonly OwnService[]> => {
    if (host === "0.0.0.0" || host === "::") return [{ address: null, port }];
    return (await resolve(host)).map((address) => ({ address, port }));
  }));
  return found.flat();
}

/** Whether a port may be dialled outside this machine. */
export function isPortAllowed(ports: readonly number[], port: number): boolean {
  return USUAL_PORTS.includes(port) || (ports.includes(port) && !SERVICE_PORTS.has(port));
}

/** Whether one of some networks holds an address. */
export function isWithin(networks: readonly string[], address: Address): boolean {
  return networks.some((text) => {
    const network = parseNetwork(text);
    return network !== null && holds(network, address);
  });
}

/** A private network as an administrator writes it, made canonical; else what is wrong with it. */
export function readAllowedNetwork(text: string): Result<string, string> {
  const network = parseNetwork(text);
  if (network === null) return err("is no network, expected an address and its bits such as 10.8.0.0/16");
  const least = network.bytes.length === 4 ? PREFIX_LEAST.ipv4 : PREFIX_LEAST.ipv6;
  if (network.prefix < least) return err(`is too wide: a network has at least ${least} bits here`);
  if (!isPrivate(network)) {
    return err(
      "is no private network (10/8, 172.16/12, 192.168/16, 100.64/10, fc00::/7); others need no leave",
    );
  }
  return ok(networkText(network));
}

/** A port as an administrator writes it; else what is wrong with it. */
export function readAllowedPort(text: string): Result<number, string> {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) return err("is no port, expected 1 to 65535");
  return SERVICE_PORTS.has(port) ? err("is never dialled: other services answer there") : ok(port);
}

/** Whether all of a network is private: both its ends are, and it lies within one range. */
function isPrivate(network: Network): boolean {
  return PRIVATE.some((range) => range.prefix <= network.prefix && holds(range, network));
}

const PRIVATE: readonly Network[] = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "fc00::/7",
]
  .flatMap((text) => parseNetwork(text) ?? []);

function isService(
  service: OwnService,
  place: { readonly address: Address; readonly port: number },
): boolean {
  if (service.port !== null && service.port !== place.port) return false;
  const own = service.address === null ? null : parseAddress(service.address);
  // One that listens everywhere is reached over any of this machine's addresses, and we cannot list those.
  if (service.address === null || own === null) return true;
  return addressText(own) === addressText(place.address) ||
    (kindOf(own) === "loopback" && kindOf(place.address) === "loopback");
}
