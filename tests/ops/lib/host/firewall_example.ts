/**
 * A host for the tests of the firewall: with a VPN, a database elsewhere, and networks of both families.
 *
 * @module
 */
import type { HostDescription } from "../../../../ops/lib/host/description.ts";
import { exampleDescription } from "../../../host/example_description.ts";

/** The description. */
export const FIREWALLED: HostDescription = {
  ...exampleDescription(),
  adminNetworks: ["192.0.2.0/24", "2001:db8:a::/48"],
  routers: { networks: ["10.20.0.0/16", "203.0.113.7", "2001:db8:f::/64"], ports: [502, 1502] },
  vpn: { endpoint: "vpn.example.test", port: 51_820, network: "10.98.0.0/24", network6: "fd98::/64" },
  database: { kind: "mysql", host: "198.51.100.9", port: 3306 },
};
