import { match, strictEqual } from "node:assert/strict";
import { INTERFACES, PATHS } from "../../ops/lib/host/layout.ts";
import { type Docker, hostTest } from "../host/docker.ts";
import { until } from "../host/run.ts";
import { type StandIn, startStandIn } from "../host/stand_in.ts";
import { productImage } from "./product_image.ts";
import { prepareHost } from "./units_scene.ts";

/** `deno task test:release` sets it; installing Docker in a host takes longer than CI has. */
const WHOLE = Deno.env.get("WATTPOST_DRILL") === "whole";

const INSTALL_MS = 300_000;
const DEPLOY_MS = 300_000;

/** The tools of whoever sets the host up; the folder of packages is the deploy's own to fill. */
const ENV = { DENO_DIR: "/root/.cache/deno" };

if (WHOLE) {
  hostTest(
    "on a host with Docker a release comes from an image alone, and is there after a restart",
    async (docker, test) => {
      const image = await productImage(docker);
      const host = await startStandIn(docker, {
        what: "deploys",
        docker: true,
        args: ["--cap-add", "SYS_PTRACE"],
      });
      const steps: readonly (readonly [string, () => Promise<void>])[] = [
        ["Docker is installed, and the image is brought as a file", () => prepare(docker, host, image)],
        ["the first release comes up in the host's own places", () => first(host, image)],
        ["operators' tasks are those of the release, with packages out of its image", () => tasks(host)],
        ["the second one takes its place", () => second(host, image)],
        ["a restart of the host brings it back", () => restart(host)],
        ["the first one comes back", () => back(host)],
      ];
      // What comes after builds on it.
      for (const [name, step] of steps) if (!await test.step(name, step)) return;
    },
  );
}

async function prepare(docker: Docker, host: StandIn, image: string): Promise<void> {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await host.must(["apt-get", "-q", "update"], { env, deadlineMs: INSTALL_MS });
  const packages = ["docker.io", "docker-compose", "iptables"];
  const install = ["apt-get", "-q", "-y", "install", "--no-install-recommends", ...packages] as const;
  await host.must(install, { env, deadlineMs: INSTALL_MS });
  await prepareHost(host);
  await host.must(["umount", `${PATHS.denoDir}/npm`]);
  await host.must(["systemctl", "start", "docker.service"]);
  const folder = await Deno.makeTempDir({ dir: "/var/tmp", prefix: "wattpost-image-" });
  try {
    await docker.must(["save", "--output", `${folder}/image.tar`, image]);
    await host.copyIn(`${folder}/image.tar`, "/root/image.tar");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  await host.must(["docker", "load", "--quiet", "--input", "/root/image.tar"], { deadlineMs: INSTALL_MS });
}

function task(host: StandIn, ...words: readonly string[]) {
  return host.task(["deploy", ...words], { env: ENV, deadlineMs: DEPLOY_MS });
}

async function deployed(host: StandIn, image: string): Promise<void> {
  const { code, out, err } = await task(host, "--image", image, "--without-backup");
  strictEqual(code, 0, out + err);
}

async function inOrder(host: StandIn, colour: string): Promise<void> {
  const { code, out, err } = await task(host, "status");
  strictEqual(code, 0, out + err);
  strictEqual((await host.must(["readlink", PATHS.upstream])).trim(), `${colour}.sock`);
}

async function first(host: StandIn, image: string): Promise<void> {
  await deployed(host, image);
  await inOrder(host, "blue");
  match(await host.must(["ip", "-brief", "link"]), new RegExp(`^${INTERFACES.containers} `, "m"));
  match(await host.must(["readlink", PATHS.project]), /^\/opt\/wattpost\/releases\/r1-/);
}

async function tasks(host: StandIn): Promise<void> {
  const env = { DENO_DIR: PATHS.denoDir };
  const config = `${PATHS.project}/deno.json`;
  const task = ["deno", "task", "--quiet", "--config", config, "deploy", "history"] as const;
  match(await host.must(task, { env }), /^1, release r1-/m);
  const writable = await host.must(["find", PATHS.denoDir, "-perm", "/022", "!", "-type", "l"]);
  strictEqual(writable, "", "what root runs, others can write");
}

async function second(host: StandIn, image: string): Promise<void> {
  await deployed(host, image);
  await inOrder(host, "green");
}

async function restart(host: StandIn): Promise<void> {
  await host.reboot();
  // A stand-in lets Docker write to control groups only once it has started.
  await host.must(["systemctl", "restart", "docker.service"]);
  await until("the release is ready", async () => (await task(host, "status")).code === 0 || undefined);
  await inOrder(host, "green");
}

async function back(host: StandIn): Promise<void> {
  const { code, out, err } = await task(host, "rollback");
  strictEqual(code, 0, out + err);
  await inOrder(host, "blue");
}
