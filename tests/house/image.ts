/**
 * The image as far as it can be had without Docker: the files that the Dockerfile copies, in a folder of their own,
 * and the command lines that it and compose.yaml start there.
 *
 * @module
 */

const ROOT = new URL("../../", import.meta.url);
const DEADLINE_MS = 60_000;

/** A file of the project as text. */
export function readText(path: string): string {
  return Deno.readTextFileSync(new URL(path, ROOT));
}

/** The list behind an instruction of the Dockerfile: `ENTRYPOINT`, or `CMD` of `HEALTHCHECK`, which comes first. */
export function instruction(name: string): readonly string[] {
  const [, list = "[]"] = new RegExp(`^(?:  )?${name} (\\[.*\\])$`, "m").exec(readText("Dockerfile")) ?? [];
  return JSON.parse(list);
}

/** What the image is made of: the paths that the stage before its last one copies from the project. */
export function copiedFiles(): readonly string[] {
  const stage = readText("Dockerfile").split(/^FROM /m).at(-2) ?? "";
  return [...stage.matchAll(/^COPY (?!--from)(.+)$/gm)].flatMap(([, words = ""]) =>
    words.split(" ").slice(0, -1)
  );
}

/** Copies what the image is made of into a folder, with an empty `data` beside it. */
export async function unpackImage(folder: string): Promise<void> {
  for (const path of copiedFiles()) await copy(new URL(path, ROOT).pathname, `${folder}/${path}`);
  await Deno.mkdir(`${folder}/data`);
}

async function copy(from: string, to: string): Promise<void> {
  if (!(await Deno.stat(from)).isDirectory) return await Deno.copyFile(from, to);
  await Deno.mkdir(to);
  for await (const { name } of Deno.readDir(from)) await copy(`${from}/${name}`, `${to}/${name}`);
}

/** How a command ended. */
export interface CommandEnd {
  /** Exit code. */
  readonly code: number;
  /** Standard output and error together. */
  readonly output: string;
}

/** Runs a command of the image, such as `[...instruction("ENTRYPOINT"), "ops/migrate.ts"]`, a minute at most. */
export async function runInImage(
  folder: string,
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CommandEnd> {
  // The file of settings lies in the image alone.
  const [program = "", ...args] = command.filter((word) => !word.startsWith("--env-file="));
  const over = new AbortController();
  const deadline = setTimeout(() => over.abort(), DEADLINE_MS);
  try {
    const { code, stdout, stderr } = await new Deno.Command(program, {
      args,
      cwd: folder,
      env: { NO_COLOR: "1", ...env },
      stdin: "null",
      signal: over.signal,
    }).output();
    const text = new TextDecoder();
    return { code, output: text.decode(stdout) + text.decode(stderr) };
  } finally {
    clearTimeout(deadline);
  }
}
