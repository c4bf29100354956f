/**
 * The environment, read once and parsed into a typed value before anything opens. All that is wrong is listed
 * together, each with its name, what is expected and an example; the table of variables is data, so that
 * `.env.example` and the page on configuration cannot say anything else.
 *
 * @module
 */
import { LOG_LEVELS, type LogLevel, safeText } from "./log.ts";
import { err, ok, type Result } from "./result.ts";

/** Where the app listens. */
export type Listen =
  | { readonly kind: "tcp"; readonly hostname: string; readonly port: number }
  | { readonly kind: "unix"; readonly path: string };

/** What the process was told. */
export interface Config {
  /** Where the app listens. */
  readonly listen: Listen;
  /** The origin people type, such as `https://wattpost.example`, without a slash at its end. */
  readonly publicUrl: string;
  /** Whether cookies are for HTTPS alone; follows from the origin. */
  readonly secureCookies: boolean;
  /** Whether X-Forwarded-For is believed, because only our proxy can reach us. */
  readonly trustProxy: boolean;
  /** `sqlite:PATH` or `mysql://user:password@host:port/database`. */
  readonly databaseUrl: string;
  /** Folder of what the app writes. */
  readonly dataDir: string;
  /** A path or URL for `Deno.openKv`. */
  readonly kvPath: string;
  /** Lines below it are not written. */
  readonly logLevel: LogLevel;
  /** Names this release; only the promoted one works. */
  readonly release: string;
  /** Whether half-hours are collected. */
  readonly collect: boolean;
  /** Sites visited side by side, 1 to {@link LIMITS.visitsAtOnce}. */
  readonly visitsAtOnce: number;
  /** Visits begun a second over all sites. */
  readonly startsPerSecond: number;
  /** Wait for a connection, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** Wait for one answer, in milliseconds. */
  readonly responseTimeoutMs: number;
  /** Whether a site may have an address on this machine; for the demo and tests. */
  readonly loopbackSites: boolean;
  /** Simulated sites of the demo. */
  readonly demoSites: number;
  /** Days the demo fills in before its first start. */
  readonly demoDays: number;
  /** What `/metrics` asks for as a bearer token; undefined leaves it to loopback alone. */
  readonly metricsToken: string | undefined;
}

/** Limits that the settings and the product share; what one part alone holds to stands beside it. */
export const LIMITS = {
  /** Sites visited side by side. */
  visitsAtOnce: 2_000,
  /** Values kept in memory while the database is away. */
  heldValues: 200_000,
} as const;

/** A variable of the environment as people read about it. */
export interface ConfigVariable {
  /** Its name; a secret may also come from the file that `NAME_FILE` names. */
  readonly name: string;
  /** What it decides. */
  readonly about: string;
  /** What a value looks like, in words. */
  readonly expects: string;
  /** A value that is accepted. */
  readonly example: string;
  /** What happens without it, in words or as the value itself. */
  readonly otherwise: string;
  /** Whether its value must never be shown. */
  readonly secret: boolean;
  /** What else a value may need; a sentence. */
  readonly note?: string;
}

/** What is wrong with one variable. */
export interface ConfigError {
  /** The variable. */
  readonly name: string;
  /** What it was, hidden where it is a secret. */
  readonly value: string;
  /** What a value looks like, in words. */
  readonly expects: string;
  /** A value that is accepted. */
  readonly example: string;
}

/** An environment, or a part of one. */
export type Environment = Readonly<Record<string, string | undefined>>;

interface Variable<T, F> extends ConfigVariable {
  /** The parsed value, or undefined where it is not accepted. */
  readonly read: (text: string) => T | undefined;
  /** The value without it; undefined where it follows from other variables. */
  readonly fallback: F;
}

const NEEDS_FLAGS =
  "A path outside data needs flags: deno task app --allow-read=PATH --allow-write=PATH _fresh/server.js";

