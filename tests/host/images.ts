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

/** All images. */
export const IMAGES = [HOST_IMAGE, SLIM_IMAGE] as const;

/** The client, as far as building asks for it. */
type Client = Pick<Docker, "run" | "must">;

const BUILD_MS = 600_000;

/** Makes sure that an image is there; one process builds it, others wait for it. */
export async function ensureImage(
  docker: Client,
  name: (typeof IMAGES)[number],
  signal?: AbortSignal,
): Promise<void> {
  if (await isThere(docker, name)) return;
  const lock = await Deno.open(`/var/tmp/${name.replace(":", "-")}.lock`, { create: true, write: true });
  try {
    await lock.lock(true);
    if (!await isThere(docker, name)) await build(docker, name, signal);
  } finally {
    lock.close();
  }
}

/** Why images cannot be built here; `undefined`: they can, or are there. */
export async function imagesMissing(docker: Client): Promise<string | undefined> {
  const there = await Promise.all(IMAGES.map((name) => isThere(docker, name)));
  if (!there.includes(false)) return undefined;
  if (Deno.uid() !== 0) return "its images are not there, and only root builds them";
  const tool = await Deno.stat("/usr/bin/mmdebstrap").then(() => true, () => false);
  return tool ? undefined : "its images are not there, nor mmdebstrap, which builds them";
}

async function isThere(docker: Client, name: string): Promise<boolean> {
  return (await docker.run(["image", "inspect", name])).code === 0;
}

async function build(docker: Client, name: string, signal?: AbortSignal): Promise<void> {
  const folder = await Deno.makeTempDir({ dir: "/var/tmp", prefix: "wattpost-image-" });
  try {
    const tar = `${folder}/root.tar`;
    const end = await run(["mmdebstrap", "--quiet", ...RECIPES[name] ?? [], "bookworm", tar], {
      deadlineMs: BUILD_MS,
      ...(signal ? { signal } : {}),
    });
    if (end.code !== 0) throw new Error(`mmdebstrap cannot build ${name}: ${end.err.slice(-2_000)}`);
    await docker.must(["import", tar, name], { deadlineMs: BUILD_MS });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
