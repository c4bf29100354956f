/**
 * Which addresses a site may have. Whoever can register a site chooses what this process connects to, so an
 * address is judged when it is dialled: what a name resolves to can change after it was typed in.
 *
 * @module
 */
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";

/** What kind of place an address is; only `ordinary` ones are always dialled. */
export type AddressKind =
  | "ordinary"
  | "loopback"
  | "unspecified"
  | "multicast"
  | "link-local"
  | "broadcast"
  /** Given to nobody, or such that what lies behind it cannot be told. */
  | "reserved"
  /** Tells the machines of a cloud their secrets. */
  | "metadata";

/** Addresses of one name that are looked at. */
const ADDRESSES_PER_NAME = 8;

/** Where clouds outside 169.254.0.0/16 answer their machines: Azure, Oracle, Alibaba; Amazon (two), Google. */
const METADATA: readonly string[] = [
  "168.63.129.16",
  "192.0.0.192",
  "100.100.100.200",
  "fd00:ec2:0:0:0:0:0:254",
  "fd00:ec2:0:0:0:0:0:23",
  "fd20:ce:0:0:0:0:0:254",
];

/** Judges an IPv4 or IPv6 address; IPv4 inside IPv6 (mapped, compatible, translated, NAT64, 6to4) counts as IPv4. */
export function addressKindOf(address: string): AddressKind {
  if (isIP(address) === 4) return kindOfIpv4(address.split(".").map(Number));
  const groups = groupsOf(address);
  const embedded = embeddedIpv4(groups);
  if (embedded) return kindOfIpv4(embedded);
  const first = groups[0] ?? 0;
  const rest = groups.slice(0, 7).every((group) => group === 0);
  if (rest && groups[7] === 0) return "unspecified";
  if (rest && groups[7] === 1) return "loopback";
  if ((first & 0xff00) === 0xff00) return "multicast";
  if ((first & 0xffc0) === 0xfe80) return "link-local";
  if (METADATA.includes(hexOf(groups))) return "metadata";
  return isReserved(groups) ? "reserved" : "ordinary";
}

/** Whether an address may be dialled; loopback only where the configuration allows sites on this machine. */
export function isAllowed(address: string, loopbackAllowed: boolean): boolean {
  const kind = addressKindOf(address);
  return kind === "ordinary" || (kind === "loopback" && loopbackAllowed);
}

/** The addresses of a host in the order in which the resolver gives them, at most 8; empty: there are none. */
export async function resolveHost(host: string): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host];
  try {
    const found = await lookup(host, { all: true });
    return found.slice(0, ADDRESSES_PER_NAME).map(({ address }) => address);
  } catch {
    return []; // whatever the resolver says, there is no way to this host now
  }
}

function kindOfIpv4(bytes: readonly number[]): AddressKind {
  const [a = 0, b = 0] = bytes;
  if (a === 0) return "unspecified";
  if (a === 127) return "loopback";
  if (a === 169 && b === 254) return "link-local";
  if (a >= 224 && a < 240) return "multicast";
  if (bytes.every((byte) => byte === 255)) return "broadcast";
  if (METADATA.includes(bytes.join("."))) return "metadata";
  return a >= 240 ? "reserved" : "ordinary";
}

/** Site-local (RFC 3879), NAT64 of a network's own kind (RFC 8215) and Teredo hide where they lead. */
function isReserved([first = 0, second = 0, third = 0]: readonly number[]): boolean {
  const isLocalNat64 = first === 0x64 && second === 0xff9b && third === 1;
  return (first & 0xffc0) === 0xfec0 || isLocalNat64 || (first === 0x2001 && second === 0);
}

function hexOf(groups: readonly number[]): string {
  return groups.map((group) => group.toString(16)).join(":");
}

function groupsOf(address: string): readonly number[] {
  const bare = address.split("%")[0] ?? "";
  const written = new URL(`http://[${bare}]`).hostname.slice(1, -1);
  const [head = "", tail] = written.split("::");
  const parse = (part: string) => part === "" ? [] : part.split(":").map((group) => parseInt(group, 16));
  const [front, back] = [parse(head), parse(tail ?? "")];
  return [...front, ...Array(8 - front.length - back.length).fill(0), ...back];
}

function embeddedIpv4(groups: readonly number[]): readonly number[] | null {
  const [first, sixHigh = 0, sixLow = 0] = groups;
  if (first === 0x2002) return bytesOf(sixHigh, sixLow);
  const [high = 0, low = 0] = groups.slice(6);
  const prefix = hexOf(groups.slice(0, 6));
  const carries = ["0:0:0:0:0:ffff", "0:0:0:0:ffff:0", "64:ff9b:0:0:0:0"].includes(prefix) ||
    (prefix === "0:0:0:0:0:0" && (high !== 0 || low > 1));
  return carries ? bytesOf(high, low) : null;
}

function bytesOf(high: number, low: number): readonly number[] {
  return [high >> 8, high & 0xff, low >> 8, low & 0xff];
}
