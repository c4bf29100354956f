import { match, ok, strictEqual } from "node:assert/strict";
import { runProcess } from "../../ops/lib/process.ts";
import { KIND_FLAGS, listTestFiles } from "../../ops/lib/test_suites.ts";
import { migrations } from "../../migrations/mod.ts";
import { ENGINE_VARIABLES, type TestEngine } from "../engines/mod.ts";
import { ENGINES, withPlace } from "../lib/store/engines.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

/** Tests that are about migrations themselves, or end processes for minutes. */
const NOT_OF_THE_STORE = /\/(migrator|contracts|kills)_engine_test\.ts$/;

/** Milliseconds in which the store's tests must be through on three engines. */
const DEADLINE_MS = 900_000;

/** The two servers take the same statements: tables to come are tried on the quicker one, in the whole drill on both. */
const SERVERS_TO_COME = Deno.env.get("WATTPOST_DRILL") === "whole"
  ? ["mariadb", "mysql"] as const
  : ["mariadb"] as const;

type ServerName = "mariadb" | "mysql";

/** A source whose tests run on tables that are newer than it is. */
interface Source {
  /** Its folder. */
  readonly folder: string;
  /** Text of `migrations/mod.ts` in place of its own. */
  readonly migrations: string;
  /** Servers besides SQLite. */
  readonly servers: readonly ServerName[];
}

/** Runs the store's tests of a source in one isolate, so that the tables are made once an engine; what it printed. */
async function runStoreTests({ folder, migrations, servers }: Source): Promise<string> {
  await Deno.remove(`${folder}/migrations/mod.ts`);
  await Deno.writeTextFile(`${folder}/migrations/mod.ts`, migrations);
  const files = (await listTestFiles(`${folder}/tests/lib/store`))
    .filter((path) => /_engine_test\.ts$/.test(path) && !NOT_OF_THE_STORE.test(path));
  const entry = `${folder}/store_engine_test.ts`;
  await Deno.writeTextFile(entry, files.map((path) => `import "${path}";\n`).join(""));
  const { code, output } = await runProcess({
    program: "env",
    args: [
      ...["-C", folder, Deno.execPath(), "test", "--quiet", "--no-check", "--no-prompt", "--no-lock"],
      ...KIND_FLAGS.engine,
      entry,
    ],
    env: { NO_COLOR: "1", ...await serverVariables(servers) },
    deadlineMs: DEADLINE_MS,
  });
  strictEqual(code, 0, output.slice(-6_000));
  return output;
}

/** The servers of this process, for that one. */
async function serverVariables(servers: readonly ServerName[]): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const name of ["mariadb", "mysql"] as const) {
    const engine = ENGINES.find((one) => one.name === name && servers.includes(one.name));
    const { url, missing } = ENGINE_VARIABLES[name];
    if (engine) found[url] = await serverOf(engine);
    else Object.assign(found, { [url]: "", [missing]: "it is not tried here" });
  }
  return found;
}

/** The server of an engine, without a database. */
async function serverOf(engine: TestEngine): Promise<string> {
  let url = "";
  await withPlace(engine, (place) => Promise.resolve(void (url = place.url)));
  return Object.assign(new URL(url), { pathname: "/" }).href;
}

async function withFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "wattpost-before-" });
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function assertAllPassed(output: string): void {
  const [, passed = "0"] = /(\d+) passed \| 0 failed/.exec(output) ?? [];
  ok(Number(passed) > 100, output.slice(-2_000));
}

Deno.test("this release works on tables to which the next ones have added what they may", async () => {
  await withFolder(async (folder) => {
    for await (const { name } of Deno.readDir(ROOT)) {
      if (["migrations", ".git", "data", "coverage"].includes(name)) continue;
      await Deno.symlink(`${ROOT}${name}`, `${folder}/${name}`);
    }
    await Deno.mkdir(`${folder}/migrations`);
    for await (const { name } of Deno.readDir(`${ROOT}migrations`)) {
      const as = name === "mod.ts" ? "mod_of_this_release.ts" : name;
      await Deno.symlink(`${ROOT}migrations/${name}`, `${folder}/migrations/${as}`);
    }
    await Deno.writeTextFile(`${folder}/migrations/mod.ts`, "");
    assertAllPassed(
      await runStoreTests({
        folder,
        servers: SERVERS_TO_COME,
        migrations: `import { migrations as known } from "./mod_of_this_release.ts";
import { expandSteps } from "${ROOT}tests/migrations/expand_steps.ts";
export { migrationReasons } from "./mod_of_this_release.ts";
export const migrations = { ...known, ...expandSteps };
`,
      }),
    );
  });
});

/** What git says; undefined: there is no history here. */
async function git(...args: readonly string[]): Promise<string | undefined> {
  try {
    const { success, stdout } = await new Deno.Command("git", {
      args: ["-C", ROOT, ...args],
      stdin: "null",
      stderr: "null",
    }).output();
    return success ? new TextDecoder().decode(stdout).trim() : undefined;
  } catch {
    return undefined;
  }
}

/** The newest source that does not know the newest migration; undefined: history does not reach so far. */
async function sourceBefore(): Promise<string | undefined> {
  const newest = Object.keys(migrations).sort().at(-1) ?? "";
  const added = await git("log", "--diff-filter=A", "-1", "--format=%H", "--", `migrations/${newest}.ts`);
  if (added === undefined) return undefined;
  return await git("rev-parse", "--verify", "--quiet", added === "" ? "HEAD" : `${added}^`);
}

const before = Deno.env.get("WATTPOST_BEFORE") ?? await sourceBefore();

// A copy without history, or with a part of it, has no release before: there the tables to come are all there is to try.
if (before === undefined) console.log("The release before is not tried: there is no history of git here");
else {
  Deno.test("the release before works on the tables of this one, by its own tests", async () => {
    await withFolder(async (folder) => {
      const archive = `${folder}/source.tar`;
      ok(await git("archive", "--output", archive, before) !== undefined, `no source of ${before}`);
      const { code, output } = await runProcess({
        program: "tar",
        args: ["-x", "-f", archive, "-C", folder],
        deadlineMs: 60_000,
      });
      strictEqual(code, 0, output);
      const theirs = [...Deno.readDirSync(`${folder}/migrations`)].filter(({ name }) => /^\d/.test(name));
      match(String(Object.keys(migrations).length - theirs.length), /^[1-9]/);
      // A deploy takes nothing away, and the release before does not know what it would be to do so.
      const told = await runStoreTests({
        folder,
        servers: ["mariadb", "mysql"],
        migrations: `import { migrations as all, migrationReasons } from "${ROOT}migrations/mod.ts";
export { migrationReasons };
export const migrations = Object.fromEntries(Object.entries(all).filter(([, one]) => !one.contract));
`,
      });
      assertAllPassed(told);
    });
  });
}
