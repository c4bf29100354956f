import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { PEERS_MAX } from "../../../lib/domain/vpn.ts";
import {
  EXCHANGE_MAX,
  formatHostVpn,
  formatPeers,
  type HostVpn,
  parseHostVpn,
  parsePeers,
} from "../../../lib/domain/vpn_exchange.ts";
import { hostInterfaceText, peersText, readHandshakeLines, syncText } from "../../../lib/domain/vpn_text.ts";

const NETWORKS = { network: "10.8.0.0/16", network6: "fd12::/64" };
const key = (n: number) => new Uint8Array(32).fill(n).toBase64();
const PEERS = [
  { keys: [key(1)], addresses: ["10.8.0.2", "fd12::2"] },
  { keys: [key(2), key(3)], addresses: ["10.8.0.3"] },
];
const VPN: HostVpn = {
  ...NETWORKS,
  interfaceName: "wattpost0",
  publicKey: key(9),
  endpoint: "energy.example.com",
  port: 51_820,
  atMs: 1_764_000_000_000,
  heard: new Map([[key(1), 1_764_000_000]]),
  refused: null,
};

Deno.test("parsePeers() reads what formatPeers() wrote", () => {
  deepStrictEqual(parsePeers(formatPeers(PEERS), NETWORKS), { ok: true, value: PEERS });
  deepStrictEqual(parsePeers(formatPeers([]), NETWORKS), { ok: true, value: [] });
});

