import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { afterHandshakes, ROTATION_DAYS, type VpnPeer } from "../../../lib/domain/vpn_peer.ts";
import { listAudit } from "../../../lib/store/audit.ts";
import type { Database } from "../../../lib/store/db.ts";
import { resealSecrets } from "../../../lib/store/reseal.ts";
import { createSecretBox, newRingKey } from "../../../lib/store/secret_box.ts";
import { listSecretNames } from "../../../lib/store/secrets.ts";
import { makeVpnKeyPair } from "../../../lib/store/vpn_keys.ts";
import {
  getVpnPeer,
  issueVpnPeer,
  listVpnPeers,
  revokeVpnPeer,
  rotateVpnPeer,
  settleVpnPeers,
  takeVpnKey,
} from "../../../lib/store/vpn_peers.ts";
import { authorAt } from "../../fakes/author.ts";
import { onEveryEngine } from "./engines.ts";

const NOW = Date.UTC(2026, 10, 25, 9);
const DAY_MS = 86_400_000;
const OLD = newRingKey();
const NEW = newRingKey();
const networks = { network: "10.8.0.0/24", network6: "fd12::/64" };
const by = authorAt(NOW);
const box = await createSecretBox([OLD]);

const change = (siteId: number, version: number) => ({ siteId, version, box, networks });

async function issued(db: Database, siteId: number): Promise<VpnPeer> {
  const peer = await issueVpnPeer(db, by, change(siteId, 0));
  if (!peer.ok) throw new Error(peer.error.kind);
  return peer.value;
}

async function taken(db: Database, { siteId, version }: VpnPeer): Promise<string> {
  const key = await takeVpnKey(db, by, { siteId, version, box, template: "wg-quick" });
  if (!key.ok) throw new Error(key.error.kind);
  return key.value;
}

/** Whether a private key and a public one are a pair, as WebCrypto sees it: both sides find the same secret. */
async function isPair(privateKey: string, publicKey: string | null): Promise<boolean> {
  const head = Uint8Array.fromHex("302e020100300506032b656e04220420");
  const bytes = new Uint8Array([...head, ...Uint8Array.fromBase64(privateKey)]);
  const own = await crypto.subtle.importKey("pkcs8", bytes, "X25519", false, ["deriveBits"]);
  const open = (key: string) =>
    crypto.subtle.importKey("raw", Uint8Array.fromBase64(key), "X25519", true, []);
  const other = await makeVpnKeyPair();
  const otherBytes = new Uint8Array([...head, ...Uint8Array.fromBase64(other.privateKey)]);
  const otherOwn = await crypto.subtle.importKey("pkcs8", otherBytes, "X25519", false, ["deriveBits"]);
  const shared = async (key: CryptoKey, theirs: string) =>
    new Uint8Array(await crypto.subtle.deriveBits({ name: "X25519", public: await open(theirs) }, key, 256))
      .toHex();
  return await shared(own, other.publicKey) === await shared(otherOwn, publicKey ?? "");
}

onEveryEngine("a peer is issued once, with keys that fit and an address of its own", async (db) => {
  const both = await Promise.all([issueVpnPeer(db, by, change(7, 0)), issueVpnPeer(db, by, change(7, 0))]);
  deepStrictEqual(both.map((one) => one.ok).sort(), [false, true], "of two at once one is told so");
  const first = await getVpnPeer(db, 7);
  ok(first);
  const second = await issued(db, 9);
  deepStrictEqual([first.state, first.version, second.place - first.place], ["planned", 1, 1]);
  ok(await isPair(await taken(db, first), first.publicKey));
  strictEqual((await getVpnPeer(db, 7))?.state, "issued");
  deepStrictEqual((await listVpnPeers(db)).map(({ siteId }) => siteId), [7, 9]);
});

