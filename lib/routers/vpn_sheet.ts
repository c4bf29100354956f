/**
 * What to set on a router of any maker that speaks WireGuard, as a sheet that a person works through beside it.
 *
 * @module
 */

import { aloneText } from "../domain/vpn.ts";
import { markdownText } from "./shell_text.ts";
import {
  KEEPALIVE_S,
  KEEPALIVE_WORDS,
  pairsOf,
  type VpnFileFacts,
  vpnHeaderLines,
  vpnPortsOf,
} from "./vpn_facts.ts";

/** Rises with every change of what the sheet asks. */
export const VPN_SHEET_VERSION = 1;

/** The sheet as Markdown; the facts must be without faults. */
export function vpnSheet(facts: VpnFileFacts): string {
  const pairs = pairsOf(facts);
  const { own, passedOn } = vpnPortsOf(facts);
  const header = vpnHeaderLines(facts, { title: "General sheet", version: VPN_SHEET_VERSION });
  return [
    `# VPN of the router of ${markdownText(facts.siteName)}`,
    "",
    ...header.map((line) => `- ${markdownText(line)}`),
    "",
    "## 1. WireGuard interface",
    "",
    `- Private key: \`${facts.privateKey}\``,
    ...pairs.map((pair) => `- Address: ${aloneText(pair.own)}`),
    "- Port to listen at: any, and closed to the outside. No DNS, no default route through the tunnel.",
    "",
    "## 2. Its only peer: Wattpost",
    "",
    `- Public key: \`${facts.hostKey}\``,
    `- Endpoint: ${markdownText(facts.endpoint)}, UDP port ${facts.port}`,
    ...pairs.map((pair) => `- Allowed IPs: ${aloneText(pair.host)} and nothing wider, with a route`),
    `- Persistent keepalive: ${KEEPALIVE_S} s`,
    `- ${KEEPALIVE_WORDS.map(markdownText).join(" ")}`,
    "",
    "## 3. Firewall: a zone of the tunnel's own",
    "",
    ...pairs.map((pair) =>
      `- Admit from ${pair.host} to TCP ${[...own, ...passedOn].join(", ") || "no port"}`
    ),
    ...(passedOn.length === 0 ? [] : [
      `- TCP ${
        passedOn.join(", ")
      } goes on to a device in the LAN, by port forwarding from the tunnel's zone.`,
    ]),
    "- Everything else out of the tunnel is dropped, and nothing goes from it into the LAN or to the internet.",
    "",
    "## 4. Test",
    "",
    "- Wattpost shows the router as heard within two minutes.",
    "- Make the VPN the first way into the site there, read a meter, then close the Modbus ports to the internet.",
    "- Delete this file.",
    "",
  ].join("\n");
}
