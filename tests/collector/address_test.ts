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
  ["::ffff:0:127.0.0.1", "loopback"],
  ["::ffff:0:a00:1", "ordinary"],
  ["2002:7f00:1::", "loopback"],
  ["2002:7f00:1:5::9", "loopback"],
  ["2002:a9fe:a9fe::1", "link-local"],
  ["2002:cb00:7107::1", "ordinary"],
  ["64:ff9b:1::7f00:1", "reserved"],
  ["64:ff9b:1:7f00:0:100::", "reserved"],
  ["64:ff9b::a9fe:a9fe", "link-local"],
  ["2001:0:4136:e378:8000:63bf:80ff:fffe", "reserved"],
  ["2001:1::7", "ordinary"],
  ["fec0::1", "reserved"],
  ["feff::1", "reserved"],
  ["240.0.0.1", "reserved"],
  ["255.255.255.254", "reserved"],
  ["::ffff:240.0.0.1", "reserved"],
  ["fd00:ec2::254", "metadata"],
  ["fd00:0ec2:0::0254%eth0", "metadata"],
  ["fd00:ec2::255", "ordinary"],
  ["fd20:ce::254", "metadata"],
  ["168.63.129.16", "metadata"],
  ["100.100.100.200", "metadata"],
  ["100.100.100.201", "ordinary"],
  ["192.0.0.192", "metadata"],
  ["::ffff:100.100.100.200", "metadata"],
  ["64:ff9b::a83f:8110", "metadata"],
];

for (const [address, kind] of CASES) {
  Deno.test(`addressKindOf() calls ${address} ${kind}`, () => strictEqual(addressKindOf(address), kind));
}

Deno.test("isAllowed() lets a site on this machine be dialled only where the configuration says so", () => {
  strictEqual(isAllowed("127.0.0.1", false), false);
  strictEqual(isAllowed("127.0.0.1", true), true);
  strictEqual(isAllowed("169.254.169.254", true), false);
  strictEqual(isAllowed("10.0.0.1", false), true);
  for (const address of ["240.0.0.1", "fd00:ec2::254", "64:ff9b:1::a00:1", "2002:7f00:1::"]) {
    strictEqual(isAllowed(address, false), false, address);
  }
  strictEqual(isAllowed("fd00:ec2::254", true), false);
});
