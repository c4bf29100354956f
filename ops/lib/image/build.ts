/**
 * Builds the image of the sources in a folder, so that the same commit has the same digest, and says what came of it.
 *
 * @module
 */

import { err, ok, type Result } from "../../../lib/result.ts";
import { fixedArchive, isFixed, NO_TIME_S, smallFiles } from "./fixed.ts";

/** Most bytes of an image. */
export const IMAGE_MAX_BYTES = 300_000_000;

/** What is built, and from what. */
export interface ImageOrder {
  /** Docker's client: its name or path. */
  readonly client: string;
  /** Folder of the sources. */
  readonly folder: string;
  /** Name and tag of the image, `wattpost:dev`. */
  readonly tag: string;
  /** File of certificates of a proxy that re-signs TLS; `null`: none is needed. */
  readonly ca: string | null;
  /** What the labels say of the sources. */
  readonly sources: Sources;
}

/** What an image says of what it was made from. */
export interface Sources {
  /** Version of Wattpost. */
  readonly version: string;
  /** Commit, or another name of exactly these sources. */
  readonly revision: string;
  /** When the commit was made, epoch seconds; {@link NO_TIME_S} where that is not known. */
  readonly madeS: number;
}

/** An image that was built. */
export interface BuiltImage {
  /** `sha256:…`. */
  readonly id: string;
  readonly bytes: number;
}

/** The command that builds. */
export function buildImageArgv(
  { client, folder, tag, ca, sources }: ImageOrder,
): readonly [string, ...string[]] {
  const created = new Date(sources.madeS * 1_000).toISOString().replace(".000Z", "Z");
  const given = {
    VERSION: sources.version,
    REVISION: sources.revision,
    CREATED: created,
    SOURCE_DATE_EPOCH: String(sources.madeS), // newer engines date the image by it
  };
  return [
    client,
    "build",
    ...["--tag", tag],
    ...Object.entries(given).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]),
    ...(ca === null ? [] : ["--secret", `id=ca,src=${ca}`]),
    folder,
  ];
}

/** Builds it; what went wrong in words. `say` is told what the builder prints. */
export async function buildImage(
  order: ImageOrder,
  say: (text: string) => void,
): Promise<Result<BuiltImage, string>> {
  const built = await runDocker(buildImageArgv(order), say);
  if (built.code !== 0) return err(buildTrouble(built.err));
  return await fixImage(order);
}

/** Gives an image that was just built the time of its sources, where the engine did not. */
export async function fixImage(
  { client, tag, sources }: Pick<ImageOrder, "client" | "tag" | "sources">,
): Promise<Result<BuiltImage, string>> {
  const before = await look(client, tag);
  if (before === null) return err(`There is no image ${tag}`);
  if (!isFixed(before.created, sources.madeS)) {
    const saving = start([client, "save", tag]);
    const saved = await smallFiles(saving.stdout);
    if (!(await saving.status).success) return err(`docker save ${tag} failed`);
    const fixed = await fixedArchive(saved, sources.madeS);
    if (fixed === null) return err(`What docker save says of ${tag} is not understood`);
    const loaded = await runDocker([client, "load", "--quiet"], () => undefined, fixed.archive);
    if (loaded.code !== 0) return err(`docker load of ${tag} failed: ${loaded.err.trim()}`);
    // The same layers under an older date; it stays where something else is called so or runs from it.
    await runDocker([client, "image", "rm", before.id], () => undefined);
  }
  const { id, bytes } = await look(client, tag) ?? before;
  if (bytes <= IMAGE_MAX_BYTES) return ok({ id, bytes });
  return err(`${tag} has ${megabytes(bytes)} MB, more than ${megabytes(IMAGE_MAX_BYTES)}`);
}

/** Bytes as people read them. */
export function megabytes(bytes: number): number {
  return Math.round(bytes / 1_000_000);
}

/** Why a build failed, in words that help. */
export function buildTrouble(text: string): string {
  const last = text.trim().split("\n").slice(-15).join("\n");
  if (/buildx|BuildKit is enabled but/i.test(text)) {
    return `${last}\nThis client of Docker cannot build: apt-get install docker.io or docker-buildx brings one that can`;
  }
  if (/cannot connect to the docker daemon|permission denied.*docker/i.test(text)) {
    return `${last}\nDocker does not answer: systemctl start docker, and run this as root or in the group docker`;
  }
  if (/certificate|self.signed|UnknownIssuer|CERT_/i.test(text)) {
    return `${last}\nBehind a proxy that re-signs TLS, name its certificates: --ca FILE`;
  }
  return last;
}

async function look(
  client: string,
  tag: string,
): Promise<{ readonly id: string; readonly created: string; readonly bytes: number } | null> {
  const format = "{{.Id}} {{.Created}} {{.Size}}";
  const { code, out } = await runDocker(
    [client, "image", "inspect", "--format", format, tag],
    () => undefined,
  );
  const [id = "", created = "", size = ""] = out.trim().split(" ");
  return code === 0 ? { id, created, bytes: Number(size) } : null;
}

function start([program, ...args]: readonly [string, ...string[]], input?: Uint8Array): Deno.ChildProcess {
  return new Deno.Command(program, {
    args,
    env: { DOCKER_BUILDKIT: "1" },
    stdin: input === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: input === undefined && args[0] === "save" ? "null" : "piped",
  }).spawn();
}

/** Most characters kept of what Docker prints. */
const KEPT_MAX = 100_000;

async function runDocker(
  argv: readonly [string, ...string[]],
  say: (text: string) => void,
  input?: Uint8Array<ArrayBuffer>,
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const child = start(argv, input);
  const read = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>, tell: (text: string) => void) => {
    let kept = "";
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      kept = (kept + text).slice(-KEPT_MAX);
      tell(text);
    }
    return kept;
  };
  const given = async () => {
    if (input === undefined) return;
    const writer = child.stdin.getWriter();
    await writer.write(input);
    await writer.close();
  };
  const [out, words, { code }] = await Promise.all([
    read(child.stdout, () => undefined),
    read(child.stderr, say),
    child.status,
    given(),
  ]);
  return { code, out, err: words };
}

/** What the sources in a folder are, by git; without it their name is unknown. */
export async function sourcesOf(folder: string, version: string): Promise<Sources> {
  const git = async (...args: string[]) => {
    try {
      const end = await new Deno.Command("git", { args: ["-C", folder, ...args], stdin: "null" }).output();
      return end.success ? new TextDecoder().decode(end.stdout).trim() : null;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return null;
      throw error;
    }
  };
  const [commit, made] = (await git("show", "--no-patch", "--format=%H %ct", "HEAD") ?? "").split(" ");
  if (!commit || !made) return { version, revision: "unknown", madeS: NO_TIME_S };
  const isClean = await git("status", "--porcelain", "--untracked-files=no") === "";
  return { version, revision: isClean ? commit : `${commit}-changed`, madeS: Number(made) };
}
