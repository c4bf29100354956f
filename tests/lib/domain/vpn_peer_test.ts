import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  admittedKeys,
  afterHandshakes,
  countStates,
  lastHeardS,
  type VpnPeer,
} from "../../../lib/domain/vpn_peer.ts";

const NOW = Date.UTC(2026, 10, 25, 9);
const [OLD, NEW] = ["old", "new"];
const PEER: VpnPeer = {
  siteId: 7,
  place: 2,
  state: "issued",
  publicKey: OLD,
  nextKey: null,
  untilMs: null,
  madeMs: NOW - 1_000,
  takenMs: NOW,
  version: 3,
};
const ROTATING: VpnPeer = { ...PEER, state: "rotating", nextKey: NEW, untilMs: NOW + 1_000 };
const heard = (...keys: readonly string[]) => new Map(keys.map((key) => [key, NOW / 1_000]));

const CASES: readonly {
  readonly name: string;
  readonly peer: VpnPeer;
  readonly heard: ReadonlyMap<string, number>;
  readonly nowMs?: number;
  readonly want: readonly [VpnPeer["state"], readonly string[]];
}[] = [
  { name: "waits for its router", peer: PEER, heard: heard(), want: ["issued", [OLD]] },
  { name: "is active once its router was heard", peer: PEER, heard: heard(OLD), want: ["active", [OLD]] },
  {
    name: "is active although nobody took its file from here",
    peer: { ...PEER, state: "planned", takenMs: null },
    heard: heard(OLD),
    want: ["active", [OLD]],
  },
  { name: "is not moved by another's key", peer: PEER, heard: heard("other"), want: ["issued", [OLD]] },
  {
    name: "keeps both keys while only the old one is heard",
    peer: ROTATING,
    heard: heard(OLD),
    want: ["rotating", [OLD, NEW]],
  },
  {
    name: "drops the old key once the new one is heard",
    peer: ROTATING,
    heard: heard(OLD, NEW),
    want: ["active", [NEW]],
  },
  {
    name: "drops the old key at the deadline",
    peer: ROTATING,
    heard: heard(OLD),
    nowMs: NOW + 1_000,
    want: ["issued", [NEW]],
  },
  {
    name: "says after the deadline that nobody took the new key",
    peer: { ...ROTATING, takenMs: null },
    heard: heard(OLD),
    nowMs: NOW + 1_000,
    want: ["planned", [NEW]],
  },
  {
    name: "stays revoked whatever is heard",
    peer: { ...PEER, state: "revoked", publicKey: null },
    heard: heard(OLD),
    want: ["revoked", []],
  },
];
for (const { name, peer, heard, nowMs = NOW, want } of CASES) {
  Deno.test(`a VPN peer ${name}`, () => {
    const after = afterHandshakes(peer, heard, nowMs);
    deepStrictEqual([after.state, admittedKeys(after)], want);
    strictEqual(afterHandshakes(after, heard, nowMs), after, "once is enough");
  });
}

Deno.test("lastHeardS() is the newest of both keys, null where none was heard", () => {
  strictEqual(lastHeardS(ROTATING, new Map([[OLD, 5], [NEW, 9]])), 9);
  strictEqual(lastHeardS(PEER, new Map([[NEW, 9]])), null);
});

Deno.test("countStates() counts each state, also those that nobody is in", () => {
  deepStrictEqual(countStates([PEER, ROTATING, PEER]), {
    planned: 0,
    issued: 2,
    active: 0,
    rotating: 1,
    revoked: 0,
  });
});
