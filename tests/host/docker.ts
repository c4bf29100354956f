/**
 * Docker for host tests: the daemon that answers, else one of the tests' own; containers and networks that are gone
 * after each test, whatever happened.
 *
 * @module
 */
import { isCi } from "../../ops/lib/test_suites.ts";
import { answers } from "./dockerd.ts";
import { imagesMissing } from "./images.ts";
import { type Argv, must, run, type RunEnd, type RunOptions } from "./run.ts";

/** Docker, for one test. */
export interface Docker {
  /** Runs the client, `run(["ps", "-a"])`, whatever comes of it. */
  run(args: readonly string[], options?: RunOptions): Promise<RunEnd>;
  /** Runs the client, which must succeed; its standard output. */
  must(args: readonly string[], options?: RunOptions): Promise<string>;
  /** A name that nobody else has: for networks, volumes, containers. */
  nameOf(what: string): string;
  /** A network of both IP families; removed after the test. */
  network(what?: string): Promise<Network>;
  /** Starts a container; removed after the test with its volumes. */
  container(options: ContainerOptions): Promise<Container>;
  /** Adds what is done after the test, last added first. */
  defer(end: () => Promise<unknown>): void;
}

/** A network of both IP families. */
export interface Network {
  readonly name: string;
  /** `172.18.0.0/16`. */
  readonly subnet4: string;
  /** `fd00:…::/64`. */
  readonly subnet6: string;
}

/** How a container is started. */
export interface ContainerOptions {
  /** What it is for; part of its name. */
  readonly what: string;
  readonly image: string;
  /** None: Docker's own bridge, IPv4 alone. */
  readonly network?: Network;
  /** Further options of `docker run`. */
  readonly args?: readonly string[];
  /** What runs in it; sleeps unless told. */
  readonly command?: readonly string[];
}

/** A running container. */
export interface Container {
  readonly name: string;
  /** Its address in its network. */
  readonly ipv4: string;
  /** Its address in its network; empty on Docker's own bridge. */
  readonly ipv6: string;
  /** Runs a program in it as root, whatever comes of it; the deadline ends it inside too. */
  exec(argv: Argv, options?: ExecOptions): Promise<RunEnd>;
  /** Runs a program in it that must succeed; its standard output. */
  must(argv: Argv, options?: ExecOptions): Promise<string>;
  /** Copies a file or folder of this machine into it. */
  copyIn(from: string, to: string): Promise<void>;
  /** Unpacks a tar archive in a folder of it. */
  unpack(tar: ReadableStream<Uint8Array> | Uint8Array, folder: string): Promise<void>;
  /** Writes a file in it. */
  write(path: string, text: string, mode?: number): Promise<void>;
  /** Text of a file in it. */
  read(path: string): Promise<string>;
  /** What its first process printed. */
  logs(): Promise<string>;
}

/** How a program is run in a container. */
export interface ExecOptions extends RunOptions {
  /** As whom; root unless told. */
  readonly user?: string;
}

const OWNER_LABEL = "wattpost.test";
const EXEC_MS = 120_000;
const GRACE_MS = 10_000;

/** Why there is no Docker here; `undefined`: there is. */
const dockerMissing: string | undefined = await findDocker() ?? await imagesMissing(clientOf());

/** A test that needs Docker: skipped by name where there is none, failed in CI. */
export function hostTest(
  name: string,
  body: (docker: Docker, test: Deno.TestContext) => Promise<void>,
): void {
  const skip = dockerMissing !== undefined && !isCi(Deno.env.get("CI"));
  Deno.test({
    name: dockerMissing === undefined ? name : `${name} (needs Docker: ${dockerMissing})`,
    ignore: skip,
    fn: (test) => withDocker((docker) => body(docker, test)),
  });
}

/** Gives Docker to a body and cleans up after it, whatever happens. */
export async function withDocker<T>(body: (docker: Docker) => Promise<T>): Promise<T> {
  if (dockerMissing !== undefined) throw new Error(`There is no Docker: ${dockerMissing}`);
  const ends: (() => Promise<unknown>)[] = [];
  try {
    return await body(openDocker(ends));
  } finally {
    for (const end of ends.toReversed()) await end().catch((error) => console.error(error));
  }
}

// A helper in a process of its own starts the daemon and ends it when our process has ended, however that came.
async function findDocker(): Promise<string | undefined> {
  const told = Deno.env.get("TEST_DOCKER_MISSING");
  if (told !== undefined) return told;
  if (await answers(Deno.env.get("DOCKER_HOST"))) return await sweep().then(() => undefined);
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-check",
      "--no-prompt",
      "--allow-all",
      new URL("serve.ts", import.meta.url).pathname,
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
    detached: true, // Ctrl+C is ours, not the helper's: it has to clean up
  }).spawn();
  child.unref();
  const reader = child.stdout.getReader();
  let text = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    text += new TextDecoder().decode(part.value);
    if (text.includes("\n")) break;
  }
  const { DOCKER_HOST, TEST_DOCKER_MISSING = "its helper ended" } = text === "" ? {} : JSON.parse(text);
  if (DOCKER_HOST === undefined) return TEST_DOCKER_MISSING;
  Deno.env.set("DOCKER_HOST", DOCKER_HOST);
  return undefined;
}

