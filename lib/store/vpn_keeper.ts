/**
 * Keeps peers and host in step: what handshakes and time changed is written down, and the host is asked for the peers
 * that follow. Done at the start, each half-hour and after every change; doing it twice changes nothing.
 *
 * @module
 */

import type { HostVpn } from "../domain/vpn_exchange.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { AuditSeal } from "./audit.ts";
import type { Database } from "./db.ts";
import type { SecretBox } from "./secret_box.ts";
import { askForPeers, readHostVpn } from "./vpn_exchange.ts";
import { listVpnPeers, settleVpnPeers } from "./vpn_peers.ts";

/** What it works with. */
export interface VpnKeeping {
  /** The peers. */
  readonly db: Database;
  /** Seals private keys. */
  readonly box: SecretBox;
  /** Seals entries of the audit trail. */
  readonly seal: AuditSeal;
  /** Where the host tells of its VPN. */
  readonly hostDir: string;
  /** Where the app asks the host. */
  readonly dataDir: string;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** Brings both in step; the VPN as the host tells it, `null`: it has none, or what it tells is not understood. */
export async function keepVpn(keeping: VpnKeeping): Promise<HostVpn | null> {
  const { db, box, seal, hostDir, dataDir, nowMs: atMs } = keeping;
  const told = await readHostVpn(hostDir);
  if (!told.ok || !told.value) return null;
  const vpn = told.value;
  const by = { atMs, actor: "wattpost", userId: null, origin: "-", requestId: null, seal };
  await settleVpnPeers(db, by, { heard: vpn.heard, box, networks: vpn });
  await askForPeers(dataDir, { vpn, peers: await listVpnPeers(db) });
  return vpn;
}

/** What the product works with once it is ready. */
export interface VpnWorking extends Pick<VpnKeeping, "db" | "box" | "seal"> {
  /** Whether this release is the promoted one: others change nothing. */
  readonly collector: { status(): { readonly promoted: boolean | null } };
}

/** Takes steps that nobody waits for. */
export interface VpnSteps {
  /** Takes one unless one is under way; `null`: the product is not ready. */
  take(working: VpnWorking | null): void;
  /** Resolves when none is under way. */
  idle(): Promise<void>;
}

/** Makes them; what goes wrong is logged, and done again at the next half-hour. */
export function vpnSteps(
  { config: { hostDir, dataDir }, clock, log }: {
    readonly config: Pick<VpnKeeping, "hostDir" | "dataDir">;
    readonly clock: Clock;
    readonly log: Log;
  },
): VpnSteps {
  let under: Promise<void> | null = null;
  const step = async ({ db, box, seal }: VpnWorking) => {
    try {
      await keepVpn({ db, box, seal, hostDir, dataDir, nowMs: clock.nowMs() });
    } catch (error) {
      log.warn("Cannot bring the VPN's peers in step with the host", { error });
    }
    under = null;
  };
  return {
    take(working) {
      if (working && working.collector.status().promoted !== false) under ??= step(working);
    },
    async idle() {
      await under;
    },
  };
}
