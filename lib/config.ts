/**
 * The environment, read once and parsed into a typed value before anything opens. All that is wrong is listed
 * together, each with its name, what is expected and an example; the table of variables is data, so that
 * `.env.example` and the page on configuration cannot say anything else.
 *
 * @module
 */
import {
  credentialName,
  type CredentialSource,
  lookAtFile,
  readCredential,
  strangersIn,
  TASK_CREDENTIALS,
} from "./config_credentials.ts";
import { type ConfigVariable, LIMITS, SPECS, type Variable } from "./config_table.ts";
import { type Listen, originOf, type TrustProxy } from "./config_values.ts";
import { type LogLevel, safeText } from "./log.ts";
import { err, ok, type Result } from "./result.ts";

export { type ConfigVariable, credentialName, LIMITS, type Listen, TASK_CREDENTIALS, type TrustProxy };
export { createLiveConfig, type LiveConfig, type Renewal } from "./config_live.ts";

/** What the process was told. */
export interface Config {
  /** Where the app listens. */
  readonly listen: Listen;
  /** The origin people type, such as `https://wattpost.example`, without a slash at its end. */
  readonly publicUrl: string;
  /** Whether cookies are for HTTPS alone; follows from the origin. */
  readonly secureCookies: boolean;
  /** Whose X-Forwarded-For is believed. */
  readonly trustProxy: TrustProxy;
  /** `sqlite:PATH` or `mysql://user:password@host:port/database`. */
  readonly databaseUrl: string;
  /** Wait for the database at the start, in milliseconds; then the process ends. */
  readonly databaseWaitMs: number;
  /** Folder of what the app writes. */
  readonly dataDir: string;
  /** Folder in which the host tells how it stands; it need not be there. */
  readonly hostDir: string;
  /** File of refused sign-ins; undefined: none is written. */
  readonly signInLog: string | undefined;
  /** Folder of secrets, one a file; undefined: there is none. */
  readonly credentialsDir: string | undefined;
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
  /** Keys for secrets at rest, one a line as `id:base64`, the first one seals; undefined: none was given. */
  readonly secretsKey: string | undefined;
  /** Password of the mail server in place of the one that is set on its page; undefined: that one. */
  readonly smtpPassword: string | undefined;
  /** Secret of Twilio's API key in place of the one that is set on the page; undefined: that one. */
  readonly twilioSecret: string | undefined;
  /** Where people report a weakness, a `mailto:` or `https:` URL; undefined: nowhere. */
  readonly securityContact: string | undefined;
}

/** A service that the product uses or is. */
export interface NamedService {
  /** Host name or address. */
  readonly host: string;
  /** TCP port. */
  readonly port: number;
}

/** The services that no site can be: the database, the sessions, the product's own pages. */
export function ownServicesOf(
  { listen, databaseUrl, kvPath }: Pick<Config, "listen" | "databaseUrl" | "kvPath">,
): readonly NamedService[] {
  const own: NamedService[] = listen.kind === "tcp" ? [{ host: listen.hostname, port: listen.port }] : [];
  for (const text of [databaseUrl, kvPath]) {
    const url = text.includes("://") ? URL.parse(text) : null;
    const usual = url && USUAL_PORTS[url.protocol];
    if (!url || !usual) continue;
    own.push({ host: url.hostname.replace(/^\[|\]$/g, ""), port: Number(url.port || usual) });
  }
  return own;
}

const USUAL_PORTS: Readonly<Record<string, number>> = { "mysql:": 3306, "http:": 80, "https:": 443 };

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

/** Every variable there is, in the order in which people should read about them. */
export const CONFIG_VARIABLES: readonly ConfigVariable[] = Object.values(SPECS);

/** The settings that are secrets. */
export const SECRET_VARIABLES: readonly ConfigVariable[] = CONFIG_VARIABLES.filter(({ secret }) => secret);

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
    trustProxy: read(SPECS.trustProxy) ?? { kind: "nobody" },
    databaseUrl: read(SPECS.databaseUrl) ?? `sqlite:${dataDir}/wattpost.db`,
    databaseWaitMs: read(SPECS.databaseWaitS) * 1_000,
    dataDir,
    hostDir: read(SPECS.hostDir),
    signInLog: read(SPECS.signInLog),
    credentialsDir: read(SPECS.credentialsDir),
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
    secretsKey: read(SPECS.secretsKey),
    smtpPassword: read(SPECS.smtpPassword),
    twilioSecret: read(SPECS.twilioSecret),
    securityContact: read(SPECS.securityContact),
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
  /** Looks at a file of CREDENTIALS_DIR; absent: as this machine has it. */
  readonly look?: CredentialSource["look"];
}

/** Reads secrets from the files that `NAME_FILE` names and from those of CREDENTIALS_DIR, then parses. */
export function readConfig(source: ConfigSource): Result<Config, readonly ConfigError[]> {
  const env: Record<string, string | undefined> = { ...source.env };
  const errors: ConfigError[] = [];
  for (const { name } of SECRET_VARIABLES) {
    const found = [...secretFile(name, source), ...credentialFile(name, source)];
    const texts = found.filter((one) => typeof one === "string");
    errors.push(...found.filter((one) => typeof one !== "string"));
    if (texts.length > 0) env[name] = texts[0];
  }
  const parsed = parseConfig(env);
  errors.push(...(parsed.ok ? forbidden(parsed.value, source.mayUse) : parsed.error));
  return errors.length === 0 ? parsed : err(errors);
}

/** Names in CREDENTIALS_DIR that no setting has: perhaps misspelt. */
export function strangeCredentials({ credentialsDir }: Pick<Config, "credentialsDir">): readonly string[] {
  return strangersIn(credentialsDir, SECRET_VARIABLES.map(({ name }) => name));
}

/** The secret in the file that `NAME_FILE` names, or what is wrong with it; empty: none is named. */
function secretFile(variable: string, { env, readText }: ConfigSource): readonly (string | ConfigError)[] {
  const name = `${variable}_FILE`;
  const path = env[name];
  if (path === undefined || path === "") return [];
  const example = `/run/secrets/${credentialName(variable)}`;
  const refused = (expects: string) => [{ name, value: shown(path), expects, example }];
  if (env[variable]) return refused(`${variable} or ${name}, not both`);
  try {
    const text = readText(path).trim();
    return text === "" ? refused("a file that is not empty") : [text];
  } catch {
    return refused("a file that can be read");
  }
}

/** The secret in a file of CREDENTIALS_DIR, or what is wrong with it; empty: there is no such file. */
function credentialFile(
  variable: string,
  { env, readText, look = lookAtFile }: ConfigSource,
): readonly (string | ConfigError)[] {
  const folder = env[SPECS.credentialsDir.name]?.trim();
  if (!folder || SPECS.credentialsDir.read(folder) === undefined) return [];
  const read = readCredential(folder, variable, { look, readText });
  const { name, example } = SPECS.credentialsDir;
  const refused = (is: string, expects: string) => [{ name, value: `holding ${is}`, expects, example }];
  switch (read.kind) {
    case "none":
      return [];
    case "given": {
      const also = [variable, `${variable}_FILE`].find((other) => env[other]);
      if (also === undefined) return [read.text];
      return refused(shown(credentialName(variable)), `that file or ${also}, not both`);
    }
    case "refused":
      return refused(read.is, read.expects);
  }
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
