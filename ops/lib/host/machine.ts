/**
 * The host we run on: commands without a shell, files written whole, and what is kept between runs. The one file of the
 * set-up that touches the system.
 *
 * @module
 */

import { constants, type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";
import { systemClock } from "../../../lib/clock.ts";
import { newCopy } from "./kit_before.ts";
import { commandText } from "./kit_reactions.ts";
import { openKept } from "./kept.ts";
import { runCommand } from "./machine_run.ts";
import { type FileText, type Host, HostError, type Modes, type PathFacts } from "./step.ts";
import { syncFolder } from "./sync_folder.ts";

/** Largest file that is read, in bytes. */
const LARGEST_FILE = 4_000_000;
/** Longest that writing a file takes in ms; what lies beside it for longer was left by a write that was killed. */
const WRITING_MS = 10_000;
const LOOK_MS = 20;

/** The real host; `state` is the folder of what is kept. */
export function openMachine(state: string): Host {
  return {
    run: runCommand,
    async must(argv, options) {
      const end = await runCommand(argv, options);
      if (end.code === 0) return end;
      const words = (end.err.trim() || end.out.trim()).split("\n").slice(-5).join("\n");
      throw new HostError(`${commandText(argv)} failed with code ${end.code}: ${words}`);
    },
    read: readText,
    stat: statPath,
    write: writeWhole,
    setModes,
    kept: openKept(state),
  };
}

/** Folders of the kernel, which Deno shows to nobody with less than every permission: programs look there for us. */
const KERNEL = /^\/(proc|sys|dev)\//;

async function readText(path: string): Promise<string | null> {
  if (KERNEL.test(path)) {
    const { code, out } = await runCommand(["cat", "--", path]);
    return code === 0 ? out : null;
  }
  const handle = await openHere(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(
    (error) => absentOr(error, `Cannot read "${path}"`),
  );
  if (handle === null) return null;
  try {
    const { size } = await handle.stat();
    if (size > LARGEST_FILE) throw new HostError(`Cannot read "${path}": it is larger than 4 MB`);
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await handle.readFile());
  } catch (error) {
    if (error instanceof HostError) throw error;
    if (error instanceof TypeError) throw new HostError(`Cannot read "${path}": it is no text`);
    return refuse(`Cannot read "${path}"`, error);
  } finally {
    await handle.close();
  }
}

async function statPath(path: string): Promise<PathFacts | null> {
  if (KERNEL.test(path)) return await statKernel(path);
  const found = await Deno.lstat(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return null;
    throw new HostError(`Cannot look at "${path}": ${wordsOf(error)}`);
  });
  if (found === null) return null;
  const names = await readNames();
  const owner = `${nameIn(names.users, found.uid ?? 0)}:${nameIn(names.groups, found.gid ?? 0)}`;
  return {
    kind: found.isSymlink ? "link" : found.isFile ? "file" : found.isDirectory ? "folder" : "other",
    mode: (found.mode ?? 0) & 0o7777,
    owner,
    target: found.isSymlink ? await Deno.readLink(path) : null,
  };
}

async function statKernel(path: string): Promise<PathFacts | null> {
  const { code, out } = await runCommand(["stat", "-c", "%a %U:%G %F", "--", path]);
  const [, mode = "", owner = "", kind = ""] = /^(\d+) (\S+) (.*)$/.exec(out.trim()) ?? [];
  if (code !== 0 || mode === "") return null;
  const kinds: Readonly<Record<string, PathFacts["kind"]>> = {
    "regular file": "file",
    "regular empty file": "file",
    "directory": "folder",
    "symbolic link": "link",
  };
  const target = kinds[kind] === "link" ? (await runCommand(["readlink", "--", path])).out.trim() : null;
  return { kind: kinds[kind] ?? "other", mode: parseInt(mode, 8), owner, target };
}

/** Writes beside first; the new file has its owner and mode before it has its name. */
async function writeWhole(path: string, { text, ...modes }: FileText): Promise<void> {
  const beside = newCopy(path);
  const doing = `Cannot write "${path}"`;
  const ids = await idsOf(modes.owner, doing);
  const handle = await openBeside(beside, doing);
  try {
    await handle.writeFile(text);
    await handle.chown(ids.user, ids.group);
    await handle.chmod(modes.mode);
    await handle.sync();
    await Deno.rename(beside, path);
  } catch (error) {
    await Deno.remove(beside).catch(() => undefined);
    refuse(doing, error);
  } finally {
    await handle.close();
  }
  await syncFolder(dirname(path));
}

