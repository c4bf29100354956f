/**
 * `deno task image`: builds the image of this project, by one digest for one commit, and says how large it became.
 *
 * @module
 */

import { typedPath } from "./lib/command.ts";
import { buildImage, buildImageArgv, type ImageOrder, megabytes, sourcesOf } from "./lib/image/build.ts";
import { IMAGE_HELP, readImageArguments } from "./lib/image/arguments.ts";

/** Debian's client builds; one from elsewhere may lack what a build needs. */
const CLIENTS = ["/usr/bin/docker", "/usr/local/bin/docker"];

function findClient(): string {
  return CLIENTS.find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  }) ?? "docker";
}

async function isFile(path: string): Promise<boolean> {
  return await Deno.stat(path).then((found) => found.isFile, () => false);
}

async function main(): Promise<number> {
  const read = readImageArguments(Deno.args);
  if (!read.ok) {
    console.error(`${read.error}\n\n${IMAGE_HELP}`);
    return 2;
  }
  if (read.value === null) {
    console.log(IMAGE_HELP);
    return 0;
  }
  const { tag, ca, dryRun } = read.value;
  const { version } = JSON.parse(await Deno.readTextFile("deno.json")) as { readonly version: string };
  const sources = await sourcesOf(".", version);
  const order: ImageOrder = {
    client: findClient(),
    folder: ".",
    tag,
    ca: ca === null ? null : typedPath(ca),
    sources,
  };
  if (order.ca !== null && !await isFile(order.ca)) {
    console.error(`Cannot read the certificates of --ca "${order.ca}": there is no such file`);
    return 1;
  }
  if (dryRun) {
    console.log(`Would run: ${buildImageArgv(order).join(" ")}`);
    return 0;
  }
  try {
    const built = await buildImage(
      order,
      (text) => void Deno.stderr.writeSync(new TextEncoder().encode(text)),
    );
    if (!built.ok) {
      console.error(`Cannot build ${tag}:\n${built.error}`);
      return 1;
    }
    const { id, bytes } = built.value;
    console.log(`${tag} of ${sources.revision}: ${megabytes(bytes)} MB\n${id}`);
    return 0;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.error("There is no Docker: apt-get install docker.io");
    return 1;
  }
}

if (import.meta.main) Deno.exit(await main());
