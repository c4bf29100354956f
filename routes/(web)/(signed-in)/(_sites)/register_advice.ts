/**
 * What pages say where there is no site yet, as long as sites are registered by a command.
 *
 * @module
 */

/** How to register the first site; embedded SQLite lets one process at a time have its file. */
export const REGISTER_ADVICE = "Sites are registered on the server: stop Wattpost, run deno task register, " +
  "start it again. On MySQL or MariaDB it goes on running.";
