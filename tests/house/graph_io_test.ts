import { deepStrictEqual, match, rejects, strictEqual } from "node:assert/strict";
import { findCycle, type Graph, reached, readGraph } from "./graph.ts";
import { isIn } from "./layers.ts";

const ROOT = new URL("../../", import.meta.url);
const FOLDERS = ["lib", "collector", "routes", "islands", "migrations", "ops"];
/** Where someone starts: the product, its pages, what operators run, what the import map and bundler name. */
const ENTRIES = [
  /^(main|client|dev)\.ts$/,
  /^(routes|islands)\/(?!.*\(_)/,
  /^ops\/[^/]+\.ts$/,
  /^lib\/fresh\/(mod|runtime|dev|client\/boot)\.ts$/,
];
/** Files that only tests reach, each with what it is here for before its page is. */
const EARLY: Readonly<Record<string, string>> = {
  "lib/store/attempts.ts": "what the last visits tried, shown by the page of a router",
};
const ISLAND_MAY = [
  "islands/",
  "lib/domain/",
  "lib/ui/",
  "lib/result.ts",
  "lib/fresh/",
  "npm:preact",
  "npm:preact/hooks",
  "npm:preact/jsx-runtime",
  "npm:@preact/signals",
  "npm:chart.js",
  "npm:@simplewebauthn/browser",
];
const MAIN_NEEDS = ["collector/runner.ts", "lib/config.ts", "lib/log.ts", "lib/store/db.ts", "lib/kv/mod.ts"];
const WORKER = /new URL\("(\.[^"]+\.ts)", import\.meta\.url\)/g;

function listFiles(folder: string): readonly string[] {
  return [...Deno.readDirSync(new URL(`${folder}/`, ROOT))].flatMap(({ name, isDirectory }) => {
    if (isDirectory) return listFiles(`${folder}/${name}`);
    return /\.tsx?$/.test(name) ? [`${folder}/${name}`] : [];
  });
}

function exists(file: string): boolean {
  return Deno.lstatSync(ROOT).isDirectory && [...Deno.readDirSync(ROOT)].some(({ name }) => name === file);
}

const sources = [
  ...["main.ts", "product.ts", "client.ts", "dev.ts"].filter(exists),
  ...FOLDERS.filter(exists).flatMap(listFiles),
];
const graph = await readGraph(ROOT, [
  ...sources,
  ...listFiles("tests").filter((file) => /_test\.tsx?$/.test(file)),
]);

Deno.test("readGraph() names a module that is missing", async () => {
  await rejects(readGraph(ROOT, ["lib/nothing.ts"]), /nothing\.ts/);
});

Deno.test("findCycle() finds a ring of three", () => {
  const ring: Graph = new Map(["a", "b", "c"].map((name, index) => [name, {
    code: [["b", "c", "a"][index] ?? ""],
    types: [],
  }]));
  deepStrictEqual(findCycle(ring), ["a", "b", "c", "a"]);
});

Deno.test("our modules import each other in no ring", () =>
  strictEqual(findCycle(graph)?.join(" -> "), undefined));

for (const island of sources.filter((file) => isIn(file, "islands/"))) {
  Deno.test(`${island} reaches nothing that lives on the server`, () => {
    const far = [...reached(graph, island)].filter((target) => {
      return !ISLAND_MAY.some((part) => isIn(target, part)) || target === "lib/domain/local_day.ts";
    });
    deepStrictEqual(far, []);
  });
}

Deno.test("main.ts reaches what the product is made of", () => {
  const all = reached(graph, "main.ts");
  deepStrictEqual(MAIN_NEEDS.filter((file) => !all.has(file)), []);
});

/** What the entries reach, workers and what is imported for its types alone too. */
function reachedFromEntries(product: Graph): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...product.keys()].filter((file) => ENTRIES.some((entry) => entry.test(file)));
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    const node = product.get(file);
    if (found.has(file) || node === undefined) continue;
    found.add(file);
    const text = Deno.readTextFileSync(new URL(file, ROOT));
    const workers = [...text.matchAll(WORKER)].map(([, path = ""]) =>
      new URL(path, new URL(file, ROOT)).href
    );
    open.push(...node.code, ...node.types, ...workers.map((href) => href.slice(ROOT.href.length)));
  }
  return found;
}

Deno.test("no file is left that only tests reach, but for those that are named with a reason", () => {
  const found = reachedFromEntries(graph);
  deepStrictEqual(sources.filter((file) => !found.has(file)).sort(), Object.keys(EARLY));
});

Deno.test("no comment puts a whole file beyond the rules of the house", () => {
  const tests = listFiles("tests").filter((file) => !file.endsWith("house/plugin_test.ts"));
  const marked = [...sources, ...tests].filter((file) => {
    const text = Deno.readTextFileSync(new URL(file, ROOT));
    return /^\s*(\/\/|\/\*)\s*deno-lint-ignore(-file)?\s*(--.*|\*\/)?$/m.test(text) ||
      /^\s*\/\/\s*deno-lint-ignore.*house\//m.test(text);
  });
  deepStrictEqual(marked, []);
});

Deno.test("every file says why it exists", () => {
  const silent = sources.filter((file) =>
    !/^(\/\*\*|\/\/ )/.test(Deno.readTextFileSync(new URL(file, ROOT)))
  );
  match(silent.join("\n"), /^$/);
});
