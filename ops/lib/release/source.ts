/**
 * From which source a release is: a commit where there is one, else a digest of what is deployed.
 *
 * @module
 */

import { err, ok, type Result } from "../../../lib/result.ts";
import type { Host } from "../host/step.ts";
import { dockerAwayText } from "./docker_argv.ts";
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

/** A digest of an image; the error says that Docker has none of that name, or does not answer. */
export async function sourceOfImage(
  on: Host,
  reference: string,
  dockerHost: string | undefined,
): Promise<Result<string, string>> {
  const env = dockerHost ? { DOCKER_HOST: dockerHost } : {};
  const argv = ["docker", "image", "inspect", "--format", "{{.Id}}", reference] as const;
  const { code, out, err: words } = await on.run(argv, { env });
  if (code === 0) return ok(sourceOfId(out));
  return err(
    dockerAwayText(words) ?? `Docker has no image ${reference}: docker load or docker pull brings it`,
  );
}

/** What of the id of an image stands in the name of its release. Pure. */
export function sourceOfId(id: string): string {
  return id.trim().replace(/^sha256:/, "").slice(0, DIGITS);
}
