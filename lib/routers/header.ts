/**
 * What every file for a router says first: what it is, for which site, from when, and where its options come from.
 *
 * @module
 */

import { type RouterFacts, routerWords } from "./facts.ts";
import { CHECKS_SHARE, CLOCK_MONTH_MB, type PingBudget } from "./pings.ts";

/** Which file. */
export interface FileName {
  /** Its name in words. */
  readonly title: string;
  /** Its version. */
  readonly version: number;
}

/** The first lines of a file. */
export function headerLines(facts: RouterFacts, { title, version }: FileName): readonly string[] {
  return [
    `Wattpost router template: ${title}, version ${version}, made on ${facts.day}`,
    `Site: ${facts.siteName}`,
    `Router: ${routerWords(facts)}`,
    "It holds no password. It names addresses and the APN: keep it to those who look after the site.",
    "Read it before you use it, keep a backup of the router, and stand beside the router or be in its LAN:",
    "whoever changes the way in from outside may shut themselves out.",
  ];
}

/** Where the names of options come from. */
export const SOURCE_LINES: readonly string[] = [
  "",
  "Where each option comes from:",
  "[T] Teltonika's published sources of RutOS (GPL SDK, API of the web interface), read in 2026",
  "[W] Teltonika's wiki: RUTX11 Failover, RUTXR1 Modbus, Firewall traffic rules (firmware 7.08, 7.09)",
  "[O] OpenWrt's documentation, on which RutOS stands: UCI, firewall, mwan3, NTP",
  "[P] public scripts written for these routers",
  "[?] not verified: check on your firmware",
  "Nothing of it was run on a router by Wattpost's makers: check on your firmware what it changed (uci changes).",
];

/** At most one decimal, none where it would be 0: `7.4`, `500`. */
export function numberOf(value: number): string {
  return value.toFixed(1).replace(/\.0$/, "");
}

/** Why the paths are checked as often as they are. */
export function budgetWords({ intervalS, monthMb, allowanceMb }: PingBudget): readonly string[] {
  const source = "A ping and its answer are 168 bytes: every 3 s they are 147 MB a month.";
  const share = `${CHECKS_SHARE * 100} %`;
  if (allowanceMb === null) {
    return [
      source,
      `The SIM's allowance is not registered: every ${intervalS} s, ${numberOf(monthMb)} MB a month.`,
    ];
  }
  if (intervalS === null) {
    return [
      source,
      `The SIM's allowance of ${
        numberOf(allowanceMb)
      } MB is too small for checks of the cellular path: none is made.`,
      `The router's clock alone may take ${numberOf(CLOCK_MONTH_MB)} MB a month.`,
    ];
  }
  return [
    source,
    `Of the SIM's ${numberOf(allowanceMb)} MB checks may take less than ${share}: every ${intervalS} s, ${
      numberOf(monthMb)
    } MB a month.`,
  ];
}
