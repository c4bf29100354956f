import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  type DialPolicy,
  type DialRefusal,
  judgeDial,
  judgeMailDial,
  type MailDialPolicy,
  readAllowedNetwork,
  readAllowedPort,
} from "../../../lib/domain/dial_policy.ts";

const POLICY: DialPolicy = {
  loopbackAllowed: false,
  networks: ["10.8.0.0/16", "fd00:1::/32"],
  ports: [4001, 22],
  own: [{ address: "10.8.0.5", port: 502 }, { address: "127.0.0.1", port: 503 }],
};

const PLACES: readonly (readonly [string, number, DialRefusal | "allowed", Partial<DialPolicy>?])[] = [
  ["10.8.3.4", 502, "allowed"],
  ["::ffff:10.8.3.4", 502, "allowed"],
  ["fd00:1::7", 802, "allowed"],
  ["10.9.0.1", 502, "network-not-allowed"],
  ["192.168.1.1", 502, "network-not-allowed"],
  ["8.8.8.8", 502, "allowed"],
  ["8.8.8.8", 4001, "allowed"],
  ["8.8.8.8", 4002, "port-not-allowed"],
  ["8.8.8.8", 22, "port-not-allowed"],
  ["10.8.0.5", 502, "own-service"],
  ["::ffff:10.8.0.5", 502, "own-service"],
  ["10.8.0.5", 503, "allowed"],
  ["10.8.0.1", 502, "own-service", { own: [{ address: "10.8.0.1", port: null }] }],
  ["10.8.0.1", 802, "own-service", { own: [{ address: "10.8.0.1", port: null }] }],
  ["10.8.0.2", 502, "allowed", { own: [{ address: "10.8.0.1", port: null }] }],
  ["127.0.0.1", 502, "never"],
  ["127.0.0.1", 22, "allowed", { loopbackAllowed: true }],
  ["127.9.9.9", 503, "own-service", { loopbackAllowed: true }],
  ["::1", 503, "own-service", { loopbackAllowed: true }],
  ["169.254.169.254", 502, "never", { networks: ["169.254.0.0/16"], loopbackAllowed: true }],
  ["100.100.100.200", 502, "never", { networks: ["100.64.0.0/10"] }],
  ["0.0.0.0", 502, "never", { loopbackAllowed: true }],
  ["224.0.0.1", 502, "never"],
  ["203.0.113.7", 502, "never"],
  ["64:ff9b::a08:304", 502, "never"],
  ["router.example", 502, "never"],
  ["fe80::1%eth0", 502, "never"],
  ["fd00:1::1%eth0", 502, "never"],
  ["8.8.8.8", 502, "own-service", { own: [{ address: null, port: 502 }] }],
];
for (const [address, port, want, more] of PLACES) {
  Deno.test(`judgeDial() says ${want} of ${address} port ${port} ${more ? JSON.stringify(more) : ""}`, () => {
    const judged = judgeDial({ ...POLICY, ...more }, { address, port });
    strictEqual(judged.ok ? "allowed" : judged.error, want);
  });
}

Deno.test("readAllowedNetwork() takes private networks that are not too wide", () => {
  const read = (text: string) => {
    const network = readAllowedNetwork(text);
    return network.ok ? network.value : null;
  };
  deepStrictEqual(
    [
      "10.8.7.6/16",
      "10.0.0.0/8",
      "fd12:3456::/32",
      "192.168.4.1",
      "::ffff:10.0.0.0/104",
      "0.0.0.0/0",
      "10.0.0.0/7",
      "172.16.0.0/11",
      "8.8.8.0/24",
      "127.0.0.0/8",
      "169.254.0.0/16",
      "fc00::/7",
      "::/0",
      "",
      "10.0.0.0/8 ",
    ].map(read),
    [
      "10.8.0.0/16",
      "10.0.0.0/8",
      "fd12:3456::/32",
      "192.168.4.1/32",
      "10.0.0.0/8",
      ...Array(10).fill(null),
    ],
  );
});

Deno.test("readAllowedPort() never takes the port of another service", () => {
  for (
    const text of [
      "22",
      "25",
      "53",
      "80",
      "443",
      "3306",
      "5432",
      "6379",
      "8000",
      "0",
      "65536",
      "1e3",
      "-1",
      "",
    ]
  ) {
    strictEqual(readAllowedPort(text).ok, false, text);
  }
  deepStrictEqual(readAllowedPort("4001"), { ok: true, value: 4001 });
});

const MAIL_POLICY: MailDialPolicy = {
  loopbackAllowed: false,
  onThisMachine: false,
  relayPorts: [25, 2525],
  own: [{ address: "127.0.0.1", port: 2525 }, { address: "10.8.0.5", port: 3306 }],
};

const MAIL_PLACES: readonly (readonly [string, number, DialRefusal | "allowed", Partial<MailDialPolicy>?])[] =
  [
    ["8.8.8.8", 25, "allowed"],
    ["8.8.8.8", 8025, "allowed"],
    ["10.8.0.4", 587, "allowed"],
    ["10.8.0.5", 3306, "own-service"],
    ["::ffff:10.8.0.5", 3306, "own-service", { onThisMachine: true }],
    ["127.0.0.1", 25, "never"],
    ["::1", 25, "never"],
    ["127.0.0.1", 25, "allowed", { onThisMachine: true }],
    ["::1", 25, "allowed", { onThisMachine: true }],
    ["127.0.1.1", 25, "allowed", { onThisMachine: true }],
    ["::ffff:127.0.0.1", 25, "allowed", { onThisMachine: true }],
    ["127.0.0.1", 2525, "own-service", { onThisMachine: true }],
    ["127.9.9.9", 2525, "own-service", { onThisMachine: true }],
    ["127.0.0.1", 3306, "port-not-allowed", { onThisMachine: true }],
    ["127.0.0.1", 8000, "port-not-allowed", { onThisMachine: true }],
    ["127.0.0.1", 8000, "allowed", { loopbackAllowed: true }],
    ["127.0.0.1", 2525, "own-service", { loopbackAllowed: true }],
    ["0.0.0.0", 25, "never", { onThisMachine: true }],
    ["169.254.169.254", 25, "never", { onThisMachine: true }],
    ["64:ff9b::7f00:1", 25, "never", { onThisMachine: true }],
    ["::1%lo", 25, "never", { onThisMachine: true }],
    ["localhost", 25, "never", { onThisMachine: true }],
  ];
for (const [address, port, want, more] of MAIL_PLACES) {
  Deno.test(`judgeMailDial() says ${want} of ${address} port ${port} ${more ? JSON.stringify(more) : ""}`, () => {
    const judged = judgeMailDial({ ...MAIL_POLICY, ...more }, { address, port });
    strictEqual(judged.ok ? "allowed" : judged.error, want);
  });
}
