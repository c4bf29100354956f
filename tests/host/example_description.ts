/**
 * A host as tests describe it.
 *
 * @module
 */

import { type HostDescription, STAGING_DIRECTORY, USUAL_LIMITS } from "../../ops/lib/host/description.ts";

/** A key that nobody has. */
export const EXAMPLE_KEY =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPCoG+0gShyYU5HXnr8PLBv8PzTXkuT2PnMDkSlA4bsy nobody@example.test";

/** A description that is complete; with keys of its own. */
export function exampleDescription(keys: readonly string[] = []): HostDescription {
  return {
    domain: "energy.example.test",
    aliases: [],
    certificates: { email: "admin@example.test", directory: STAGING_DIRECTORY, staging: true },
    adminNetworks: ["192.0.2.0/24"],
    ssh: { port: 22, keys: keys.length > 0 ? keys : [EXAMPLE_KEY] },
    routers: { networks: ["10.20.0.0/16"], ports: [502] },
    vpn: null,
    timeZone: "Europe/Berlin",
    database: { kind: "sqlite" },
    limits: { ...USUAL_LIMITS, logsMb: 8, journalMb: 64 },
  };
}
