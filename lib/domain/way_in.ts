/**
 * How a site is reached at an address, and what that risks: Modbus itself knows neither a password nor encryption.
 *
 * @module
 */

import { isWithin } from "./dial_policy.ts";
import { kindOf, parseAddress } from "./address.ts";
import type { VpnNetworks } from "./vpn.ts";

/** How a site is reached. */
export type WayIn =
  /** Through Wattpost's own tunnel. */
  | "vpn"
  /** In a network of somebody's own: a private APN, or another VPN. */
  | "private"
  /** Over the open internet. */
  | "public"
  /** At a name, which leads wherever it leads. */
  | "name"
  /** On this machine, as the demo's sites. */
  | "here";

/** How safe a way is: nobody on it can read, those in a closed network can, anybody may. */
export type WayGrade = "safe" | "closed" | "open";

/** What people are told of a way. */
export interface WayWords {
  /** What it is. */
  readonly label: string;
  /** How safe it is, in a few words. */
  readonly short: string;
  /** How much that deserves a look. */
  readonly grade: WayGrade;
  /** Who can read it or get at it. */
  readonly risk: string;
}

/** How a site is reached at an address; `null`: the host has no VPN. */
export function wayInOf(host: string, vpn: VpnNetworks | null): WayIn {
  const address = parseAddress(host);
  if (!address) return "name";
  const networks = [vpn?.network, vpn?.network6].filter((one) => typeof one === "string");
  if (isWithin(networks, address)) return "vpn";
  switch (kindOf(address)) {
    case "private":
      return "private";
    case "loopback":
      return "here";
    case "ordinary":
    case "unspecified":
    case "multicast":
    case "link-local":
    case "broadcast":
    case "reserved":
    case "metadata":
      return "public";
  }
}

/** In words. */
export const WAY_WORDS: Readonly<Record<WayIn, WayWords>> = {
  vpn: {
    label: "VPN",
    short: "Encrypted",
    grade: "safe",
    risk:
      "Encrypted from this server to the router. Nobody on the way can read it, write it or be taken for either end.",
  },
  private: {
    label: "Private APN or network",
    short: "Not encrypted, in a closed network",
    grade: "closed",
    risk:
      "Not encrypted: the operator of the network can read it, and so can whoever else is let into it. The router's firewall has to admit this server alone.",
  },
  public: {
    label: "Fixed public address",
    short: "Not encrypted, on the open internet",
    grade: "open",
    risk:
      "Modbus crosses the internet without encryption and without a password: only the router's firewall protects it. Whoever is on the way can read it and write.",
  },
  name: {
    label: "A name",
    short: "As safe as where it leads",
    grade: "open",
    risk:
      "It leads wherever its name server says. Unless that is the VPN, it is not encrypted, and only the router's firewall protects it.",
  },
  here: {
    label: "This machine",
    short: "Simulated",
    grade: "closed",
    risk: "Simulated: nothing leaves this machine.",
  },
};
