/**
 * One test over the real databases: SQLite, MariaDB and MySQL. The runner starts the servers once and hands
 * their addresses on; a test file that runs alone starts its own.
 *
 * @module
 */
import { createConnection } from "mysql2/promise";
import { isCi } from "../../ops/lib/test_suites.ts";
import { startMariadb } from "./mariadb.ts";
import { startMysql } from "./mysql.ts";
import type { Engine } from "./server.ts";

/** The databases that the product serves, in the order of the tests. */
export const ENGINE_NAMES = ["sqlite", "mariadb", "mysql"] as const;

/** A database that the product serves. */
export type EngineName = (typeof ENGINE_NAMES)[number];

/** A kind of database as a test sees it. */
export interface TestEngine {
  /** Which one. */
  readonly name: EngineName;
  /** Why it cannot be had here; undefined where it can. */
  readonly missing: string | undefined;
  /** Makes a new, empty database that nobody else uses and gives its `DATABASE_URL`. */
  createDatabase(): Promise<string>;
}

/** Where the runner says how to reach a server, or why there is none. */
export const ENGINE_VARIABLES = {
  mariadb: { url: "TEST_MARIADB_URL", missing: "TEST_MARIADB_MISSING" },
  mysql: { url: "TEST_MYSQL_URL", missing: "TEST_MYSQL_MISSING" },
} as const;

/** The engines, started where need be. Await it at the top of a file: what it starts belongs to no single test. */
export async function engines(): Promise<readonly TestEngine[]> {
  return await Promise.all([
    sqliteEngine(),
    serverEngine("mariadb", startMariadb),
    serverEngine("mysql", startMysql),
  ]);
}

/**
 * Registers one test an engine, each with an empty database of its own. A missing engine is skipped by name; in
 * CI the one test that asks for it fails instead (`tests/engines/engines_engine_test.ts`).
 */
export function testOnEngines(
  all: readonly TestEngine[],
  name: string,
  body: (databaseUrl: string, engine: TestEngine) => Promise<void>,
): void {
  for (const engine of all) {
    const ignore = engine.missing !== undefined;
    if (ignore && isCi(Deno.env.get("CI"))) continue;
    Deno.test({
      name: `${name} on ${engine.name}${ignore ? `, which cannot be had here: ${engine.missing}` : ""}`,
      ignore,
      fn: async () => await body(await engine.createDatabase(), engine),
    });
  }
}

async function sqliteEngine(): Promise<TestEngine> {
  const folder = await Deno.makeTempDir({ prefix: "wattpost-sqlite-" });
  globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
  let databases = 0;
  return {
    name: "sqlite",
    missing: undefined,
    createDatabase: () => Promise.resolve(`sqlite:${folder}/${++databases}.db`),
  };
}

async function serverEngine(
  name: keyof typeof ENGINE_VARIABLES,
  start: () => Promise<Engine>,
): Promise<TestEngine> {
  const given = Deno.env.get(ENGINE_VARIABLES[name].url);
  const missing = Deno.env.get(ENGINE_VARIABLES[name].missing);
  if (given) return { name, missing: undefined, createDatabase: () => createDatabase(given) };
  if (missing) return missingEngine(name, missing);
  try {
    const { url } = await start();
    return { name, missing: undefined, createDatabase: () => createDatabase(url) };
  } catch (error) {
    return missingEngine(name, error instanceof Error ? error.message : String(error));
  }
}

function missingEngine(name: EngineName, missing: string): TestEngine {
  return { name, missing, createDatabase: () => Promise.reject(new Error(`Cannot use ${name}: ${missing}`)) };
}

async function createDatabase(serverUrl: string): Promise<string> {
  const name = `test_${crypto.randomUUID().replaceAll("-", "")}`;
  const connection = await createConnection({ uri: serverUrl, connectTimeout: 10_000 });
  try {
    await connection.query(`CREATE DATABASE ${name}`);
  } finally {
    await connection.end();
  }
  return Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href;
}
