/**
 * What an operator is told of the VPN, out of what `wg` prints.
 *
 * @module
 */

import type { AskedPeer } from "../../../lib/domain/vpn_exchange.ts";
import type { Result } from "../../../lib/result.ts";
import type { VpnDescription } from "./description.ts";

/** What is known besides. */
export interface StatusFacts {
  /** The VPN as described. */
  readonly vpn: VpnDescription;
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** What the app asks for; `null`: nothing, or it cannot be read. */
  readonly asked: Result<readonly AskedPeer[], string> | null;
}

/** Lines that are printed at most for peers. */
const PEERS_SHOWN = 200;

/** Lines out of `wg show INTERFACE dump`: no private key is among them. */
export function statusLines(dump: string, { vpn, nowMs, asked }: StatusFacts): readonly string[] {
  const [own = "", ...peers] = dump.split("\n").filter((line) => line !== "").map((line) => line.split("\t"));
  const lines = [
    `Public key   ${own[1] ?? "unknown"}`,
    `Reached at   ${vpn.endpoint}, UDP port ${own[2] ?? vpn.port}`,
    `Networks     ${[vpn.network, vpn.network6].filter((one) => one !== null).join(", ")}`,
    `Peers        ${peers.length}`,
  ];
  for (const peer of peers.slice(0, PEERS_SHOWN)) {
    const [key = "", , from = "", addresses = "", heardS = "0"] = peer;
    const words = addresses === "(none)" ? "a new key, not heard yet" : addresses;
    lines.push(`  ${key}  ${words}  ${heardWords(Number(heardS), { from, nowMs })}`);
  }
  if (peers.length > PEERS_SHOWN) lines.push(`  and ${peers.length - PEERS_SHOWN} others`);
  if (asked === null) lines.push("The app asks for nothing");
  else if (!asked.ok) lines.push(`What the app asks for is not understood: ${asked.error}`);
  return lines;
}

function heardWords(
  heardS: number,
  { from, nowMs }: { readonly from: string; readonly nowMs: number },
): string {
  if (heardS === 0) return "never heard since the VPN began to run";
  return `heard ${Math.max(0, Math.round(nowMs / 1_000 - heardS))} s ago from ${from}`;
}
