/**
 * Puts a build together: compiles for the browser, names files by content, writes the modules that start it.
 *
 * @module
 */

import { basename, dirname, join, relative, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { ClientEntry, Island, StaticFile } from "./build_cache.ts";
import { bundle, contentHash, importsOf } from "./bundle.ts";
import type { IslandSource, Sources } from "./crawl.ts";
import type { ResolvedBuildConfig } from "./dev.ts";
import { mediaType } from "./media_types.ts";
import type { Snapshot } from "./server.ts";

/** A build without its modules. */
export interface Assembled {
  /** What the snapshot says besides the modules. */
  readonly snapshot: Omit<Snapshot, "routes" | "islands">;
  /** What the build knows of each module's islands. */
  readonly islands: ReadonlyMap<IslandSource, readonly Island[]>;
  /** Files by their path below the build's `static/`. */
  readonly contents: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

/** Assembles a build in memory. */
export async function assemble(
  config: ResolvedBuildConfig,
  { sources, development }: { readonly sources: Sources; readonly development: boolean },
): Promise<Assembled> {
  const files: Record<string, StaticFile> = {};
  const contents = new Map<string, Uint8Array<ArrayBuffer>>();
  const islands = new Map<IslandSource, readonly Island[]>();
  const assets: Record<string, string> = {};

  const sheets = await joinedSheets(sources);
  const { client, joined } = await compile();
  for (const { path, file } of sources.statics) {
    const content = joined.get(path) ?? await Deno.readFile(file);
    const hash = contentHash(content);
    const hashed = path.replace(/(\.[^./]*)?$/, (ending) => `-${hash}${ending}`);
    const entry = { path: hashed, hash, contentType: mediaType(path) };
    files[`/${path}`] = { ...entry, immutable: false };
    files[`/${hashed}`] = { ...entry, immutable: true };
    assets[`/${path}`] = `/${hashed}`;
    contents.set(hashed, content);
  }
  return { snapshot: { client, files, assets }, islands, contents };

  async function compile(): Promise<Compiled> {
    const joined = new Map<string, Uint8Array<ArrayBuffer>>();
    const entries = entriesOf(sources);
    for (const [index, { text }] of sheets.entries()) entries.set(`sheet${index}.css`, text);
    if (entries.size === 0) return { client: null, joined };
    const built = await bundle({ root: config.root, entries, development });
    const prefix = `_fresh/js/${built.hash}/`;
    const url = (name: string) => `/${prefix}${name}`;
    const preload = (name: string) => importsOf(name, built.files).map(url);
    for (const { name, content } of built.files) {
      const sheet = sheets[Number(/^sheet(\d+)\.css$/.exec(name)?.[1])];
      if (sheet !== undefined) joined.set(sheet.path, content);
      if (name.startsWith("sheet") || content.length === 0) continue;
      const hash = contentHash(content);
      files[url(name)] = { path: prefix + name, hash, contentType: mediaType(name), immutable: true };
      contents.set(prefix + name, content);
    }
    for (const source of sources.islands) {
      const chunk = `${source.entry}.js`;
      islands.set(
        source,
        source.exports.map((each) => ({ ...each, chunk: url(chunk), preload: preload(chunk) })),
      );
    }
    const has = (name: string) => built.files.some((file) => file.name === name && file.content.length > 0);
    if (!has("runtime.js")) return { client: null, joined };
    const client = {
      runtime: url("runtime.js"),
      preload: preload("runtime.js"),
      script: has("client.js") ? url("client.js") : null,
      css: has("client.css") ? [url("client.css")] : [],
    };
    return { client, joined };
  }
}

interface Compiled {
  readonly client: ClientEntry | null;
  readonly joined: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

/** Style sheets that import others, by absolute path: the build makes each of them one file. */
async function joinedSheets(
  { statics }: Sources,
): Promise<{ readonly path: string; readonly text: string }[]> {
  const found: { readonly path: string; readonly text: string }[] = [];
  for (const { path, file } of statics.filter(({ path }) => path.endsWith(".css"))) {
    const text = await Deno.readTextFile(file);
    const absolute = (name: string) => JSON.stringify(fileURLToPath(new URL(name, pathToFileURL(file))));
    const joined = text.replace(/^(@import\s+)["']([^"':]+)["']/gm, (_, word, name) => word + absolute(name));
    if (joined !== text) found.push({ path, text: joined });
  }
  return found;
}

function entriesOf({ islands, client }: Sources): Map<string, string> {
  const entries = new Map<string, string>();
  const from = (file: string) => JSON.stringify(pathToFileURL(file).href);
  if (client !== null) entries.set("client.ts", `import ${from(client)};\n`);
  if (islands.length === 0 && client === null) return entries;
  entries.set(
    "runtime.ts",
    `export { boot } from ${JSON.stringify(import.meta.resolve("./client/boot.ts"))};\n`,
  );
  for (const { file, exports, entry } of islands) {
    const names = exports.map(({ exportName }) => exportName).join(", ");
    entries.set(`${entry}.ts`, `export { ${names} } from ${from(file)};\n`);
  }
  return entries;
}

/** Writes the modules of a build; every route and island is imported by name, so none is looked for later. */
export function snapshotModule(
  config: ResolvedBuildConfig,
  { sources, assembled }: { readonly sources: Sources; readonly assembled: Assembled },
): readonly { readonly name: string; readonly text: string }[] {
  const path = (file: string) => {
    const below = relative(config.outDir, file).replaceAll(sep, "/");
    return JSON.stringify(below.startsWith(".") ? below : `./${below}`);
  };
  const json = (value: unknown) => JSON.stringify(value, null, 2);
  const { routes, islands } = sources;
  const { client, files, assets } = assembled.snapshot;
  const snapshot = [
    ...routes.map(({ file }, index) => `import * as route${index} from ${path(file)};`),
    ...islands.map(({ file }, index) => `import * as island${index} from ${path(file)};`),
    "export const snapshot = {",
    `routes: [${
      routes.map((route, index) => `{ path: ${json(route.path)}, mod: route${index} }`).join(",\n")
    }],`,
    `islands: [${
      islands.map((each, index) => `{ mod: island${index}, islands: ${json(assembled.islands.get(each))} }`)
        .join(",\n")
    }],`,
    `client: ${json(client)},`,
    `files: ${json(files)},`,
    `assets: ${json(assets)},`,
    "};",
  ];
  const server = [
    `import { app } from ${path(join(config.root, "main.ts"))};`,
    `import { applySnapshot } from ${path(join(dirname(fileURLToPath(import.meta.url)), "server.ts"))};`,
    `import { snapshot } from "./snapshot.js";`,
    "applySnapshot(app, snapshot, import.meta.url);",
  ];
  const head = `// Written by the build of ${basename(config.root)}; changes here are lost.\n`;
  return [
    { name: "snapshot.js", text: `${head}${snapshot.join("\n")}\n` },
    { name: "server.js", text: `${head}${server.join("\n")}\n` },
  ];
}
