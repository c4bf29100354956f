/**
 * `deno task vpn`: the VPN towards routers on this host.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { systemClock } from "../lib/clock.ts";
import { parsePeers } from "../lib/domain/vpn_exchange.ts";
import { err, ok, type Result } from "../lib/result.ts";
import { describedAt } from "./lib/host/described.ts";
import type { VpnDescription } from "./lib/host/description.ts";
import { readAsApp } from "./lib/host/requests.ts";
import type { Host } from "./lib/host/step.ts";
import { runTask } from "./lib/host/task.ts";
import { VPN_UNIT } from "./lib/host/vpn_steps.ts";
import { syncPeers, VPN_PLACE } from "./lib/host/vpn_sync.ts";
import { statusLines } from "./lib/host/vpn_words.ts";

const HELP = `The VPN towards routers on this host. Run it as root.

  deno task vpn status            the interface, and which peers were heard when
  deno task vpn sync              admit the peers that the app asks for, and tell the app how they stand
  deno task vpn rotate-host-key   say what a new key of the host breaks; --yes makes it

  --yes   do what breaks every tunnel
`;

/** What a new key means. */
const BREAKS = `A new key of the host ends every tunnel at once: each router knows the old one.
Nothing comes back by itself. Afterwards download the VPN file of every site again and load it into its router;
until then these sites are read over their other addresses, or not at all.
Do it when the key was seen by somebody. Else leave it: it does not wear out.
Run it with --yes to go on.`;

type Command = "status" | "sync" | "rotate-host-key";

interface Asked {
  readonly command: Command;
  readonly isSure: boolean;
}

async function obey({ command, isSure }: Asked, on: Host): Promise<number> {
  const described = await describedAt(on);
  if (!described.ok) {
    console.error(described.error);
    return 2;
  }
  const { vpn } = described.value;
  if (vpn === null) {
    console.error("No VPN is described for this host: add `vpn` to ops/host.json, then deno task host apply");
    return 1;
  }
  switch (command) {
    case "status":
      return await status(on, vpn);
    case "sync":
      return await sync(on, vpn);
    case "rotate-host-key":
      return await rotate(on, { vpn, isSure });
  }
}

async function status(on: Host, vpn: VpnDescription): Promise<number> {
  const shown = await on.run(["wg", "show", VPN_PLACE.interfaceName, "dump"]);
  if (shown.code !== 0) {
    console.error(`The interface ${VPN_PLACE.interfaceName} is not up: systemctl status ${VPN_UNIT}`);
    return 1;
  }
  const text = await readAsApp(on.run, { path: VPN_PLACE.asked, most: 4_000_000 });
  const asked = text.ok && text.value !== null ? parsePeers(text.value, vpn) : null;
  for (const line of statusLines(shown.out, { vpn, nowMs: systemClock.nowMs(), asked })) console.log(line);
  return asked === null || asked.ok ? 0 : 1;
}

async function sync(on: Host, vpn: VpnDescription): Promise<number> {
  const { peers, refused } = await syncPeers(on, { vpn, nowMs: systemClock.nowMs() });
  if (refused !== null) {
    console.error(`What the app asks for was not done: ${refused}`);
    return 1;
  }
  console.log(
    peers === null ? "The app asks for nothing: peers are as before" : `${peers} peers are admitted`,
  );
  return 0;
}

async function rotate(
  on: Host,
  { vpn, isSure }: { readonly vpn: VpnDescription; readonly isSure: boolean },
): Promise<number> {
  if (!isSure) {
    console.log(BREAKS);
    return 1;
  }
  const { out } = await on.must(["wg", "genkey"]);
  await on.write(VPN_PLACE.keyPath, { text: out, mode: 0o600, owner: "root:root" });
  await on.must(["wg", "set", VPN_PLACE.interfaceName, "private-key", VPN_PLACE.keyPath]);
  const code = await sync(on, vpn);
  console.log("The host has a new key. Download the VPN file of every site again");
  return code;
}

/** What it was told; `null`: to say how it is called. */
function readArguments(args: readonly string[]): Result<Asked | null, string> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { yes: { type: "boolean" }, help: { type: "boolean", short: "h" } },
    allowPositionals: true,
  });
  if (values.help) return ok(null);
  const [command = "", more] = positionals;
  if (command !== "status" && command !== "sync" && command !== "rotate-host-key") {
    return err(command === "" ? "Say what to do" : `There is no command "${command}"`);
  }
  if (more !== undefined) return err(`"${more}" is not understood`);
  return ok({ command, isSure: values.yes === true });
}

if (import.meta.main) Deno.exit(await runTask(Deno.args, { help: HELP, read: readArguments, run: obey }));
