/**
 * Which addresses a site may have. Whoever can register a site chooses what this process connects to, so an
 * address is judged when it is dialled: what a name resolves to can change after it was typed in.
 *
 * @module
 */
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";

/** What kind of place an address is; only `ordinary` ones are always dialled. */
export type AddressKind = "ordinary" | "loopback" | "unspecified" | "multicast" | "link-local" | "broadcast";

/** Addresses of one name that are looked at. */
const ADDRESSES_PER_NAME = 8;

/** Judges an IPv4 or IPv6 address; IPv4 inside IPv6 (mapped, compatible, NAT64) counts as IPv4. */
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
  return "ordinary";
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
  return "ordinary";
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
  const [high = 0, low = 0] = groups.slice(6);
  const prefix = groups.slice(0, 6).map((group) => group.toString(16)).join(":");
  const carries = prefix === "0:0:0:0:0:ffff" || prefix === "64:ff9b:0:0:0:0" ||
    (prefix === "0:0:0:0:0:0" && (high !== 0 || low > 1));
  return carries ? [high >> 8, high & 0xff, low >> 8, low & 0xff] : null;
}
