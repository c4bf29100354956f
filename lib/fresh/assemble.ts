/**
 * Puts a build together: compiles for the browser, names files by content, writes the modules that start it.
 *
 * @module
 */

import { basename, dirname, join, relative, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { ClientEntry, StaticFile } from "./build_cache.ts";
import { bundle, contentHash, importsOf } from "./bundle.ts";
import type { Sources } from "./crawl.ts";
import type { ResolvedBuildConfig } from "./dev.ts";
import type { Snapshot } from "./server.ts";

/** Media types of the files that an app serves, by the ending of their names. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  ico: "image/x-icon",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  png: "image/png",
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
  webmanifest: "application/manifest+json",
  webp: "image/webp",
  woff2: "font/woff2",
};

/** A build without its modules. */
export interface Assembled {
  /** What the snapshot says besides the modules. */
  readonly snapshot: Omit<Snapshot, "routes" | "islandModules">;
  /** Files by their path below the build's `static/`. */
  readonly contents: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

/** Assembles a build in memory. */
export async function assemble(
  { root }: ResolvedBuildConfig,
  { sources, development }: { readonly sources: Sources; readonly development: boolean },
): Promise<Assembled> {
  const files: Record<string, StaticFile> = {};
  const contents = new Map<string, Uint8Array<ArrayBuffer>>();
  const assets: Record<string, string> = {};
  const sheets = await joinedSheets(sources);
  const built = await bundle({ root, entries: new Map([...entriesOf(sources), ...sheets]), development });

  const prefix = `_fresh/js/${built.hash}/`;
  const url = (name: string) => `/${prefix}${name}`;
  for (const { name, content } of built.files) {
    if (sheets.has(name) || content.length === 0) continue;
    files[url(name)] = { ...described(prefix + name, content), immutable: true };
    contents.set(prefix + name, content);
  }
  for (const { path, file } of sources.statics) {
    const joined = sheetName(path);
    const content = built.files.find(({ name }) => name === joined)?.content ?? await Deno.readFile(file);
    const hashed = path.replace(/(\.[^./]*)?$/, (ending) => `-${contentHash(content)}${ending}`);
    files[`/${path}`] = { ...described(hashed, content), immutable: false };
    files[`/${hashed}`] = { ...described(hashed, content), immutable: true };
    assets[`/${path}`] = `/${hashed}`;
    contents.set(hashed, content);
  }
  const preload = (name: string) => importsOf(name, built.files).map(url);
  const islands = sources.islands.map(({ exports, entry }) =>
    exports.map((each) => ({ ...each, chunk: url(`${entry}.js`), preload: preload(`${entry}.js`) }))
  );
  const has = (name: string) => files[url(name)] !== undefined;
  const client: ClientEntry | null = !has("runtime.js") ? null : {
    runtime: url("runtime.js"),
    preload: preload("runtime.js"),
    script: has("client.js") ? url("client.js") : null,
    css: has("client.css") ? [url("client.css")] : [],
  };
  return { snapshot: { client, files, assets, islands }, contents };
}

function described(path: string, content: Uint8Array): Omit<StaticFile, "immutable"> {
  const ending = path.split(".").at(-1)?.toLowerCase() ?? "";
  return { path, hash: contentHash(content), contentType: MEDIA_TYPES[ending] ?? "application/octet-stream" };
}

/** What the bundle calls a style sheet that it joins. */
function sheetName(path: string): string {
  return `sheet-${contentHash(path)}.css`;
}

/** Style sheets that import others, by absolute path: the build makes each of them one file. */
async function joinedSheets({ statics }: Sources): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const { path, file } of statics.filter(({ path }) => path.endsWith(".css"))) {
    const text = await Deno.readTextFile(file);
    const absolute = (name: string) => JSON.stringify(fileURLToPath(new URL(name, pathToFileURL(file))));
    const joined = text.replace(/^(@import\s+)["']([^"':]+)["']/gm, (_, word, name) => word + absolute(name));
    if (joined !== text) found.set(sheetName(path), joined);
  }
  return found;
}

function entriesOf({ islands, client }: Sources): Map<string, string> {
  const entries = new Map<string, string>();
  const from = (file: string) => JSON.stringify(pathToFileURL(file).href);
  if (client !== null) entries.set("client.ts", `import ${from(client)};\n`);
  if (islands.length === 0 && client === null) return entries;
  const boot = JSON.stringify(import.meta.resolve("./client/boot.ts"));
  entries.set("runtime.ts", `export { boot } from ${boot};\n`);
  for (const { file, exports, entry } of islands) {
    const names = exports.map(({ exportName }) => exportName).join(", ");
    entries.set(`${entry}.ts`, `export { ${names} } from ${from(file)};\n`);
  }
  return entries;
}

/** Writes the modules of a build; every route and island is imported by name, so none is looked for later. */
export function snapshotModule(
  { root, outDir }: ResolvedBuildConfig,
  { sources, assembled }: { readonly sources: Sources; readonly assembled: Assembled },
): readonly { readonly name: string; readonly text: string }[] {
  const path = (file: string) => {
    const below = relative(outDir, file).replaceAll(sep, "/");
    return JSON.stringify(below.startsWith(".") ? below : `./${below}`);
  };
  const { routes, islands } = sources;
  const snapshot = [
    ...routes.map(({ file }, index) => `import * as route${index} from ${path(file)};`),
    ...islands.map(({ file }, index) => `import * as island${index} from ${path(file)};`),
    "export const snapshot = {",
    "routes: [",
    ...routes.map(({ path }, index) => `{ path: ${JSON.stringify(path)}, mod: route${index} },`),
    "],",
    `islandModules: [${islands.map((_, index) => `island${index}`).join(", ")}],`,
    `...${JSON.stringify(assembled.snapshot, null, 2)},`,
    "};",
  ];
  const server = [
    `import { app } from ${path(join(root, "main.ts"))};`,
    `import { applySnapshot } from ${path(join(dirname(fileURLToPath(import.meta.url)), "server.ts"))};`,
    `import { snapshot } from "./snapshot.js";`,
    "applySnapshot(app, snapshot, import.meta.url);",
  ];
  const head = `// Written by the build of ${basename(root)}; changes here are lost.\n`;
  return [
    { name: "snapshot.js", text: `${head}${snapshot.join("\n")}\n` },
    { name: "server.js", text: `${head}${server.join("\n")}\n` },
  ];
}
