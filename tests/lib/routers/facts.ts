/**
 * Routers for tests of their files.
 *
 * @module
 */

import type { RouterFacts } from "../../../lib/routers/facts.ts";

/** A router with every kind of path and port. */
export const KILN_LANE: RouterFacts = {
  siteName: "Kiln Lane",
  model: "RUT956",
  serial: "1122334455",
  paths: [
    { kind: "cellular", host: "198.51.100.7" },
    { kind: "wifi", host: "198.51.100.8" },
    { kind: "wired", host: "site.kiln.example" },
  ],
  ports: [
    { port: 502, kind: "router" },
    { port: 503, kind: "gateway" },
    { port: 1502, kind: "device" },
  ],
  unitId: 1,
  sim: { apn: "iot.operator.example", number: "+44 7700 900123", allowanceMb: 500 },
  ownAddresses: ["203.0.113.9", "2001:db8:5::/48"],
  ntpServers: ["0.pool.ntp.org", "1.pool.ntp.org"],
  lanAddress: "192.168.20.1",
  day: "2026-11-29",
};

/** One way in through a private APN, nothing more registered, and nobody has said where we are. */
export const BARE: RouterFacts = {
  siteName: "Harbour",
  model: null,
  serial: null,
  paths: [{ kind: "cellular", host: "10.8.0.7" }],
  ports: [{ port: 502, kind: "device" }],
  unitId: 1,
  sim: null,
  ownAddresses: [],
  ntpServers: ["0.pool.ntp.org"],
  lanAddress: null,
  day: "2026-11-29",
};

/** A private APN with a backup line, checked against our own address. */
export const PRIVATE: RouterFacts = {
  ...KILN_LANE,
  siteName: "O'Brien's dairy",
  paths: [{ kind: "cellular", host: "10.8.0.7" }, { kind: "wired", host: "10.9.0.7" }],
  ownAddresses: ["10.8.0.1", "10.9.0.0/24"],
  sim: { apn: "private.apn", number: null, allowanceMb: 100 },
  lanAddress: null,
};
