/**
 * The life of a site's VPN peer: issued, seen, changed to a new key while the old one still holds, revoked.
 *
 * @module
 */

/** How a peer stands. */
export type VpnState =
  /** Its keys are made, its file was never taken away. */
  | "planned"
  /** Its file was taken away; its router was not heard. */
  | "issued"
  /** Its router was heard. */
  | "active"
  /** A new key was made; the old one holds until the router is heard with the new one, or until a deadline. */
  | "rotating"
  /** No key of it is admitted. */
  | "revoked";

/** A site's peer. */
export interface VpnPeer {
  /** The site. */
  readonly siteId: number;
  /** From which its addresses follow; never another site's, also after this one is gone. */
  readonly place: number;
  /** How it stands. */
  readonly state: VpnState;
  /** Its public key, base64; `null`: it is revoked. */
  readonly publicKey: string | null;
  /** The public key that replaces it; `null`: none does. */
  readonly nextKey: string | null;
  /** When the old key ends whatever the router does, epoch milliseconds; `null`: nothing is replaced. */
  readonly untilMs: number | null;
  /** When its newest key was made, epoch milliseconds. */
  readonly madeMs: number;
  /** When a file with its newest key was taken away first, epoch milliseconds; `null`: never. */
  readonly takenMs: number | null;
  /** Counts its changes. */
  readonly version: number;
}

/** Days for which the old key holds beside the new one. */
export const ROTATION_DAYS = 14;

/** When each key was heard last, epoch seconds; keys that never were are left out. */
export type Handshakes = ReadonlyMap<string, number>;

/** A peer as it stands once it is known which keys were heard, and at this time. */
export function afterHandshakes(peer: VpnPeer, heard: Handshakes, nowMs: number): VpnPeer {
  const { state, publicKey, nextKey, untilMs } = peer;
  switch (state) {
    case "revoked":
    case "active":
      return peer;
    case "planned":
    case "issued":
      return publicKey !== null && heard.has(publicKey) ? { ...peer, state: "active" } : peer;
    case "rotating": {
      if (nextKey === null) return peer;
      const isHeard = heard.has(nextKey);
      if (!isHeard && (untilMs === null || nowMs < untilMs)) return peer;
      return {
        ...peer,
        state: isHeard ? "active" : peer.takenMs === null ? "planned" : "issued",
        publicKey: nextKey,
        nextKey: null,
        untilMs: null,
      };
    }
  }
}

/** The keys that the host admits for a peer, the newer one last; empty: none. */
export function admittedKeys({ publicKey, nextKey }: VpnPeer): readonly string[] {
  return [publicKey, nextKey].filter((key) => key !== null);
}

/** When a peer was heard last, epoch seconds; `null`: not since the VPN began to run. */
export function lastHeardS(peer: VpnPeer, heard: Handshakes): number | null {
  const times = admittedKeys(peer).flatMap((key) => heard.get(key) ?? []);
  return times.length === 0 ? null : Math.max(...times);
}

/** Peers by state. */
export function countStates(peers: readonly Pick<VpnPeer, "state">[]): Readonly<Record<VpnState, number>> {
  const counts = { planned: 0, issued: 0, active: 0, rotating: 0, revoked: 0 };
  for (const { state } of peers) counts[state] += 1;
  return counts;
}
