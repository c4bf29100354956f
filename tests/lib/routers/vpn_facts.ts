/**
 * Routers in the VPN for tests of their files.
 *
 * @module
 */

import type { VpnFileFacts } from "../../../lib/routers/vpn_facts.ts";

const key = (n: number) => new Uint8Array(32).fill(n).toBase64();

/** A router with every kind of port, in a VPN of both families. */
export const KILN_VPN: VpnFileFacts = {
  siteName: "O'Brien's dairy",
  day: "2026-11-29",
  privateKey: key(1),
  own: { address: "10.8.0.7", address6: "fd12:3456:789a::7" },
  hostKey: key(2),
  host: { address: "10.8.0.1", address6: "fd12:3456:789a::1" },
  endpoint: "energy.example.com",
  port: 51_820,
  ports: [
    { port: 502, kind: "router" },
    { port: 503, kind: "gateway" },
    { port: 1502, kind: "device" },
  ],
};

/** The least there is: IPv4, one port, a host that is reached by an address. */
export const BARE_VPN: VpnFileFacts = {
  ...KILN_VPN,
  siteName: "Harbour",
  own: { address: "10.8.0.8", address6: null },
  host: { address: "10.8.0.1", address6: null },
  endpoint: "2001:db8::9",
  ports: [{ port: 502, kind: "router" }],
};
