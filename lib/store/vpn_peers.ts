/**
 * The VPN peers of sites: issued, changed to a new key, revoked. Each change is written down, the keys never are; a peer
 * that somebody else changed meanwhile is not changed over it.
 *
 * @module
 */

import { err, ok, type Result } from "../result.ts";
import { PEERS_MAX, placesOf, vpnAddressesOf, type VpnNetworks } from "../domain/vpn.ts";
import { afterHandshakes, type Handshakes, ROTATION_DAYS, type VpnPeer } from "../domain/vpn_peer.ts";
import { appendAudit, type Author } from "./audit.ts";
import { type Database, type Executor, isStoreError, transaction } from "./db.ts";
import { exclusiveLock } from "./dialect.ts";
import { takeIds } from "./ids.ts";
import type { SecretBox } from "./secret_box.ts";
import {
  forgetPrivateKeys,
  keepPrivateKey,
  makeVpnKeyPair,
  promotePrivateKey,
  readPrivateKey,
} from "./vpn_keys.ts";
import { PEER_COLUMNS, peerOf, rowOf } from "./vpn_rows.ts";

/** Why a peer was not changed. */
export type VpnTrouble =
  /** Somebody else changed it, or it is not there. */
  | { readonly kind: "changed" }
  /** The network has no address left. */
  | { readonly kind: "full" };

/** Whose peer is changed, as it was seen. */
export interface VpnChange {
  /** The site. */
  readonly siteId: number;
  /** The version that was seen; 0: it had none. */
  readonly version: number;
  /** Seals private keys. */
  readonly box: SecretBox;
  /** The VPN's networks. */
  readonly networks: VpnNetworks;
}

/** The peer of a site; `null`: it has none. */
export async function getVpnPeer(db: Database, siteId: number): Promise<VpnPeer | null> {
  const row = await db.reader.selectFrom("vpn_peer").select(PEER_COLUMNS).where("site_id", "=", siteId)
    .executeTakeFirst();
  return row ? peerOf(row) : null;
}

/** All peers in the order of their places, at most {@link PEERS_MAX}. */
export async function listVpnPeers(db: Database): Promise<readonly VpnPeer[]> {
  const rows = await db.reader.selectFrom("vpn_peer").select(PEER_COLUMNS).orderBy("place").limit(PEERS_MAX)
    .execute();
  return rows.map(peerOf);
}

/** Gives a site a peer; one that was revoked gets new keys and keeps its addresses. */
export function issueVpnPeer(
  db: Database,
  by: Author,
  { siteId, version, box, networks }: VpnChange,
): Promise<Result<VpnPeer, VpnTrouble>> {
  return changing(db, async (tx) => {
    const was = await lockPeer(tx, siteId);
    if ((was?.version ?? 0) !== version || (was && was.state !== "revoked")) return err({ kind: "changed" });
    if (!was && !await hasRoom(tx, networks)) return err({ kind: "full" });
    const place = was?.place ?? await takeIds(tx, "vpn", 1);
    if (place > placesOf(networks)) return err({ kind: "full" });
    const { privateKey, publicKey } = await makeVpnKeyPair();
    await keepPrivateKey(tx, box, { siteId, role: "current", privateKey, nowMs: by.atMs });
    const peer: VpnPeer = {
      siteId,
      place,
      state: "planned",
      publicKey,
      nextKey: null,
      untilMs: null,
      madeMs: by.atMs,
      takenMs: null,
      version: version + 1,
    };
    if (was) await writePeer(tx, peer);
    else await tx.insertInto("vpn_peer").values({ site_id: siteId, ...rowOf(peer) }).execute();
    await writeTrace(tx, by, { action: "vpn-issued", networks, was, peer });
    return ok(peer);
  });
}

/**
 * Gives a peer a new key. A router that was heard keeps its old one for a while, so that nobody has to be there at the
 * same moment; one that never was gets the new one at once.
 */
export function rotateVpnPeer(
  db: Database,
  by: Author,
  { siteId, version, box, networks }: VpnChange,
): Promise<Result<VpnPeer, VpnTrouble>> {
  return changing(db, async (tx) => {
    const was = await lockPeer(tx, siteId);
    if (!was || was.version !== version || was.state === "revoked") return err({ kind: "changed" });
    const { privateKey, publicKey } = await makeVpnKeyPair();
    const isInUse = was.state === "active" || was.state === "rotating";
    const role = isInUse ? "next" : "current";
    await keepPrivateKey(tx, box, { siteId, role, privateKey, nowMs: by.atMs });
    const peer: VpnPeer = {
      ...was,
      ...(isInUse
        ? { state: "rotating", nextKey: publicKey, untilMs: by.atMs + ROTATION_DAYS * 86_400_000 }
        : { state: "planned", publicKey }),
      madeMs: by.atMs,
      takenMs: null,
      version: version + 1,
    };
    await writePeer(tx, peer);
    await writeTrace(tx, by, { action: "vpn-rotated", networks, was, peer });
    return ok(peer);
  });
}

