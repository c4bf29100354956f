/**
 * Under which name an address is counted. Whoever has one IPv6 address has 2^64 of them: the network is what counts.
 *
 * @module
 */

/** The address itself, or the /64 network of an IPv6 address; one that carries IPv4 counts as that. */
export function originOf(address: string): string {
  const plain = address.trim().toLowerCase().replace(/^\[|\]$/g, "").replace(/%.*$/, "");
  if (!plain.includes(":")) return plain;
  const url = URL.parse(`http://[${plain}]/`);
  if (!url) return plain;
  const [head = "", tail] = url.hostname.slice(1, -1).split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array<string>(zeros).fill("0"), ...after];
  if (groups.slice(0, 6).join() === "0,0,0,0,0,ffff") return dotted(groups.slice(6));
  return `${groups.slice(0, 4).join(":")}::/64`;
}

function dotted(groups: readonly string[]): string {
  return groups.map((group) => parseInt(group, 16)).flatMap((word) => [word >> 8, word & 255]).join(".");
}
