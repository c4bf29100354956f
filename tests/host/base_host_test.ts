/**
 * What every host has, on a stand-in: nobody is locked out, keys alone open, sudo allows what is named, and the app's
 * unit runs the product under all its restrictions.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { IDS, PATHS } from "../../ops/lib/host/layout.ts";
import type { Applied } from "./apply_base.ts";
import { putBuild } from "./build_in.ts";
import { hostTest } from "./docker.ts";
import { type StandIn, startStandIn } from "./stand_in.ts";
import { until } from "./run.ts";

const ENV = { NO_COLOR: "1", DENO_DIR: PATHS.denoDir, DENO_NO_UPDATE_CHECK: "1", HOME: "/root" };

/** Runs the first steps of a host, with a key of deploy's; `null` and the words where they refuse. */
async function base(host: StandIn, order: "apply" | "check", key: string) {
  const program = ["deno", "run", "--quiet", "--no-check", "--cached-only", "--allow-all"] as const;
  const end = await host.exec([...program, "tests/host/apply_base.ts", order, key], {
    cwd: PATHS.project,
    env: ENV,
    deadlineMs: 300_000,
  });
  const applied: Applied | null = end.code === 0 ? JSON.parse(end.out) : null;
  return { applied, words: end.err };
}

/** Runs something over SSH as deploy, by key or by password alone. */
function ssh(host: StandIn, words: readonly string[], more: readonly string[] = []) {
  const quiet = [
    "-o",
    "BatchMode=yes",
    "-o",
    "StrictHostKeyChecking=no",
    "-o",
    "UserKnownHostsFile=/dev/null",
  ];
  return host.exec(["ssh", "-i", "/root/key", ...quiet, ...more, "deploy@127.0.0.1", ...words]);
}

hostTest(
  "a host's base locks nobody out, opens by key alone, and runs the app with its limits",
  async (docker) => {
    const host = await startStandIn(docker, { what: "base" });
    await host.must(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "/root/key"]);
    const key = (await host.read("/root/key.pub")).trim();

    await host.write("/etc/ssh/sshd_config.d/05-other.conf", "AllowUsers root\n");
    const refused = await base(host, "apply", key);
    match(refused.words, /you could be locked out: AllowUsers of sshd does not name deploy/);
    match(await host.must(["sshd", "-T"]), /^passwordauthentication yes$/m);
    await host.must(["rm", "/etc/ssh/sshd_config.d/05-other.conf"]);

    const first = await base(host, "apply", key);
    deepStrictEqual(first.applied?.after, [], first.words);
    await opensByKeyAlone(host);
    await allowsWhatIsNamed(host);
    await isWellFormed(host);
    await floodStaysSmall(host);
    await keepsTheAppsLog(host);
    await runsTheApp(host);

    await host.reboot();
    deepStrictEqual((await base(host, "check", key)).applied?.after, [], "a restart changes nothing");

    await host.write(PATHS.deployKeys, "# nobody\n");
    const vendors = "/etc/ssh/sshd_config.d/60-vendor.conf";
    await host.write(vendors, "Match Address 0.0.0.0/0\n  PasswordAuthentication yes\n");
    const drift = (await base(host, "check", key)).applied?.after ?? [];
    deepStrictEqual(drift.map(({ what }) => what), [PATHS.deployKeys, "keys of deploy", vendors]);
  },
);

async function opensByKeyAlone(host: StandIn): Promise<void> {
  await host.must(["sshd", "-t"]);
  const by = await ssh(host, ["id", "-un"]);
  strictEqual(by.out, "deploy\n", by.err);
  const without = await ssh(host, ["id"], ["-o", "PubkeyAuthentication=no"]);
  match(without.err, /Permission denied \(publickey\)/);
  // Whoever is deploy cannot let others in, nor change what root runs.
  for (const path of [PATHS.deployKeys, PATHS.project, PATHS.deno, "/etc/sudoers.d/60-wattpost"]) {
    strictEqual((await ssh(host, ["test", "-w", path])).code, 1, path);
  }
  const loaded = await ssh(host, ["find", PATHS.denoDir, `${PATHS.project}/`, "-writable"]);
  strictEqual(loaded.out, "", "nor what the app and root load");
}

