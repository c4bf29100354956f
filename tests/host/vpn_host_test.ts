/**
 * A meter behind a tunnel: the product as delivered gives two routers their files, the host admits them, and a simulated
 * meter is read at its address in the VPN; without the tunnel it is out of reach, and from another router's too.
 *
 * @module
 */

import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { startPasswords } from "../../lib/auth/password.ts";
import { systemClock } from "../../lib/clock.ts";
import { closedHalfHourAt, HALF_HOUR_MS } from "../../lib/domain/half_hour.ts";
import { EXCHANGE_MAX, parseHostVpn } from "../../lib/domain/vpn_exchange.ts";
import { metersOf } from "../../lib/simulator/site.ts";
import { type Database, openDatabase } from "../../lib/store/db.ts";
import { registerSites } from "../../lib/store/sites.ts";
import { createUser } from "../../lib/store/users.ts";
import { makeVpnKeyPair } from "../../lib/store/vpn_keys.ts";
import { isCi } from "../../ops/lib/test_suites.ts";
import { missingPackages, TEST_TOOLS } from "../../ops/lib/test_tools.ts";
import { syncPeers } from "../../ops/lib/host/vpn_sync.ts";
import { migrateOrThrow } from "../collector/estate.ts";
import { draftOf } from "../collector/simulated.ts";
import { buildInto, eventually, type ProductProcess, startProcess } from "../flows/product_process.ts";
import { ACCOUNT, ask, post, signInByHand, withFolder } from "../flows/running_product.ts";
import { METER_PORT, vpnSite } from "./vpn_meter.ts";
import {
  connects,
  HOST_ADDRESS,
  reaches,
  type Somebody,
  VPN,
  type VpnScene,
  withVpnScene,
} from "./vpn_scene.ts";
import { vpnTask } from "./vpn_task.ts";

const NEEDED = ["ufw", "iptables", "wireguard-tools", "wireguard-go", "curl"];

async function whatIsMissing(): Promise<string | undefined> {
  if (Deno.uid() !== 0) return "not root";
  const missing = await missingPackages(TEST_TOOLS.filter((tool) => NEEDED.includes(tool.package)));
  if (missing.length > 0) return `without ${missing.join(" ")}`;
  return await Deno.stat("/dev/net/tun").then(() => undefined, () => "without /dev/net/tun");
}

const missing = await whatIsMissing();

/** Names are registered before there is a VPN: an address at which nothing is. */
const ELSEWHERE = "198.18.77.99";

/** What a page says of a meter that was read through the tunnel, and of one that is out of reach. */
const REACHED = /Values as read .* 10\.98\.0\.2 .* kWh/;
const UNREACHED = /No answer .* The router does not answer/;

/** Where the meter is in the VPN. */
const METER = ["10.98.0.2", "fd98:77::2"] as const;

const UNDISTURBED_MS = 90_000;

