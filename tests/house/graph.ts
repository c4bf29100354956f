/**
 * The graph of our modules as Deno sees it, for the questions that one file at a time cannot answer.
 *
 * @module
 */

/** A module and what it imports, by paths from the root; packages as `npm:name` and built-ins as `node:name`. */
export interface GraphNode {
  /** Imported at run time. */
  readonly code: readonly string[];
  /** Imported for its types alone. */
  readonly types: readonly string[];
}

/** Modules by path from the root. */
export type Graph = ReadonlyMap<string, GraphNode>;

interface Dependency {
  readonly code?: { readonly specifier: string };
  readonly type?: { readonly specifier: string };
}

interface Module {
  readonly specifier: string;
  readonly error?: string;
  readonly npmPackage?: string;
  readonly dependencies?: readonly Dependency[];
}

/** Reads the graph of some files with one call of `deno info`, which says nothing of what it misses: we do. */
export async function readGraph(root: URL, files: readonly string[]): Promise<Graph> {
  const entry = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(entry, files.map((file) => `import "${new URL(file, root)}";\n`).join(""));
    const config = new URL("deno.json", root).pathname;
    const args = ["info", "--json", "--no-lock", "--config", config, entry];
    const { stdout } = await new Deno.Command("deno", { args, stderr: "null" }).output();
    const { modules }: { modules: readonly Module[] } = JSON.parse(new TextDecoder().decode(stdout));
    const broken = modules.find(({ error, specifier }) => error !== undefined && !specifier.endsWith(".css"));
    if (broken) throw new Error(`Cannot load ${broken.specifier}: ${broken.error}`);
    return graphOf(root, modules);
  } finally {
    await Deno.remove(entry);
  }
}

function graphOf(root: URL, modules: readonly Module[]): Graph {
  const nameOf = (specifier: string) =>
    specifier.startsWith(root.href)
      ? specifier.slice(root.href.length)
      : specifier.replace(/(?<=[^:/])@[^@/]+(?=\/|$)/, "");
  const targets = (dependencies: readonly Dependency[], kind: "code" | "type") =>
    dependencies.flatMap((dependency) => dependency[kind] ? [nameOf(dependency[kind].specifier)] : []);
  const own = modules.filter(({ specifier }) => specifier.startsWith(root.href));
  return new Map(own.map(({ specifier, dependencies = [] }) => [nameOf(specifier), {
    code: targets(dependencies, "code"),
    types: targets(dependencies, "type"),
  }]));
}

/** Everything a file reaches at run time, packages and built-ins too, itself not. */
export function reached(graph: Graph, from: string): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [from];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const target of graph.get(next)?.code ?? []) {
      if (!found.has(target)) open.push(target);
      found.add(target);
    }
  }
  return found;
}

/** One ring of modules that import each other, or undefined. */
export function findCycle(graph: Graph): readonly string[] | undefined {
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]): readonly string[] | undefined => {
    const at = path.indexOf(file);
    if (at >= 0) return [...path.slice(at), file];
    if (done.has(file)) return undefined;
    for (const target of graph.get(file)?.code ?? []) {
      const cycle = walk(target, [...path, file]);
      if (cycle) return cycle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of graph.keys()) {
    const cycle = walk(file, []);
    if (cycle) return cycle;
  }
  return undefined;
}