async function allowsWhatIsNamed(host: StandIn): Promise<void> {
  await host.must(["visudo", "-c", "-q"]);
  const sudo = (...words: readonly string[]) => ssh(host, ["sudo", "-n", ...words]);
  const allowed = await sudo("/usr/bin/systemctl", "--no-pager", "status", "wattpost@blue.service");
  match(allowed.out, /wattpost@blue\.service/, allowed.err);
  const others = [
    ["/bin/sh"],
    ["/usr/bin/systemctl", "status", "wattpost@blue.service"],
    ["/usr/bin/systemctl", "--no-pager", "status", "ssh.service"],
    ["/usr/local/bin/deno", "task", "--quiet", "--config", "/tmp/deno.json", "host", "check"],
    ["/usr/local/bin/deno", "eval", "1"],
    ["-e", "/etc/passwd"],
  ];
  for (const words of others) match((await sudo(...words)).err, /password is required/, words.join(" "));
}

async function isWellFormed(host: StandIn): Promise<void> {
  const units = ["wattpost@blue.service", "wattpost-check.service", "wattpost-check.timer"];
  const verified = await host.exec(["systemd-analyze", "verify", "--man=no", ...units]);
  deepStrictEqual([verified.code, verified.err.trim()], [0, ""]);
  const limit = ["systemd-analyze", "security", "--offline=true", "--threshold=25"] as const;
  const judged = await host.exec([...limit, "/etc/systemd/system/wattpost@.service"]);
  strictEqual(judged.code, 0, judged.out.slice(-300));
  const rotation = await host.exec(["logrotate", "--debug", "/etc/logrotate.conf"]);
  strictEqual(/^error/m.test(rotation.err), false, rotation.err);
  const listed = await host.must(["apt-config", "dump", "Unattended-Upgrade::Origins-Pattern"]);
  const origins = [...listed.matchAll(/Origins-Pattern:: "(.*)";/g)].map(([, origin = ""]) => origin);
  ok(origins.length > 0 && origins.every((origin) => origin.includes("Debian-Security")), listed);
}

/** Root's programs open the app's log by its name: the app writes to it, and can put nothing in its place. */
async function keepsTheAppsLog(host: StandIn): Promise<void> {
  const id = String(IDS.app.id);
  const asApp = ["setpriv", "--reuid", id, "--regid", id, "--clear-groups"] as const;
  for (const command of [["ln", "-sf", "/dev/zero"], ["mkfifo"], ["rm", "-f"]]) {
    const name = command[0] === "mkfifo" ? `${PATHS.signInLog}.1` : PATHS.signInLog;
    const { code, err } = await host.exec([...asApp, ...command, name]);
    strictEqual(code, 1, command.join(" "));
    match(err, /Permission denied/);
  }
  for (let turn = 0; turn < 2; turn++) {
    await host.must([...asApp, "tee", "-a", PATHS.signInLog], { input: "a line\n" });
    await host.must(["logrotate", "--force", "/etc/logrotate.d/wattpost"]);
    strictEqual(await host.must(["stat", "-c", "%U:%G %a", PATHS.signInLog]), "wattpost:adm 640\n");
  }
  match(await host.must(["ls", PATHS.logs]), /sign-in\.log\.1\.gz/);
}

/** Lines for a flood: so random that they cannot be compressed. */
const CHUNK_KB = 700;

/** nginx writes more than the disk of its logs holds; rotation keeps what is there below the limit. */
async function floodStaysSmall(host: StandIn): Promise<void> {
  const folder = "/var/log/nginx";
  await host.must(["mkdir", "-p", folder]);
  await host.must(["mount", "-t", "tmpfs", "-o", "size=8m,mode=755", "flood", folder]);
  const names = [PATHS.accessLog, PATHS.errorLog, PATHS.limitLog];
  for (const name of names) {
    await host.must(["install", "-o", "www-data", "-g", "adm", "-m", "640", "/dev/null", name]);
  }
  for (let turn = 0; turn < 14; turn++) {
    const piece = [
      "dd",
      "if=/dev/urandom",
      `of=${PATHS.accessLog}`,
      "bs=1k",
      `count=${CHUNK_KB}`,
      "oflag=append",
    ] as const;
    await host.must([...piece, "conv=notrunc", "status=none"]);
    await host.must(["logrotate", "/etc/logrotate.conf"]);
  }
  const files = (await host.must(["ls", folder])).trim().split("\n");
  const old = files.filter((name) => name.startsWith("wattpost-access.json."));
  strictEqual(old.length, 9, files.join(" "));
  strictEqual((await host.must(["stat", "-c", "%a %U:%G %s", PATHS.accessLog])).trim(), "640 www-data:adm 0");
  await host.must(["umount", folder]);
}

