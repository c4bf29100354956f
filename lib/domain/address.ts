/**
 * IP addresses and networks: what kind of place an address is, and whether a network holds it. Every spelling of an
 * address comes down to the same few numbers first, so that none of them is judged by how it is written.
 *
 * @module
 */

/** What kind of place an address is. */
export type AddressKind =
  /** On the open internet. */
  | "ordinary"
  /** In a network of somebody's own: RFC 1918, RFC 6598 (carriers), RFC 4193. */
  | "private"
  | "loopback"
  | "unspecified"
  | "multicast"
  | "link-local"
  | "broadcast"
  /** Given to nobody, for documents or measurements, or such that what lies behind it cannot be told. */
  | "reserved"
  /** Tells the machines of a cloud their secrets. */
  | "metadata";

/** An address as numbers; IPv4 written as IPv6 (`::ffff:192.0.2.1`) is IPv4. */
export interface Address {
  /** Its bytes, 4 or 16 of them. */
  readonly bytes: readonly number[];
}

/** A network. */
export interface Network extends Address {
  /** Leading bits that its addresses share, 0 to 32 or 128. */
  readonly prefix: number;
}

/** The numbers of an address; a zone (`%eth0`) is left out; `null`: it is none. */
export function parseAddress(text: string): Address | null {
  if (text.length > 80) return null;
  if (!text.includes(":")) {
    const bytes = parseIpv4(text);
    return bytes && { bytes };
  }
  const groups = parseIpv6(text.split("%", 1)[0] ?? "");
  if (groups === null) return null;
  const bytes = groups.flatMap((group) => [group >> 8, group & 0xff]);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  return { bytes: isMapped ? bytes.slice(12) : bytes };
}

/** A network such as `10.8.0.0/16`, or an address as the network of itself; `null`: it is none. */
export function parseNetwork(text: string): Network | null {
  const [written = "", digits, more] = text.split("/");
  const address = written.includes("%") || more !== undefined ? null : parseAddress(written);
  if (address === null) return null;
  const bits = address.bytes.length * 8;
  if (digits === undefined) return { ...address, prefix: bits };
  // A mapped IPv4 network is written by all 128 bits.
  const prefix = /^\d{1,3}$/.test(digits)
    ? Number(digits) - (written.includes(":") && bits === 32 ? 96 : 0)
    : -1;
  return prefix >= 0 && prefix <= bits ? { bytes: maskedBy(address.bytes, prefix), prefix } : null;
}

/** Whether a network holds an address. */
export function holds(network: Network, address: Address): boolean {
  if (network.bytes.length !== address.bytes.length) return false;
  const masked = maskedBy(address.bytes, network.prefix);
  return network.bytes.every((byte, i) => byte === masked[i]);
}

/** A network as it is written. */
export function networkText({ bytes, prefix }: Network): string {
  return `${addressText({ bytes })}/${prefix}`;
}

/** An address as it is written (IPv6 as RFC 5952 wants it). */
export function addressText({ bytes }: Address): string {
  if (bytes.length === 4) return bytes.join(".");
  const groups = groupsOf(bytes).map((group) => group.toString(16));
  const runs = [...groups.join(":").matchAll(/(?<![0-9a-f])0(?::0(?![0-9a-f]))+/g)];
  const longest = runs.reduce((best, [run]) => run.length > best.length ? run : best, "");
  if (longest === "") return groups.join(":");
  const [before = "", ...rest] = splitAtRun(groups.join(":"), longest);
  return `${before.replace(/:$/, "")}::${(rest[0] ?? "").replace(/^:/, "")}`;
}

/** Judges an address as it is written; what is no address is reserved. */
export function addressKindOf(text: string): AddressKind {
  const address = parseAddress(text);
  return address === null ? "reserved" : kindOf(address);
}

/** Judges an address. */
export function kindOf(address: Address): AddressKind {
  const { bytes } = address;
  if (bytes.length === 16) {
    const embedded = embeddedIpv4(groupsOf(bytes));
    if (embedded) {
      const inner = kindOf({ bytes: embedded });
      // Where a translator leads is its own affair: an address behind one is dialled as it is or not at all.
      return inner === "ordinary" || inner === "private" ? "reserved" : inner;
    }
  }
  return KINDS.find(({ network }) => holds(network, address))?.kind ??
    (bytes.length === 16 && !holds(GLOBAL_UNICAST, address) ? "reserved" : "ordinary");
}

const GLOBAL_UNICAST: Network = { bytes: [0x20, ...Array(15).fill(0)], prefix: 3 };

