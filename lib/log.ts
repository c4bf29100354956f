/**
 * One line of JSON for each thing worth knowing, to standard output, or to standard error from `warn` upwards.
 * The text of users and meters cannot forge a second line or reverse what is read; secrets never get in; a line
 * has a limit, so that one bad value cannot fill a disk.
 *
 * @module
 */
import type { Clock } from "./clock.ts";

/** How much a line matters, the least first. */
export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;

/** How much a line matters. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What a line says besides its message; `undefined` is left out. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Writes lines that share some fields. */
export interface Log {
  /** For whoever looks for a fault; off by default. */
  debug(message: string, fields?: LogFields): void;
  /** What is expected to happen. */
  info(message: string, fields?: LogFields): void;
  /** What an operator should look at by day. */
  warn(message: string, fields?: LogFields): void;
  /** What needs someone now. */
  error(message: string, fields?: LogFields): void;
  /** A log whose lines also carry these fields, such as site and half-hour. */
  child(fields: LogFields): Log;
}

/** What a log needs from outside. */
export interface LogOptions {
  /** The time of each line. */
  readonly clock: Pick<Clock, "nowMs">;
  /** Lines below it are not written. */
  readonly level: LogLevel;
  /** Takes one whole line without its line break; the level says which stream. */
  readonly write: (line: string, level: LogLevel) => void;
}

/** Characters of one line; what is longer is cut and says so. */
export const LOG_LINE_LIMIT = 8_192;

/** Characters of one text in a line. */
export const LOG_TEXT_LIMIT = 2_048;

/** Levels of nested objects, entries of one object or list. */
export const LOG_DEPTH_LIMIT = 4;

/** Entries of one object or list in a line. */
export const LOG_ENTRY_LIMIT = 64;

const CUT_NAMES = 20;
const MASK = "***";
const SECRET_KEY =
  /pass(word|wd|phrase)?$|secret|token|cookie|authorization|credential|databaseUrl|(^|_)hash$|setupLink/i;
const URL_PASSWORD = /([a-z][a-z0-9+.-]*:\/\/[^\s/:@]*):[^\s/]*@/gi;
// Control characters, marks that reverse or hide text, line separators, half surrogates.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Makes a log; `fields` are part of every line. */
export function createLog(options: LogOptions, fields: LogFields = {}): Log {
  const least = LOG_LEVELS.indexOf(options.level);
  const at = (level: LogLevel) => (message: string, more?: LogFields) => {
    if (LOG_LEVELS.indexOf(level) < least) return;
    options.write(
      formatLine({ level, timeMs: options.clock.nowMs(), message }, { ...fields, ...more }),
      level,
    );
  };
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    child: (more) => createLog(options, { ...fields, ...more }),
  };
}

/** Writes to the process's own streams: `warn` and `error` to standard error. */
export function writeToConsole(line: string, level: LogLevel): void {
  if (level === "warn" || level === "error") console.error(line);
  else console.log(line);
}

/** What every line begins with. */
export interface LogHead {
  /** How much it matters. */
  readonly level: LogLevel;
  /** When, in milliseconds since 1970. */
  readonly timeMs: number;
  /** What happened, in a sentence without a full stop. */
  readonly message: string;
}

/** One line of JSON, at most {@link LOG_LINE_LIMIT} characters; what does not fit is named in `cut`. */
export function formatLine(head: LogHead, fields: LogFields): string {
  const start = {
    time: new Date(head.timeMs).toISOString(),
    level: head.level,
    msg: safeText(head.message),
  };
  const rest = safeObject(fields, 0);
  const line = encode(rest, start);
  if (line.length <= LOG_LINE_LIMIT) return line;
  const kept: Record<string, unknown> = {};
  const cut: string[] = [];
  let room = LOG_LINE_LIMIT / 4; // a message may take half of the line, the names of what was cut a fifth
  for (const [key, value] of Object.entries(rest)) {
    const size = key.length + JSON.stringify(value).length;
    if (size > room) cut.push(key.slice(0, 40));
    else {
      kept[key] = value;
      room -= size;
    }
  }
  return encode({ ...kept, cut: cut.slice(0, CUT_NAMES) }, start);
}

/** Text as it may stand in a line: what could end a line, hide or reverse text becomes `\u{...}`, long text is cut. */
export function safeText(text: string): string {
  const masked = text.slice(0, LOG_TEXT_LIMIT + 1).replace(URL_PASSWORD, `$1:${MASK}@`);
  const safe = escapeUnsafe(masked);
  if (text.length <= LOG_TEXT_LIMIT && safe.length <= LOG_TEXT_LIMIT) return safe;
  const note = `… (${text.length} characters)`;
  return safe.slice(0, LOG_TEXT_LIMIT - note.length) + note;
}

function escapeUnsafe(text: string): string {
  return text.replace(UNSAFE, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}

// The head comes first whatever fields are called.
function encode(all: Record<string, unknown>, head: Record<string, unknown>): string {
  const rest = Object.fromEntries(Object.entries(all).filter(([key]) => !(key in head)));
  return JSON.stringify({ ...head, ...rest });
}

function safeObject(fields: object, depth: number): Record<string, unknown> {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  const safe = entries.slice(0, LOG_ENTRY_LIMIT).map(([key, value]) => [
    safeText(key),
    SECRET_KEY.test(key) ? MASK : safeValue(value, depth),
  ]);
  return Object.fromEntries(safe);
}

function safeValue(value: unknown, depth: number): unknown {
  if (typeof value === "string") return safeText(value);
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "boolean" || value === null) return value;
  if (typeof value !== "object") return safeText(String(value));
  if (value instanceof Error) return safeText((value.stack ?? String(value)).replace(/\n\s*/g, " | "));
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "invalid date" : value.toISOString();
  if (depth >= LOG_DEPTH_LIMIT) return "…";
  if (Array.isArray(value)) {
    return value.slice(0, LOG_ENTRY_LIMIT).map((entry) => safeValue(entry, depth + 1));
  }
  return safeObject(value, depth + 1);
}
