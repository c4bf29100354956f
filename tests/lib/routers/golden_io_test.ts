/**
 * Every file for a router as it is kept in `tests/fixtures/routers`, and the script as a shell runs it, with a UCI that
 * writes down what it is asked. `UPDATE_GOLDEN=1` writes the files again; a change of them is a new version.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RouterFacts } from "../../../lib/routers/facts.ts";
import { rutosCommands } from "../../../lib/routers/rutos_commands.ts";
import { TEMPLATES } from "../../../lib/routers/templates.ts";
import { BARE, KILN_LANE, PRIVATE } from "./facts.ts";

const FIXTURES = new URL("../../fixtures/routers/", import.meta.url);
const FAKES = new URL("../../fakes/", import.meta.url).pathname;
const ROUTERS = { "kiln-lane": KILN_LANE, bare: BARE, private: PRIVATE } as const;

for (const [name, facts] of Object.entries(ROUTERS)) {
  for (const { id, ending, make } of TEMPLATES) {
    Deno.test(`${id} of ${name} is as it was agreed`, async () => {
      const file = new URL(`${name}.${id}.${ending}.txt`, FIXTURES);
      if (Deno.env.get("UPDATE_GOLDEN") === "1") await writeFile(file, make(facts));
      strictEqual(make(facts), await readFile(file, "utf8"));
    });
  }
}

/** A router as it comes, as far as the script looks at it. */
const FACTORY = [
  "network.mob1s1a1=interface",
  "network.wan=interface",
  "network.wifi_wan=interface",
  "network.lan=interface",
  "mwan3.wan=interface",
  "mwan3.member1=member",
  "mwan3.member1.interface=wan",
  "mwan3.member2=member",
  "mwan3.member2.interface=mob1s1a1",
  "mwan3.cfg7=condition",
  "mwan3.cfg7.interface=wan",
  "mwan3.cfg7.track_ip=9.9.9.9",
  "firewall.wattpost_502_7=rule",
  "firewall.wattpost_502_7.dest_port=502",
  "firewall.7=rule",
  "firewall.7.name=Enable_MODBUSD_WAN",
  "firewall.7.dest_port=502",
  "firewall.7.src=wan",
  "firewall.7.target=ACCEPT",
  "firewall.8=rule",
  "firewall.8.dest_port=502",
  "firewall.8.target=ACCEPT",
  "firewall.8.src=wan",
  "firewall.8.src_ip=192.0.2.5",
  "firewall.9=rule",
  "firewall.9.dest_port=502",
  "firewall.9.src=lan",
  "firewall.9.target=ACCEPT",
  "modbus_server.modbus=modbus",
  "gps.gpsd=section",
  "ntpclient.@ntpclient[0]=ntpclient",
  "ntpclient.old1=ntpserver",
  "ntpclient.old2=ntpserver",
];

interface Run {
  readonly code: number;
  readonly said: string;
  readonly database: readonly string[];
  readonly left: readonly string[];
}

async function run(facts: RouterFacts, times = 1): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), "wattpost-router-"));
  try {
    await copyFile(join(FAKES, "uci.sh"), join(folder, "uci.sh"));
    await writeFile(join(folder, "script"), rutosCommands(facts));
    await writeFile(join(folder, "db"), `${FACTORY.join("\n")}\n`);
    const env = { PATH: "/usr/bin:/bin", UCI_DB: join(folder, "db"), HOME: folder };
    let code = 0;
    let said = "";
    for (let i = 0; i < times; i++) {
      const args = ["-c", ". ./uci.sh; . ./script"];
      const output = await new Deno.Command("sh", { args, cwd: folder, env, clearEnv: true }).output();
      code = output.code;
      said = new TextDecoder().decode(output.stdout) + new TextDecoder().decode(output.stderr);
    }
    const database = (await readFile(env.UCI_DB, "utf8")).trim().split("\n");
    const left = (await readdir(folder)).filter((name) => !["uci.sh", "script", "db"].includes(name));
    return { code, said, database, left };
  } finally {
    await rm(folder, { recursive: true });
  }
}

const about = (database: readonly string[], part: string) =>
  database.filter((line) => line.startsWith(part)).sort();

