/**
 * Says what to do where the build is missing or old, before Deno would only miss a file: `deno task start` asks first.
 *
 * @module
 */

/** Where the product starts. */
const ENTRY = "_fresh/server.js";

/** What a build is made of. */
const SOURCES = ["client.ts", "islands", "lib", "routes", "static"];

/** What is wrong with a build, and whether the product could not start with it. */
export interface BuildTrouble {
  /** What is wrong and what helps. */
  readonly text: string;
  /** Whether there is no build at all. */
  readonly missing: boolean;
}

/** Looks at the build of the project in a folder; `null`: it is there and as new as its sources. */
export async function buildTrouble(folder: string): Promise<BuildTrouble | null> {
  const builtMs = await changedMs(`${folder}/${ENTRY}`);
  if (builtMs === null) {
    const text = `Cannot start: what browsers load is not built yet (${ENTRY})\n  Run deno task build first`;
    return { text, missing: true };
  }
  for (const source of SOURCES) {
    const newer = await findNewer(folder, source, builtMs);
    if (newer !== null) {
      return {
        text: `The build is older than ${newer}: run deno task build where pages look wrong`,
        missing: false,
      };
    }
  }
  return null;
}

/** A file at or below a path that was changed later; `null`: none. */
async function findNewer(folder: string, path: string, thanMs: number): Promise<string | null> {
  const found = await Deno.stat(`${folder}/${path}`).catch(() => null);
  if (found?.isFile && (found.mtime?.getTime() ?? 0) > thanMs) return path;
  if (!found?.isDirectory) return null;
  for await (const { name } of Deno.readDir(`${folder}/${path}`)) {
    const newer = await findNewer(folder, `${path}/${name}`, thanMs);
    if (newer !== null) return newer;
  }
  return null;
}

async function changedMs(path: string): Promise<number | null> {
  try {
    return (await Deno.stat(path)).mtime?.getTime() ?? 0;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return null;
  }
}

if (import.meta.main) {
  const trouble = await buildTrouble(".");
  if (trouble) console.error(trouble.text);
  if (trouble?.missing) Deno.exit(1);
}
