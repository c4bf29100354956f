import { strictEqual } from "node:assert/strict";
import { type AddressKind, addressKindOf, isAllowed } from "../../collector/address.ts";

const CASES: readonly (readonly [string, AddressKind])[] = [
  ["10.20.0.7", "ordinary"],
  ["203.0.113.7", "ordinary"],
  ["100.64.0.1", "ordinary"],
  ["127.0.0.1", "loopback"],
  ["127.255.255.254", "loopback"],
  ["0.0.0.0", "unspecified"],
  ["0.1.2.3", "unspecified"],
  ["169.254.169.254", "link-local"],
  ["224.0.0.1", "multicast"],
  ["239.255.255.250", "multicast"],
  ["255.255.255.255", "broadcast"],
  ["2001:db8::7", "ordinary"],
  ["fd12:3456::1", "ordinary"],
  ["::1", "loopback"],
  ["::", "unspecified"],
  ["fe80::1", "link-local"],
  ["fe80::1%eth0", "link-local"],
  ["febf::1", "link-local"],
  ["ff02::1", "multicast"],
  ["::ffff:127.0.0.1", "loopback"],
  ["::ffff:7f00:1", "loopback"],
  ["::ffff:169.254.169.254", "link-local"],
  ["::127.0.0.1", "loopback"],
  ["64:ff9b::7f00:1", "loopback"],
  ["64:ff9b::cb00:7107", "ordinary"],
  ["::ffff:0.0.0.0", "unspecified"],
];

for (const [address, kind] of CASES) {
  Deno.test(`addressKindOf() calls ${address} ${kind}`, () => strictEqual(addressKindOf(address), kind));
}

Deno.test("isAllowed() lets a site on this machine be dialled only where the configuration says so", () => {
  strictEqual(isAllowed("127.0.0.1", false), false);
  strictEqual(isAllowed("127.0.0.1", true), true);
  strictEqual(isAllowed("169.254.169.254", true), false);
  strictEqual(isAllowed("10.0.0.1", false), true);
});
