/**
 * `deno task bans`: who is banned on this host, and the end of a ban.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { type Ban, formatBanList, readBanned } from "../lib/domain/ban.ts";
import { systemClock } from "../lib/clock.ts";
import { type BanClient, banListNow, bansOf, endBans, listBans } from "./lib/host/bans_client.ts";
import { HOST_FILES, IDS, PATHS } from "./lib/host/layout.ts";
import { openMachine } from "./lib/host/machine.ts";
import { type Host, HostError } from "./lib/host/step.ts";

const HELP = `Who is banned on this host, and the end of a ban. Run it as root.

  deno task bans list            addresses, why, since when and until when
  deno task bans unban ADDRESS   end every ban of an address, also that of the network it is in
  deno task bans export          write the list for the administration page (a timer does so each minute)

  --socket PATH   where fail2ban listens, if not where the distribution has it
`;

/** Why an address was banned, in words. */
const WHY: Readonly<Record<Ban["jail"], string>> = {
  "wattpost-sign-in": "refused sign-ins",
  "wattpost-limits": "asked for too much",
  "sshd": "refused over SSH",
};

async function main(args: readonly string[]): Promise<number> {
  const read = readArguments(args);
  if (typeof read === "string") {
    console.error(`${read}\n\n${HELP}`);
    return 2;
  }
  if (read.help) {
    console.log(HELP);
    return 0;
  }
  const host = openMachine(PATHS.state);
  const client: BanClient = { run: host.run, socket: read.socket };
  if (read.command === "export") return await exportList(host, client);
  const bans = await listBans(client);
  if (!bans.ok) {
    console.error(`Cannot ask for bans: ${bans.error}. Is this the host, and are you root?`);
    return 1;
  }
  return read.command === "list" ? printList(bans.value) : await unban(client, bans.value, read.address);
}

interface Asked {
  readonly command: "list" | "unban" | "export";
  readonly address: string;
  readonly socket: string | null;
  readonly help: boolean;
}

function readArguments(args: readonly string[]): Asked | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        socket: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
      allowPositionals: true,
    });
    const [command = "", address = "", ...others] = positionals;
    const asked = { socket: values.socket ?? null };
    if (values.help) return { command: "list", address, ...asked, help: true };
    if (command !== "list" && command !== "unban" && command !== "export") {
      return command === "" ? "Say what to do" : `There is no command "${command}"`;
    }
    if (command === "unban" && readBanned(address) === null) {
      return `Expected an address or network, such as 192.0.2.7, and not "${address}"`;
    }
    if (others.length > 0 || (command !== "unban" && address !== "")) return "There are too many arguments";
    return { command, address, ...asked, help: false };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function printList(bans: readonly Ban[]): number {
  console.log(
    bans.length === 0
      ? "Nobody is banned"
      : `${bans.length} ban${bans.length === 1 ? "" : "s"}, the newest first`,
  );
  const at = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
  for (const { address, jail, sinceMs, untilMs } of bans) {
    const until = untilMs === null ? "until it is ended" : `until ${at(untilMs)}`;
    console.log(`  ${address.padEnd(26)} ${WHY[jail].padEnd(20)} since ${at(sinceMs)} ${until}`);
  }
  return 0;
}

async function unban(client: BanClient, bans: readonly Ban[], address: string): Promise<number> {
  const due = bansOf(bans, address);
  if (due.length === 0) {
    console.error(`${address} is not banned`);
    return 1;
  }
  const left = await endBans(client, due);
  for (const ban of due) {
    const words = `the ban of ${ban.address} (${WHY[ban.jail]})`;
    console.log(left.includes(ban) ? `Cannot end ${words}` : `Ended ${words}`);
  }
  return left.length === 0 ? 0 : 1;
}

async function exportList(host: Host, client: BanClient): Promise<number> {
  const list = await banListNow(client, systemClock.nowMs());
  const path = `${PATHS.host}/${HOST_FILES.bans}`;
  try {
    await host.write(path, { text: formatBanList(list), mode: 0o640, owner: `root:${IDS.app.name}` });
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    console.error(error.message);
    return 1;
  }
  if (list.fault === null) return 0;
  console.error(`Bans are not known: ${list.fault}`);
  return 1;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
