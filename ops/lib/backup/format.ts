/**
 * The format of a backup, version 1: names, limits and nothing else. A backup is a folder:
 *
 * ```text
 * wattpost-20261129T204000Z/
 *   manifest.json                 what is in it, plain: counts and checksums, no readings, no names of sites
 *   manifest.sha256               SHA-256 of manifest.json as `sha256sum` writes it
 *   0001-files.jsonl.gz.age       settings, credentials and keys: {@link BackedUpFile} a line
 *   0002-site.jsonl.gz.age        rows of a table: a JSON list a line, in the order of the columns in the manifest
 *   0003-recent.jsonl.gz.age      a large table has several parts, one after another
 *   0004-recent.jsonl.gz.age
 * ```
 *
 * While it is made the folder's name begins with `.partial-`; it is renamed when everything in it is on disk, so a folder
 * with a name of a backup is whole. Each part is compressed (gzip, one member) and then encrypted by `age` to the
 * recipients; in an emergency `age -d -i KEY PART | gunzip` shows it without Wattpost. Rows are in the order of the
 * table's primary key over all its parts, bytes are lower-case hexadecimal digits, absent values `null`: the same on
 * SQLite, MariaDB and MySQL, so a backup of one can be restored into another and gives the same checksums.
 *
 * @module
 */

/** Version of the format. */
export const FORMAT_VERSION = 1;

/** The plain table of contents. */
export const MANIFEST_FILE = "manifest.json";

/** Its checksum. */
export const MANIFEST_SUM_FILE = "manifest.sha256";

/** Bytes of the plain content after which a part ends; one row more than that lies in it at most. */
export const PART_PLAIN_BYTES = 8 * 1024 * 1024;

/** Bytes of the plain content of a part at most: what a reader must be ready to hold. */
export const PART_PLAIN_BYTES_MAX = 96 * 1024 * 1024;

/** Lines of a part at most: twice as many as the shortest rows that fill one. */
export const PART_LINES_MAX = 5_000_000;

/** Bytes of a part as it lies at most. */
export const PART_BYTES_MAX = 100 * 1024 * 1024;

/** Parts of a backup at most: at 8 MiB of rows each more than a terabyte of them is too much for this format. */
export const PARTS_MAX = 9_999;

/** Tables at most. */
export const TABLES_MAX = 300;

/** Bytes of a manifest at most. */
export const MANIFEST_BYTES_MAX = 8 * 1024 * 1024;

/** Backups that are looked at in a folder at most. */
export const BACKUPS_MAX = 2_000;

const PREFIX = "wattpost-";
const PARTIAL = ".partial-";
const NAME = /^wattpost-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/** The name of a backup by its instant, epoch milliseconds; to the second. */
export function backupName(atMs: number): string {
  return `${PREFIX}${new Date(atMs).toISOString().replace(/\.\d+Z$/, "Z").replaceAll(/[-:]/g, "")}`;
}

/** The instant of a backup by its name, epoch milliseconds; `null`: it is no name of one. */
export function backupInstant(name: string): number | null {
  const [, year, month, day, hour, minute, second] = NAME.exec(name) ?? [];
  if (year === undefined) return null;
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isFinite(at) && backupName(at) === name ? at : null;
}

/** What a backup is called while it is made. */
export function partialName(name: string): string {
  return `${PARTIAL}${name}`;
}

/** Whether a folder is a backup that is being made, or was when its process was ended. */
export function isPartialName(name: string): boolean {
  return name.startsWith(PARTIAL) && backupInstant(name.slice(PARTIAL.length)) !== null;
}

/** The name of a part by its number, from 1, and what is in it: `files` or the name of a table. */
export function partName(number: number, content: string): string {
  return `${String(number).padStart(4, "0")}-${content}.jsonl.gz.age`;
}

/** Whether a text is the name of a part; so it is never a path that leads elsewhere. */
export function isPartName(name: string): boolean {
  return /^\d{4}-[a-z][a-z0-9_]{0,63}\.jsonl\.gz\.age$/.test(name);
}

/** A file of the installation, a line of a part whose content is `files`. */
export interface BackedUpFile {
  /**
   * Where it belongs: `configuration` is the folder of the host's settings, `credentials` that of the app's secrets,
   * `data` that of the app; `host` are root's own secrets, whose base64 is what `age` made of them.
   */
  readonly place: FilePlace;
  /** Its name there, without a folder. */
  readonly name: string;
  /** Permission bits, such as 0o640. */
  readonly mode: number;
  /** Its bytes. */
  readonly base64: string;
}

/** Where a file belongs. */
export type FilePlace = typeof FILE_PLACES[number];

/** Every {@link FilePlace}. */
export const FILE_PLACES = ["configuration", "credentials", "data", "host"] as const;

/** Bytes of a file that is backed up at most. */
export const FILE_BYTES_MAX = 4 * 1024 * 1024;

/** Whether a text is a name of a file that is backed up: never a path. */
export function isFileName(name: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/.test(name);
}