/** The product in its unit: on a socket that nginx's group reaches, with secrets from files, on a disk that fills up. */
async function runsTheApp(host: StandIn): Promise<void> {
  await putBuild(host);
  await host.must([
    "mount",
    "-t",
    "tmpfs",
    "-o",
    "size=64m,mode=750,uid=65532,gid=65532",
    "data",
    PATHS.data,
  ]);
  await host.must(["systemctl", "start", "wattpost@blue.service"]);
  await isReady(host);
  const socket = `${PATHS.sockets}/blue.sock`;
  strictEqual((await host.must(["stat", "-c", "%a %U:%G", socket])).trim(), "660 wattpost:www-data");
  strictEqual((await host.exec(["test", "-w", socket], { user: "www-data" })).code, 0);
  strictEqual((await host.exec(["test", "-r", PATHS.credentials], { user: "www-data" })).code, 1);
  await takesSecrets(host);
  await survivesFullDisk(host);
  await host.must(["systemctl", "stop", "wattpost@blue.service"]);
  strictEqual(
    (await host.must(["systemctl", "show", "--value", "-p", "Result", "wattpost@blue.service"])).trim(),
    "success",
  );
  await host.must(["umount", PATHS.data]);
}

async function isReady(host: StandIn): Promise<void> {
  try {
    await until(
      "the app is ready",
      async () => (await asked(host, "/readyz")).startsWith("200") || undefined,
    );
  } catch (error) {
    const said = await host.must([
      "journalctl",
      "--no-pager",
      "-n",
      "30",
      "-o",
      "cat",
      "-u",
      "wattpost@blue.service",
    ]);
    throw new Error(`${await asked(host, "/readyz")}\n${said}`, { cause: error });
  }
}

/** Status and text of a page over the app's socket. */
async function asked(
  host: StandIn,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<string> {
  const script = `
    const client = Deno.createHttpClient({ proxy: { transport: "unix", path: "${PATHS.sockets}/blue.sock" } });
    const answer = await fetch("http://localhost${path}", { client, headers: ${JSON.stringify(headers)} });
    console.log(answer.status, await answer.text());
    client.close();`;
  const { out, err } = await host.exec(["deno", "eval", "--quiet", script], { env: ENV });
  return out || err;
}

async function takesSecrets(host: StandIn): Promise<void> {
  const secret = "a-token-that-nobody-sees";
  const task = ["deno", "task", "--quiet", "--config", `${PATHS.project}/deno.json`, "credentials"] as const;
  const set = await host.exec([...task, "set", "metrics_token"], { input: `${secret}\n`, env: ENV });
  match(set.out, /Set metrics_token\nTold wattpost@blue\.service/, set.err);
  const file = `${PATHS.credentials}/metrics_token`;
  strictEqual((await host.must(["stat", "-c", "%a %U:%G", file])).trim(), "640 root:wattpost");
  const headers = { authorization: `Bearer ${secret}` };
  await until(
    "the token counts without a restart",
    async () => (await asked(host, "/metrics", headers)).startsWith("200") || undefined,
  );
  const listed = await host.exec([...task, "list"], { env: ENV });
  match(listed.out, /metrics_token +set within the last hour +0640 root:wattpost\n/, listed.err);
  const journal = await host.must(["journalctl", "--no-pager", "-u", "wattpost@blue.service"]);
  match(journal, /Secrets were read again/);
  strictEqual([listed.out, set.out, journal].join().includes(secret), false);
  const wrong = await host.exec([...task, "set", "metrics_token"], { input: "short\n", env: ENV });
  deepStrictEqual([wrong.code, wrong.err.includes("short")], [2, false], wrong.err);
  await host.must(["chmod", "o+r", file]);
  match((await host.exec([...task, "list"], { env: ENV })).out, /everybody on the host may use it/);
  await host.must(["chmod", "o-r", file]);
}

/** Nothing can be written: the app answers, says so, and goes on by itself when there is room. */
async function survivesFullDisk(host: StandIn): Promise<void> {
  const filler = `${PATHS.data}/filler`;
  await host.exec(["dd", "if=/dev/zero", `of=${filler}`, "bs=64k", "status=none"]);
  match(await asked(host, "/livez"), /^200/);
  match(await asked(host, "/readyz"), /^503 The disk where readings are kept is full/);
  match(
    await asked(host, "/health"),
    /^503 .*The disk is full: nothing can be stored until there is room/s,
  );
  await host.must(["rm", filler]);
  await isReady(host);
  strictEqual(
    (await host.must(["systemctl", "show", "--value", "-p", "NRestarts", "wattpost@blue.service"])).trim(),
    "0",
  );
}
