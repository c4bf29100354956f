/**
 * Copies backups to another machine and takes away there what need not stay. Root does it: the app's user, and so whoever
 * took the app over, can neither reach nor delete those copies.
 *
 * @module
 */

import { err, ok, type Result } from "../../../lib/result.ts";
import { type CommandEnd, type Host, HostError } from "../host/step.ts";
import { type FoundBackup, listBackups } from "./folder.ts";
import { partialName } from "./format.ts";
import { type Keep, keptOf } from "./keep.ts";
import {
  isNoRepository,
  parseSnapshots,
  type RemoteBackup,
  type RemoteDescription,
  remoteWords,
  RESTIC,
  type ResticPlace,
  resticPlace,
  resticWords,
} from "./remote.ts";

/** Longest that a copy may take: a line of 10 Mbit/s carries 4 GB in it. */
const STORE_MS = 60 * 60_000;
/** Longest that anything else may take. */
const ASK_MS = 5 * 60_000;
/** Milliseconds by which a backup may be ahead of our clock. */
const AHEAD_MS = 60 * 60_000;

/** A place for copies. */
export interface Remote {
  readonly on: Host;
  readonly remote: RemoteDescription;
  /** Folder of the host's credentials. */
  readonly credentials: string;
}

/** What is copied. */
export interface Push {
  /** Folder of the backups. */
  readonly backups: string;
  readonly keep: Keep;
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** Says what would be done, and does nothing. */
  readonly dryRun: boolean;
  readonly say: (line: string) => void;
}

/** Copies what is missing there; what lies there afterwards, newest first. The error is a sentence without a full stop. */
export async function push(
  to: Remote,
  { backups, keep, nowMs, dryRun, say }: Push,
): Promise<Result<readonly RemoteBackup[], string>> {
  const there = await listRemote(to, { make: !dryRun });
  if (!there.ok) return there;
  const past = there.value.filter(({ atMs }) => atMs <= nowMs + AHEAD_MS);
  const local = believable(await listBackups(backups), { newest: past[0], nowMs, say });
  const names = new Set(there.value.map(({ name }) => name));
  const all = [...past, ...local.filter(({ name }) => !names.has(name))];
  const { stay, go } = keptOf<{ readonly name: string; readonly atMs: number }>(all, keep);
  const missing = local.filter((one) => !names.has(one.name) && stay.some(({ name }) => name === one.name));
  const old = there.value.filter((one) => go.some(({ name }) => name === one.name));
  if (dryRun) {
    for (const { name } of missing) say(`Would copy ${name}`);
    for (const { name } of old) say(`Would take away ${name}`);
    return there;
  }
  if (missing.length + old.length === 0) return there;
  const unlocked = await ask(to, RESTIC.unlock, ASK_MS);
  if (!unlocked.ok) return err(`Cannot work in ${remoteWords(to.remote)}: ${unlocked.error}`);
  for (const { name, folder } of missing.reverse()) {
    const stored = await ask(to, RESTIC.store(folder, name), STORE_MS);
    if (!stored.ok) return err(`Cannot copy ${name} to ${remoteWords(to.remote)}: ${stored.error}`);
    say(`Copied ${name}`);
  }
  if (old.length > 0) {
    const forgotten = await ask(to, RESTIC.forget(old.map(({ id }) => id)), STORE_MS);
    if (!forgotten.ok) return err(`Cannot take away old copies: ${forgotten.error}`);
    say(`Took away ${old.length} that need not stay there`);
  }
  return await listRemote(to, { make: false });
}

/**
 * Backups that may be copied. A name is an instant, and whoever can write to the folder could invent some: one of the
 * past would take the place of a copy that is there, one of the future that of all to come. So copies only go on in time.
 */
function believable(
  local: readonly FoundBackup[],
  { newest, nowMs, say }: Pick<Push, "nowMs" | "say"> & { readonly newest: RemoteBackup | undefined },
): readonly FoundBackup[] {
  const fits = local.filter(({ atMs }) => atMs <= nowMs + AHEAD_MS);
  for (const { name } of local) {
    if (!fits.some((one) => one.name === name)) say(`${name} is of the future: it is not copied`);
  }
  return newest ? fits.filter(({ atMs }) => atMs > newest.atMs) : fits;
}

