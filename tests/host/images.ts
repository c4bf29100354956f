/**
 * Images for host tests, built on the spot from Debian's packages without a registry; what is there already is used.
 *
 * @module
 */
import type { Docker } from "./docker.ts";
import { run } from "./run.ts";

/** A fresh Debian 12 with systemd as its first process, and with SSH, as a provider hands it over. */
export const HOST_IMAGE = "wattpost-host:bookworm";

/** Debian 12 with nothing but certificates of authorities, under the name that the Dockerfile begins with. */
export const SLIM_IMAGE = "debian:12-slim";

const RECIPES: Readonly<Record<string, readonly string[]>> = {
  [HOST_IMAGE]: [
    "--variant=important",
    "--include=systemd,systemd-sysv,dbus,ca-certificates,iproute2,openssh-server,sudo",
  ],
  [SLIM_IMAGE]: ["--variant=minbase", "--include=ca-certificates"],
};

const BUILD_MS = 600_000;
const LOCK = "/var/tmp/wattpost-images.lock";

/** Makes sure that an image is there; one process builds, others wait for it. */
export async function ensureImage(
  docker: Docker,
  name: typeof HOST_IMAGE | typeof SLIM_IMAGE,
): Promise<void> {
  if (await isThere(docker, name)) return;
  const lock = await Deno.open(LOCK, { create: true, write: true });
  try {
    await lock.lock(true);
    if (!await isThere(docker, name)) await build(docker, name);
  } finally {
    lock.close();
  }
}

async function isThere(docker: Docker, name: string): Promise<boolean> {
  return (await docker.run(["image", "inspect", name])).code === 0;
}

async function build(docker: Docker, name: string): Promise<void> {
  const folder = await Deno.makeTempDir({ dir: "/var/tmp", prefix: "wattpost-image-" });
  try {
    const tar = `${folder}/root.tar`;
    const end = await run(["mmdebstrap", "--quiet", ...RECIPES[name] ?? [], "bookworm", tar], {
      deadlineMs: BUILD_MS,
    });
    if (end.code !== 0) throw new Error(`mmdebstrap cannot build ${name}: ${end.err.slice(-2_000)}`);
    await docker.must(["import", tar, name], { deadlineMs: BUILD_MS });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
