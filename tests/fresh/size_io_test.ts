import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";

const FOLDER = new URL("../../lib/fresh/", import.meta.url);
const LINES_MAX = 2_000;
const FILE_LINES_MAX = 400;

/** What the framework stands on, besides Node's own modules and its own files. */
const PACKAGES = [
  "preact",
  "preact/hooks",
  "preact/jsx-runtime",
  "preact-render-to-string",
  "@preact/signals",
];

async function sources(): Promise<readonly { readonly url: URL; readonly text: string }[]> {
  const found: { readonly url: URL; readonly text: string }[] = [];
  const open = [FOLDER];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      const url = new URL(isDirectory ? `${name}/` : name, folder);
      if (isDirectory) open.push(url);
      else found.push({ url, text: await Deno.readTextFile(url) });
    }
  }
  return found;
}

const nameOf = ({ href }: URL) => href.slice(FOLDER.href.length);

Deno.test("lib/fresh stays under 2,000 lines, and no file of it is over 400", async () => {
  const files = await sources();
  ok(files.length > 10);
  const lines = files.map(({ url, text }) => [nameOf(url), text.split("\n").length - 1] as const);
  const sum = lines.reduce((before, [, count]) => before + count, 0);
  ok(sum < LINES_MAX, `${sum} lines`);
  deepStrictEqual(lines.filter(([, count]) => count > FILE_LINES_MAX), []);
});

Deno.test("lib/fresh imports Preact and Node, and nothing of the app", async () => {
  const files = await sources();
  for (const { url, text } of files) {
    strictEqual(extname(fileURLToPath(url)), ".ts");
    for (const [, target = ""] of text.matchAll(/^(?:import|export)\b[^;]*?\bfrom "([^"]+)";$/gm)) {
      const isOwn = target.startsWith(".") && new URL(target, url).href.startsWith(FOLDER.href);
      ok(isOwn || target.startsWith("node:") || PACKAGES.includes(target), `${nameOf(url)}: ${target}`);
    }
  }
});
