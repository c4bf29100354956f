/**
 * The files that are made for a router: what each does, how it is applied, and its text.
 *
 * @module
 */

import { err, ok, type Result } from "../result.ts";
import { faultsOf, type RouterFacts, type RouterFault } from "./facts.ts";
import { GENERAL_SHEET_VERSION, generalSheet } from "./general_sheet.ts";
import { RUTOS_COMMANDS_VERSION, rutosCommands } from "./rutos_commands.ts";
import { RUTOS_FILE_VERSION, rutosFile } from "./rutos_file.ts";

/** Which file. */
export type TemplateId = "rutos-commands" | "rutos-file" | "general-sheet";

/** A file that is made for a router. */
export interface RouterTemplate {
  /** Which, as its address names it. */
  readonly id: TemplateId;
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
  readonly make: (facts: RouterFacts) => string;
}

/** All of them, the one that does most first. */
export const TEMPLATES: readonly RouterTemplate[] = [
  {
    id: "rutos-commands",
    title: "RutOS commands",
    version: RUTOS_COMMANDS_VERSION,
    ending: "sh",
    does:
      "Sets APN, failover with checks, Modbus server, firewall, GNSS and time on a Teltonika router, and turns off rules that admit everybody. May be run again: it replaces what it made before.",
    steps: [
      "Keep a backup: on the router, System, Backup, Download.",
      "Read the file; set the names of its first lines as `uci show network` lists them.",
      "From the router's LAN copy it over: `scp -O FILE root@ROUTER:/tmp/wattpost.sh`",
      "Run it: `ssh root@ROUTER sh /tmp/wattpost.sh`, and read what it skipped.",
      "Test the site path by path, and try its ports from another address: nothing may answer there.",
    ],
    make: rutosCommands,
  },
  {
    id: "rutos-file",
    title: "RutOS file (UCI)",
    version: RUTOS_FILE_VERSION,
    ending: "uci",
    does:
      "The same settings as text of /etc/config, package by package, for whoever merges them into a router or a backup by hand. It turns nothing off.",
    steps: [
      "Keep a backup: on the router, System, Backup, Download.",
      "Compare each package with the router's own: `uci export PACKAGE`.",
      "Merge package by package with `uci -m import`, as the first lines of the file say.",
      "Look at `uci changes`, then `uci commit`, and restart the router.",
      "Turn off “Allow remote access” of the Modbus server, then test the site path by path.",
    ],
    make: rutosFile,
  },
  {
    id: "general-sheet",
    title: "General sheet",
    version: GENERAL_SHEET_VERSION,
    ending: "md",
    does: "For routers of other makers: what to set and why, to be worked through beside the router.",
    steps: [
      "Print it or open it beside the router's own pages.",
      "Work through it from 1 to 5; the order keeps the router reachable.",
      "Test the site path by path, and try its ports from another address: nothing may answer there.",
    ],
    make: generalSheet,
  },
];

/** The template of an id; `null`: there is none. */
export function templateOf(id: string): RouterTemplate | null {
  return TEMPLATES.find((template) => template.id === id) ?? null;
}

/** The text of a template, or every fact that can be written into no file. */
export function renderTemplate(
  template: RouterTemplate,
  facts: RouterFacts,
): Result<string, readonly RouterFault[]> {
  const faults = faultsOf(facts);
  return faults.length > 0 ? err(faults) : ok(template.make(facts));
}
