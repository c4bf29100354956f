/**
 * The image of this project for tests of releases, built once a process; Docker's cache makes the second one quick.
 *
 * @module
 */
import { SLIM_IMAGE } from "../host/images.ts";
import { ensureImage } from "../host/images.ts";
import type { Docker } from "../host/docker.ts";
import { buildImage, sourcesOf } from "../../ops/lib/image/build.ts";
import { PROJECT } from "./scene_deploy.ts";

/** Names an image to take in place of building one. */
const GIVEN = "TEST_PRODUCT_IMAGE";

/** Debian's client builds; another may lack what a build needs. */
const CLIENTS = ["/usr/bin/docker", "/usr/local/bin/docker"] as const;

/** Certificates that a proxy of this machine signs with, where it says so. */
const CA_VARIABLE = "NODE_EXTRA_CA_CERTS";

let built: Promise<string> | undefined;

/** Its name. */
export function productImage(docker: Docker): Promise<string> {
  return built ??= build(docker);
}

async function build(docker: Docker): Promise<string> {
  const given = Deno.env.get(GIVEN);
  if (given) return given;
  await ensureImage(docker, SLIM_IMAGE);
  const client = clientPath();
  const tag = "wattpost:tried";
  const ca = Deno.env.get(CA_VARIABLE) ?? null;
  const sources = await sourcesOf(PROJECT, "tried");
  const end = await buildImage({ client, folder: PROJECT, tag, ca, sources }, () => undefined);
  if (!end.ok) throw new Error(`The product's image is not built: ${end.error}`);
  return tag;
}

/** Docker's client that builds. */
export function clientPath(): string {
  return CLIENTS.find(isFile) ?? "docker";
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
