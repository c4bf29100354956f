/**
 * What a database may do to us, in four words. Drivers' own errors never leave this folder: whoever stores or
 * reads learns only whether waiting helps.
 *
 * @module
 */

/**
 * Why the database did not do it: it cannot be reached, is read-only or full (`unavailable`: wait and try again),
 * another writer was there (`conflict`: try again at once), the row is there already (`duplicate`), the file is
 * in use by another process (`in-use`).
 */
export type StoreErrorKind = "unavailable" | "conflict" | "duplicate" | "in-use";

/** The database did not do what was asked. */
export class StoreError extends Error {
  /** Why. */
  readonly kind: StoreErrorKind;
  /** Whether a commit was under way, so that nobody knows if it happened. */
  readonly commitUnknown: boolean;

  /** Says what was being done; the driver's own error is the cause. */
  constructor(
    kind: StoreErrorKind,
    message: string,
    options: { cause?: unknown; commitUnknown?: boolean } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = "StoreError";
    this.kind = kind;
    this.commitUnknown = options.commitUnknown ?? false;
  }
}

/** Whether it is a {@link StoreError} of that kind. */
export function isStoreError(error: unknown, kind: StoreErrorKind): error is StoreError {
  return error instanceof StoreError && error.kind === kind;
}

/** Codes of sockets and of mysql2 that mean: the connection is gone or never was. */
const LOST = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ENOENT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "PROTOCOL_CONNECTION_LOST",
  "PROTOCOL_SEQUENCE_TIMEOUT",
  "POOL_CLOSED",
]);

/** Server errors of MySQL and MariaDB after which waiting helps: too many connections, shutdown, Galera minority,
 * read-only, full, killed, access denied or no database (yet). */
const MYSQL_UNAVAILABLE = new Set([
  1021,
  1040,
  1044,
  1045,
  1047,
  1049,
  1053,
  1077,
  1114,
  1129,
  1158,
  1159,
  1160,
  1161,
  1180,
  1203,
  1226,
  1290,
  1317,
  1792,
  1836,
  1927,
  3100,
  3169,
  3572,
  4031,
]);

/** Lock wait, deadlock or failed certification, changed since read, rolled back at commit by the group. */
const MYSQL_CONFLICT = new Set([1020, 1205, 1213, 3101]);

const MYSQL_DUPLICATE = new Set([1022, 1062, 1586]);

/** SQLite primary result codes: busy, locked. */
const SQLITE_CONFLICT = new Set([5, 6]);

/** SQLite primary result codes: read-only, I/O error, corrupt, full, cannot open, not a database. */
const SQLITE_UNAVAILABLE = new Set([8, 10, 11, 13, 14, 26]);

/** SQLite extended result codes: primary key, unique, row id. */
const SQLITE_DUPLICATE = new Set([1555, 2067, 2579]);

interface DriverError {
  readonly message?: string;
  readonly code?: unknown;
  readonly errno?: unknown;
  readonly errcode?: unknown;
  readonly fatal?: unknown;
}

/** The kind of a driver's error; `null`: a bug, which is thrown on as it is. */
export function kindOf(error: unknown): StoreErrorKind | null {
  if (typeof error !== "object" || error === null) return null;
  const { code, errno, errcode, fatal, message } = error as DriverError;
  if (typeof errcode === "number") return sqliteKindOf(errcode);
  if (typeof errno === "number" && MYSQL_CONFLICT.has(errno)) return "conflict";
  if (typeof errno === "number" && MYSQL_DUPLICATE.has(errno)) return "duplicate";
  if (typeof errno === "number" && MYSQL_UNAVAILABLE.has(errno)) return "unavailable";
  if (typeof code === "string" && LOST.has(code)) return "unavailable";
  if (fatal === true) return "unavailable";
  const closed =
    /closed state|Pool is closed|Queue limit reached|Connection lost|database is not open|already been destroyed/i
      .test(
        message ?? "",
      );
  return closed ? "unavailable" : null;
}

function sqliteKindOf(errcode: number): StoreErrorKind | null {
  const primary = errcode & 0xff;
  if (SQLITE_DUPLICATE.has(errcode)) return "duplicate";
  if (SQLITE_CONFLICT.has(primary)) return "conflict";
  return SQLITE_UNAVAILABLE.has(primary) ? "unavailable" : null;
}

/** The error as it leaves the store: a {@link StoreError} where the world did it, else itself. */
export function storeErrorOf(error: unknown, doing: string, commitUnknown = false): unknown {
  if (error instanceof StoreError) return error;
  const kind = kindOf(error);
  if (kind === null) return error;
  const detail = error instanceof Error ? error.message : String(error);
  const unknown = commitUnknown && kind === "unavailable";
  return new StoreError(kind, `Cannot ${doing}: ${detail}`, { cause: error, commitUnknown: unknown });
}