const SPECS = {
  listen: text("LISTEN", "Where the app listens", readListen, {
    expects: "an address and a port, or unix: and an absolute path",
    example: "unix:/run/wattpost/blue.sock",
    otherwise: "127.0.0.1:8000",
    note: NEEDS_FLAGS,
  }),
  publicUrl: text(
    "PUBLIC_URL",
    "The origin people type; links, cookies and form checks follow it",
    readOrigin,
    {
      expects: "http:// or https://, a host, a port where needed, nothing behind it",
      example: "https://wattpost.example",
      otherwise: "http:// and what LISTEN says",
    },
  ),
  trustProxy: flag(
    "TRUST_PROXY",
    "Believe X-Forwarded-For, because only your proxy can reach the app",
    false,
  ),
  databaseUrl: {
    ...text("DATABASE_URL", "The database: SQLite embedded, or MySQL or MariaDB", readDatabaseUrl, {
      expects: "sqlite: and a path, or mysql://user:password@host:port/database",
      example: "mysql://wattpost:password@127.0.0.1:3306/wattpost",
      otherwise: "sqlite: and wattpost.db in DATA_DIR",
      note: NEEDS_FLAGS,
    }),
    secret: true,
  },
  dataDir: text("DATA_DIR", "The folder the app may write to", readPath, {
    expects: "a path",
    example: "/var/lib/wattpost",
    otherwise: "data",
    note: NEEDS_FLAGS,
  }),
  kvPath: text("DENO_KV_URL", "Where sessions live: a file, or a denokv server for several hosts", readKv, {
    expects: "a path, or an http:// or https:// URL; its token stands in DENO_KV_ACCESS_TOKEN",
    example: "https://kv.internal:4512",
    otherwise: "kv.db in DATA_DIR",
    note: NEEDS_FLAGS,
  }),
  logLevel: text("LOG_LEVEL", "Log lines below it are not written", readLogLevel, {
    expects: "one of debug, info, warn, error",
    example: "debug",
    otherwise: "info",
  }),
  release: text("RELEASE", "Names this release; of several only the promoted one works", readRelease, {
    expects: "1 to 40 of letters, digits, dot, dash and underscore",
    example: "2026-11-25.1",
    otherwise: "dev",
  }),
  collect: flag("COLLECT", "Collect the half-hours", true),
  visitsAtOnce: count("VISITS_AT_ONCE", "Sites visited side by side", [1, LIMITS.visitsAtOnce], 200),
  startsPerSecond: count(
    "STARTS_PER_SECOND",
    "Visits begun a second, as your network bears",
    [1, 5_000],
    200,
  ),
  connectTimeoutMs: count("CONNECT_TIMEOUT_MS", "Wait for a connection, in ms", [100, 60_000], 8_000),
  responseTimeoutMs: count("RESPONSE_TIMEOUT_MS", "Wait for one answer, in ms", [100, 60_000], 5_000),
  loopbackSites: flag(
    "LOOPBACK_SITES",
    "Let a site have an address on this machine, as the demo does",
    false,
  ),
  demoSites: count("DEMO_SITES", "Simulated sites of the demo", [1, 5_000], 24),
  demoDays: count("DEMO_DAYS", "Days the demo fills in at its first start", [0, 400], 30),
  metricsToken: {
    ...text("METRICS_TOKEN", "What /metrics asks for as a bearer token", readToken, {
      expects: "16 to 200 characters without spaces",
      example: "3f9c1d0ab27e4c5f8a61",
      otherwise: "only this machine may read /metrics",
    }),
    secret: true,
  },
} as const;

/** Every variable there is, in the order in which people should read about them. */
export const CONFIG_VARIABLES: readonly ConfigVariable[] = Object.values(SPECS);

/** The names a process must be allowed to read: the variables, and `NAME_FILE` of each secret. */
export const CONFIG_NAMES: readonly string[] = [
  ...CONFIG_VARIABLES.flatMap(({ name, secret }) => secret ? [name, `${name}_FILE`] : [name]),
  "DENO_KV_ACCESS_TOKEN", // read by Deno itself when it opens a denokv server
];

const PREFIX = "WATTPOST_";
const SHOWN_LIMIT = 80;

