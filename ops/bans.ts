/**
 * `deno task bans`: who is banned on this host, and the end of a ban.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { type Ban, formatBanList, readBanned } from "../lib/domain/ban.ts";
import { systemClock } from "../lib/clock.ts";
import { err, ok, type Result } from "../lib/result.ts";
import { type BanClient, banListNow, bansOf, endBans, listBans } from "./lib/host/bans_client.ts";
import { HOST_FILES, IDS, PATHS } from "./lib/host/layout.ts";
import type { Host } from "./lib/host/step.ts";
import { runTask } from "./lib/host/task.ts";

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

async function obey({ command, address, socket }: Asked, host: Host): Promise<number> {
  const client: BanClient = { run: host.run, socket };
  if (command === "export") return await exportList(host, client);
  const bans = await listBans(client);
  if (!bans.ok) {
    console.error(`Cannot ask for bans: ${bans.error}. Is this the host, and are you root?`);
    return 1;
  }
  return command === "list" ? printList(bans.value) : await unban(client, bans.value, address);
}

interface Asked {
  readonly command: "list" | "unban" | "export";
  readonly address: string;
  readonly socket: string | null;
}

/** What it was told; `null`: to say how it is called. */
function readArguments(args: readonly string[]): Result<Asked | null, string> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { socket: { type: "string" }, help: { type: "boolean", short: "h" } },
    allowPositionals: true,
  });
  if (values.help) return ok(null);
  const [command = "", address = "", ...others] = positionals;
  if (command !== "list" && command !== "unban" && command !== "export") {
    return err(command === "" ? "Say what to do" : `There is no command "${command}"`);
  }
  if (command === "unban" && readBanned(address) === null) {
    return err(`Expected an address or network, such as 192.0.2.7, and not "${address}"`);
  }
  if (others.length > 0 || (command !== "unban" && address !== "")) {
    return err("There are too many arguments");
  }
  return ok({ command, address, socket: values.socket ?? null });
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
  await host.write(path, { text: formatBanList(list), mode: 0o640, owner: `root:${IDS.app.name}` });
  if (list.fault === null) return 0;
  console.error(`Bans are not known: ${list.fault}`);
  return 1;
}

if (import.meta.main) Deno.exit(await runTask(Deno.args, { help: HELP, read: readArguments, run: obey }));
