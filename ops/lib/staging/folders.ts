/**
 * The folders of staging: those of a host, below one of its own, with a mark by which it is known again before any of it
 * is taken away.
 *
 * @module
 */

import { DRILL_KEY_FILE, IDS, PATHS } from "../host/layout.ts";
import { type Host, HostError } from "../host/step.ts";
import { formatPlan } from "../backup/plan.ts";
import { parseEnvFile } from "../env_file.ts";
import type { Place } from "../release/place.ts";
import { type Settings, stagingSettings } from "./declared.ts";

/** The client of Docker, with the address of its daemon where that is not the usual one. */
export type DockerArgv = readonly [string, ...string[]];

/** Backups that stay: staging is taken away before they are old. */
const KEEP = { daily: 1, weekly: 0, monthly: 0 } as const;

/** As `deno task host apply` sets them where production has none. */
const USUAL: Settings = {
  TRUST_PROXY: "on",
  DATA_DIR: PATHS.data,
  HOST_DIR: PATHS.host,
  SIGN_IN_LOG: PATHS.signInLog,
  CREDENTIALS_DIR: PATHS.credentials,
};

function markOf({ root }: Pick<Place, "root">): string {
  return `${root}/.wattpost-staging`;
}

/** Whether staging lies there. */
export async function isStaging(on: Host, place: Place): Promise<boolean> {
  return (await on.read(markOf(place))) === `${place.name}\n`;
}

/** Makes what is missing of the folders, the settings and the key for backups. What is there already stays. */
export async function openFolders(on: Host, place: Place): Promise<void> {
  const { root, paths } = place;
  if (await on.stat(root) && !await isStaging(on, place)) {
    throw new HostError(
      `"${root}" is there and is no staging called ${place.name}: name another folder with --root`,
    );
  }
  const app = `${IDS.app.id}:${IDS.app.id}`;
  const forApp = `root:${IDS.app.id}`;
  const folders: readonly (readonly [string, string, number])[] = [
    [root, "root:root", 0o755],
    [paths.config, "root:root", 0o755],
    [paths.credentials, forApp, 0o750],
    [paths.hostCredentials, "root:root", 0o700],
    [paths.data, app, 0o750],
    [paths.host, forApp, 0o750],
    [paths.requests, app, 0o750],
    [paths.state, "root:root", 0o700],
    [paths.deploys, "root:root", 0o700],
    [paths.releases, "root:root", 0o755],
    [paths.backups, app, 0o700],
    [paths.logs, "root:root", 0o751],
    [paths.sockets, app, 0o2750],
  ];
  for (const [path, owner, mode] of folders) {
    await Deno.mkdir(path, { recursive: true });
    await on.setModes(path, { mode, owner });
    if (path === root) {
      await on.write(markOf(place), { text: `${place.name}\n`, mode: 0o644, owner: "root:root" });
    }
  }
  if (!await on.stat(paths.signInLog)) await on.write(paths.signInLog, { text: "", mode: 0o640, owner: app });
  const settings = stagingSettings({ ...USUAL, ...await settingsAt(on, PATHS.settings) });
  const text = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`).join("");
  await on.write(paths.settings, { text, mode: 0o640, owner: forApp });
  await makeKey(on, place);
}

/** The settings of a file; none where there is no such file. */
async function settingsAt(on: Pick<Host, "read">, path: string): Promise<Settings> {
  const text = await on.read(path);
  const read = parseEnvFile(text ?? "");
  if (!read.ok) throw new HostError(`Cannot read "${path}", line ${read.error.line}: ${read.error.why}`);
  return Object.fromEntries(read.value);
}

/** The key of staging's own backups, which hold nothing of production. */
async function makeKey(on: Host, { paths }: Place): Promise<void> {
  const key = `${paths.hostCredentials}/${DRILL_KEY_FILE}`;
  if (await on.stat(key)) return;
  const { out } = await on.must(["age-keygen"]);
  await on.write(key, { text: out, mode: 0o600, owner: "root:root" });
  const recipient = (await on.must(["age-keygen", "-y", key])).out.trim();
  const plan = formatPlan({ recipients: [recipient], keep: KEEP });
  await on.write(paths.backupPlan, { text: plan, mode: 0o644, owner: "root:root" });
}

/** Takes staging away: what Docker has of it, then its folder. Refuses what does not bear its mark. */
export async function takeAway(on: Host, place: Place, docker: DockerArgv): Promise<void> {
  if (!await isStaging(on, place)) throw new HostError(`"${place.root}" is no staging called ${place.name}`);
  const project = ["--filter", `label=com.docker.compose.project=${place.name}`];
  const lists: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ["container", ["ls", "--all", "--quiet", ...project], ["rm", "--force", "--volumes"]],
    // compose 1.29 makes those of all services, though staging's data lie in its folder.
    ["volume", ["ls", "--quiet", ...project], ["rm"]],
    ["network", ["ls", "--quiet", ...project], ["rm"]],
    ["image", ["ls", "--format", "{{.Repository}}:{{.Tag}}", place.name], ["rm"]],
  ];
  for (const [kind, list, remove] of lists) {
    const { out } = await on.must([...docker, kind, ...list]);
    const found = out.split("\n").filter((line) => line !== "");
    if (found.length > 0) await on.must([...docker, kind, ...remove, ...found], { deadlineMs: 200_000 });
  }
  await Deno.remove(place.root, { recursive: true });
}
