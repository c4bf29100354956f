/**
 * A Docker daemon of the tests' own, for machines on which none runs: one a machine, in a temporary folder, ended by
 * its id and taken away with everything it made.
 *
 * @module
 */
import { must, run, until } from "./run.ts";

/** A daemon of ours. */
export interface Dockerd {
  /** Its address, for `DOCKER_HOST`. */
  readonly host: string;
  /** Ends it with its containers and removes its folder. */
  stop(): Promise<void>;
}

/** Only one on a machine: a second would take away the first one's bridge. */
const LOCK = "/var/tmp/wattpost-dockerd.lock";
const DRIVERS = ["overlay2", "vfs"] as const;
const START_MS = 60_000;
const END_MS = 30_000;

/** Whether a daemon answers at an address (`undefined`: the usual one). */
export async function answers(host: string | undefined): Promise<boolean> {
  const env = host === undefined ? {} : { DOCKER_HOST: host };
  const end = await run(["docker", "version", "--format", "{{.Server.Version}}"], { env, deadlineMs: 20_000 })
    .catch(() => ({ code: 127 }));
  return end.code === 0;
}

/** Starts a daemon. Throws where this user or machine cannot: its words say why. */
export async function startDockerd(): Promise<Dockerd> {
  if (Deno.uid() !== 0) throw new Error("Docker does not answer, and only root may start a daemon");
  const lock = await Deno.open(LOCK, { create: true, write: true });
  await lock.lock(true);
  try {
    for (const driver of DRIVERS) {
      const daemon = await tryDriver(driver);
      if (typeof daemon !== "string") {
        return { ...daemon, stop: () => daemon.stop().finally(() => lock.close()) };
      }
      if (driver === DRIVERS.at(-1)) throw new Error(`dockerd did not start: ${daemon}`);
    }
    throw new Error("dockerd has no storage driver");
  } catch (error) {
    lock.close();
    throw error;
  }
}

// The daemon, or the last words of one that did not come up.
async function tryDriver(driver: string): Promise<Dockerd | string> {
  const folder = await Deno.makeTempDir({ dir: "/var/tmp", prefix: "wattpost-dockerd-" });
  const host = `unix://${folder}/s`;
  const child = new Deno.Command("dockerd", {
    args: [
      `--storage-driver=${driver}`,
      `--data-root=${folder}/data`,
      `--exec-root=${folder}/exec`,
      `--pidfile=${folder}/pid`,
      `--host=${host}`,
      "--log-level=error",
    ],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const words: string[] = [];
  const read = child.stderr.pipeThrough(new TextDecoderStream()).pipeTo(
    new WritableStream({
      write: (text) => {
        words.splice(0, Math.max(0, words.length - 20));
        words.push(text);
      },
    }),
  );
  let ended = false;
  const status = child.status.then((end) => {
    ended = true;
    return end;
  });
  const stop = async () => {
    if (!ended) await removeContainers(host);
    await endOf(child, status, () => ended);
    await read.catch(() => undefined);
    await Deno.remove(folder, { recursive: true }).catch(() => undefined);
  };
  const up = await until(
    "dockerd",
    async () => ended ? false : await answers(host) || undefined,
    { deadlineMs: START_MS },
  ).catch(() => false);
  if (up) return { host, stop };
  await stop();
  return words.join("").trim().split("\n").at(-1) ?? "it said nothing";
}

async function removeContainers(host: string): Promise<void> {
  const env = { DOCKER_HOST: host };
  const ids = await must(["docker", "ps", "-aq"], { env }).catch(() => "");
  const found = ids.split("\n").filter((id) => id !== "");
  if (found.length > 0) await run(["docker", "rm", "-f", "-v", ...found], { env });
}

async function endOf(
  child: Deno.ChildProcess,
  status: Promise<Deno.CommandStatus>,
  ended: () => boolean,
): Promise<void> {
  if (!ended()) child.kill("SIGTERM");
  const timer = setTimeout(() => ended() ? undefined : child.kill("SIGKILL"), END_MS);
  await status;
  clearTimeout(timer);
}
