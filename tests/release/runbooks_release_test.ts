/**
 * Runbooks of deploying and restoring, typed line by line on a host with systemd: each command does what its page says,
 * and a database that was lost is there again.
 *
 * @module
 */
import { deepStrictEqual, notStrictEqual, strictEqual } from "node:assert/strict";
import { formatDescription } from "../../ops/lib/host/describe.ts";
import { IDS, PATHS } from "../../ops/lib/host/layout.ts";
import { hostTest } from "../host/docker.ts";
import { exampleDescription } from "../host/example_description.ts";
import { must, until } from "../host/run.ts";
import { type StandIn, startStandIn } from "../host/stand_in.ts";
import { runPage } from "./runbook_page.ts";
import { deployed, lay, prepare, ready } from "./units_scene.ts";

const SLOW_MS = 300_000;

hostTest(
  "runbooks of deploying and restoring are typed on a host, and do what they say",
  async (docker, test) => {
    const key = await must(["age-keygen"]);
    const host = await startStandIn(docker, { what: "runbooks" });
    await prepare(host);
    await makeBackups(host, key);
    const steps: readonly (readonly [string, (host: StandIn) => Promise<void>])[] = [
      ["a release is deployed, looked at, deployed with new settings and taken back", deploying],
      ["a database that was lost is restored, and the release works again", restoring],
    ];
    for (const [name, step] of steps) if (!await test.step(name, () => step(host))) return;
  },
);

/** Backups as `host apply` sets them up, encrypted to a key that lies where a page says. */
async function makeBackups(host: StandIn, key: string): Promise<void> {
  const recipient = /age1\w+/.exec(key)?.[0] ?? "";
  const backups = { recipients: [recipient], at: "02:37", keep: { daily: 7, weekly: 5, monthly: 12 } };
  await host.must(["install", "-d", "-m", "700", PATHS.hostCredentials]);
  await host.write(
    PATHS.description,
    formatDescription({ ...exampleDescription(), backups: { ...backups, remote: null } }),
  );
  const applied = await host.deno(["run", "--no-check", "-A", "tests/host/apply_backups.ts"], {
    deadlineMs: SLOW_MS,
  });
  deepStrictEqual([applied.code, applied.out], [0, ""], applied.err);
  await host.write("/root/backup.key", key, 0o600);
}

async function deploying(host: StandIn): Promise<void> {
  await deployed(host, "--run", "units");
  const first = await serving(host);
  const wrong = await runPage(host, "docs/runbooks/deploy.md", {
    names: { "r15-1f0c2aa": first },
    // Nothing was ended on its way, and going back to what serves is nothing to do.
    codes: { "deno task deploy resume": [1], "deno task deploy rollback r15-1f0c2aa": [0, 1] },
    leaves: ["deno task deploy --image wattpost:17"],
    before: async (line) => {
      if (line === "deno task deploy") await lay(host);
    },
  });
  deepStrictEqual(wrong, []);
  strictEqual(await serving(host), first);
  await ready(host);
}

async function restoring(host: StandIn): Promise<void> {
  await host.must(["systemctl", "start", "wattpost-backup.service"], { deadlineMs: SLOW_MS });
  const before = await serving(host);
  const unit = `wattpost@${
    (await host.must(["readlink", PATHS.upstream])).trim().replace(/^.*\/|\.sock$/g, "")
  }`;
  await host.must(["systemctl", "stop", unit]);
  const lost = `${PATHS.data}/wattpost.db`;
  await host.must(["find", PATHS.data, "-maxdepth", "1", "-name", "wattpost.db*", "-delete"]);
  const newest = (await host.must(["ls", PATHS.backups])).trim().split("\n").at(-1) ?? "";
  await host.must(["cp", "-r", `${PATHS.backups}/${newest}`, "/root/"]);
  const wrong = await runPage(host, "docs/runbooks/db-restore.md", {
    names: { "wattpost-20261129T023700Z": newest },
    leaves: [
      "deno task db:restore newest --key backup.key --dry-run",
      "deno task db:restore newest --key backup.key",
    ],
  });
  deepStrictEqual(wrong, []);
  strictEqual((await host.must(["stat", "-c", "%U", lost])).trim(), IDS.app.name);
  notStrictEqual(await host.must(["ls", "/root/back/configuration"]), "");
  await host.must(["systemctl", "start", unit]);
  await until("the release works again", async () => {
    const { code } = await host.task(["deploy", "status"]);
    return code === 0 || undefined;
  });
  strictEqual(await serving(host), before);
}

/** The release that serves, as `deploy status` says. */
async function serving(host: StandIn): Promise<string> {
  const { out, err } = await host.task(["deploy", "status"]);
  const [, release = ""] = /^serves +(r\d\S*) as/m.exec(out) ?? [];
  notStrictEqual(release, "", out + err);
  return release;
}