async function inDatabase<T>(folder: string, work: (db: Database) => Promise<T>): Promise<T> {
  const db = await openDatabase(`sqlite:${join(folder, "data/wattpost.db")}`);
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

/** Two sites, of which the first has a meter, and somebody who may sign in. */
async function prepare(folder: string): Promise<void> {
  await Deno.mkdir(join(folder, "data"), { recursive: true });
  const passwords = startPasswords();
  try {
    const hashed = await passwords.hash(ACCOUNT.password);
    if (!hashed.ok) throw new Error(hashed.error);
    await inDatabase(folder, async (db) => {
      await migrateOrThrow(db, systemClock);
      const since = closedHalfHourAt(systemClock.nowMs());
      const drafts = ["Kiln Lane", "Harbour"].map((name) => draftAt(name, since));
      const registered = await registerSites(db, drafts);
      if (!registered.ok) throw new Error(registered.error.kind);
      // It is there for its router alone: nothing is read, so the cycle waits for nobody.
      await db.kysely.updateTable("site").set({ collected: 0 }).where(
        "site_id",
        "=",
        registered.value[1] ?? 0,
      )
        .execute();
      const { name, email } = ACCOUNT;
      const nowMs = systemClock.nowMs();
      await createUser(db, { name, email, role: "administrator", passwordHash: hashed.value, nowMs });
    });
  } finally {
    passwords.close();
  }
}

/** What is registered of a site that does not run here. */
function draftAt(name: string, since: number) {
  const spec = { ...vpnSite(ELSEWHERE), name };
  const endpoints = metersOf(spec).map((meters) => ({
    kind: "gateway" as const,
    port: METER_PORT,
    meters,
    requests: () => 0,
    connections: () => 0,
  }));
  const site = {
    spec,
    hosts: spec.hosts,
    endpoints,
    setFaults: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  return draftOf(site, { since });
}

interface Running {
  readonly scene: VpnScene;
  readonly product: ProductProcess;
  readonly cookie: string;
}

async function withProduct(
  scene: VpnScene,
  collect: "on" | "off",
  body: (running: Running) => Promise<void>,
): Promise<void> {
  const env = {
    LISTEN: `${HOST_ADDRESS}:80`,
    PUBLIC_URL: `http://${HOST_ADDRESS}`,
    HOST_DIR: join(scene.folder, "host"),
    LOOPBACK_SITES: "off",
    CONNECT_TIMEOUT_MS: "2000",
    COLLECT: collect,
  };
  const place = { within: scene.host.within, reads: [join(scene.folder, "host")] };
  const product = await startProcess(scene.folder, env, place);
  try {
    await product.ready();
    await body({ scene, product, cookie: await signInByHand(product.origin) });
  } finally {
    await product.end("SIGTERM");
  }
}

async function act({ product, cookie }: Running, path: string, form: Readonly<Record<string, string>>) {
  const answer = await post(product.origin, path, form, { cookie });
  strictEqual(answer.status, 303, `${path} ${JSON.stringify(form)}: ${answer.text.slice(-300)}`);
}

async function fileOf({ product, cookie }: Running, siteId: number): Promise<string> {
  const path = `/sites/${siteId}/router/vpn/wg-quick`;
  const answer = await ask(product.origin, path, { headers: { cookie } });
  strictEqual(answer.status, 200, path);
  return answer.text;
}

const sync = ({ machine, place }: VpnScene) =>
  syncPeers(machine, { vpn: VPN, nowMs: systemClock.nowMs(), place });

async function startMeter(router: Somebody, addresses: readonly string[]): Promise<() => Promise<void>> {
  const [program, ...args] = [
    ...router.within,
    ...[
      "deno",
      "run",
      "-q",
      "--no-check",
      "--no-prompt",
      "--allow-net",
      "--allow-read",
      "tests/host/vpn_meter.ts",
      ...addresses,
    ],
  ];
  const child = new Deno.Command(program ?? "", { args, stdin: "piped", stdout: "piped", stderr: "inherit" })
    .spawn();
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  match(new TextDecoder().decode(value), /ready/);
  return async () => {
    await child.stdin.close();
    await child.status;
    await reader.cancel();
  };
}

/** A read through the page, as a person does it. */
async function readNow({ product, cookie }: Running): Promise<string> {
  const answer = await post(product.origin, `/sites/1/devices/1/read`, {}, { cookie });
  return answer.text.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");
}

/** The product gives both routers a place, and the host admits them. */
async function bringIn(scene: VpnScene): Promise<string> {
  let hostile = "";
  await withProduct(scene, "off", async (running) => {
    for (const siteId of [1, 2]) await act(running, `/sites/${siteId}/router/vpn`, { do: "issue:0" });
    deepStrictEqual(await sync(scene), { peers: 2, refused: null });
    const [fileA, fileB] = [await fileOf(running, 1), await fileOf(running, 2)];
    match(fileA, /^Address = 10\.98\.0\.2\/32, fd98:77::2\/128$/m);
    match(fileB, /^Address = 10\.98\.0\.3\/32, fd98:77::3\/128$/m);
    await scene.tunnel(scene.routerA, fileA);
    await scene.tunnel(scene.routerB, fileB);
    await scene.heard(scene.routerA);
    await scene.heard(scene.routerB);
    await sync(scene);
    await act(running, "/sites/1/router/vpn", { do: "first:1" });
    const page = await ask(running.product.origin, "/sites/1/router/vpn", {
      headers: { cookie: running.cookie },
    });
    match(page.text, /Active/);
    hostile = fileB.replace(
      "AllowedIPs = 10.98.0.1/32, fd98:77::1/128",
      "AllowedIPs = 10.98.0.0/24, fd98:77::/64",
    );
  });
  return hostile;
}

Deno.test({
  name: "a meter behind a tunnel is read at its address, and by nobody else" +
    (missing === undefined ? "" : ` (cannot be tried: ${missing})`),
  ignore: missing !== undefined && !isCi(Deno.env.get("CI")),
  async fn(t) {
    const toBoundaryMs = HALF_HOUR_MS - Date.now() % HALF_HOUR_MS;
    // The product runs by the machine's clock: the half-hour must not change under the test.
    if (toBoundaryMs < UNDISTURBED_MS) await new Promise((resolve) => setTimeout(resolve, toBoundaryMs));
    await withFolder(async (folder) => {
      await buildInto(folder);
      await prepare(folder);
      await withVpnScene(folder, async (scene) => {
        await sync(scene);
        let hostile = "";
        await t.step("keys are what WireGuard makes of them", () => keysFit(scene));
        await t.step("routers get their files, and the host hears them", async () => {
          hostile = await bringIn(scene);
        });
        const stopMeter = await startMeter(scene.routerA, METER);
        try {
          await t.step("a half-hour is collected through the tunnel", () => collects(scene));
          await t.step(
            "another router reaches neither the meter nor the host",
            () => isAlone(scene, hostile),
          );
          await t.step("what the app asks for is understood whole or not at all", () => refuses(scene));
          await t.step(
            "with a new key of the host only a file that is taken away again connects",
            () => hostKeyChanges(scene),
          );
          await t.step(
            "a key is changed without a gap, and revoked the meter is out of reach",
            () => ends(scene),
          );
        } finally {
          await stopMeter();
        }
      });
    });
  },
});

async function collects(scene: VpnScene): Promise<void> {
  await withProduct(scene, "on", async (running) => {
    // The half-hour that was closed last is taken up at the start.
    await eventually("the cycle has ended", () => /"complete":1\b/.test(running.product.said()));
    match(await readNow(running), REACHED);
  });
  const [row, values] = await inDatabase(scene.folder, async (db) => [
    await db.kysely.selectFrom("ledger as l").innerJoin("path as p", "p.path_id", "l.path_id")
      .select(["l.has_reading", "p.host"]).where("l.site_id", "=", 1).executeTakeFirst(),
    await db.kysely.selectFrom("recent as r").innerJoin("channel as c", "c.channel_id", "r.channel_id")
      .select("r.value").where("c.site_id", "=", 1).where("r.value", "is not", null).execute(),
  ]);
  deepStrictEqual({ ...row }, { has_reading: 1, host: "10.98.0.2" });
  ok(values.length > 0, "a reading is stored");
}

async function isAlone({ routerA, routerB, host, tunnel, heard }: VpnScene, hostile: string): Promise<void> {
  const [ipv4, ipv6] = [METER[0], `[${METER[1]}]`];
  for (const address of [ipv4, ipv6]) {
    await eventually("the host gets through", () => connects(host, address, METER_PORT));
    strictEqual(await connects(routerB, address, METER_PORT), false, "another router does not");
  }
  const name = await tunnel(routerB, hostile);
  await heard(routerB);
  await routerB.must(["ip", "route", "replace", "10.98.0.0/24", "dev", name]);
  await routerB.must(["ip", "-6", "route", "replace", "fd98:77::/64", "dev", name]);
  for (const address of [ipv4, ipv6]) {
    strictEqual(await connects(routerB, address, METER_PORT), false, "nor by a file that it widened");
  }
  const { out } = await host.run(["iptables-save", "-c", "-t", "filter"]);
  const dropped = out.split("\n").filter((line) =>
    /-i wattpost0 .*-j DROP/.test(line) && !/^\[0:/.test(line)
  );
  ok(dropped.length > 0, "the host's firewall dropped it");
  strictEqual(await reaches(routerB, "10.98.0.1", 80), false, "nor the host");
  strictEqual(await connects(routerA, "10.98.0.1", 80), false);
}

async function ends(scene: VpnScene): Promise<void> {
  const { routerA } = scene;
  await withProduct(scene, "off", async (running) => {
    const version = async () => {
      const { cookie } = running;
      const page = await ask(running.product.origin, "/sites/1/router/vpn", { headers: { cookie } });
      return /value="rotate:(\d+)"/.exec(page.text)?.[1] ?? "";
    };
    await act(running, "/sites/1/router/vpn", { do: `rotate:${await version()}` });
    deepStrictEqual(await sync(scene), { peers: 2, refused: null });
    match(await readNow(running), REACHED, "the old key holds");
    await scene.tunnel(routerA, await fileOf(running, 1));
    await scene.heard(routerA);
    await sync(scene);
    match(await readNow(running), REACHED, "the new key holds");
    await act(running, "/sites/1/router/vpn/revoke", { version: await version() });
    deepStrictEqual(await sync(scene), { peers: 1, refused: null });
    match(await readNow(running), UNREACHED);
    strictEqual(await connects(scene.host, "10.98.0.2", METER_PORT), false);
  });
}

async function hostKeyChanges(scene: VpnScene): Promise<void> {
  const { host, place, routerA } = scene;
  const toldKey = async () => {
    const told = parseHostVpn(await Deno.readTextFile(place.told));
    return told.ok ? told.value.publicKey : told.error;
  };
  const ownKey = async () => (await host.must(["wg", "show", place.interfaceName, "public-key"])).trim();
  const lastHeard = async (name: string) =>
    (await routerA.must(["wg", "show", name, "latest-handshakes"])).trim().split("\t")[1];
  const before = await ownKey();
  await withProduct(scene, "off", async (running) => {
    const oldFile = await fileOf(running, 1);
    const unsure = await vpnTask(scene, "rotate-host-key");
    match(unsure.out, /ends every tunnel at once/, unsure.err);
    deepStrictEqual([unsure.code, await ownKey(), await toldKey()], [1, before, before]);
    const sure = await vpnTask(scene, "rotate-host-key", "--yes");
    match(sure.out, /2 peers are admitted\nThe host has a new key\. Download the VPN file/, sure.err);
    notStrictEqual(await ownKey(), before);
    deepStrictEqual([sure.code, await toldKey()], [0, await ownKey()]);

    const name = await scene.tunnel(routerA, oldFile);
    match(await readNow(running), UNREACHED, "the old file does not connect");
    strictEqual(await lastHeard(name), "0");
    const newFile = await fileOf(running, 1);
    strictEqual(newFile, oldFile.replace(before, await ownKey()), "no other line of the file changes");
    await scene.tunnel(routerA, newFile);
    await eventually("the new file connects", async () => await lastHeard(name) !== "0");
    match(await readNow(running), REACHED);
  });
}

async function keysFit({ host }: VpnScene): Promise<void> {
  for (let i = 0; i < 5; i++) {
    const { privateKey, publicKey } = await makeVpnKeyPair();
    strictEqual((await host.run(["wg", "pubkey"], `${privateKey}\n`)).out.trim(), publicKey);
  }
}

/** Peers stay as they were, other tunnels with them, and the app is told why. */
async function refuses(scene: VpnScene): Promise<void> {
  const { place, host } = scene;
  const asked = await Deno.readTextFile(place.asked);
  const peers = async () =>
    (await host.must(["wg", "show", place.interfaceName, "allowed-ips"])).split("\n").sort().join("\n");
  const before = await peers();
  const hostile: readonly (readonly [string, () => Promise<unknown>])[] = [
    ["a link to the host's key", () => Deno.symlink(place.keyPath, place.asked)],
    ["a pipe that never ends", () => host.must(["mkfifo", place.asked])],
    [
      "the address of the host",
      () => Deno.writeTextFile(place.asked, asked.replace("10.98.0.2", "10.98.0.1")),
    ],
    ["everything", () => Deno.writeTextFile(place.asked, asked.replace("10.98.0.2", "0.0.0.0/0"))],
    ["a file that is too long", () => Deno.writeTextFile(place.asked, `${asked}${" ".repeat(EXCHANGE_MAX)}`)],
  ];
  const key = (await Deno.readTextFile(place.keyPath)).trim();
  for (const [name, put] of hostile) {
    await Deno.remove(place.asked);
    await put();
    const { refused } = await sync(scene);
    ok(refused !== null && !refused.includes(key), name);
    strictEqual(await peers(), before, name);
    const told = parseHostVpn(await Deno.readTextFile(place.told));
    strictEqual(told.ok && told.value.refused, refused, name);
  }
  await Deno.remove(place.asked);
  await Deno.writeTextFile(place.asked, asked);
  deepStrictEqual(await sync(scene), { peers: 2, refused: null });
}
