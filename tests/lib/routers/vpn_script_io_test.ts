/**
 * The script that brings a router into the VPN, as a shell runs it, with a UCI that writes down what it is asked.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vpnRutosCommands } from "../../../lib/routers/vpn_rutos.ts";
import { KILN_VPN } from "./vpn_facts.ts";

const UCI = new URL("../../fakes/uci.sh", import.meta.url).pathname;

const FACTORY = [
  "network.lan=interface",
  "network.wattpost=interface",
  "network.wattpost.private_key=old",
  "network.oldpeer=wireguard_wattpost",
  "network.oldpeer.allowed_ips=0.0.0.0/0",
  "network.other=wireguard_wg1",
  "firewall.wattpost_502_1=rule",
  "firewall.wattpost_vpn_9999=rule",
  "firewall.wattpost_vpn_9999.dest_port=9999",
];

async function run(hasWireGuard: boolean, times = 1) {
  const folder = await mkdtemp(join(tmpdir(), "wattpost-vpn-"));
  try {
    await copyFile(UCI, join(folder, "uci.sh"));
    const script = vpnRutosCommands(KILN_VPN);
    const there = hasWireGuard ? script.replace("/lib/netifd/proto/wireguard.sh", "./uci.sh") : script;
    await writeFile(join(folder, "script"), there);
    await writeFile(join(folder, "db"), `${FACTORY.join("\n")}\n`);
    const env = { PATH: "/usr/bin:/bin", UCI_DB: join(folder, "db"), HOME: folder };
    let output = null;
    for (let i = 0; i < times; i++) {
      const args = ["-c", ". ./uci.sh; . ./script"];
      output = await new Deno.Command("sh", { args, cwd: folder, env, clearEnv: true }).output();
    }
    const said = new TextDecoder().decode(output?.stdout) + new TextDecoder().decode(output?.stderr);
    return { code: output?.code, said, database: (await readFile(env.UCI_DB, "utf8")).trim().split("\n") };
  } finally {
    await rm(folder, { recursive: true });
  }
}

Deno.test("the script makes tunnel, peer and zone, and leaves nothing of an older one", async () => {
  const { code, said, database } = await run(true);
  strictEqual(code, 0, said);
  deepStrictEqual(database.filter((line) => line.startsWith("network.wattpost")).sort(), [
    "network.wattpost.addresses=10.8.0.7/32",
    "network.wattpost.addresses=fd12:3456:789a::7/128",
    `network.wattpost.private_key=${KILN_VPN.privateKey}`,
    "network.wattpost.proto=wireguard",
    "network.wattpost=interface",
    "network.wattpost_host.allowed_ips=10.8.0.1/32",
    "network.wattpost_host.allowed_ips=fd12:3456:789a::1/128",
    "network.wattpost_host.description=Wattpost",
    "network.wattpost_host.endpoint_host=energy.example.com",
    "network.wattpost_host.endpoint_port=51820",
    "network.wattpost_host.persistent_keepalive=25",
    `network.wattpost_host.public_key=${KILN_VPN.hostKey}`,
    "network.wattpost_host.route_allowed_ips=1",
    "network.wattpost_host=wireguard_wattpost",
  ]);
  const firewall = database.filter((line) => line.startsWith("firewall.wattpost_vpn"));
  for (
    const line of [
      "firewall.wattpost_vpn.input=DROP",
      "firewall.wattpost_vpn.forward=DROP",
      "firewall.wattpost_vpn.network=wattpost",
      "firewall.wattpost_vpn_502.src=wattpost",
      "firewall.wattpost_vpn_502.src_ip=10.8.0.1",
      "firewall.wattpost_vpn_503_6.src_ip=fd12:3456:789a::1",
    ]
  ) ok(firewall.includes(line), line);
  ok(!database.some((line) => /oldpeer|9999/.test(line)));
  ok(database.includes("network.other=wireguard_wg1") && database.includes("firewall.wattpost_502_1=rule"));
  match(said, /Skipped port 1502/);
});

Deno.test("run again it makes the same, and without WireGuard it changes nothing", async () => {
  const [once, again] = [await run(true), await run(true, 2)];
  deepStrictEqual(again.database.toSorted(), once.database.toSorted());
  const without = await run(false);
  strictEqual(without.code, 1);
  match(without.said, /has no WireGuard/);
  deepStrictEqual(without.database, FACTORY);
});
