/**
 * A stand-in for a fresh host: Debian 12 with systemd in a container, and the project in it as an operator has it.
 *
 * @module
 */
import { PATHS } from "../../ops/lib/host/layout.ts";
import type { Container, Docker, Network } from "./docker.ts";
import { ensureImage, HOST_IMAGE } from "./images.ts";
import { must, until } from "./run.ts";

/** How a stand-in is started. */
export interface StandInOptions {
  /** What it is for; part of its name. */
  readonly what?: string;
  /** None: Docker's own bridge, IPv4 alone. */
  readonly network?: Network;
  /** Names at which the network reaches it. */
  readonly domains?: readonly string[];
  /** Whether the project and Deno are put into it; they are unless told. */
  readonly project?: boolean;
  /** Whether Docker may run inside: a volume for its data, and control groups that it may write. */
  readonly docker?: boolean;
  /** Further options of `docker run`, such as `--device /dev/net/tun`. */
  readonly args?: readonly string[];
}

/** A stand-in that runs. */
export interface StandIn extends Container {
  /** Runs a task in the project's folder: `task(["host", "plan"])`. */
  task(args: readonly [string, ...string[]], options?: Parameters<Container["exec"]>[1]): ReturnType<
    Container["exec"]
  >;
  /** Runs Deno in the project's folder, as root. */
  deno(args: readonly string[], options?: Parameters<Container["exec"]>[1]): ReturnType<Container["exec"]>;
  /** Restarts it, which is its reboot, and waits until it runs. */
  reboot(): Promise<void>;
}

/** Where the project lies in a stand-in. */
export const PROJECT = "/opt/wattpost/releases/drill";

const ROOT = new URL("../../", import.meta.url).pathname;
const BOOT_MS = 120_000;
const SYSTEMD = [
  ...["--tmpfs", "/run", "--tmpfs", "/run/lock", "--tmpfs", "/tmp"],
  "--cgroupns=private",
  ...["--cap-add", "SYS_ADMIN", "--cap-add", "NET_ADMIN", "--cap-add", "NET_RAW"],
  ...["--security-opt", "seccomp=unconfined"],
  ...["--stop-signal", "SIGRTMIN+3"],
  // Docker switches IPv6 off on interfaces that are made later, such as a VPN's; hosts do not.
  ...["all", "default"].flatMap((name) => ["--sysctl", `net.ipv6.conf.${name}.disable_ipv6=0`]),
];

/** Starts a stand-in and waits until its system runs. */
export async function startStandIn(docker: Docker, options: StandInOptions = {}): Promise<StandIn> {
  const { what = "host", network, domains = [], project = true, args = [] } = options;
  await ensureImage(docker, HOST_IMAGE);
  const container = await docker.container({
    what,
    image: HOST_IMAGE,
    ...(network === undefined ? {} : { network }),
    args: [
      ...SYSTEMD,
      ...domains.flatMap((name) => ["--network-alias", name]),
      ...(project ? await mountsOfDeno() : []),
      ...(options.docker ? ["--volume", "/var/lib/docker"] : []),
      ...args,
    ],
    command: ["/sbin/init"],
  });
  const standIn: StandIn = {
    ...container,
    task: (words, more) => standIn.deno(["task", "--quiet", ...words], more),
    deno: (words, more = {}) =>
      container.exec(["deno", ...words], {
        cwd: PROJECT,
        ...more,
        env: {
          NO_COLOR: "1",
          DENO_NO_UPDATE_CHECK: "1",
          DENO_DIR: PATHS.denoDir,
          HOME: "/root",
          ...more.env,
        },
      }),
    reboot: async () => {
      await docker.must(["restart", "--time", "20", container.name]);
      await booted(container, options.docker === true);
    },
  };
  await booted(container, options.docker === true);
  if (project) {
    await container.unpack(await tarOfProject(), PROJECT);
    await container.must(["ln", "-s", PROJECT, PATHS.project]);
  }
  return standIn;
}

async function booted(container: Container, docker: boolean): Promise<void> {
  await until(
    `the system of ${container.name}`,
    async () => {
      const { out } = await container.exec(["systemctl", "is-system-running"]);
      if (/^degraded/.test(out)) {
        const failed = await container.exec(["systemctl", "--failed", "--no-legend", "--plain"]);
        throw new Error(`${container.name} runs without ${failed.out}`);
      }
      return /^running/.test(out) || undefined;
    },
    { deadlineMs: BOOT_MS },
  );
  await makeWritable(container, docker);
}

// Of the kernel's settings only those of the network are the container's own: the others are the whole machine's and
// stay read-only. Docker inside writes to control groups, too.
async function makeWritable(container: Container, docker: boolean): Promise<void> {
  const net = "/proc/sys/net";
  await container.must(["mount", "--bind", net, net]);
  await container.must(["mount", "-o", "remount,rw,bind", net]);
  // What systemd could not set at boot: a host sets it then.
  const settings = "/etc/sysctl.d/60-wattpost.conf";
  if ((await container.exec(["test", "-f", settings])).code === 0) {
    await container.must(["sysctl", "--quiet", "--ignore", "--load", settings]);
  }
  if (!docker) return;
  const mounts = (await container.read("/proc/self/mounts")).split("\n").map((line) =>
    line.split(" ")[1] ?? ""
  );
  for (const path of mounts.filter((path) => path.startsWith("/sys/fs/cgroup"))) {
    await container.must(["mount", "-o", "remount,rw,bind", path]);
  }
}

// The program that runs us and the packages that it has: nothing is downloaded inside.
async function mountsOfDeno(): Promise<readonly string[]> {
  const told = await must([Deno.execPath(), "info", "--json"], { cwd: ROOT, env: { NO_COLOR: "1" } });
  const { npmCache } = JSON.parse(told);
  return [
    ...["--volume", `${Deno.realPathSync(Deno.execPath())}:${PATHS.deno}:ro`],
    // Of units and of root: whoever sets a host up has run Deno there before.
    ...[PATHS.denoDir, "/root/.cache/deno"].flatMap((cache) => ["--volume", `${npmCache}:${cache}/npm:ro`]),
  ];
}

// The files that Git knows or would take, as they lie in the folder now.
async function tarOfProject(): Promise<Uint8Array> {
  const listed = await must([
    "git",
    "-c",
    `safe.directory=*`,
    "ls-files",
    "-z",
    "--cached",
    "--others",
    "--exclude-standard",
  ], { cwd: ROOT });
  const there: string[] = [];
  for (const path of listed.split("\0")) {
    if (path !== "" && await Deno.lstat(`${ROOT}${path}`).then(() => true, () => false)) there.push(path);
  }
  const { stdout, success, stderr } = await tar(there);
  if (!success) throw new Error(`tar cannot pack the project: ${new TextDecoder().decode(stderr)}`);
  return stdout;
}

async function tar(paths: readonly string[]): Promise<Deno.CommandOutput> {
  const child = new Deno.Command("tar", {
    args: ["--create", "--null", "--files-from=-", "--file=-"],
    cwd: ROOT,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const fed = new Blob([paths.join("\0")]).stream().pipeTo(child.stdin);
  const [output] = await Promise.all([child.output(), fed]);
  return output;
}
