/**
 * The files that bring a router into the VPN: what each does, how it is applied, and its text.
 *
 * @module
 */

import { err, ok, type Result } from "../result.ts";
import type { RouterFault } from "./facts.ts";
import { vpnFaultsOf, type VpnFileFacts } from "./vpn_facts.ts";
import { VPN_RUTOS_VERSION, vpnRutosCommands } from "./vpn_rutos.ts";
import { VPN_SHEET_VERSION, vpnSheet } from "./vpn_sheet.ts";
import { WG_QUICK_VERSION, wgQuickFile } from "./vpn_wg_quick.ts";

/** Which file. */
export type VpnTemplateId = "rutos-commands" | "wg-quick" | "general-sheet";

/** A file that brings a router into the VPN. */
export interface VpnTemplate {
  /** Which, as its address names it. */
  readonly id: VpnTemplateId;
  /** Its name. */
  readonly title: string;
  /** Rises with every change of what it does. */
  readonly version: number;
  /** Ending of its file name. */
  readonly ending: string;
  /** What it does. */
  readonly does: string;
  /** How it is applied, step by step; commands stand between backquotes. */
  readonly steps: readonly string[];
  /** Its text. */
  readonly make: (facts: VpnFileFacts) => string;
}

/** All of them. */
export const VPN_TEMPLATES: readonly VpnTemplate[] = [
  {
    id: "rutos-commands",
    title: "RutOS commands",
    version: VPN_RUTOS_VERSION,
    ending: "sh",
    does:
      "Brings a Teltonika router into the VPN and gives the tunnel a firewall zone of its own. May be run again.",
    steps: [
      "From the router's LAN copy it over: `scp -O FILE root@ROUTER:/tmp/wattpost-vpn.sh`",
      "Run it: `ssh root@ROUTER sh /tmp/wattpost-vpn.sh`, then remove it there and here.",
    ],
    make: vpnRutosCommands,
  },
  {
    id: "wg-quick",
    title: "wg-quick file",
    version: WG_QUICK_VERSION,
    ending: "conf",
    does: "For routers that are a Linux with wg-quick and iptables: tunnel and firewall rules.",
    steps: [
      "Keep it as `/etc/wireguard/wattpost.conf`, readable by root alone.",
      "`systemctl enable --now wg-quick@wattpost`, then delete the copy that you brought.",
    ],
    make: wgQuickFile,
  },
  {
    id: "general-sheet",
    title: "General sheet",
    version: VPN_SHEET_VERSION,
    ending: "md",
    does: "For routers of other makers with WireGuard: what to set and why.",
    steps: ["Work through it beside the router.", "Delete it."],
    make: vpnSheet,
  },
];

/** The template of an id; `null`: there is none. */
export function vpnTemplateOf(id: string): VpnTemplate | null {
  return VPN_TEMPLATES.find((template) => template.id === id) ?? null;
}

/** The text of a template, or every fact that can be written into no file. */
export function renderVpnTemplate(
  template: VpnTemplate,
  facts: VpnFileFacts,
): Result<string, readonly RouterFault[]> {
  const faults = vpnFaultsOf(facts);
  return faults.length > 0 ? err(faults) : ok(template.make(facts));
}