// What tests left behind whose process was killed.
async function sweep(): Promise<void> {
  const format = `{{.ID}} {{.Label "${OWNER_LABEL}"}}`;
  const gone = async (args: readonly string[]) => {
    const listed = await run(["docker", ...args, "--filter", `label=${OWNER_LABEL}`, "--format", format]);
    const rows = listed.out.trim().split("\n").map((line) => line.split(" "));
    const found: string[] = [];
    for (const [id, pid] of rows) {
      // Programs look there for us: Deno lets nobody look into /proc with less than every permission.
      if (id && pid && (await run(["test", "-d", `/proc/${pid}`])).code !== 0) found.push(id);
    }
    return found;
  };
  const containers = await gone(["ps", "-a"]);
  if (containers.length > 0) await run(["docker", "rm", "-f", "-v", ...containers]);
  const networks = await gone(["network", "ls"]);
  if (networks.length > 0) await run(["docker", "network", "rm", ...networks]);
}

function clientOf(): Pick<Docker, "run" | "must"> {
  return {
    run: (args, options) => run(["docker", ...args], options),
    must: (args, options) => must(["docker", ...args], options),
  };
}

function openDocker(ends: (() => Promise<unknown>)[]): Docker {
  const prefix = `wattpost-test-${crypto.randomUUID().slice(0, 8)}`;
  const docker: Docker = {
    ...clientOf(),
    nameOf: (what) => `${prefix}-${what}`,
    defer: (end) => void ends.push(end),
    network: (what = "net") => makeNetwork(docker, what),
    container: (options) => startContainer(docker, options),
  };
  return docker;
}

async function makeNetwork(docker: Docker, what: string): Promise<Network> {
  const name = docker.nameOf(what);
  const random = [...crypto.getRandomValues(new Uint8Array(7))].map((byte) =>
    byte.toString(16).padStart(2, "0")
  );
  const hex = `fd${random.join("")}`;
  const subnet6 = `${hex.slice(0, 4)}:${hex.slice(4, 8)}:${hex.slice(8, 12)}:${hex.slice(12, 16)}::/64`;
  const label = `${OWNER_LABEL}=${Deno.pid}`;
  docker.defer(() => docker.run(["network", "rm", name]));
  await docker.must(["network", "create", "--label", label, "--ipv6", "--subnet", subnet6, name]);
  const [subnet4 = ""] =
    (await docker.must(["network", "inspect", name, "--format", "{{(index .IPAM.Config 0).Subnet}}"]))
      .trim().split("\n");
  return { name, subnet4, subnet6 };
}

async function startContainer(docker: Docker, options: ContainerOptions): Promise<Container> {
  const { what, image, network, args = [], command = ["sleep", "infinity"] } = options;
  const name = docker.nameOf(what);
  docker.defer(() => docker.run(["rm", "-f", "-v", name]));
  await docker.must([
    "run",
    "--detach",
    ...["--name", name, "--label", `${OWNER_LABEL}=${Deno.pid}`],
    ...(network === undefined ? [] : ["--network", network.name]),
    ...args,
    image,
    ...command,
  ]);
  const format = "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{.GlobalIPv6Address}}{{end}}";
  const [ipv4 = "", ipv6 = ""] = (await docker.must(["inspect", name, "--format", format])).trim().split(" ");
  return containerOf(docker, { name, ipv4, ipv6 });
}

function containerOf(
  docker: Docker,
  { name, ipv4, ipv6 }: Pick<Container, "name" | "ipv4" | "ipv6">,
): Container {
  const argvOf = (argv: Argv, { user, env = {}, input, deadlineMs = EXEC_MS, cwd }: ExecOptions) => [
    "exec",
    ...(input === undefined ? [] : ["--interactive"]),
    ...(user === undefined ? [] : ["--user", user]),
    ...(cwd === undefined ? [] : ["--workdir", cwd]),
    ...Object.entries(env).flatMap(([key, value]) => ["--env", `${key}=${value}`]),
    name,
    ...["timeout", "--kill-after=5", `${Math.ceil(deadlineMs / 1_000)}`],
    ...argv,
  ];
  const outer = ({ input, onLine, deadlineMs = EXEC_MS }: ExecOptions): RunOptions => ({
    ...(input === undefined ? {} : { input }),
    ...(onLine === undefined ? {} : { onLine }),
    deadlineMs: deadlineMs + GRACE_MS,
  });
  const container: Container = {
    name,
    ipv4,
    ipv6,
    exec: (argv, options = {}) => docker.run(argvOf(argv, options), outer(options)),
    must: async (argv, options = {}) => {
      const end = await container.exec(argv, options);
      if (end.code !== 0) {
        throw new Error(`${argv.join(" ")} ended with ${end.code} in ${name}\n${end.out}${end.err}`);
      }
      return end.out;
    },
    copyIn: async (from, to) => void await docker.must(["cp", from, `${name}:${to}`]),
    unpack: async (tar, folder) => {
      await container.must(["mkdir", "-p", folder]);
      await container.must(["tar", "-xf", "-", "--no-same-owner", "-C", folder], { input: tar });
    },
    write: async (path, text, mode = 0o644) => {
      await container.must(["install", `--mode=${mode.toString(8)}`, "/dev/stdin", path], { input: text });
    },
    read: (path) => container.must(["cat", path]),
    logs: async () => {
      const { out, err } = await docker.run(["logs", name]);
      return out + err;
    },
  };
  return container;
}
