/**
 * MySQL 9 without touching the machine: Debian unstable's package in a folder of its own, built once into the
 * user's cache and entered with chroot.
 *
 * @module
 */
import { type Engine, run, SERVER_OPTIONS, startServer } from "./server.ts";

const BUILD_MS = 300_000;

/** Folder of the cached MySQL, outside any clone. */
export function mysqlRoot(): string {
  const cache = Deno.env.get("XDG_CACHE_HOME") || `${Deno.env.get("HOME") ?? "/root"}/.cache`;
  return `${cache}/wattpost/mysql`;
}

async function isMysqlBuilt(): Promise<boolean> {
  return await Deno.stat(`${mysqlRoot()}/usr/sbin/mysqld`).then((file) => file.isFile, () => false);
}

/** Builds it where it is not there; a build that was cut short counts as none. */
export async function buildMysql(): Promise<void> {
  if (await isMysqlBuilt()) return;
  if (Deno.uid() !== 0) throw new Error("only root may build MySQL's folder");
  const root = mysqlRoot();
  const partial = `${root}.${Deno.pid}.partial`;
  await Deno.mkdir(root.slice(0, root.lastIndexOf("/")), { recursive: true });
  try {
    await run([
      "mmdebstrap",
      "--quiet",
      "--variant=minbase",
      '--aptopt=Acquire::Check-Valid-Until "false"',
      "--include=mysql-server",
      "sid",
      partial,
      "http://deb.debian.org/debian",
    ], BUILD_MS);
    if (!await isMysqlBuilt()) await Deno.rename(partial, root);
  } finally {
    await Deno.remove(partial, { recursive: true }).catch(() => undefined);
  }
}

/** Starts a MySQL of one's own, built first where need be. Throws when this user may do neither. */
export async function startMysql(host?: string): Promise<Engine> {
  await buildMysql();
  const root = mysqlRoot();
  const inside = (folder: string) => folder.slice(root.length);
  return await startServer({
    name: "mysql",
    ...host === undefined ? {} : { host },
    makeFolder: () => Deno.makeTempDir({ dir: `${root}/tmp`, prefix: "wattpost-mysql-" }),
    prepare: (folder) => [
      "chroot",
      root,
      "/usr/sbin/mysqld",
      "--no-defaults",
      "--initialize-insecure",
      "--user=root",
      `--datadir=${inside(folder)}/data`,
      `--log-error=${inside(folder)}/error.log`,
    ],
    serve: (folder, port) => [
      "chroot",
      root,
      "/usr/sbin/mysqld",
      "--no-defaults",
      ...SERVER_OPTIONS,
      "--mysqlx=OFF",
      `--datadir=${inside(folder)}/data`,
      `--socket=${inside(folder)}/socket`,
      `--log-error=${inside(folder)}/error.log`,
      `--port=${port}`,
    ],
    client: (folder) => [
      "chroot",
      root,
      "/usr/bin/mysql",
      "--no-defaults",
      "--user=root",
      `--socket=${inside(folder)}/socket`,
      "-N",
      "-B",
    ],
  });
}
