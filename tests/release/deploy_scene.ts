/**
 * An installation on which deploys are killed and broken: a real database that can be taken away, a disk of its own that
 * can be filled, images of releases that do not work, and somebody who asks for pages all the while.
 *
 * @module
 */
import { USUAL_KEEP } from "../../ops/lib/backup/keep.ts";
import { formatPlan } from "../../ops/lib/backup/plan.ts";
import { type Engine } from "../engines/server.ts";
import { startMariadb } from "../engines/mariadb.ts";
import type { Docker } from "../host/docker.ts";
import { must, run, type RunEnd } from "../host/run.ts";
import { type Files, imageWith } from "./broken_images.ts";
import { callDeploy, PROJECT, removeFromDocker } from "./scene_deploy.ts";
import { openPlace, type TestPlace } from "./scene_place.ts";
import { openNetwork, serviceHostOf } from "./scene_sites.ts";
import { productImage } from "./product_image.ts";
import { type Watch, watch } from "./watch.ts";

/** What is done at a step. */
export interface AtStep {
  /** `migrate`, or `back: up` for the way back. */
  readonly step: string;
  /** ms after it began. */
  readonly delayMs: number;
  /** Done then; `kill`: the task alone is ended by `kill -9`, `kill-all`: with all that it started, as power fails. */
  readonly act: "kill" | "kill-all" | (() => Promise<void>);
}

/** How a deploy ended at which something was done. */
export interface Disturbed extends RunEnd {
  /** Whether the step came. */
  readonly wasThere: boolean;
}

/** The scene. */
export interface DeployScene {
  readonly place: TestPlace;
  /** `null`: it has embedded SQLite. */
  readonly engine: Engine | null;
  /** Image of a release that works. */
  readonly good: string;
  readonly watch: Watch;
  /** Runs the task to its end. */
  deploy(...args: readonly string[]): Promise<RunEnd>;
  /** Runs it and does something at a step. */
  disturbed(args: readonly string[], at: AtStep): Promise<Disturbed>;
  /** Runs it with backups, for which somebody is named to whom they are encrypted. */
  deployWithBackup(...args: readonly string[]): Promise<RunEnd>;
  /** Image of a release with other files; taken away with the scene. */
  image(what: string, files: Files): Promise<string>;
  /** Fills its disk but for some bytes, until it is told to stop. */
  fillDisk(leftBytes: number): Promise<() => Promise<void>>;
}

/** What of a scene is chosen. */
export interface SceneChoice {
  readonly what: string;
  readonly engine: "mariadb" | "sqlite";
}

/** Whose key nobody has: what is encrypted here is never read. */
const RECIPIENT = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
const BACKUP_MS = 300_000;
const DISK = "size=900m,mode=755";
const SETTINGS = { PUBLIC_URL: "https://energy.example.com" };

/** Makes the scene, gives it to a body and takes all of it away. */
export async function withDeployScene(
  docker: Docker,
  { what, engine: kind }: SceneChoice,
  body: (scene: DeployScene) => Promise<void>,
): Promise<void> {
  const good = await productImage(docker);
  const disk = await Deno.makeTempDir({ dir: "/var/tmp", prefix: "wattpost-disk-" });
  docker.defer(() => Deno.remove(disk));
  await must(["mount", "-t", "tmpfs", "-o", DISK, "tmpfs", disk]);
  docker.defer(() => must(["umount", disk]));
  const engine = kind === "sqlite" ? null : await database(docker);
  const name = `wptry${what}${Deno.pid}`;
  const databaseUrl = engine?.url ?? null;
  const place = await openPlace({ name, databaseUrl, within: disk }, SETTINGS);
  await place.tell({});
  docker.defer(() => removeFromDocker(place));
  const watching = watch(place.paths.upstream);
  docker.defer(() => watching.stop());
  const images: string[] = [];
  docker.defer(async () => {
    for (const image of images) await docker.run(["image", "rm", image]);
  });
  await body({
    place,
    engine,
    good,
    watch: watching,
    deploy: (...args) => callDeploy(place, args),
    disturbed: (args, at) => disturbed(place, args, at),
    deployWithBackup: (...args) => withBackup(docker, place, args),
    async image(broken, files) {
      const tag = await imageWith(docker, { base: good, tag: `${name}-${broken}:try`, files });
      images.push(tag);
      return tag;
    },
    fillDisk: (leftBytes) => fillDisk(place, leftBytes),
  });
}

