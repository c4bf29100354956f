/**
 * Version 2 of compose without touching the machine: the program out of Debian unstable's package, kept in the user's
 * cache, outside any clone.
 *
 * @module
 */
import { must } from "../host/run.ts";

const FETCH_MS = 180_000;
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** Its path; fetched first where need be. Throws where it is not to be had. */
export async function composeTwo(): Promise<string> {
  const cache = Deno.env.get("XDG_CACHE_HOME") || `${Deno.env.get("HOME") ?? "/root"}/.cache`;
  const path = `${cache}/wattpost/compose-2/docker-compose`;
  if (await Deno.stat(path).then(({ isFile }) => isFile, () => false)) return path;
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  const folder = await Deno.makeTempDir({ dir: "/var/tmp", prefix: "wattpost-compose-2-" });
  try {
    await fetchTo(folder);
    const partial = `${path}.${Deno.pid}`;
    await Deno.copyFile(`${folder}/root/usr/libexec/docker/cli-plugins/docker-compose`, partial);
    await Deno.chmod(partial, 0o755);
    await Deno.rename(partial, path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  return path;
}

async function fetchTo(folder: string): Promise<void> {
  for (const name of ["state/lists/partial", "cache/archives/partial", "root"]) {
    await Deno.mkdir(`${folder}/${name}`, { recursive: true });
  }
  await Deno.writeTextFile(
    `${folder}/sources.list`,
    `deb [signed-by=${KEYRING}] http://deb.debian.org/debian sid main\n`,
  );
  const settings = {
    "Dir::Etc::sourcelist": `${folder}/sources.list`,
    "Dir::Etc::sourceparts": "/dev/null",
    "Dir::State": `${folder}/state`,
    "Dir::State::status": "/dev/null",
    "Dir::Cache": `${folder}/cache`,
    "Acquire::Check-Valid-Until": "false",
    "APT::Sandbox::User": "root",
  };
  const apt = [
    "apt-get",
    "--quiet",
    ...Object.entries(settings).flatMap(([key, value]) => ["-o", `${key}=${value}`]),
  ];
  const [program = "apt-get", ...options] = apt;
  const more = { cwd: folder, deadlineMs: FETCH_MS };
  await must([program, ...options, "update"], more);
  await must([program, ...options, "download", "docker-compose"], more);
  const found = [...Deno.readDirSync(folder)].find(({ name }) => name.endsWith(".deb"));
  if (!found) throw new Error("apt-get brought no package");
  await must(["dpkg-deb", "--extract", `${folder}/${found.name}`, `${folder}/root`]);
}