/** What lies there, newest first; a repository is made where there is none and `make` is set. */
export async function listRemote(
  to: Remote,
  { make }: { readonly make: boolean },
): Promise<Result<readonly RemoteBackup[], string>> {
  const where = remoteWords(to.remote);
  const listed = await ask(to, RESTIC.list, ASK_MS);
  if (listed.ok) return parseSnapshots(listed.value.out);
  if (!isNoRepository(listed.error)) return err(`Cannot look into ${where}: ${listed.error}`);
  // Made by people on the disk itself: without the disk copies would fill this one.
  if (to.remote.kind === "folder" && (await to.on.stat(to.remote.path))?.kind !== "folder") {
    return err(`${to.remote.path} is not there: mount its disk, or make the folder on it`);
  }
  if (!make) return ok([]);
  const made = await ask(to, RESTIC.init, ASK_MS);
  return made.ok ? ok([]) : err(`Cannot make a repository in ${where}: ${made.error}`);
}

/** What is brought back, and where to. */
export interface Fetch {
  /** Folder of the backups. */
  readonly backups: string;
  /** A folder that is root's alone, and goes again. */
  readonly aside: string;
  readonly copy: RemoteBackup;
}

/**
 * Brings one back into the folder of backups; its folder. It is written where root alone may: in a folder of the app's
 * user a link could lead elsewhere.
 */
export async function fetchBackup(
  to: Remote,
  { backups, aside, copy }: Fetch,
): Promise<Result<string, string>> {
  const folder = `${backups}/${copy.name}`;
  if (await to.on.stat(folder) !== null) return ok(folder);
  await to.on.must(["rm", "-rf", "--one-file-system", "--", aside]);
  await to.on.must(["mkdir", "-p", "-m", "700", "--", aside]);
  try {
    const fetched = await ask(to, RESTIC.fetch(copy.id, aside), STORE_MS);
    if (!fetched.ok) {
      return err(`Cannot fetch ${copy.name} from ${remoteWords(to.remote)}: ${fetched.error}`);
    }
    const there = `${aside}${copy.path}`;
    if ((await to.on.stat(there))?.kind !== "folder") return err(`The copy of ${copy.name} is no folder`);
    // On another disk it is copied: it has its name only when it is whole.
    const partial = `${backups}/${partialName(copy.name)}`;
    await to.on.must(["rm", "-rf", "--one-file-system", "--", partial]);
    await to.on.must(["mv", "--no-target-directory", "--", there, partial], { deadlineMs: STORE_MS });
    await to.on.must(["mv", "--no-target-directory", "--", partial, folder]);
    return ok(folder);
  } finally {
    await to.on.must(["rm", "-rf", "--one-file-system", "--", aside]);
  }
}

async function ask(
  to: Remote,
  command: readonly string[],
  deadlineMs: number,
): Promise<Result<CommandEnd, string>> {
  const place = resticPlace(to.remote, to.credentials);
  const env = await environmentOf(to.on, place);
  if (!env.ok) return env;
  const end = await to.on.run(["restic", ...place.args, ...command], { env: env.value, deadlineMs });
  if (end.code === 0) return ok(end);
  if (end.code === 127) return err("restic is not installed: apt-get install restic");
  return err(resticWords(`${end.out}\n${end.err}`) || `restic ended with code ${end.code}`);
}

async function environmentOf(
  on: Host,
  { needs, envFiles }: ResticPlace,
): Promise<Result<Readonly<Record<string, string>>, string>> {
  const env: Record<string, string> = { TZ: "UTC" };
  try {
    for (const path of needs) {
      if (await on.stat(path) === null) return err(`there is no ${path}`);
    }
    for (const [name, path] of Object.entries(envFiles)) env[name] = (await on.read(path) ?? "").trim();
  } catch (error) {
    if (error instanceof HostError) return err(error.message);
    throw error;
  }
  return ok(env);
}
