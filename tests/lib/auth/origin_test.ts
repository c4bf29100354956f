import { strictEqual } from "node:assert/strict";
import { originOf } from "../../../lib/auth/origin.ts";

const CASES = [
  ["203.0.113.7", "203.0.113.7"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:DB8:1:2::ffff", "2001:db8:1:2::/64"],
  ["[2001:db8:0:0::1]", "2001:db8:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["::ffff:198.51.100.1", "198.51.100.1"],
  ["unix", "unix"],
  ["no:address", "no:address"],
] as const;
for (const [address, want] of CASES) {
  Deno.test(`originOf() counts ${address} as ${want}`, () => strictEqual(originOf(address), want));
}
