/**
 * The table of settings as data: what each decides, what a value looks like, how it is read and what holds without
 * it.
 *
 * @module
 */
import {
  readContact,
  readDatabaseUrl,
  readKv,
  readListen,
  readLogLevel,
  readOrigin,
  readPassword,
  readPath,
  readRelease,
  readSecretsKey,
  readToken,
  readTrustProxy,
  wholeNumber,
} from "./config_values.ts";

/** Limits that the settings and the product share; what one part alone holds to stands beside it. */
export const LIMITS = {
  /** Sites visited side by side. */
  visitsAtOnce: 2_000,
  /** Values kept in memory while the database is away. */
  heldValues: 200_000,
} as const;

/** A variable of the environment as people read about it. */
export interface ConfigVariable {
  /** Its name; a secret may also come from the file that `NAME_FILE` names, or from a file of CREDENTIALS_DIR. */
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

/** A variable with what reads it. */
export interface Variable<T, F> extends ConfigVariable {
  /** The parsed value, or undefined where it is not accepted. */
  readonly read: (text: string) => T | undefined;
  /** The value without it; undefined where it follows from other variables. */
  readonly fallback: F;
}

const NEEDS_FLAGS =
  "A path outside data needs flags: deno task app --allow-read=PATH --allow-write=PATH _fresh/server.js";

/** Where the host writes how it stands, unless it is told otherwise. */
const HOST_FOLDER = "/var/lib/wattpost/host";

/** Every setting: its words, and how its text becomes a value. */
export const SPECS = {
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
  trustProxy: text("TRUST_PROXY", "Whose X-Forwarded-For is believed", readTrustProxy, {
    expects: "off, on (whoever connects is your one proxy), or your proxies' addresses and networks",
    example: "127.0.0.1,10.20.0.0/16",
    otherwise: "off",
  }),
  databaseUrl: {
    ...text("DATABASE_URL", "The database: SQLite embedded, or MySQL or MariaDB", readDatabaseUrl, {
      expects: "sqlite: and a path, or mysql://user:password@host:port/database",
      example: "mysql://wattpost:password@127.0.0.1:3306/wattpost",
      otherwise: "sqlite: and wattpost.db in DATA_DIR",
      note: NEEDS_FLAGS,
    }),
    secret: true,
  },
  databaseWaitS: count(
    "DATABASE_WAIT_S",
    "Wait for the database at the start, in s; then the process ends with 3, and is to be started anew",
    [1, 86_400],
    600,
  ),
  dataDir: text("DATA_DIR", "The folder the app may write to", readPath, {
    expects: "a path",
    example: "/var/lib/wattpost",
    otherwise: "data",
    note: NEEDS_FLAGS,
  }),
  hostDir: {
    ...text("HOST_DIR", "Where the host tells how its certificate, bans, checks and VPN stand", readPath, {
      expects: "a path; deno task host fills the folder",
      example: "/var/lib/wattpost/host",
      otherwise: "/var/lib/wattpost/host",
      note: "A path elsewhere needs a flag: deno task app --allow-read=PATH _fresh/server.js",
    }),
    fallback: HOST_FOLDER,
  },
  signInLog: text(
    "SIGN_IN_LOG",
    "A file of refused sign-ins, one line each, from which the host bans",
    readPath,
    {
      expects: "a path",
      example: "/var/log/wattpost/sign-in.log",
      otherwise: "none is written",
      note: "A path elsewhere needs a flag: deno task app --allow-write=PATH _fresh/server.js",
    },
  ),
  credentialsDir: text("CREDENTIALS_DIR", "A folder of secrets, one a file; read again on SIGHUP", readPath, {
    expects: "a path; a file is called as its setting, such as metrics_token, and others cannot read it",
    example: "/etc/wattpost/credentials",
    otherwise: "secrets come from variables and from NAME_FILE alone",
    note: "A path elsewhere needs a flag: deno task app --allow-read=PATH _fresh/server.js",
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
  secretsKey: {
    ...text(
      "SECRETS_KEY",
      "Seals passwords and keys in the database; the first key seals, all open",
      readSecretsKey,
      {
        expects: "id:base64 of 32 bytes, several separated by commas or lines",
        example: "2026-11:bWFrZSB5b3VyIG93biB3aXRoIG9wZW5zc2wgcmFuZCE=",
        otherwise: "a key that is made in DATA_DIR",
      },
    ),
    secret: true,
  },
  smtpPassword: {
    ...text(
      "SMTP_PASSWORD",
      "The password of the mail server, in place of the one typed on its page",
      readPassword,
      {
        expects: "1 to 200 characters",
        example: "a-long-password",
        otherwise: "the one that is set on the page Mail",
      },
    ),
    secret: true,
  },
  twilioSecret: {
    ...text(
      "TWILIO_SECRET",
      "The secret of Twilio's API key, in place of the one typed on the page",
      readPassword,
      {
        expects: "1 to 200 characters",
        example: "a-long-secret",
        otherwise: "the one that is set on the page Mail",
      },
    ),
    secret: true,
  },
  securityContact: text(
    "SECURITY_CONTACT",
    "Where people report a weakness; /.well-known/security.txt says it",
    readContact,
    {
      expects: "mailto: and an address, or an https:// URL",
      example: "mailto:security@wattpost.example",
      otherwise: "there is no security.txt",
    },
  ),
} as const;

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
