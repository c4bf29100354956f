/**
 * Names of the checks of an installation, in the order in which somebody who mends it should read them.
 *
 * @module
 */

/** The names. */
export const CHECK_NAMES: readonly string[] = [
  ...["settings", "app", "database", "migrations", "secrets", "sessions", "disk", "clock"],
  ...["collection", "routers", "mail", "sms", "certificate", "backup", "restore", "ports"],
];

/** Sites of a sample at most. */
export const ROUTERS_MAX = 50;
