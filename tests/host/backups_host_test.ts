/**
 * On a host with systemd: a backup each day as our steps set it up, with a copy on a machine that is reached by SFTP.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { type BackupReport, parseBackupReport } from "../../lib/domain/backup_report.ts";
import { parseRestoreReport } from "../../lib/domain/restore_report.ts";
import { DRILL_KEY } from "../../ops/lib/host/backup_steps.ts";
import { BACKUP_UNITS } from "../../ops/lib/host/backup_units.ts";
import { DRILL_UNITS } from "../../ops/lib/host/drill_units.ts";
import { formatDescription } from "../../ops/lib/host/describe.ts";
import { HOST_FILES, IDS, PATHS } from "../../ops/lib/host/layout.ts";
import { hostTest } from "./docker.ts";
import { exampleDescription } from "./example_description.ts";
import { type StandIn, startStandIn } from "./stand_in.ts";

const RECIPIENT = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
const REMOTE = {
  kind: "sftp",
  host: "127.0.0.1",
  port: 2222,
  user: "keeper",
  path: "/home/keeper/copies",
} as const;
const KEEP = { daily: 7, weekly: 5, monthly: 12 } as const;

/** What the base of a host gives besides: the app's user, its folders and its settings. */
async function prepare(host: StandIn): Promise<void> {
  const { name, id } = IDS.app;
  await host.must(["groupadd", "--gid", String(id), name]);
  await host.must(["useradd", "--uid", String(id), "--gid", name, "--no-create-home", name]);
  for (
    const [path, owner] of [[PATHS.host, "root"], [PATHS.data, name], [PATHS.credentials, "root"]] as const
  ) {
    await host.must(["install", "-d", "-m", "750", "-o", owner, "-g", name, path]);
  }
  await host.must(["install", "-d", "-m", "700", PATHS.hostCredentials]);
  await host.write(
    PATHS.settings,
    `DATA_DIR=${PATHS.data}\nHOST_DIR=${PATHS.host}\nCREDENTIALS_DIR=${PATHS.credentials}\n`,
  );
  const backups = { recipients: [RECIPIENT], at: "02:37", keep: KEEP, remote: REMOTE };
  await host.write(PATHS.description, formatDescription({ ...exampleDescription(), backups }));
  await host.write(`${PATHS.hostCredentials}/wireguard.key`, "a key of root alone\n");
}

/** A machine elsewhere: an sshd of its own, which lets `keeper` in for SFTP alone. */
async function startElsewhere(host: StandIn): Promise<void> {
  await host.must(["useradd", "--create-home", "--shell", "/usr/sbin/nologin", "keeper"]);
  await host.must(["install", "-d", "-m", "755", "/run/sshd"]);
  const key = `${PATHS.hostCredentials}/backup_ssh_key`;
  await host.must(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key]);
  await host.must(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "/etc/ssh/elsewhere_key"]);
  await host.write(
    "/etc/ssh/elsewhere_authorized",
    `restrict,command="internal-sftp" ${await host.read(`${key}.pub`)}`,
  );
  await host.write(
    "/etc/ssh/elsewhere_config",
    [
      ...[
        "Port 2222",
        "ListenAddress 127.0.0.1",
        "HostKey /etc/ssh/elsewhere_key",
        "UsePAM no",
        "PidFile none",
      ],
      ...[
        "AuthorizedKeysFile /etc/ssh/elsewhere_authorized",
        "Subsystem sftp internal-sftp",
        "ForceCommand internal-sftp",
      ],
    ].join("\n") + "\n",
  );
  await host.must(["passwd", "--quiet", "--delete", "keeper"]);
  await host.must(["/usr/sbin/sshd", "-f", "/etc/ssh/elsewhere_config"]);
  const known = await host.read("/etc/ssh/elsewhere_key.pub");
  await host.write(`${PATHS.hostCredentials}/backup_known_hosts`, `[127.0.0.1]:2222 ${known}`);
}

