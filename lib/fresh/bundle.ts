/**
 * Compiles islands and the client entry for the browser, with Deno's own bundler.
 *
 * All files of a bundle lie in one folder named by their content: they refer to each other by relative
 * paths, so none needs to know another's hash, and every URL may be cached for ever.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { join } from "node:path";

/** The esbuild that Deno's bundler is known to work with; Deno fetches it itself, outside the lock file. */
const ESBUILD = "0.25.5";

/** Kinds of files that style sheets name by URL and that are served as they are. */
const EXTERNAL = ["svg", "png", "jpg", "webp", "avif", "woff2", "ico"];

/** A compiled file. */
export interface BundledFile {
  /** Its name within the bundle. */
  readonly name: string;
  /** What it contains. */
  readonly content: Uint8Array<ArrayBuffer>;
}

/** A compiled bundle. */
export interface Bundle {
  /** Hash of all files, in hexadecimal. */
  readonly hash: string;
  /** All files: `<entry>.js`, their `<entry>.css`, shared and lazy chunks. */
  readonly files: readonly BundledFile[];
}

/** What is compiled. */
export interface BundleOptions {
  /** Folder of the project, whose deno.json counts. */
  readonly root: string;
  /** Source text of each entry by its file name; imports in it are absolute. */
  readonly entries: ReadonlyMap<string, string>;
  /** Leaves names and lines readable. */
  readonly development: boolean;
}

/** The hash that names content in URLs: 16 hexadecimal digits of SHA-256. */
export function contentHash(...parts: (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex").slice(0, 16);
}

/** Compiles the entries, if there are any; throws with the bundler's own words where it refuses. */
export async function bundle({ root, entries, development }: BundleOptions): Promise<Bundle> {
  if (entries.size === 0) return { hash: contentHash(), files: [] };
  const work = await Deno.makeTempDir({ dir: root, prefix: ".fresh-build-" });
  try {
    const out = join(work, "out");
    const paths: string[] = [];
    for (const [name, source] of entries) {
      const path = join(work, name);
      await Deno.writeTextFile(path, source);
      paths.push(path);
    }
    const args = ["bundle", "--quiet", "--platform=browser", "--code-splitting", `--outdir=${out}`];
    if (!development) args.push("--minify");
    for (const kind of EXTERNAL) args.push(`--external=*.${kind}`);
    await run([...args, ...paths], root);
    await checkEsbuild();
    return await readBundle(out);
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

async function readBundle(folder: string): Promise<Bundle> {
  const files: BundledFile[] = [];
  for await (const entry of Deno.readDir(folder)) {
    files.push({ name: entry.name, content: await Deno.readFile(join(folder, entry.name)) });
  }
  files.sort((a, b) => a.name < b.name ? -1 : 1);
  for (const { name, content } of files) {
    if (!name.endsWith(".css")) continue;
    const relative = /url\(\s*["']?(?!data:|\/|#|https?:)[^)]*\)/.exec(new TextDecoder().decode(content));
    if (relative === null) continue;
    throw new Error(`A style sheet of ${name} says ${relative[0]}: name files by their path from the root`);
  }
  return { hash: contentHash(...files.flatMap(({ name, content }) => [name, content])), files };
}

/** Names of the files of a bundle that another imports when it loads, itself not among them. */
export function importsOf(name: string, files: readonly BundledFile[]): readonly string[] {
  const found = new Set<string>();
  const open = [name];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const file = files.find((each) => each.name === next);
    const code = file === undefined ? "" : new TextDecoder().decode(file.content);
    for (const [, path = ""] of code.matchAll(/\b(?:from|import)\s*["']\.\/([^"']+)["']/g)) {
      if (found.has(path) || path === name || !files.some((each) => each.name === path)) continue;
      found.add(path);
      open.push(path);
    }
  }
  return [...found];
}

async function run(args: readonly string[], cwd: string): Promise<void> {
  const command = new Deno.Command(Deno.execPath(), { args: [...args], cwd, env: { NO_COLOR: "1" } });
  const { success, stdout, stderr } = await command.output();
  if (success) return;
  const said = new TextDecoder().decode(stderr) + new TextDecoder().decode(stdout);
  throw new Error(`Cannot bundle for the browser: ${said.trim()}`);
}

/** The bundler is experimental: with another esbuild its output is not what was tried. */
async function checkEsbuild(): Promise<void> {
  const info = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
  const { denoDir } = JSON.parse(new TextDecoder().decode(info.stdout)) as { denoDir: string };
  const inFolder = await Array.fromAsync(Deno.readDir(join(denoDir, "dl")), ({ name }) => name);
  const fetched = inFolder.filter((name) => name.startsWith("esbuild-"));
  if (fetched.some((name) => name.startsWith(`esbuild-${ESBUILD}`))) return;
  const found = fetched.length === 0 ? "none" : fetched.join(", ");
  throw new Error(`This build wants esbuild ${ESBUILD}, Deno ${Deno.version.deno} fetched ${found}`);
}