Deno.test("the script admits our addresses alone, whatever the router had", async () => {
  const { code, said, database } = await run(KILN_LANE);
  strictEqual(code, 0, said);
  deepStrictEqual(about(database, "firewall.wattpost_502_1"), [
    "firewall.wattpost_502_1.dest_port=502",
    "firewall.wattpost_502_1.enabled=1",
    "firewall.wattpost_502_1.name=Wattpost 502 1",
    "firewall.wattpost_502_1.proto=tcp",
    "firewall.wattpost_502_1.src=wan",
    "firewall.wattpost_502_1.src_ip=203.0.113.9",
    "firewall.wattpost_502_1.target=ACCEPT",
    "firewall.wattpost_502_1=rule",
  ]);
  ok(database.includes("firewall.wattpost_503_2.src_ip=2001:db8:5::/48"));
  ok(database.includes("firewall.7.enabled=0"), "the rule that admits everybody is off");
  deepStrictEqual(
    about(database, "firewall.8.enabled"),
    [],
    "a rule that names who is admitted is left alone",
  );
  deepStrictEqual(about(database, "firewall.wattpost_502_7"), [], "what an earlier template made is gone");
  match(said, /Skipped port 1502: write the address of its device into DEVICE_1502/);
});

Deno.test("the script sets failover, server, GNSS and time", async () => {
  const { database, said } = await run(KILN_LANE);
  for (
    const line of [
      "network.mob1s1a1.apn=iot.operator.example",
      "network.mob1s1a1.metric=1",
      "network.wifi_wan.metric=2",
      "network.wan.metric=3",
      "mwan3.member1.metric=3",
      "mwan3.member2.metric=1",
      "mwan3.mob1s1a1.interval=20",
      "mwan3.cfg7.down=3",
      "mwan3.cfg7.track_ip=1.1.1.1",
      "modbus_server.modbus.port=502",
      "modbus_server.modbus.md_data_type=0",
      "gps.gpsd.enabled=1",
      "ntpclient.@ntpclient[0].enabled=1",
      "network.lan.ipaddr=192.168.20.1",
    ]
  ) ok(database.includes(line), line);
  ok(!database.includes("mwan3.cfg7.track_ip=9.9.9.9"));
  deepStrictEqual(
    database.filter((line) => line.startsWith("ntpclient.") && line.includes("hostname")).length,
    2,
  );
  ok(!database.includes("ntpclient.old1=ntpserver"));
  match(said, /Put wifi_wan into the policy mwan_default/);
});

Deno.test("the script may be run again: nothing is there twice", async () => {
  const once = await run(KILN_LANE);
  const twice = await run(KILN_LANE, 2);
  const plain = (lines: readonly string[]) => lines.map((line) => line.replace(/cfg\d+/, "cfg")).sort();
  deepStrictEqual(plain(twice.database), plain(once.database));
});

Deno.test("the script changes nothing while our addresses are not known", async () => {
  for (const facts of [BARE, { ...KILN_LANE, ownAddresses: [] }]) {
    const { code, said, database } = await run(facts);
    strictEqual(code, 1);
    match(said, /Set the addresses of Wattpost first/);
    deepStrictEqual(database, FACTORY);
  }
});

const ATTACKS = [
  "'; touch pwned; echo '",
  "$(touch pwned)",
  "`touch pwned`",
  '"; touch pwned; echo "',
  "\\'; touch pwned #",
  "%s%n$HOME ${IFS} && touch pwned",
  "-n -e \\033c",
];
for (const attack of ATTACKS) {
  Deno.test(`the script takes ${JSON.stringify(attack)} for a name and nothing more`, async () => {
    const sim = { apn: attack, number: attack, allowanceMb: 500 };
    const named = { siteName: attack, model: attack, serial: attack, sim };
    const paths = [{ kind: "cellular" as const, host: attack }];
    const facts = { ...KILN_LANE, ...named, paths, ports: [], ntpServers: [] };
    const { code, said, database, left } = await run(facts);
    strictEqual(code, 0, said);
    deepStrictEqual(left, [], "nothing was run");
    ok(said.startsWith(`Wattpost router template for ${attack}\n`), said);
    deepStrictEqual(about(database, "network.mob1s1a1.apn"), [`network.mob1s1a1.apn=${attack}`]);
    doesNotMatch(said, /not found|syntax/i);
  });
}
