/**
 * Starts the database servers for a whole test run, says where they are in one line of JSON, and ends them when its
 * input ends: the environment for the test files, with a reason for each server that could not be started.
 *
 * @module
 */
import { startMariadb } from "./mariadb.ts";
import { ENGINE_VARIABLES } from "./mod.ts";
import { startMysql } from "./mysql.ts";
import type { Engine } from "./server.ts";

async function startAll(): Promise<readonly Engine[]> {
  const starts = { mariadb: startMariadb, mysql: startMysql };
  const env: Record<string, string> = {};
  const running: Engine[] = [];
  for (const name of ["mariadb", "mysql"] as const) {
    try {
      const engine = await starts[name]();
      running.push(engine);
      env[ENGINE_VARIABLES[name].url] = engine.url;
      console.error(`${name} ${engine.version}`);
    } catch (error) {
      env[ENGINE_VARIABLES[name].missing] =
        (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
    }
  }
  console.log(JSON.stringify(env));
  return running;
}

// Leaving through the front door: what has started cleans up after itself.
for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, () => Deno.exit(1));
const running = await startAll();
await Deno.stdin.readable.pipeTo(new WritableStream());
await Promise.all(running.map((engine) => engine.stop()));
Deno.exit(0);
