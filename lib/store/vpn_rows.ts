/**
 * Rows of VPN peers, and the peers they stand for.
 *
 * @module
 */

import type { VpnPeer, VpnState } from "../domain/vpn_peer.ts";
import type { Database } from "./db.ts";
import type { VpnPeerTable } from "./schema_vpn.ts";

/** States by the numbers that are stored. */
export const VPN_STATES: readonly VpnState[] = ["planned", "issued", "active", "rotating", "revoked"];

/** Columns of a peer. */
export const PEER_COLUMNS = [
  "site_id",
  "place",
  "state",
  "public_key",
  "next_key",
  "until_ms",
  "made_ms",
  "taken_ms",
  "version",
] as const;

/** A peer out of its row. */
export function peerOf(row: VpnPeerTable): VpnPeer {
  const state = VPN_STATES[row.state];
  if (!state) throw new RangeError(`Site ${row.site_id} has a VPN peer of state ${row.state}`);
  return {
    siteId: row.site_id,
    place: row.place,
    state,
    publicKey: row.public_key,
    nextKey: row.next_key,
    untilMs: row.until_ms === null ? null : Number(row.until_ms),
    madeMs: Number(row.made_ms),
    takenMs: row.taken_ms === null ? null : Number(row.taken_ms),
    version: row.version,
  };
}

/** The row of a peer, without its site. */
export function rowOf(peer: VpnPeer): Omit<VpnPeerTable, "site_id"> {
  return {
    place: peer.place,
    state: VPN_STATES.indexOf(peer.state),
    public_key: peer.publicKey,
    next_key: peer.nextKey,
    until_ms: peer.untilMs,
    made_ms: peer.madeMs,
    taken_ms: peer.takenMs,
    version: peer.version,
  };
}

/** Sites whose names are asked for at once. */
const NAMES_MAX = 500;

/** Names of some sites; those that are gone are left out. */
export async function listSiteNames(
  db: Database,
  siteIds: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  if (siteIds.length > NAMES_MAX) throw new RangeError(`${siteIds.length} sites are too many at once`);
  if (siteIds.length === 0) return new Map();
  const rows = await db.reader.selectFrom("site").select(["site_id", "name"]).where("site_id", "in", [
    ...siteIds,
  ])
    .execute();
  return new Map(rows.map(({ site_id, name }) => [site_id, name]));
}
