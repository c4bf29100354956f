/**
 * `deno task deploy` as an operator calls it, for an installation of a test.
 *
 * @module
 */
import type { Place } from "../../ops/lib/release/place.ts";
import { must, run, type RunEnd } from "../host/run.ts";

/** Folder of the project. */
export const PROJECT = new URL("../..", import.meta.url).pathname.replace(/\/$/, "");

/** Longest that one deploy may take, in ms. */
const DEPLOY_MS = 400_000;

/** Calls the task; its words and its exit code. */
export async function callDeploy(
  { root, name }: Pick<Place, "root" | "name">,
  args: readonly string[],
): Promise<RunEnd> {
  const command = ["task", "--quiet", "deploy", ...args, "--root", root, "--name", name];
  return await run([Deno.execPath(), ...command], { cwd: PROJECT, deadlineMs: DEPLOY_MS });
}

/** Deploys, and throws with the task's words if that fails. */
export async function deploy(place: Pick<Place, "root" | "name">, args: readonly string[]): Promise<string> {
  const { code, out, err } = await callDeploy(place, args);
  if (code !== 0) throw new Error(`deploy ${args.join(" ")} ended with ${code}\n${out}${err}`);
  return out;
}

/** Takes away what Docker has of an installation: containers, networks, images. */
export async function removeFromDocker({ name }: Pick<Place, "name">): Promise<void> {
  const project = ["--filter", `label=com.docker.compose.project=${name}`];
  const lists: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ["container", ["ls", "--all", "--quiet", ...project], ["rm", "--force", "--volumes"]],
    ["network", ["ls", "--quiet", ...project], ["rm"]],
    ["image", ["ls", "--format", "{{.Repository}}:{{.Tag}}", name], ["rm"]],
  ];
  for (const [kind, list, remove] of lists) {
    const found = (await must(["docker", kind, ...list])).split("\n").filter((line) => line !== "");
    if (found.length > 0) await run(["docker", kind, ...remove, ...found]);
  }
}