const file = (peers: unknown, more: object = {}) => JSON.stringify({ version: 1, peers, ...more });
const peer = (change: object) => file([{ ...PEERS[0], ...change }]);
const HOSTILE: readonly (readonly [string, string])[] = [
  ["what is no JSON", "{"],
  ["a list", "[]"],
  ["another version", file([]).replace("1", "2")],
  ["what nobody asked for", file([], { more: 1 })],
  ["peers that are no list", file({})],
  ["a peer that is none", file([null])],
  ["a peer with more than a peer has", peer({ endpoint: "10.0.0.1:22" })],
  ["a prototype", '{"version":1,"peers":[{"__proto__":{"keys":[]},"addresses":[]}]}'],
  ["a key that ends the line", peer({ keys: [`${key(1)}\nAllowedIPs = 0.0.0.0/0`] })],
  ["a key of 31 bytes", peer({ keys: [new Uint8Array(31).toBase64()] })],
  ["three keys", peer({ keys: [key(1), key(2), key(3)] })],
  ["no key", peer({ keys: [] })],
  ["the host's address", peer({ addresses: ["10.8.0.1"] })],
  ["the host's IPv6 address", peer({ addresses: ["10.8.0.2", "fd12::1"] })],
  ["an address outside", peer({ addresses: ["10.9.0.2"] })],
  ["a whole network", peer({ addresses: ["10.8.0.0/16"] })],
  ["everything", peer({ addresses: ["0.0.0.0/0"] })],
  ["two of IPv4", peer({ addresses: ["10.8.0.2", "10.8.0.3"] })],
  ["IPv6 alone", peer({ addresses: ["fd12::2"] })],
  ["an address twice", file([PEERS[0], { keys: [key(4)], addresses: ["10.8.0.2"] }])],
  ["a key twice", file([PEERS[0], { keys: [key(1)], addresses: ["10.8.0.4"] }])],
  ["one key as both of a peer", peer({ keys: [key(1), key(1)] })],
  ["too many peers", file(Array(PEERS_MAX + 1).fill(0))],
  ["a file that is too long", " ".repeat(EXCHANGE_MAX + 1)],
];
for (const [name, text] of HOSTILE) {
  Deno.test(`parsePeers() refuses ${name} and repeats nothing of it`, () => {
    const read = parsePeers(text, NETWORKS);
    strictEqual(read.ok, false);
    match(read.ok ? "" : read.error, /^[a-zA-Z0-9 :,']{5,80}$/);
  });
}

Deno.test("parsePeers() refuses IPv6 where the VPN has none", () => {
  strictEqual(parsePeers(formatPeers(PEERS), { ...NETWORKS, network6: null }).ok, false);
});

Deno.test("parseHostVpn() reads what formatHostVpn() wrote", () => {
  deepStrictEqual(parseHostVpn(formatHostVpn(VPN)), { ok: true, value: VPN });
  const refused = { ...VPN, refused: "it is not JSON", network6: null, heard: new Map() };
  deepStrictEqual(parseHostVpn(formatHostVpn(refused)), { ok: true, value: refused });
});

const changed = (change: object) => JSON.stringify({ ...JSON.parse(formatHostVpn(VPN)), ...change });
for (
  const [name, text] of [
    ["an endpoint that ends the line", changed({ endpoint: "a\nPostUp = id" })],
    ["a public network", changed({ network: "8.8.0.0/16" })],
    ["the whole of 10/8", changed({ network: "10.0.0.0/8" })],
    ["port 0", changed({ port: 0 })],
    ["a key that is none", changed({ publicKey: "x" })],
    ["a handshake of nobody", changed({ heard: { x: 5 } })],
    ["a handshake without a time", changed({ heard: { [key(1)]: "5" } })],
    ["an interface that is a path", changed({ interfaceName: "../x" })],
    ["nothing", ""],
  ] as const
) Deno.test(`parseHostVpn() refuses ${name}`, () => strictEqual(parseHostVpn(text).ok, false));

Deno.test("hostInterfaceText() holds no secret and no route", () => {
  const text = hostInterfaceText({
    ...VPN,
    keyPath: "/etc/wattpost/host-credentials/wireguard.key",
    peersPath: "/var/lib/wattpost-setup/peers.conf",
    madeBy: "Made by Wattpost",
  });
  strictEqual(
    text,
    [
      "# Made by Wattpost",
      "# Routers of sites; their keys and addresses come from Wattpost. deno task vpn status shows them.",
      "[Interface]",
      "Address = 10.8.0.1/16, fd12::1/64",
      "ListenPort = 51820",
      "Table = off",
      "PostUp = wg set %i private-key /etc/wattpost/host-credentials/wireguard.key",
      "PostUp = wg addconf %i /var/lib/wattpost-setup/peers.conf",
      "",
    ].join("\n"),
  );
});

Deno.test("peersText() gives addresses to the newer of two keys from its first handshake on", () => {
  const allowedOf = (heard: ReadonlyMap<string, number>) =>
    Object.fromEntries(
      peersText(PEERS, heard).split("[Peer]\n").slice(1).map((part) => [
        /^PublicKey = (.*)$/m.exec(part)?.[1],
        /^AllowedIPs = (.*)$/m.exec(part)?.[1] ?? null,
      ]),
    );
  deepStrictEqual(allowedOf(new Map()), {
    [key(1)]: "10.8.0.2/32, fd12::2/128",
    [key(2)]: "10.8.0.3/32",
    [key(3)]: null,
  });
  deepStrictEqual(allowedOf(new Map([[key(2), 5]]))[key(2)], "10.8.0.3/32");
  const moved = allowedOf(new Map([[key(2), 9], [key(3), 5]]));
  deepStrictEqual([moved[key(2)], moved[key(3)]], [null, "10.8.0.3/32"]);
  strictEqual(peersText([], new Map()), "");
  match(
    syncText({ privateKey: key(5), port: 7 }, "x"),
    /^\[Interface\]\nPrivateKey = \S+\nListenPort = 7\n\nx$/,
  );
});

Deno.test("readHandshakeLines() leaves out keys that were never heard", () => {
  deepStrictEqual(
    readHandshakeLines(`${key(1)}\t0\n${key(2)}\t1764000000\n`),
    new Map([[key(2), 1_764_000_000]]),
  );
  deepStrictEqual(readHandshakeLines(""), new Map());
});