/** Parses an environment; an empty value is as good as none. Secrets in files are no longer files here. */
export function parseConfig(env: Environment): Result<Config, readonly ConfigError[]> {
  const errors: ConfigError[] = unknownNames(env);
  const read = <T, F>(variable: Variable<T, F>): T | F => {
    const given = env[variable.name]?.trim() ?? "";
    if (given === "") return variable.fallback;
    const value = variable.read(given);
    if (value === undefined) errors.push(refuse(variable, given));
    return value ?? variable.fallback;
  };
  const listen = read(SPECS.listen) ?? { kind: "tcp", hostname: "127.0.0.1", port: 8000 };
  const publicUrl = read(SPECS.publicUrl) ?? originOf(listen);
  const dataDir = read(SPECS.dataDir) ?? "data";
  const config: Config = {
    listen,
    publicUrl,
    secureCookies: publicUrl.startsWith("https://"),
    trustProxy: read(SPECS.trustProxy),
    databaseUrl: read(SPECS.databaseUrl) ?? `sqlite:${dataDir}/wattpost.db`,
    dataDir,
    kvPath: read(SPECS.kvPath) ?? `${dataDir}/kv.db`,
    logLevel: read(SPECS.logLevel) ?? "info",
    release: read(SPECS.release) ?? "dev",
    collect: read(SPECS.collect),
    visitsAtOnce: read(SPECS.visitsAtOnce),
    startsPerSecond: read(SPECS.startsPerSecond),
    connectTimeoutMs: read(SPECS.connectTimeoutMs),
    responseTimeoutMs: read(SPECS.responseTimeoutMs),
    loopbackSites: read(SPECS.loopbackSites),
    demoSites: read(SPECS.demoSites),
    demoDays: read(SPECS.demoDays),
    metricsToken: read(SPECS.metricsToken),
  };
  return errors.length > 0 ? err(errors) : ok(config);
}

/** What reading the environment needs from outside. */
export interface ConfigSource {
  /** What the process may see of the environment. */
  readonly env: Environment;
  /** The text of a secret's file; throws when it cannot be read. */
  readonly readText: (path: string) => string;
  /** Whether the process may read and write there; absent: everywhere. */
  readonly mayUse?: (path: string) => boolean;
}

/** Reads secrets from the files that `NAME_FILE` names, then parses. */
export function readConfig(source: ConfigSource): Result<Config, readonly ConfigError[]> {
  const env: Record<string, string | undefined> = { ...source.env };
  const errors: ConfigError[] = [];
  for (const variable of CONFIG_VARIABLES.filter(({ secret }) => secret)) {
    const name = `${variable.name}_FILE`;
    const path = env[name];
    if (path === undefined || path === "") continue;
    const example = `/run/secrets/${variable.name.toLowerCase()}`;
    const refused = (expects: string) => errors.push({ name, value: shown(path), expects, example });
    if (env[variable.name]) refused(`${variable.name} or ${name}, not both`);
    else {
      try {
        env[variable.name] = source.readText(path).trim();
        if (env[variable.name] === "") refused("a file that is not empty");
      } catch {
        refused("a file that can be read");
      }
    }
  }
  const parsed = parseConfig(env);
  errors.push(...(parsed.ok ? forbidden(parsed.value, source.mayUse) : parsed.error));
  return errors.length === 0 ? parsed : err(errors);
}

/** Whether this process was given reading and writing at a path. */
export function mayReadAndWrite(path: string): boolean {
  const given = (name: "read" | "write") => Deno.permissions.querySync({ name, path }).state === "granted";
  return given("read") && given("write");
}