/** The first that holds an address counts. Sources: IANA special-purpose registries; the clouds' own documents. */
const KINDS: readonly { readonly network: Network; readonly kind: AddressKind }[] = ([
  // Where clouds outside 169.254.0.0/16 answer their machines: Azure, Oracle, Alibaba; Amazon (two), Google.
  ["metadata", "168.63.129.16 192.0.0.192 100.100.100.200 fd00:ec2::254 fd00:ec2::23 fd20:ce::254"],
  ["unspecified", "0.0.0.0/8 ::"],
  ["loopback", "127.0.0.0/8 ::1"],
  ["link-local", "169.254.0.0/16 fe80::/10"],
  ["multicast", "224.0.0.0/4 ff00::/8"],
  ["broadcast", "255.255.255.255"],
  ["private", "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 fc00::/7"],
  // Protocol assignments (RFC 6890), documents (RFC 5737), 6to4 relays (RFC 7526), measurements (RFC 2544), class E.
  [
    "reserved",
    "192.0.0.0/24 192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 192.88.99.0/24 198.18.0.0/15 240.0.0.0/4",
  ],
  // AS112 and AMT (RFC 7535, 7450, 7534).
  ["reserved", "192.31.196.0/24 192.52.193.0/24 192.175.48.0/24"],
  // Site-local (RFC 3879), NAT64 of a network's own kind (RFC 8215), discard (RFC 6666), protocol assignments with
  // Teredo, ORCHID and benchmarks (RFC 2928), 6to4, documents (RFC 3849, 9637), AS112, segment routing (RFC 9602).
  [
    "reserved",
    "fec0::/10 64:ff9b:1::/48 100::/63 2001::/23 2002::/16 2001:db8::/32 3fff::/20 2620:4f:8000::/48 5f00::/16",
  ],
] as const).flatMap(([kind, list]) =>
  list.split(" ").flatMap((text) => {
    const network = parseNetwork(text);
    return network ? [{ network, kind }] : [];
  })
);

function parseIpv4(text: string): readonly number[] | null {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part))) return null;
  const bytes = parts.map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : null;
}

function parseIpv6(text: string): readonly number[] | null {
  const dotted = /^(.*:)([0-9.]+)$/.exec(text);
  const tail = dotted?.[2]?.includes(".") ? parseIpv4(dotted[2]) : [];
  if (tail === null) return null;
  const [a = 0, b = 0, c = 0, d = 0] = tail;
  const hex = tail.length === 0
    ? text
    : `${dotted?.[1] ?? ""}${(a << 8 | b).toString(16)}:${(c << 8 | d).toString(16)}`;
  const halves = hex.split("::");
  if (halves.length > 2) return null;
  const [front = [], back] = halves.map((half) => half === "" ? [] : half.split(":"));
  const given = front.length + (back?.length ?? 0);
  if (back === undefined ? given !== 8 : given > 7) return null;
  const all = [...front, ...Array<string>(8 - given).fill("0"), ...(back ?? [])];
  return all.every((group) => /^[0-9a-f]{1,4}$/i.test(group))
    ? all.map((group) => parseInt(group, 16))
    : null;
}

function groupsOf(bytes: readonly number[]): readonly number[] {
  return Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0));
}

function splitAtRun(text: string, run: string): readonly string[] {
  const at = text.search(new RegExp(`(?<![0-9a-f])${run}(?![0-9a-f])`));
  return [text.slice(0, at), text.slice(at + run.length)];
}

/** IPv4 in 6to4, translated, compatible and NAT64 addresses; `null`: there is none. */
function embeddedIpv4(groups: readonly number[]): readonly number[] | null {
  const [first, sixHigh = 0, sixLow = 0] = groups;
  if (first === 0x2002) return ipv4Of(sixHigh, sixLow);
  const [high = 0, low = 0] = groups.slice(6);
  const prefix = groups.slice(0, 6).map((group) => group.toString(16)).join(":");
  const carries = ["0:0:0:0:ffff:0", "64:ff9b:0:0:0:0"].includes(prefix) ||
    (prefix === "0:0:0:0:0:0" && (high !== 0 || low > 1));
  return carries ? ipv4Of(high, low) : null;
}

function ipv4Of(high: number, low: number): readonly number[] {
  return [high >> 8, high & 0xff, low >> 8, low & 0xff];
}

function maskedBy(bytes: readonly number[], prefix: number): readonly number[] {
  return bytes.map((byte, i) => {
    const kept = Math.min(8, Math.max(0, prefix - 8 * i));
    return byte & (0xff00 >> kept) & 0xff;
  });
}
