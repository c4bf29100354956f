import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  FIRST_PLACE,
  HOST_PLACE,
  isPeerAddress,
  isVpnKey,
  placesOf,
  readVpnNetworks,
  vpnAddressesOf,
} from "../../../lib/domain/vpn.ts";

const WIDE = { network: "10.8.0.0/16", network6: "fd12:3456:789a::/64" };
const SMALL = { network: "192.168.77.0/24", network6: null };

const PLACES = [
  { networks: WIDE, place: HOST_PLACE, want: ["10.8.0.1", "fd12:3456:789a::1"] },
  { networks: WIDE, place: FIRST_PLACE, want: ["10.8.0.2", "fd12:3456:789a::2"] },
  { networks: WIDE, place: 255, want: ["10.8.0.255", "fd12:3456:789a::ff"] },
  { networks: WIDE, place: 256, want: ["10.8.1.0", "fd12:3456:789a::100"] },
  { networks: WIDE, place: 65_534, want: ["10.8.255.254", "fd12:3456:789a::fffe"] },
  { networks: WIDE, place: 65_535, want: null },
  { networks: WIDE, place: 0, want: null },
  { networks: WIDE, place: 2.5, want: null },
  { networks: SMALL, place: 254, want: ["192.168.77.254", null] },
  { networks: SMALL, place: 255, want: null },
  { networks: { network: "172.16.240.0/20", network6: null }, place: 300, want: ["172.16.241.44", null] },
];
for (const { networks, place, want } of PLACES) {
  Deno.test(`vpnAddressesOf() gives place ${place} of ${networks.network} ${want?.join(" and ") ?? "nothing"}`, () => {
    const found = vpnAddressesOf(networks, place);
    deepStrictEqual(found && [found.address, found.address6], want);
  });
}

Deno.test("vpnAddressesOf() gives every place of a network another address that a peer may have", () => {
  const seen = new Set<string>();
  for (let place = FIRST_PLACE; place <= placesOf(WIDE); place += 7) {
    const found = vpnAddressesOf(WIDE, place);
    for (const one of [found?.address ?? "", found?.address6 ?? ""]) {
      strictEqual(isPeerAddress(WIDE, one), true, one);
      strictEqual(seen.has(one), false, one);
      seen.add(one);
    }
  }
});

const NETWORKS = [
  { network: "10.8.0.0/16", network6: null, isOk: true },
  { network: "10.8.3.4/16", network6: "fd00::/64", isOk: true },
  { network: "10.8.0.0/15", network6: null, isOk: false },
  { network: "10.8.0.0/25", network6: null, isOk: false },
  { network: "8.8.0.0/16", network6: null, isOk: false },
  { network: "100.64.0.0/16", network6: null, isOk: false },
  { network: "10.8.0.0/16", network6: "fc00::/64", isOk: false },
  { network: "10.8.0.0/16", network6: "fd00::/48", isOk: false },
  { network: "10.8.0.0/16", network6: "2001:db8::/64", isOk: false },
  { network: "10.8.0.0/16", network6: undefined, isOk: false },
  { network: 7, network6: null, isOk: false },
];
for (const { network, network6, isOk } of NETWORKS) {
  Deno.test(`readVpnNetworks() ${isOk ? "takes" : "refuses"} ${network} with ${network6}`, () => {
    strictEqual(readVpnNetworks({ network, network6 }).ok, isOk);
  });
}

const ADDRESSES = [
  ["10.8.0.1", false],
  ["10.8.0.0", false],
  ["10.8.255.255", false],
  ["10.9.0.2", false],
  ["10.8.0.2", true],
  ["10.8.0.2/32", false],
  ["010.8.0.2", false],
  ["::ffff:10.8.0.2", false],
  ["fd12:3456:789a::1", false],
  ["fd12:3456:789a::", false],
  ["fd12:3456:789a:0:0::2", false],
  ["fd12:3456:789a::2", true],
  ["fd12:3456:789b::2", false],
  ["0.0.0.0", false],
  ["", false],
] as const;
for (const [text, want] of ADDRESSES) {
  Deno.test(`isPeerAddress() says ${want ? "yes" : "no"} to "${text}"`, () => {
    strictEqual(isPeerAddress(WIDE, text), want);
  });
}

Deno.test("isVpnKey() knows 32 bytes in base64, written in one way", () => {
  const key = new Uint8Array(32).fill(7).toBase64();
  strictEqual(isVpnKey(key), true);
  for (
    const no of [
      key.slice(1),
      `${key}=`,
      key.replace("=", ""),
      `${key.slice(0, 42)}B=`,
      ` ${key}`,
      `${key}\n`,
      7,
    ]
  ) {
    strictEqual(isVpnKey(no), false, String(no));
  }
});