/** Takes all keys of a peer away; its addresses stay the site's. */
export function revokeVpnPeer(
  db: Database,
  by: Author,
  { siteId, version, networks }: Omit<VpnChange, "box">,
): Promise<Result<VpnPeer, VpnTrouble>> {
  return changing(db, async (tx) => {
    const was = await lockPeer(tx, siteId);
    if (!was || was.version !== version || was.state === "revoked") return err({ kind: "changed" });
    await forgetPrivateKeys(tx, siteId);
    const peer: VpnPeer = {
      ...was,
      state: "revoked",
      publicKey: null,
      nextKey: null,
      untilMs: null,
      takenMs: null,
      version: version + 1,
    };
    await writePeer(tx, peer);
    await writeTrace(tx, by, { action: "vpn-revoked", networks, was, peer });
    return ok(peer);
  });
}

/** What a router's file is made of, and what it says of itself. */
export interface TakenFile {
  /** The site. */
  readonly siteId: number;
  /** Which file. */
  readonly template: string;
  /** Version of the peer that was seen. */
  readonly version: number;
  /** Opens the private key. */
  readonly box: SecretBox;
}

/** The newest private key of a peer, for a file that is taken away now; written down as an export. */
export function takeVpnKey(
  db: Database,
  by: Author,
  { siteId, template, version, box }: TakenFile,
): Promise<Result<string, VpnTrouble>> {
  return changing(db, async (tx): Promise<Result<string, VpnTrouble>> => {
    const was = await lockPeer(tx, siteId);
    if (!was || was.version !== version || was.state === "revoked") return err({ kind: "changed" });
    const role = was.nextKey === null ? "current" : "next";
    const privateKey = await readPrivateKey(tx, box, { siteId, role });
    if (privateKey === null) return err({ kind: "changed" });
    // Taking a file changes nothing that somebody could have decided by: the version stays.
    if (was.takenMs === null) {
      const state = was.state === "planned" ? "issued" : was.state;
      await writePeer(tx, { ...was, state, takenMs: by.atMs });
    }
    await appendAudit(tx, by, {
      action: "export",
      subject: `site ${siteId}`,
      siteId,
      after: { file: template, holds: "the router's key for the VPN" },
    });
    return ok(privateKey);
  });
}

/** What was heard, and by which clock. */
export interface Heard {
  /** When each key was heard. */
  readonly heard: Handshakes;
  /** Seals private keys. */
  readonly box: SecretBox;
  /** The VPN's networks. */
  readonly networks: VpnNetworks;
}

/** Writes down what follows from handshakes and time: routers that came in, old keys that end. How many changed. */
export async function settleVpnPeers(
  db: Database,
  by: Author,
  { heard, box, networks }: Heard,
): Promise<number> {
  let settled = 0;
  for (const seen of await listVpnPeers(db)) {
    if (afterHandshakes(seen, heard, by.atMs) === seen) continue;
    settled += await transaction(db, async (tx) => {
      const was = await lockPeer(tx, seen.siteId);
      const becomes = was && afterHandshakes(was, heard, by.atMs);
      if (!becomes || becomes === was) return 0;
      const peer = { ...becomes, version: was.version + 1 };
      if (was.state === "rotating") {
        await promotePrivateKey(tx, box, { siteId: was.siteId, nowMs: by.atMs });
        await writeTrace(tx, by, { action: "vpn-old-key-ended", networks, was, peer });
      }
      await writePeer(tx, peer);
      return 1;
    });
  }
  return settled;
}

async function changing<T>(
  db: Database,
  run: (tx: Executor) => Promise<Result<T, VpnTrouble>>,
): Promise<Result<T, VpnTrouble>> {
  try {
    return await transaction(db, run);
  } catch (error) {
    if (isStoreError(error, "duplicate")) return err({ kind: "changed" });
    throw error;
  }
}

async function lockPeer(tx: Executor, siteId: number): Promise<VpnPeer | null> {
  const row = await tx.selectFrom("vpn_peer").select(PEER_COLUMNS).where("site_id", "=", siteId)
    .modifyEnd(exclusiveLock(tx)).executeTakeFirst();
  return row ? peerOf(row) : null;
}

async function writePeer(tx: Executor, peer: VpnPeer): Promise<void> {
  await tx.updateTable("vpn_peer").set(rowOf(peer)).where("site_id", "=", peer.siteId).execute();
}

async function hasRoom(tx: Executor, networks: VpnNetworks): Promise<boolean> {
  const { next_id } = await tx.selectFrom("allocation").select("next_id").where("kind", "=", "vpn")
    .executeTakeFirstOrThrow();
  const { count } = await tx.selectFrom("vpn_peer").select(({ fn }) => fn.countAll().as("count"))
    .executeTakeFirstOrThrow();
  return next_id <= placesOf(networks) && Number(count) < PEERS_MAX;
}

interface Trace {
  readonly action: string;
  readonly networks: VpnNetworks;
  readonly was: VpnPeer | null;
  readonly peer: VpnPeer;
}

async function writeTrace(tx: Executor, by: Author, { action, networks, was, peer }: Trace): Promise<void> {
  const { siteId, place, state } = peer;
  await appendAudit(tx, by, {
    action,
    subject: `site ${siteId}`,
    siteId,
    ...(was ? { before: { state: was.state } } : {}),
    after: { state, ...vpnAddressesOf(networks, place) },
  });
}