async function database(docker: Docker): Promise<Engine> {
  const { network, close } = await openNetwork();
  docker.defer(close);
  const engine = await startMariadb(serviceHostOf(network));
  docker.defer(() => engine.stop());
  return engine;
}

/** As on a host: the app's user, who backs up, reads Deno's packages. */
async function withBackup(docker: Docker, place: TestPlace, args: readonly string[]): Promise<RunEnd> {
  const { denoDir } = JSON.parse(await must([Deno.execPath(), "info", "--json"], { env: { NO_COLOR: "1" } }));
  const packages = await Deno.makeTempDir({ dir: "/var/tmp", prefix: "wattpost-packages-" });
  docker.defer(() => Deno.remove(packages));
  await must(["mount", "--bind", denoDir, packages]);
  docker.defer(() => must(["umount", packages]));
  const plan = formatPlan({ recipients: [RECIPIENT], keep: USUAL_KEEP });
  await Deno.writeTextFile(place.paths.backupPlan, plan, { mode: 0o644 });
  const { root, name } = place;
  const task = [Deno.execPath(), ...taskArgs(), ...args, "--root", root, "--name", name] as const;
  return await run(task, { env: { DENO_DIR: packages, NO_COLOR: "1" }, deadlineMs: BACKUP_MS });
}

async function fillDisk({ root }: TestPlace, leftBytes: number): Promise<() => Promise<void>> {
  const path = `${root}/filler`;
  if (leftBytes > 0) {
    const free = Number((await must(["df", "--output=avail", "-B1", root])).trim().split("\n").at(-1));
    await must(["fallocate", "-l", String(free - leftBytes), path]);
  } else {
    const { err } = await run(["dd", "if=/dev/zero", `of=${path}`, "bs=4096"]);
    if (!/No space left/.test(err)) throw new Error(`The disk is not full: ${err}`);
  }
  return () => Deno.remove(path);
}

/** The task's own permissions, without `deno task` between: what is killed is the task. */
function taskArgs(): readonly string[] {
  const { tasks } = JSON.parse(Deno.readTextFileSync(`${PROJECT}/deno.json`));
  const command: string = tasks.deploy.command;
  return command.split(" ").slice(1).map((word) =>
    word === "ops/deploy.ts" ? `${PROJECT}/ops/deploy.ts` : word
  );
}

/** What a process started; each leads a group of its own. */
async function childrenOf(pid: number): Promise<readonly string[]> {
  const { out } = await run(["ps", "--ppid", String(pid), "-o", "pid="]);
  return out.split("\n").map((line) => line.trim()).filter((line) => line !== "");
}

async function disturbed(
  { root, name }: TestPlace,
  args: readonly string[],
  { step, delayMs, act }: AtStep,
): Promise<Disturbed> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [...taskArgs(), ...args, "--root", root, "--name", name],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let out = "";
  let err = "";
  let doing: Promise<void> | undefined;
  let wrong: unknown;
  const disturb = async () => {
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    if (typeof act === "function") return await act();
    const started = act === "kill-all" ? await childrenOf(child.pid) : [];
    child.kill("SIGKILL");
    for (const pid of started) await run(["kill", "-9", "--", `-${pid}`]);
  };
  const read = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>, take: (text: string) => void) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) take(text);
  };
  await Promise.all([
    read(child.stdout, (text) => {
      out += text;
      if (new RegExp(`^\\[ *\\d+/\\d+\\] ${step}: `, "m").test(out)) {
        doing ??= disturb().catch((error) => void (wrong = error));
      }
    }),
    read(child.stderr, (text) => err += text),
  ]);
  const { code } = await child.status;
  await doing;
  if (wrong !== undefined) throw wrong;
  return { code, out, err, wasThere: doing !== undefined };
}
