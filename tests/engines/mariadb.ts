/**
 * MariaDB as the distribution packages it (mariadb-server-core, mariadb-client-core), run privately.
 *
 * @module
 */
import { type Engine, SERVER_OPTIONS, startServer } from "./server.ts";

/** Starts a MariaDB of one's own. Throws when it is not installed or this user may not run it. */
export function startMariadb(host?: string): Promise<Engine> {
  return startServer({
    name: "mariadb",
    ...host === undefined ? {} : { host },
    makeFolder: () => Deno.makeTempDir({ prefix: "wattpost-mariadb-" }),
    prepare: (folder) => [
      "mariadb-install-db",
      "--no-defaults",
      "--user=root",
      `--datadir=${folder}/data`,
      `--tmpdir=${folder}`,
      "--auth-root-authentication-method=normal",
      "--skip-test-db",
    ],
    serve: (folder, port) => [
      "/usr/sbin/mariadbd",
      "--no-defaults",
      ...SERVER_OPTIONS,
      `--datadir=${folder}/data`,
      // A server that starts takes away every temporary table of its folder, also those of another server.
      `--tmpdir=${folder}`,
      `--socket=${folder}/socket`,
      `--log-error=${folder}/error.log`,
      `--port=${port}`,
    ],
    client: (folder) => ["mariadb", "--no-defaults", "--user=root", `--socket=${folder}/socket`, "-N", "-B"],
  });
}
