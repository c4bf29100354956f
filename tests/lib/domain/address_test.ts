import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  type AddressKind,
  addressKindOf,
  addressText,
  holds,
  networkText,
  parseAddress,
  parseNetwork,
} from "../../../lib/domain/address.ts";

const CASES: readonly (readonly [string, AddressKind])[] = [
  ["10.20.0.7", "private"],
  ["203.0.113.7", "reserved"],
  ["100.64.0.1", "private"],
  ["8.8.8.8", "ordinary"],
  ["2606:4700::1111", "ordinary"],
  ["172.15.255.255", "ordinary"],
  ["172.16.0.0", "private"],
  ["172.31.255.255", "private"],
  ["172.32.0.0", "ordinary"],
  ["192.168.255.1", "private"],
  ["100.127.255.255", "private"],
  ["100.128.0.0", "ordinary"],
  ["::ffff:10.0.0.1", "private"],
  ["192.0.0.8", "reserved"],
  ["198.19.255.255", "reserved"],
  ["198.20.0.0", "ordinary"],
  ["192.88.99.1", "reserved"],
  ["100::1", "reserved"],
  ["4000::1", "reserved"],
  ["3fff::1", "reserved"],
  ["64:ff9b::808:808", "reserved"],
  ["0177.0.0.1", "reserved"],
  ["127.1", "reserved"],
  ["2130706433", "reserved"],
  ["router.example", "reserved"],
  ["1:2:3", "reserved"],
  ["[::1]", "reserved"],
  ["127.0.0.1", "loopback"],
  ["127.255.255.254", "loopback"],
  ["0.0.0.0", "unspecified"],
  ["0.1.2.3", "unspecified"],
  ["169.254.169.254", "link-local"],
  ["224.0.0.1", "multicast"],
  ["239.255.255.250", "multicast"],
  ["255.255.255.255", "broadcast"],
  ["2001:db8::7", "reserved"],
  ["fd12:3456::1", "private"],
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
  ["64:ff9b::cb00:7107", "reserved"],
  ["::ffff:0.0.0.0", "unspecified"],
  ["::ffff:0:127.0.0.1", "loopback"],
  ["::ffff:0:a00:1", "reserved"],
  ["2002:7f00:1::", "loopback"],
  ["2002:7f00:1:5::9", "loopback"],
  ["2002:a9fe:a9fe::1", "link-local"],
  ["2002:cb00:7107::1", "reserved"],
  ["64:ff9b:1::7f00:1", "reserved"],
  ["64:ff9b:1:7f00:0:100::", "reserved"],
  ["64:ff9b::a9fe:a9fe", "link-local"],
  ["2001:0:4136:e378:8000:63bf:80ff:fffe", "reserved"],
  ["2001:1::7", "reserved"],
  ["fec0::1", "reserved"],
  ["feff::1", "reserved"],
  ["240.0.0.1", "reserved"],
  ["255.255.255.254", "reserved"],
  ["::ffff:240.0.0.1", "reserved"],
  ["fd00:ec2::254", "metadata"],
  ["fd00:0ec2:0::0254%eth0", "metadata"],
  ["fd00:ec2::255", "private"],
  ["fd20:ce::254", "metadata"],
  ["168.63.129.16", "metadata"],
  ["100.100.100.200", "metadata"],
  ["100.100.100.201", "private"],
  ["192.0.0.192", "metadata"],
  ["::ffff:100.100.100.200", "metadata"],
  ["64:ff9b::a83f:8110", "metadata"],
];

for (const [address, kind] of CASES) {
  Deno.test(`addressKindOf() calls ${address} ${kind}`, () => strictEqual(addressKindOf(address), kind));
}

const SPELLINGS: readonly (readonly [string, string | null])[] = [
  ["10.0.0.1", "10.0.0.1"],
  ["::FFFF:10.0.0.1", "10.0.0.1"],
  ["::ffff:a00:1", "10.0.0.1"],
  ["0:0:0:0:0:FFFF:0A00:0001", "10.0.0.1"],
  ["2606:4700:0:0:0:0:0:1111", "2606:4700::1111"],
  ["::", "::"],
  ["::1", "::1"],
  ["1::", "1::"],
  ["1:0:0:2:0:0:0:3", "1:0:0:2::3"],
  ["10:0:0:2:10:0:0:3", "10::2:10:0:0:3"],
  ["1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"],
  ["fe80::1%eth0", "fe80::1"],
  ["1::2::3", null],
  ["1:2:3:4:5:6:7::8:9", null],
  ["::ffff:10.0.0.256", null],
  ["10.0.0.01", null],
  ["10.0.0", null],
  ["10.0.0.1.", null],
  ["", null],
  ["12345::", null],
  ["1.2.3.4:80", null],
];
for (const [text, want] of SPELLINGS) {
  Deno.test(`parseAddress() brings ${JSON.stringify(text)} down to ${want}`, () => {
    const address = parseAddress(text);
    strictEqual(address && addressText(address), want);
  });
}

const NETWORKS: readonly (readonly [string, string | null])[] = [
  ["10.8.7.6/16", "10.8.0.0/16"],
  ["10.8.7.6", "10.8.7.6/32"],
  ["fd00:1::5/32", "fd00:1::/32"],
  ["::ffff:10.8.0.0/112", "10.8.0.0/16"],
  ["0.0.0.0/0", "0.0.0.0/0"],
  ["10.0.0.0/33", null],
  ["10.0.0.0/-1", null],
  ["10.0.0.0/8/8", null],
  ["10.0.0.0/", null],
  ["::ffff:10.0.0.0/90", null],
  ["fe80::1%eth0/64", null],
];
for (const [text, want] of NETWORKS) {
  Deno.test(`parseNetwork() reads ${text} as ${want}`, () => {
    const network = parseNetwork(text);
    strictEqual(network && networkText(network), want);
  });
}

Deno.test("holds() looks at the leading bits and nothing else", () => {
  const within = (network: string, address: string) => {
    const [a, b] = [parseNetwork(network), parseAddress(address)];
    ok(a && b);
    return holds(a, b);
  };
  const asked = [
    within("10.8.0.0/13", "10.15.255.255"),
    within("10.8.0.0/13", "10.16.0.0"),
    within("10.0.0.0/8", "::ffff:10.1.2.3"),
    within("fd00::/8", "fdff::1"),
    within("0.0.0.0/0", "::1"),
    within("10.0.0.1", "10.0.0.1"),
  ];
  deepStrictEqual(asked, [true, false, true, true, false, true]);
});
