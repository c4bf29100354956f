/**
 * From which source a release is: a commit where there is one, else a digest of what is deployed.
 *
 * @module
 */

import type { Host } from "../host/step.ts";
import { archiveOf } from "./sources.ts";

const DIGITS = 7;

/** The commit of a project's folder; where there is none or something was changed since, a digest of its files. */
export async function sourceOfFolder(on: Host, folder: string): Promise<string> {
  const git = ["git", "-c", "safe.directory=*", "-C", folder] as const;
  const head = await on.run([...git, "rev-parse", "HEAD"]);
  const changed = await on.run([...git, "status", "--porcelain"]);
  const commit = head.out.trim();
  if (
    head.code === 0 && changed.code === 0 && changed.out.trim() === "" && /^[0-9a-f]{40,64}$/.test(commit)
  ) {
    return commit.slice(0, DIGITS);
  }
  return await archiveOf(on, folder, async (archive) => {
    return (await on.must(["sha256sum", "--", archive])).out.slice(0, DIGITS);
  });
}

/** A digest of an image; `null`: Docker has none of that name. */
export async function sourceOfImage(
  on: Host,
  reference: string,
  dockerHost: string | undefined,
): Promise<string | null> {
  const env = dockerHost ? { DOCKER_HOST: dockerHost } : {};
  const { code, out } = await on.run(["docker", "image", "inspect", "--format", "{{.Id}}", reference], {
    env,
  });
  return code === 0 ? out.trim().replace(/^sha256:/, "").slice(0, DIGITS) : null;
}