onEveryEngine("a key is changed while the old one holds, until the new one is heard", async (db) => {
  const first = await issued(db, 7);
  const again = await rotateVpnPeer(db, by, change(7, 1));
  ok(again.ok);
  deepStrictEqual([again.value.state, again.value.nextKey], ["planned", null], "nobody had the first one");
  notStrictEqual(again.value.publicKey, first.publicKey);
  const heard = new Map([[again.value.publicKey ?? "", NOW / 1_000]]);
  strictEqual(await settleVpnPeers(db, by, { heard, box, networks }), 1);
  strictEqual(await settleVpnPeers(db, by, { heard, box, networks }), 0);
  strictEqual((await rotateVpnPeer(db, by, change(7, 2))).ok, false, "somebody was quicker");
  const rotating = await rotateVpnPeer(db, by, change(7, 3));
  ok(rotating.ok);
  const { state, publicKey, nextKey, untilMs } = rotating.value;
  deepStrictEqual([state, publicKey, untilMs], [
    "rotating",
    again.value.publicKey,
    NOW + ROTATION_DAYS * DAY_MS,
  ]);
  const key = await taken(db, rotating.value);
  ok(await isPair(key, nextKey), "the file has the new key");
  heard.set(nextKey ?? "", NOW / 1_000 + 60);
  strictEqual(await settleVpnPeers(db, by, { heard, box, networks }), 1);
  const after = await getVpnPeer(db, 7);
  ok(after);
  deepStrictEqual([after.state, after.publicKey, after.nextKey, after.untilMs], [
    "active",
    nextKey,
    null,
    null,
  ]);
  strictEqual(await taken(db, after), key, "the key lies under its new name");
  deepStrictEqual(await listSecretNames(db, { prefix: "vpn-" }), ["vpn-private:7"]);
});

onEveryEngine("an old key ends at the deadline, whatever the router does", async (db) => {
  const first = await issued(db, 7);
  const heard = new Map([[first.publicKey ?? "", NOW / 1_000]]);
  await settleVpnPeers(db, by, { heard, box, networks });
  const rotating = await rotateVpnPeer(db, by, change(7, 2));
  ok(rotating.ok);
  const late = authorAt(NOW + ROTATION_DAYS * DAY_MS);
  strictEqual(await settleVpnPeers(db, authorAt(late.atMs - 1), { heard, box, networks }), 0);
  strictEqual(await settleVpnPeers(db, late, { heard, box, networks }), 1);
  const after = await getVpnPeer(db, 7);
  deepStrictEqual([after?.state, after?.publicKey], ["planned", rotating.value.nextKey]);
  strictEqual(after && afterHandshakes(after, heard, late.atMs), after);
});

onEveryEngine("a revoked peer has no key left, and its address comes back to nobody else", async (db) => {
  const first = await issued(db, 7);
  ok((await revokeVpnPeer(db, by, change(7, 1))).ok);
  strictEqual((await revokeVpnPeer(db, by, change(7, 2))).ok, false);
  deepStrictEqual(await listSecretNames(db, { prefix: "vpn-" }), []);
  strictEqual((await takeVpnKey(db, by, { siteId: 7, version: 2, box, template: "wg-quick" })).ok, false);
  const other = await issued(db, 9);
  notStrictEqual(other.place, first.place);
  const back = await issueVpnPeer(db, by, change(7, 2));
  ok(back.ok);
  deepStrictEqual([back.value.place, back.value.state], [first.place, "planned"]);
  notStrictEqual(back.value.publicKey, first.publicKey);
});

onEveryEngine("a network that is full says so, and nothing is half made", async (db) => {
  await db.kysely.updateTable("allocation").set({ next_id: 254 }).where("kind", "=", "vpn").execute();
  strictEqual((await issued(db, 7)).place, 254);
  deepStrictEqual(await issueVpnPeer(db, by, change(9, 0)), { ok: false, error: { kind: "full" } });
  deepStrictEqual(await listSecretNames(db, { prefix: "vpn-" }), ["vpn-private:7"]);
  await db.kysely.updateTable("allocation").set({ next_id: 2 }).where("kind", "=", "vpn").execute();
});

onEveryEngine("every change is written down once, and no key ever", async (db) => {
  const first = await issued(db, 7);
  const key = await taken(db, first);
  await rotateVpnPeer(db, by, change(7, 1));
  await revokeVpnPeer(db, by, change(7, 2));
  const trail = (await listAudit(db)).toReversed();
  deepStrictEqual(trail.map(({ action, subject }) => [action, subject]), [
    ["vpn-issued", "site 7"],
    ["export", "site 7"],
    ["vpn-rotated", "site 7"],
    ["vpn-revoked", "site 7"],
  ]);
  const words = JSON.stringify(trail);
  ok(!words.includes(key) && !words.includes(first.publicKey ?? "-"), words);
  match(words, /10\.8\.0\.\d+/);
});

onEveryEngine("secrets:rotate seals a router's keys anew, and its file is the same", async (db) => {
  const first = await issued(db, 7);
  const key = await taken(db, first);
  const both = await createSecretBox([NEW, OLD]);
  deepStrictEqual(await resealSecrets(db, both, { dryRun: false, nowMs: NOW }), { resealed: 1, stuck: [] });
  const only = await createSecretBox([NEW]);
  const again = await takeVpnKey(db, by, { siteId: 7, version: 1, box: only, template: "wg-quick" });
  deepStrictEqual(again, { ok: true, value: key });
});