/** Places that the settings name and the process may not use: Deno would refuse them one by one, later. */
function forbidden(config: Config, mayUse: ConfigSource["mayUse"]): readonly ConfigError[] {
  const { dataDir, databaseUrl, kvPath, listen } = config;
  const folderOf = (path: string) => path.includes("/") ? path.replace(/(.)\/[^/]*$/, "$1") : ".";
  const named: (readonly [path: string, name: string, example: string])[] = [[dataDir, "DATA_DIR", "data"]];
  const [, file] = /^sqlite:([^:].*)$/.exec(databaseUrl) ?? [];
  if (file) named.push([folderOf(file), "DATABASE_URL", "sqlite:data/wattpost.db"]);
  if (!/^:|:\/\//.test(kvPath)) named.push([folderOf(kvPath), "DENO_KV_URL", "data/kv.db"]);
  if (listen.kind === "unix") named.push([listen.path, "LISTEN", "127.0.0.1:8000"]);
  const first = named.filter(([path], i) => named.findIndex(([other]) => other === path) === i);
  return first.filter(([path]) => mayUse?.(path) === false).map(([path, name, example]) => {
    const flags = `--allow-read=${path} --allow-write=${path}`;
    const expects = `a place in data, or flags for it as docs/configuration.md shows: ${flags}`;
    return { name, value: `at ${shown(path)}`, expects, example };
  });
}

/** All errors as people read them in a terminal. */
export function formatConfigErrors(errors: readonly ConfigError[]): string {
  const lines = errors.map(({ name, value, expects, example }) =>
    `  ${name} is ${value}\n    expected: ${expects}\n    example:  ${name}=${example}`
  );
  const count = errors.length === 1 ? "1 setting is" : `${errors.length} settings are`;
  return `Cannot start: ${count} not understood\n${lines.join("\n")}`;
}

type Words = Pick<ConfigVariable, "expects" | "example" | "otherwise" | "note">;

function text<T>(
  name: string,
  about: string,
  read: (given: string) => T | undefined,
  words: Words,
): Variable<T, undefined> {
  return { name, about, read, ...words, secret: false, fallback: undefined };
}

function flag(name: string, about: string, fallback: boolean): Variable<boolean, boolean> {
  const read = (given: string) => given === "on" ? true : given === "off" ? false : undefined;
  const [otherwise, example] = fallback ? ["on", "off"] : ["off", "on"];
  return { name, about, read, expects: "on or off", example, otherwise, secret: false, fallback };
}

function count(
  name: string,
  about: string,
  [least, most]: readonly [number, number],
  fallback: number,
): Variable<number, number> {
  const read = (given: string) => wholeNumber(given, least, most);
  const words = { expects: `a whole number from ${least} to ${most}`, example: String(fallback) };
  return { name, about, read, ...words, otherwise: String(fallback), secret: false, fallback };
}

function wholeNumber(given: string, least: number, most: number): number | undefined {
  const value = /^[0-9]{1,9}$/.test(given) ? Number(given) : NaN;
  return value >= least && value <= most ? value : undefined;
}

function readListen(given: string): Listen | undefined {
  if (given.startsWith("unix:/")) return { kind: "unix", path: given.slice("unix:".length) };
  const [, bracketed, plain, digits] = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+)):([0-9]+)$/i.exec(given) ?? [];
  const hostname = bracketed ?? plain;
  const port = wholeNumber(digits ?? "", 0, 65_535);
  return hostname === undefined || port === undefined ? undefined : { kind: "tcp", hostname, port };
}

function originOf(listen: Listen): string {
  if (listen.kind === "unix") return "http://localhost";
  const host = ["0.0.0.0", "::"].includes(listen.hostname) ? "localhost" : listen.hostname;
  return new URL(`http://${host.includes(":") ? `[${host}]` : host}:${listen.port}`).origin;
}

function readOrigin(given: string): string | undefined {
  const url = URL.parse(given);
  if (url === null || !["http:", "https:"].includes(url.protocol)) return undefined;
  return given === url.origin || given === `${url.origin}/` ? url.origin : undefined;
}

function readDatabaseUrl(given: string): string | undefined {
  if (given.startsWith("sqlite:")) return given.length > "sqlite:".length ? given : undefined;
  const url = URL.parse(given);
  if (url === null || url.protocol !== "mysql:" || url.username === "") return undefined;
  return url.hostname !== "" && /^\/[A-Za-z0-9_$-]{1,64}$/.test(url.pathname) ? given : undefined;
}

function readPath(given: string): string | undefined {
  return given.includes("\0") || given.includes(",") ? undefined : given.replace(/(.)\/+$/, "$1");
}

function readKv(given: string): string | undefined {
  if (!given.includes("://")) return readPath(given);
  return /^https?:$/.test(URL.parse(given)?.protocol ?? "") ? given : undefined;
}

function readLogLevel(given: string): LogLevel | undefined {
  return LOG_LEVELS.find((level) => level === given);
}

function readRelease(given: string): string | undefined {
  return /^[A-Za-z0-9._-]{1,40}$/.test(given) ? given : undefined;
}

function readToken(given: string): string | undefined {
  return /^[!-~]{16,200}$/.test(given) ? given : undefined;
}

function refuse({ name, expects, example, secret }: ConfigVariable, given: string): ConfigError {
  return { name, value: secret ? "(hidden)" : shown(given), expects, example };
}

function shown(given: string): string {
  return `"${safeText(given.length > SHOWN_LIMIT ? `${given.slice(0, SHOWN_LIMIT)}…` : given)}"`;
}

function unknownNames(env: Environment): ConfigError[] {
  return Object.keys(env).filter((name) => name.startsWith(PREFIX)).map((name) => {
    const bare = CONFIG_VARIABLES.find((variable) => variable.name === name.slice(PREFIX.length));
    const expects = bare
      ? `${bare.name}, without ${PREFIX}`
      : "no such setting; docs/configuration.md lists them";
    return { name, value: "(not read)", expects, example: bare?.example ?? "" };
  });
}
