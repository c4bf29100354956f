/**
 * A host on which releases are units of systemd: what the base of a host gives, and deploys that build nothing.
 *
 * @module
 */
import { match, ok, strictEqual } from "node:assert/strict";
import { appUnitText } from "../../ops/lib/host/base_units.ts";
import { IDS, PATHS } from "../../ops/lib/host/layout.ts";
import { putBuild } from "../host/build_in.ts";
import { PROJECT, type StandIn } from "../host/stand_in.ts";

const DEPLOY_MS = 300_000;

/** What the base of a host gives, with the units of the app. */
export async function prepare(host: StandIn): Promise<void> {
  await prepareHost(host);
  await host.write("/etc/systemd/system/wattpost@.service", appUnitText());
  await host.must(["systemctl", "daemon-reload"]);
  await putBuild(host);
}

/** The app's user, its folders and its settings, as the base of a host gives them. */
export async function prepareHost(host: StandIn): Promise<void> {
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
}

/** Runs the task in the folder that brings the release. */
export function task(host: StandIn, ...words: readonly string[]) {
  // Backups have tests of their own; here nobody is named to whom they are encrypted.
  const isNew = !words.some((word) => ["status", "rollback"].includes(word));
  const without = isNew ? ["--without-backup"] : [];
  return host.task(["deploy", ...words, ...without], { deadlineMs: DEPLOY_MS });
}

/**
 * Lays the release of the next deploy aside as the deploy would, with the build that all tests share: this machine need
 * not reach what a build fetches.
 */
export async function lay(host: StandIn, ...words: readonly string[]): Promise<string> {
  const dry = await task(host, "--dry-run", ...words);
  strictEqual(dry.code, 0, dry.out + dry.err);
  match(dry.out, /embedded SQLite|as blue$/m);
  const [, name = ""] = /^Deploy \d+: a new release, (r\S+) as/m.exec(dry.out) ?? [];
  ok(name !== "", dry.out);
  await host.must(["cp", "-a", PROJECT, `${PATHS.releases}/${name}`]);
  await host.must(["chmod", "-R", "go+rX", `${PATHS.releases}/${name}`]);
  return name;
}

/** Deploys the next release, without a backup. */
export async function deployed(host: StandIn, ...words: readonly string[]): Promise<void> {
  await lay(host, ...words);
  const { code, out, err } = await task(host, ...words);
  strictEqual(code, 0, out + err);
  await ready(host);
}

/** A release serves and works, and no deploy is open. */
export async function ready(host: StandIn): Promise<void> {
  const end = await task(host, "status");
  strictEqual(end.code, 0, end.out + end.err);
}