async function told(host: StandIn): Promise<BackupReport> {
  const report = parseBackupReport(await host.read(`${PATHS.host}/${HOST_FILES.backup}`));
  ok(report.ok, report.ok ? "" : report.error);
  return report.value;
}

/** Runs the unit to its end; whether it succeeded. */
async function backUp(host: StandIn): Promise<boolean> {
  const { code } = await host.exec(["systemctl", "start", BACKUP_UNITS.service], { deadlineMs: 300_000 });
  return code === 0;
}

async function log(host: StandIn, unit: string = BACKUP_UNITS.service): Promise<string> {
  return (await host.exec(["journalctl", "--no-pager", "--lines=60", `--unit=${unit}`])).out;
}

hostTest(
  "a host backs itself up, tells the app, and gets its backups back from elsewhere",
  async (docker, test) => {
    const host = await startStandIn(docker, { what: "backups" });
    await prepare(host);
    await startElsewhere(host);
    const apply = () =>
      host.deno(["run", "--no-check", "-A", "tests/host/apply_backups.ts"], { deadlineMs: 300_000 });

    await test.step("the steps stand, and the second time nothing is left to do", async () => {
      for (let time = 0; time < 2; time++) {
        const { code, out, err } = await apply();
        deepStrictEqual([code, out], [0, ""], err);
      }
      const plan = JSON.parse(await host.read(PATHS.backupPlan));
      deepStrictEqual([plan.recipients.length, plan.recipients[0]], [2, RECIPIENT]);
      const shown = await host.must([
        "systemctl",
        "show",
        "-p",
        "ActiveState,NextElapseUSecRealtime",
        BACKUP_UNITS.timer,
      ]);
      match(shown, /^ActiveState=active$/m);
      match(shown, /^NextElapseUSecRealtime=\S+ \d{4}-\d\d-\d\d 02:37:/m);
    });

    await test.step("a backup that cannot be made is told with its reason", async () => {
      strictEqual(await backUp(host), false, "there is no database yet");
      const { newest, failed } = await told(host);
      strictEqual(newest, null);
      match(failed?.words ?? "", /database file/);
    });

    await test.step("the unit backs up as the app's user, and root copies it elsewhere", async () => {
      const id = String(IDS.app.id);
      const asApp = ["setpriv", "--reuid", id, "--regid", id, "--clear-groups"] as const;
      const migrate = [...asApp, "deno", "task", "--quiet", "db:migrate"] as const;
      const env = { DENO_DIR: PATHS.denoDir, DENO_NO_UPDATE_CHECK: "1" };
      const migrated = await host.exec(migrate, { cwd: PATHS.project, env, deadlineMs: 120_000 });
      strictEqual(migrated.code, 0, migrated.err);
      ok(await backUp(host), await log(host));
      const report = await told(host);
      deepStrictEqual([report.count, report.failed], [1, null]);
      deepStrictEqual([report.remote?.kind, report.remote?.count, report.remote?.failure], ["sftp", 1, null]);
      const owned = await host.must(["find", PATHS.backups, PATHS.data, "-not", "-user", IDS.app.name]);
      strictEqual(owned.trim(), "", "root left nothing in the app's folders");
    });

    await test.step("what was made by hand or by a deploy is told within a minute", async () => {
      await host.must(["rm", `${PATHS.host}/${HOST_FILES.backup}`]);
      await host.task(["host-requests"]); // fails for want of fail2ban, and does the rest
      deepStrictEqual([(await told(host)).count, (await told(host)).remote], [1, null]);
    });

    await test.step("what root alone may read is in it, and the app cannot read it", async () => {
      const sealed = `${PATHS.host}/${HOST_FILES.hostSecrets}`;
      strictEqual((await host.must(["stat", "-c", "%U:%G %a", sealed])).trim(), `root:${IDS.app.name} 640`);
      ok(!(await host.must(["base64", sealed])).includes(btoa("a key of root")));
      const opened = await host.must(["sh", "-c", `age -d -i ${DRILL_KEY} ${sealed} | gunzip`]);
      ok(opened.includes(btoa("a key of root alone\n")), "the key of the host opens it");
    });

    await test.step("a machine elsewhere that is another one is not trusted", async () => {
      await host.must([
        "sed",
        "-i",
        "s/AAAA.*/AAAAC3NzaC1lZDI1NTE5AAAAIPCoG+0gShyYU5HXnr8PLBv8PzTXkuT2PnMDkSlA4bsy/",
        `${PATHS.hostCredentials}/backup_known_hosts`,
      ]);
      strictEqual(await backUp(host), false);
      const { count, failed, remote } = await told(host);
      deepStrictEqual([count, failed], [2, null], "the backup itself was made");
      match(remote?.failure ?? "", /verification failed|unexpected|Cannot/i);
      const known = await host.read("/etc/ssh/elsewhere_key.pub");
      await host.write(`${PATHS.hostCredentials}/backup_known_hosts`, `[127.0.0.1]:2222 ${known}`);
    });

    await test.step("a disk without room is said before anything is begun", async () => {
      await host.must([
        "mount",
        "-t",
        "tmpfs",
        "-o",
        `size=8m,mode=700,uid=${IDS.app.id}`,
        "tmpfs",
        PATHS.backups,
      ]);
      strictEqual(await backUp(host), false);
      const { failed } = await told(host);
      match(failed?.words ?? "", /MB are free, \S+ MB are needed$/);
      await host.must(["umount", PATHS.backups]);
    });

    await test.step("a host that lost its backups fetches the newest, and it is whole", async () => {
      ok(await backUp(host), await log(host));
      strictEqual((await told(host)).remote?.count, 3);
      await host.must(["find", PATHS.backups, "-mindepth", "1", "-delete"]);
      const fetched = await host.task(["backups", "fetch"], { deadlineMs: 120_000 });
      match(fetched.out, /\/wattpost-\d{8}T\d{6}Z\n$/, fetched.err);
      const verified = await host.task(["backups", "verify", "--key", DRILL_KEY], { deadlineMs: 120_000 });
      match(verified.out, /is whole: \d+ parts \(\d+ tables, \d+ rows\)/, verified.err);
      const owner = await host.must(["stat", "-c", "%U %a", fetched.out.trim()]);
      strictEqual(owner.trim(), `${IDS.app.name} 700`);
    });

    await test.step("the unit for trials proves the newest backup with the host's own key, and tells", async () => {
      const { service } = DRILL_UNITS;
      const { code } = await host.exec(["systemctl", "start", service], { deadlineMs: 300_000 });
      strictEqual(code, 0, await log(host, service));
      const path = `${PATHS.host}/${HOST_FILES.restore}`;
      const report = parseRestoreReport(await host.read(path));
      ok(report.ok, report.ok ? "" : report.error);
      const { running, proven, failed } = report.value;
      deepStrictEqual([running, failed], [null, null]);
      ok(proven !== null && proven.rows > 0 && proven.compared.length > 10);
      strictEqual((await host.must(["stat", "-c", "%U:%G %a", path])).trim(), `root:${IDS.app.name} 640`);
      const owned = await host.must(["find", PATHS.backups, PATHS.data, "-not", "-user", IDS.app.name]);
      strictEqual(owned.trim(), "", "root left nothing in the app's folders");
    });

    await test.step("backups and their keys stay when Wattpost is taken away", async () => {
      const undone = await host.deno(["run", "--no-check", "-A", "tests/host/apply_backups.ts", "undo"]);
      strictEqual(undone.code, 0, undone.err);
      strictEqual((await host.exec(["systemctl", "cat", BACKUP_UNITS.timer])).code, 1);
      strictEqual((await host.exec(["test", "-e", PATHS.backupPlan])).code, 1);
      await host.must(["test", "-f", DRILL_KEY]);
      match(await host.must(["ls", PATHS.backups]), /^wattpost-\d{8}T\d{6}Z$/m);
    });
  },
);
