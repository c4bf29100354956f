/**
 * For whom a passkey is made: the host of the public address. Browsers bind a passkey to a host name, not to an
 * address of four numbers, and offer it over TLS or on this machine alone.
 *
 * @module
 */

/** Who asks for a passkey. */
export interface RelyingParty {
  /** The host name. */
  readonly id: string;
  /** The public origin. */
  readonly origin: string;
  /** What people read when they are asked. */
  readonly name: string;
}

/** Why there can be no passkeys here. */
export type NoPasskeys =
  /** People come by an IP address. */
  | "ip-address"
  /** People come without TLS. */
  | "no-tls";

/** The relying party of a public address, or why there can be none. */
export function relyingPartyOf(publicUrl: string): RelyingParty | NoPasskeys {
  const { hostname, origin, protocol } = new URL(publicUrl);
  // An IPv6 address stands in brackets; the parser writes every spelling of an IPv4 address as four numbers.
  if (hostname.startsWith("[") || /^\d+(\.\d+){3}$/.test(hostname)) return "ip-address";
  const here = hostname === "localhost" || hostname.endsWith(".localhost");
  if (protocol !== "https:" && !here) return "no-tls";
  return { id: hostname, origin, name: "Wattpost" };
}

/** Why there can be no passkeys, for people. */
export function noPasskeysText(why: NoPasskeys): string {
  switch (why) {
    case "ip-address":
      return "Passkeys need a host name. This Wattpost is reached by an IP address.";
    case "no-tls":
      return "Passkeys need an address that begins with https. This Wattpost is reached without it.";
  }
}
