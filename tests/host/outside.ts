/**
 * A machine outside of a host, on the same network: it signs in over SSH; ports are tried from it.
 *
 * @module
 */
import { PATHS } from "../../ops/lib/host/layout.ts";
import type { Container, Docker, Network } from "./docker.ts";
import { ensureImage, HOST_IMAGE } from "./images.ts";
import type { RunEnd } from "./run.ts";

/** A machine outside. */
export interface Outside extends Container {
  /** Its public key, a line of authorized_keys. */
  readonly publicKey: string;
  /** Signs in as `user` with its key and runs a command there. */
  ssh(user: string, address: string, options: SshOptions): Promise<RunEnd>;
}

/** How it signs in. */
export interface SshOptions {
  /** What is run there. */
  readonly command: readonly string[];
  /** Whether only a password is offered, and no key. */
  readonly password?: boolean;
}

const KEY = "/root/.ssh/id_ed25519";

/** Starts a machine outside, with a key of its own and Deno. */
export async function startOutside(
  docker: Docker,
  { what = "outside", network, args = [] }: OutsideOptions,
): Promise<Outside> {
  await ensureImage(docker, HOST_IMAGE);
  const container = await docker.container({
    what,
    image: HOST_IMAGE,
    network,
    args: ["--volume", `${Deno.realPathSync(Deno.execPath())}:${PATHS.deno}:ro`, ...args],
  });
  await container.must([
    "ssh-keygen",
    "-q",
    "-t",
    "ed25519",
    "-N",
    "",
    "-C",
    `${what}@example.test`,
    "-f",
    KEY,
  ]);
  return {
    ...container,
    publicKey: (await container.read(`${KEY}.pub`)).trim(),
    ssh: (user, address, { command, password }) =>
      container.exec([
        "ssh",
        ...["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"],
        ...["-o", "ConnectTimeout=30", "-o", "BatchMode=yes"],
        ...(password ? ["-o", "PreferredAuthentications=password,keyboard-interactive"] : ["-i", KEY]),
        `${user}@${address}`,
        "--",
        ...command,
      ]),
  };
}

/** How a machine outside is started. */
export interface OutsideOptions {
  /** What it is for; part of its name. */
  readonly what?: string;
  readonly network: Network;
  /** Further options of `docker run`. */
  readonly args?: readonly string[];
}