/** Opens a new file for the one who writes now: another's is waited for, what a killed one left is taken away. */
async function openBeside(path: string, doing: string): Promise<FileHandle> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
  const { monotonicMs, nowMs, sleep } = systemClock;
  const startMs = monotonicMs();
  for (;;) {
    try {
      return await openHere(path, flags);
    } catch (error) {
      const waitedMs = monotonicMs() - startMs;
      if (codeOf(error) !== "EEXIST" || waitedMs > 2 * WRITING_MS) refuse(doing, error);
      const madeMs = (await Deno.lstat(path).catch((gone) => absentOr(gone, doing)))?.mtime?.getTime();
      const isLeft = waitedMs > WRITING_MS || (madeMs !== undefined && nowMs() - madeMs > WRITING_MS);
      if (isLeft) await Deno.remove(path).catch((gone) => absentOr(gone, doing));
      else await sleep(LOOK_MS);
    }
  }
}

/**
 * Opens what lies at a path and nothing that a link there leads to. Deno follows links itself before it asks the kernel,
 * unless it has every permission, so `O_NOFOLLOW` alone does nothing: what was opened has to be what lies there.
 */
async function openHere(path: string, flags: number): Promise<FileHandle> {
  const handle = await open(path, flags | constants.O_NOFOLLOW, 0o600);
  try {
    const [opened, there] = await Promise.all([handle.stat(), Deno.lstat(path)]);
    if (!there.isSymlink && opened.ino === there.ino && opened.dev === there.dev) return handle;
    throw Object.assign(new Error(`"${path}" is a link`), { code: "ELOOP" });
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function setModes(path: string, { mode, owner }: Modes): Promise<void> {
  const doing = `Cannot set mode and owner of "${path}"`;
  const ids = await idsOf(owner, doing);
  const handle = await openHere(path, constants.O_RDONLY | constants.O_NONBLOCK)
    .catch((error) => refuse(doing, error));
  try {
    await handle.chown(ids.user, ids.group);
    await handle.chmod(mode);
  } catch (error) {
    refuse(doing, error);
  } finally {
    await handle.close();
  }
}

interface Names {
  /** Names by number. */
  readonly users: ReadonlyMap<number, string>;
  readonly groups: ReadonlyMap<number, string>;
}

async function readNames(): Promise<Names> {
  const [users, groups] = await Promise.all(["/etc/passwd", "/etc/group"].map(namesIn));
  return { users: users ?? new Map(), groups: groups ?? new Map() };
}

async function namesIn(path: string): Promise<ReadonlyMap<number, string>> {
  const names = new Map<number, string>();
  for (const line of (await readText(path) ?? "").split("\n")) {
    const [name = "", , id = ""] = line.split(":");
    if (/^\d+$/.test(id) && !names.has(Number(id))) names.set(Number(id), name);
  }
  return names;
}

function nameIn(names: ReadonlyMap<number, string>, id: number): string {
  return names.get(id) ?? String(id);
}

async function idsOf(
  owner: string,
  doing: string,
): Promise<{ readonly user: number; readonly group: number }> {
  const names = await readNames();
  const [user = "", group = ""] = owner.split(":");
  const idOf = (all: ReadonlyMap<number, string>, name: string, kind: string) => {
    const [id] = [...all].find(([, one]) => one === name) ?? [];
    if (id !== undefined) return id;
    if (/^\d+$/.test(name)) return Number(name);
    throw new HostError(`${doing}: there is no ${kind} "${name}"`);
  };
  return { user: idOf(names.users, user, "user"), group: idOf(names.groups, group, "group") };
}

function absentOr(error: unknown, doing: string): null {
  if (error instanceof Deno.errors.NotFound || codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") {
    return null;
  }
  return refuse(doing, error);
}

function refuse(doing: string, error: unknown): never {
  throw new HostError(`${doing}: ${wordsOf(error)}`);
}

function wordsOf(error: unknown): string {
  switch (codeOf(error)) {
    case "ELOOP":
      return "there is a link, which is not followed";
    case "ENOENT":
      return "there is no such file or folder";
    case "ENOSPC":
      return "the disk is full";
    case "EISDIR":
      return "there is a folder";
    case "EROFS":
      return "the file system is read-only";
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
