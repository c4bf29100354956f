/**
 * Images of releases that do not work, each one file or two away from one that does.
 *
 * @module
 */
import type { Docker } from "../host/docker.ts";
import { PROJECT } from "./scene_deploy.ts";

/** Files of an image that are others, by their path in the project. */
export type Files = Readonly<Record<string, string>>;

/** Makes an image with other files; its name. */
export async function imageWith(
  docker: Docker,
  { base, tag, files }: { readonly base: string; readonly tag: string; readonly files: Files },
): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "wattpost-broken-" });
  try {
    const lines = [`FROM ${base}`];
    for (const [i, [path, text]] of Object.entries(files).entries()) {
      await Deno.writeTextFile(`${folder}/${i}`, text, { mode: 0o644 });
      await Deno.chmod(`${folder}/${i}`, 0o644);
      lines.push(`COPY ${i} /app/${path}`);
    }
    await Deno.writeTextFile(`${folder}/Dockerfile`, `${lines.join("\n")}\n`);
    await docker.must(["build", "--quiet", "--tag", tag, folder], { env: { DOCKER_BUILDKIT: "0" } });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  return tag;
}

const SERVER = "_fresh/server.js";

/** Ends as soon as it is started. */
export const CRASHES: Files = {
  [SERVER]: 'console.error("Cannot start: the stars are not right");\nDeno.exit(3);\n',
};

/** Listens, and is never ready. */
export const NEVER_READY: Files = { [SERVER]: serverText(503, "the moon") };

/** Says that it is ready, and has not one page. */
export const NO_PAGES: Files = { [SERVER]: serverText(200, "ready") };

function serverText(readyStatus: number, words: string): string {
  return `const path = Deno.env.get("LISTEN").slice("unix:".length);
const headers = { "wattpost-release": Deno.env.get("RELEASE") };
try { Deno.removeSync(path); } catch { /* there was none */ }
Deno.serve({ path, onListen() {} }, ({ url }) => {
  if (url.endsWith("/livez")) return new Response("alive", { headers });
  if (url.endsWith("/readyz")) return new Response(${
    JSON.stringify(words)
  }, { status: ${readyStatus}, headers });
  return new Response("broken", { status: 500, headers });
});
`;
}

/** Its smoke test waits until a file lies in the data, then says that all is well. */
export function waitsInSmoke(file: string): Files {
  return {
    "ops/smoke.ts": `for (let i = 0; i < 600; i++) {
  if (await Deno.stat(${JSON.stringify(file)}).then(() => true, () => false)) Deno.exit(0);
  await new Promise((resolve) => setTimeout(resolve, 100));
}
Deno.exit(1);
`,
  };
}

const MIGRATION = "0099_halfway";

/**
 * A migration that makes a table and then fails; `mended`: one that does not fail, also where the table is there;
 * `unbearable`: one that takes away what the release before reads.
 */
export function withMigration(how: "failing" | "mended" | "unbearable"): Files {
  const mod = Deno.readTextFileSync(`${PROJECT}/migrations/mod.ts`);
  const lastKey = mod.lastIndexOf("};\n\n/** Why");
  if (lastKey < 0) throw new Error("migrations/mod.ts has another shape");
  const changed = `import * as halfway from "./${MIGRATION}.ts";\n${
    mod.slice(0, lastKey)
  }  "${MIGRATION}": halfway,\n${mod.slice(lastKey)}`;
  const more = {
    failing: "alter table there_is_no_such_table add column x int",
    mended: "create table if not exists halfway_more (id int)",
    unbearable: "alter table site drop column name",
  };
  return {
    "migrations/mod.ts": changed,
    [`migrations/${MIGRATION}.ts`]: `// A table that a test brings.
import { type Kysely, sql } from "kysely";
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql\`create table if not exists halfway (id int)\`.execute(db);
  await sql\`${more[how]}\`.execute(db);
}
`,
  };
}
