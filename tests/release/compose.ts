/**
 * compose as operators have it, for tests: Debian 12's 1.29 and version 2, each with a project of its own that is gone
 * after the test.
 *
 * @module
 */
import { isCi } from "../../ops/lib/test_suites.ts";
import { type Docker, hostTest } from "../host/docker.ts";
import { copiedFiles } from "../house/image.ts";
import { type Argv, must, run, type RunEnd, type RunOptions, until } from "../host/run.ts";
import { composeTwo } from "./compose_two.ts";
import { clientPath } from "./product_image.ts";

/** A compose. */
export interface Compose {
  /** `1.29` or `2`. */
  readonly version: string;
  /** How it is called. */
  readonly argv: Argv;
}

/** A project of a test: services that are started from compose.yaml. */
export interface Project {
  /** Its name. */
  readonly name: string;
  /** Folder with compose.yaml. */
  readonly folder: string;
  /** Variables that compose is told. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs compose, whatever comes of it. */
  run(args: readonly string[], options?: RunOptions): Promise<RunEnd>;
  /** Runs compose, which must succeed; its standard output. */
  must(args: readonly string[], options?: RunOptions): Promise<string>;
  /** Id of a service's container; undefined: there is none. */
  find(service: string): Promise<string | undefined>;
  /** Waits until Docker calls a service healthy; throws with its log where it does not become so. */
  healthy(service: string): Promise<string>;
}

const ROOT = new URL("../../", import.meta.url).pathname;
const HEALTHY_MS = 180_000;
const UP_MS = 900_000;

const COMPOSES: readonly (Compose | { readonly version: string; readonly missing: string })[] = [
  await oneOf(["docker-compose"]),
  await composeTwo().then(
    (path) => ({ version: "2", argv: [path] as const }),
    (error: unknown) => ({ version: "2", missing: error instanceof Error ? error.message : String(error) }),
  ),
];

async function oneOf(argv: Argv): Promise<(typeof COMPOSES)[number]> {
  const version = "1.29";
  const { code, out } = await run([...argv, "version", "--short"]).catch(() => ({ code: 127, out: "" }));
  return code === 0 && out.startsWith("1.")
    ? { version, argv }
    : { version, missing: "Debian's is not here" };
}

/** A test on each compose: skipped by name where there is none, failed in CI. */
export function composeTest(name: string, body: (docker: Docker, compose: Compose) => Promise<void>): void {
  for (const compose of COMPOSES) {
    const named = `${name}, by compose ${compose.version}`;
    if ("argv" in compose) hostTest(named, (docker) => body(docker, compose));
    else {
      Deno.test({
        name: `${named} (needs it: ${compose.missing})`,
        ignore: !isCi(Deno.env.get("CI")),
        fn: () => Promise.reject(new Error(compose.missing)),
      });
    }
  }
}

/** Makes a project in a copy of the files that its build needs. */
export async function openProject(
  docker: Docker,
  { compose, env, files = ["compose.yaml"] }: {
    readonly compose: Compose;
    readonly env: Readonly<Record<string, string>>;
    /** Files beside `compose.yaml` that are used too. */
    readonly files?: readonly string[];
  },
): Promise<Project> {
  const folder = await Deno.makeTempDir({ dir: "/var/tmp", prefix: "wattpost-compose-" });
  docker.defer(() => Deno.remove(folder, { recursive: true }));
  await copyProject(folder);
  // What compose 1.29 cannot hand over as a secret of the build.
  const ca = Deno.env.get("NODE_EXTRA_CA_CERTS");
  if (ca) await Deno.copyFile(ca, `${folder}/build_ca.crt`);
  const name = docker.nameOf("project");
  // compose 1.29 builds by the client that it finds first, and another than Debian's may not be able to.
  const PATH = `${clientPath().replace(/\/?[^/]*$/, "") || "/usr/bin"}:${Deno.env.get("PATH") ?? ""}`;
  const told = { ...env, COMPOSE_PROJECT_NAME: name, DOCKER_BUILDKIT: "1", PATH };
  const argv = (args: readonly string[]): Argv => [
    ...compose.argv,
    ...files.flatMap((file) => ["--file", file]),
    ...args,
  ];
  const optionsOf = (options: RunOptions = {}): RunOptions => ({
    deadlineMs: UP_MS,
    cwd: folder,
    ...options,
    env: { ...told, ...options.env },
  });
  const project: Project = {
    name,
    folder,
    env: told,
    run: (args, options) => run(argv(args), optionsOf(options)),
    must: (args, options) => must(argv(args), optionsOf(options)),
    async find(service) {
      const labels = [`project=${name}`, `service=${service}`].flatMap((label) => [
        "--filter",
        `label=com.docker.compose.${label}`,
      ]);
      const [id] = (await docker.must(["ps", "--all", "--quiet", "--no-trunc", ...labels])).split("\n");
      return id || undefined;
    },
    healthy: (service) => healthy(docker, project, service),
  };
  docker.defer(() => takeDown(docker, project));
  return project;
}

async function healthy(docker: Docker, { find }: Project, service: string): Promise<string> {
  const id = await find(service) ?? "";
  const state = async () => {
    const format = "{{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{end}}";
    const [status, health] = (await docker.must(["inspect", "--format", format, id])).trim().split(" ");
    return { status, health };
  };
  try {
    await until(`${service} is healthy`, async () => {
      const { status, health } = await state();
      if (status === "exited" || health === "unhealthy") throw new Error(`${service} is ${health ?? status}`);
      return health === "healthy" ? true : undefined;
    }, { deadlineMs: HEALTHY_MS, everyMs: 250 });
  } catch (error) {
    const { out, err } = await docker.run(["logs", "--tail", "30", id]);
    throw new Error(`${error instanceof Error ? error.message : error}\n${out}${err}`);
  }
  return id;
}

/** Without compose: it takes away only what its profiles name. */
async function takeDown(docker: Docker, { name }: Project): Promise<void> {
  const filter = ["--filter", `label=com.docker.compose.project=${name}`];
  const list = async (args: readonly string[]) =>
    (await docker.must([...args, "--quiet", ...filter])).split("\n").filter((id) => id !== "");
  const containers = await list(["ps", "--all"]);
  if (containers.length > 0) await docker.run(["rm", "--force", "--volumes", ...containers]);
  for (const kind of ["network", "volume"]) {
    const found = await list([kind, "ls"]);
    if (found.length > 0) await docker.run([kind, "rm", ...found]);
  }
}

/** Copies what the image is built from into a folder, as a clone has it. */
export async function copyProject(folder: string): Promise<void> {
  const paths = [...copiedFiles(), "dev.ts", "Dockerfile", ".dockerignore", "compose.yaml", ".env.example"];
  await must(["cp", "-r", ...paths.map((path) => `${ROOT}${path}`), folder]);
}

/** A port of this machine that nobody has now. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
