/**
 * A machine outside of a host, on the same network: it knocks at ports and signs in over SSH.
 *
 * @module
 */
import { PATHS } from "../../ops/lib/host/layout.ts";
import type { Container, Docker, Network } from "./docker.ts";
import { ensureImage, HOST_IMAGE } from "./images.ts";
import type { RunEnd } from "./run.ts";

/** What comes of knocking: a connection, a refusal, or nothing within the wait. */
export type Door = "open" | "refused" | "silent";

/** A machine outside. */
export interface Outside extends Container {
  /** Its public key, a line of authorized_keys. */
  readonly publicKey: string;
  /** Knocks at ports of an address, all at once. */
  doors(address: string, ports: readonly number[]): Promise<Readonly<Record<number, Door>>>;
  /** Knocks at one port again and again, one after the other; what came of each. */
  knocks(address: string, port: number, times: number): Promise<readonly Door[]>;
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
const KNOCK = "/root/knock.ts";
/** Milliseconds after which a door is silent: a packet that is dropped is sent again after one second. */
const WAIT_MS = 3_500;

const KNOCK_TEXT = `
const [address = "", ports = "", order = ""] = Deno.args;
async function knock(port: number): Promise<string> {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), ${WAIT_MS});
  try {
    (await Deno.connect({ hostname: address, port, signal: over.signal })).close();
    return "open";
  } catch {
    return over.signal.aborted ? "silent" : "refused";
  } finally {
    clearTimeout(timer);
  }
}
const found: string[] = [];
const wanted = ports.split(",").map(Number);
if (order === "turn") for (const port of wanted) found.push(await knock(port));
else found.push(...await Promise.all(wanted.map(knock)));
console.log(JSON.stringify(found));
`;

/** Starts a machine outside, with a key of its own and Deno. */
export async function startOutside(
  docker: Docker,
  { what = "outside", network, args = [] }: OutsideOptions,
): Promise<Outside> {
  await ensureImage(docker, HOST_IMAGE);
  const deno = Deno.realPathSync(Deno.execPath());
  const container = await docker.container({
    what,
    image: HOST_IMAGE,
    network,
    args: ["--volume", `${deno}:${PATHS.deno}:ro`, ...args],
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
  await container.write(KNOCK, KNOCK_TEXT);
  const ask = async (
    address: string,
    ports: readonly number[],
    order: "once" | "turn",
  ): Promise<readonly Door[]> =>
    JSON.parse(
      await container.must(
        ["deno", "run", "--quiet", "--no-config", "--allow-net", KNOCK, address, ports.join(","), order],
        { env: { DENO_NO_UPDATE_CHECK: "1" } },
      ),
    );
  return {
    ...container,
    publicKey: (await container.read(`${KEY}.pub`)).trim(),
    doors: async (address, ports) => {
      const found = await ask(address, ports, "once");
      return Object.fromEntries(ports.map((port, i) => [port, found[i] ?? "silent"]));
    },
    knocks: (address, port, times) => ask(address, Array.from({ length: times }, () => port), "turn"),
    ssh: (user, address, { command, password }) =>
      container.exec([
        "ssh",
        ...["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"],
        ...["-o", "ConnectTimeout=15", "-o", "BatchMode=yes"],
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
