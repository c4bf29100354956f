import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { appUnitText } from "../../ops/lib/host/base_units.ts";
import { IDS, PATHS } from "../../ops/lib/host/layout.ts";
import { putBuild } from "../host/build_in.ts";
import { hostTest } from "../host/docker.ts";
import { until } from "../host/run.ts";
import { PROJECT, type StandIn, startStandIn } from "../host/stand_in.ts";

/** `deno task test:release` sets it. */
const WHOLE = Deno.env.get("WATTPOST_DRILL") === "whole";

const DEPLOY_MS = 300_000;

/** What takes long, each with a release of its own. */
const LATER = WHOLE
  ? [
    ["the second one takes its place, and operators' tasks are its own", second],
    ["a restart of the host brings the same release back", restart],
  ] as const
  : [];

hostTest(
  "on a host without containers releases are units of systemd: deployed, taken back, there after a restart",
  async (docker, test) => {
    const host = await startStandIn(docker, { what: "units" });
    await prepare(host);
    const steps: readonly (readonly [string, (host: StandIn) => Promise<void>])[] = [
      ["the first release comes up as a unit in its own folder", first],
      ...LATER,
      ["a release that does not start gives way to the old one, which is ready again", doesNotStart],
      ...WHOLE ? [["the first release comes back", back] as const] : [],
    ];
    // What comes after builds on it.
    for (const [name, step] of steps) if (!await test.step(name, () => step(host))) return;
  },
);

async function first(host: StandIn): Promise<void> {
  await deployed(host, "--run", "units");
  const unit = await host.read("/etc/systemd/system/wattpost@blue.service.d/release.conf");
  match(unit, /^WorkingDirectory=\/opt\/wattpost\/releases\/r1-/m);
  strictEqual(await linked(host), "blue.sock");
}

async function second(host: StandIn): Promise<void> {
  await deployed(host);
  strictEqual(await linked(host), "green.sock");
  match(await host.must(["readlink", PATHS.project]), /\/r2-/);
  deepStrictEqual([await enabled(host, "green"), await enabled(host, "blue")], ["enabled", "disabled"]);
}

async function restart(host: StandIn): Promise<void> {
  await host.reboot();
  await until("the release is ready", async () => (await task(host, "status")).code === 0 || undefined);
  strictEqual(await linked(host), "green.sock");
}

async function doesNotStart(host: StandIn): Promise<void> {
  const before = await linked(host);
  const name = await lay(host);
  await host.write(`${PATHS.releases}/${name}/_fresh/server.js`, "Deno.exit(3);\n");
  const { code, out, err } = await task(host);
  strictEqual(code, 1, out + err);
  match(out, /^Why: ready: (blue|green): it ended with code 3/m);
  strictEqual(await linked(host), before);
  await ready(host);
}

async function back(host: StandIn): Promise<void> {
  const { code, out, err } = await task(host, "rollback");
  strictEqual(code, 0, out + err);
  match(out, /^r1-\w+ serves as blue/m);
  await ready(host);
}

/** What the base of a host gives. */
async function prepare(host: StandIn): Promise<void> {
  const { name, id } = IDS.app;
  await host.must(["groupadd", "--gid", String(id), name]);
  await host.must(["useradd", "--uid", String(id), "--gid", name, "--no-create-home", name]);
  const app = [PATHS.data, PATHS.requests] as const;
  const roots = [PATHS.host, PATHS.credentials] as const;
  for (const path of app) await host.must(["install", "-d", "-m", "750", "-o", name, "-g", name, path]);
  for (const path of roots) await host.must(["install", "-d", "-m", "750", "-o", "root", "-g", name, path]);
  await host.must(["install", "-d", "-m", "700", PATHS.state]);
  await host.must(["install", "-d", "-m", "755", PATHS.logs]);
  await host.must(["install", "-m", "640", "-o", name, "/dev/null", PATHS.signInLog]);
  await host.write("/etc/tmpfiles.d/wattpost.conf", `d ${PATHS.sockets} 2750 ${name} www-data -\n`);
  await host.must(["systemd-tmpfiles", "--create", "/etc/tmpfiles.d/wattpost.conf"]);
  await host.write(
    PATHS.settings,
    [
      "PUBLIC_URL=https://energy.example.com",
      "TRUST_PROXY=on",
      `DATA_DIR=${PATHS.data}`,
      `HOST_DIR=${PATHS.host}`,
      `SIGN_IN_LOG=${PATHS.signInLog}`,
      `CREDENTIALS_DIR=${PATHS.credentials}\n`,
    ].join("\n"),
  );
  await host.write("/etc/systemd/system/wattpost@.service", appUnitText());
  await host.must(["systemctl", "daemon-reload"]);
  await putBuild(host);
}

/** Runs the task in the folder that brings the release. */
function task(host: StandIn, ...words: readonly string[]) {
  // Backups have tests of their own; here nobody is named to whom they are encrypted.
  const isNew = !words.some((word) => ["status", "rollback"].includes(word));
  const without = isNew ? ["--without-backup"] : [];
  return host.task(["deploy", ...words, ...without], { deadlineMs: DEPLOY_MS });
}

/**
 * Lays the release of the next deploy aside as the deploy would, with the build that all tests share: this machine need
 * not reach what a build fetches.
 */
async function lay(host: StandIn, ...words: readonly string[]): Promise<string> {
  const dry = await task(host, "--dry-run", ...words);
  strictEqual(dry.code, 0, dry.out + dry.err);
  match(dry.out, /embedded SQLite|as blue$/m);
  const [, name = ""] = /^Deploy \d+: a new release, (r\S+) as/m.exec(dry.out) ?? [];
  ok(name !== "", dry.out);
  await host.must(["cp", "-a", PROJECT, `${PATHS.releases}/${name}`]);
  await host.must(["chmod", "-R", "go+rX", `${PATHS.releases}/${name}`]);
  return name;
}

async function deployed(host: StandIn, ...words: readonly string[]): Promise<void> {
  await lay(host, ...words);
  const { code, out, err } = await task(host, ...words);
  strictEqual(code, 0, out + err);
  await ready(host);
}

async function ready(host: StandIn): Promise<void> {
  const end = await task(host, "status");
  strictEqual(end.code, 0, end.out + end.err);
}

async function linked(host: StandIn): Promise<string> {
  return (await host.must(["readlink", PATHS.upstream])).trim();
}

async function enabled(host: StandIn, colour: string): Promise<string> {
  return (await host.exec(["systemctl", "is-enabled", `wattpost@${colour}.service`])).out.trim();
}
