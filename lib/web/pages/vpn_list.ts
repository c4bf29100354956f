/**
 * All peers of the VPN as administrators see them.
 *
 * @module
 */

import { vpnAddressesOf } from "../../domain/vpn.ts";
import {
  afterHandshakes,
  countStates,
  lastHeardS,
  type VpnPeer,
  type VpnState,
} from "../../domain/vpn_peer.ts";
import { listSiteNames } from "../../store/vpn_rows.ts";
import { listVpnPeers } from "../../store/vpn_peers.ts";
import { durationText } from "../../ui/format.ts";
import type { VpnPanelProps, VpnPeerRow } from "../../ui/VpnPanel.tsx";
import { servicesOf, type State } from "../state.ts";
import { type HostTold, stateLook } from "./vpn_view.ts";

/** States in the order in which they need somebody. */
const ORDER: readonly VpnState[] = ["rotating", "issued", "planned", "active", "revoked"];

/** Sites that are listed. */
const SHOWN = 50;

/** What administrators see of the VPN. */
export async function vpnPanelProps(state: State, { vpn, trouble }: HostTold): Promise<VpnPanelProps> {
  const { db } = servicesOf(state);
  const nowMs = state.base.clock.nowMs();
  const stored = await listVpnPeers(db);
  const peers = vpn ? stored.map((peer) => afterHandshakes(peer, vpn.heard, nowMs)) : stored;
  const counts = countStates(peers);
  const first = peers.toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state)).slice(0, SHOWN);
  const names = await listSiteNames(db, first.map(({ siteId }) => siteId));
  const row = (peer: VpnPeer): VpnPeerRow => {
    const heardS = vpn && lastHeardS(peer, vpn.heard);
    return {
      siteId: peer.siteId,
      name: names.get(peer.siteId) ?? `Site ${peer.siteId}`,
      href: `/sites/${peer.siteId}/router/vpn`,
      ...stateLook(peer.state),
      address: (vpn && vpnAddressesOf(vpn, peer.place)?.address) ?? null,
      heard: heardS === null ? null : `${durationText(Math.max(0, Math.round(nowMs / 1_000) - heardS))} ago`,
    };
  };
  return {
    trouble,
    endpoint: vpn && `${vpn.endpoint}, UDP\u00a0${vpn.port}`,
    networks: vpn && [vpn.network, vpn.network6].filter((one) => one !== null).join(", "),
    counts: ORDER.filter((one) => counts[one] > 0).map((one) => ({ ...stateLook(one), count: counts[one] })),
    peers: first.map(row),
    more: Math.max(0, peers.length - SHOWN),
  };
}
