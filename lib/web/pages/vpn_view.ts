/**
 * A site's peer in the VPN as its page shows it.
 *
 * @module
 */

import type { HostVpn } from "../../domain/vpn_exchange.ts";
import { dayWords } from "../../domain/instant.ts";
import { vpnAddressesOf } from "../../domain/vpn.ts";
import { afterHandshakes, lastHeardS, type VpnPeer, type VpnState } from "../../domain/vpn_peer.ts";
import { readHostVpn } from "../../store/vpn_exchange.ts";
import { getVpnPeer } from "../../store/vpn_peers.ts";
import { keepVpn } from "../../store/vpn_keeper.ts";
import { durationText } from "../../ui/format.ts";
import type { VpnPageProps, VpnPeerShown } from "../../ui/pages/VpnPage.tsx";
import type { HostTrouble } from "../../ui/VpnPanel.tsx";
import type { State as Look } from "../../ui/state.ts";
import { servicesOf, type State } from "../state.ts";

/** The VPN as the host tells it, and what to do where it tells nothing. */
export interface HostTold {
  /** The VPN; `null`: there is none. */
  readonly vpn: HostVpn | null;
  /** Why there is none, or why it is not to be believed, and what helps; `null`: there is one, and it is up to date. */
  readonly trouble: HostTrouble | null;
}

/** Minutes after which what the host tells is old: it is told each minute. */
const OLD_MIN = 10;

const SET_UP =
  "Whoever runs it describes one (vpn in ops/host.json) and runs “deno task host apply”; docs/vpn.md says how.";
const ASK_SERVICE = "“journalctl -u wattpost-requests” on the host says more.";
const ASK_TIMER =
  "What is shown is from then, and nothing new is admitted: look at “systemctl status wattpost-requests.timer” there.";

/** Reads what the host tells. */
export async function loadHostVpn({ base }: State): Promise<HostTold> {
  const told = await readHostVpn(base.config.hostDir);
  if (!told.ok) {
    const title = "What the host tells of its VPN is not understood";
    return { vpn: null, trouble: { state: "warn", title, said: told.error, todo: ASK_SERVICE } };
  }
  const vpn = told.value;
  if (!vpn) {
    return {
      vpn: null,
      trouble: { state: "info", title: "This server has no VPN yet", said: null, todo: SET_UP },
    };
  }
  if (vpn.refused !== null) {
    const title = "The host did not do what was asked for last";
    return { vpn, trouble: { state: "warn", title, said: vpn.refused, todo: ASK_SERVICE } };
  }
  const ageS = (base.clock.nowMs() - vpn.atMs) / 1_000;
  if (ageS <= OLD_MIN * 60) return { vpn, trouble: null };
  const title = `The host told of its VPN ${durationText(ageS)} ago for the last time`;
  return { vpn, trouble: { state: "warn", title, said: null, todo: ASK_TIMER } };
}

/** What a page of a site's peer needs. */
export interface VpnPageFacts {
  /** The site. */
  readonly siteId: number;
  /** Its name. */
  readonly siteName: string;
  /** Its addresses, the main one first. */
  readonly hosts: readonly string[];
}

/** The page of a site's peer, without the files to take away. */
export async function vpnPageProps(
  state: State,
  { siteId, siteName, hosts }: VpnPageFacts,
): Promise<VpnPageProps> {
  const [{ vpn, trouble }, peer] = await Promise.all([
    loadHostVpn(state),
    getVpnPeer(servicesOf(state).db, siteId),
  ]);
  const href = `/sites/${siteId}/router`;
  const shown = peer && shownPeer(peer, { vpn, hosts, nowMs: state.base.clock.nowMs() });
  return {
    siteName,
    siteHref: `/sites/${siteId}`,
    routerHref: href,
    host: vpn && { endpoint: vpn.endpoint, port: vpn.port, network: vpn.network },
    trouble,
    peer: shown,
    files: [],
    done: null,
    fault: null,
  };
}

interface ShownFacts {
  readonly vpn: HostVpn | null;
  readonly hosts: readonly string[];
  readonly nowMs: number;
}

function shownPeer(stored: VpnPeer, { vpn, hosts, nowMs }: ShownFacts): VpnPeerShown {
  const peer = vpn ? afterHandshakes(stored, vpn.heard, nowMs) : stored;
  const addresses = vpn && vpnAddressesOf(vpn, peer.place);
  const heardS = vpn && lastHeardS(peer, vpn.heard);
  return {
    state: peer.state,
    ...stateLook(peer.state),
    address: addresses?.address ?? null,
    address6: addresses?.address6 ?? null,
    heard: heardWords(heardS, { isTold: vpn !== null, nowMs }),
    oldKeyUntil: peer.untilMs === null ? null : dayWords(peer.untilMs),
    isTaken: peer.takenMs !== null,
    isFirst: addresses !== null && hosts[0] === addresses.address,
    version: stored.version,
  };
}

function heardWords(
  heardS: number | null,
  { isTold, nowMs }: { readonly isTold: boolean; readonly nowMs: number },
): string | null {
  if (heardS === null) return isTold ? "not since the VPN began to run" : null;
  return `${durationText(Math.max(0, Math.round(nowMs / 1_000) - heardS))} ago`;
}

/** A state in words, with its look. */
export function stateLook(state: VpnState): { readonly look: Look; readonly words: string } {
  switch (state) {
    case "planned":
      return { look: "info", words: "Planned: no file was taken away" };
    case "issued":
      return { look: "info", words: "Issued: the router was not heard yet" };
    case "active":
      return { look: "good", words: "Active" };
    case "rotating":
      return { look: "warn", words: "The key is being changed" };
    case "revoked":
      return { look: "forbidden", words: "Revoked" };
  }
}

/** Asks the host for what is stored now; what a page changed is done by the host within a minute. */
export async function stepVpn(state: State): Promise<void> {
  const { db, box, seal } = servicesOf(state);
  const { clock, config: { hostDir, dataDir } } = state.base;
  await keepVpn({ db, box, seal, hostDir, dataDir, nowMs: clock.nowMs() });
}
