import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { WAY_WORDS, wayInOf } from "../../../lib/domain/way_in.ts";

const VPN = { network: "10.8.0.0/16", network6: "fd12:3456:789a::/64" };

const CASES = [
  { host: "10.8.0.7", vpn: VPN, want: "vpn" },
  { host: "fd12:3456:789a::7", vpn: VPN, want: "vpn" },
  { host: "10.8.0.7", vpn: null, want: "private" },
  { host: "10.9.0.7", vpn: VPN, want: "private" },
  { host: "100.64.3.4", vpn: VPN, want: "private" },
  { host: "8.8.8.8", vpn: VPN, want: "public" },
  { host: "2a00:1450::1", vpn: VPN, want: "public" },
  { host: "kiln.example.com", vpn: VPN, want: "name" },
  { host: "127.0.0.1", vpn: VPN, want: "here" },
] as const;
for (const { host, vpn, want } of CASES) {
  Deno.test(`wayInOf() says ${want} of ${host} ${vpn ? "with" : "without"} a VPN`, () => {
    strictEqual(wayInOf(host, vpn), want);
  });
}

Deno.test("WAY_WORDS say who can read a private APN, and what protects a public address", () => {
  match(WAY_WORDS.private.risk, /the operator of the network can read it/);
  match(
    WAY_WORDS.public.risk,
    /crosses the internet without encryption and without a password: only the router's firewall/,
  );
});

Deno.test("WAY_WORDS call only the VPN safe", () => {
  const safe = Object.values(WAY_WORDS).filter(({ grade }) => grade === "safe");
  deepStrictEqual(safe.map(({ label }) => label), ["VPN"]);
  strictEqual(WAY_WORDS.public.grade, "open");
});
