import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import {
  type Config,
  CONFIG_NAMES,
  CONFIG_VARIABLES,
  type ConfigError,
  type Environment,
  formatConfigErrors,
  parseConfig,
  readConfig,
} from "../../lib/config.ts";

function accepted(env: Environment): Config {
  const parsed = parseConfig(env);
  if (!parsed.ok) throw new Error(formatConfigErrors(parsed.error));
  return parsed.value;
}

function refused(env: Environment): readonly ConfigError[] {
  const parsed = parseConfig(env);
  return parsed.ok ? [] : parsed.error;
}

Deno.test("parseConfig() needs nothing", () => {
  deepStrictEqual(accepted({}), {
    listen: { kind: "tcp", hostname: "127.0.0.1", port: 8000 },
    publicUrl: "http://127.0.0.1:8000",
    secureCookies: false,
    trustProxy: { kind: "nobody" },
    databaseUrl: "sqlite:data/wattpost.db",
    databaseWaitMs: 600_000,
    dataDir: "data",
    hostDir: "/var/lib/wattpost/host",
    signInLog: undefined,
    credentialsDir: undefined,
    smtpPassword: undefined,
    twilioSecret: undefined,
    kvPath: "data/kv.db",
    logLevel: "info",
    release: "dev",
    collect: true,
    visitsAtOnce: 200,
    startsPerSecond: 200,
    connectTimeoutMs: 8_000,
    responseTimeoutMs: 5_000,
    loopbackSites: false,
    demoSites: 24,
    demoDays: 30,
    metricsToken: undefined,
    secretsKey: undefined,
    securityContact: undefined,
  });
});

Deno.test("parseConfig() lists everything that is wrong together", () => {
  const errors = refused({ LISTEN: "8000", COLLECT: "yes", VISITS_AT_ONCE: "0", PUBLIC_URL: "wattpost" });
  deepStrictEqual(errors.map(({ name }) => name), ["LISTEN", "PUBLIC_URL", "COLLECT", "VISITS_AT_ONCE"]);
});

Deno.test("formatConfigErrors() gives each its name, its value, what is expected and an example", () => {
  strictEqual(
    formatConfigErrors(refused({ VISITS_AT_ONCE: "many\u202e" })),
    "Cannot start: 1 setting is not understood\n" +
      '  VISITS_AT_ONCE is "many\\u{202e}"\n' +
      "    expected: a whole number from 1 to 2000\n" +
      "    example:  VISITS_AT_ONCE=200",
  );
});

const KEY = btoa("\u0007".repeat(32));

const WRONG: readonly Environment[] = [
  { LISTEN: "127.0.0.1" },
  { LISTEN: "127.0.0.1:65536" },
  { LISTEN: "unix:relative.sock" },
  { PUBLIC_URL: "https://wattpost.example/app" },
  { PUBLIC_URL: "https://user@wattpost.example" },
  { PUBLIC_URL: "ftp://wattpost.example" },
  { DATABASE_URL: "postgres://a@b/c" },
  { DATABASE_URL: "mysql://db/wattpost" },
  { DATABASE_URL: "mysql://user@db" },
  { DATABASE_URL: "mysql://user@db/a/b" },
  { DATABASE_URL: "sqlite:" },
  { DENO_KV_URL: "redis://kv" },
  { LOG_LEVEL: "loud" },
  { RELEASE: "a b" },
  { COLLECT: "1" },
  { CONNECT_TIMEOUT_MS: "8s" },
  { RESPONSE_TIMEOUT_MS: "1e3" },
  { DEMO_SITES: "5001" },
  { DATA_DIR: "a,b" },
  { METRICS_TOKEN: "short" },
  { TRUST_PROXY: "yes" },
  { TRUST_PROXY: "10.0.0.0/33" },
  { TRUST_PROXY: "0.0.0.0/0" },
  { TRUST_PROXY: "10.0.0.1," },
  { TRUST_PROXY: "fe80::1%eth0" },
  { TRUST_PROXY: "proxy.internal" },
  { SECRETS_KEY: "one:short" },
  { SECRETS_KEY: `${KEY}=` },
  { SECRETS_KEY: `one:${KEY},one:${KEY}` },
  { SECRETS_KEY: "," },
  { SECURITY_CONTACT: "security@wattpost.example" },
  { SECURITY_CONTACT: "http://wattpost.example/report" },
  { SECURITY_CONTACT: "https://a@wattpost.example/report" },
  { SECURITY_CONTACT: "mailto:a@b.example\nExpires: never" },
  { WATTPOST_LISTEN: "127.0.0.1:80" },
];
for (const env of WRONG) {
  Deno.test(`parseConfig() refuses ${JSON.stringify(env)}`, () => {
    deepStrictEqual(refused(env).map(({ name }) => name), Object.keys(env));
  });
}

const RIGHT: readonly { readonly env: Environment; readonly want: Partial<Config> }[] = [
  { env: { LISTEN: "[::1]:9000" }, want: { publicUrl: "http://[::1]:9000" } },
  { env: { LISTEN: "0.0.0.0:80" }, want: { publicUrl: "http://localhost" } },
  { env: { LISTEN: "unix:/run/a.sock" }, want: { listen: { kind: "unix", path: "/run/a.sock" } } },
  {
    env: { PUBLIC_URL: "https://w.example/" },
    want: { publicUrl: "https://w.example", secureCookies: true },
  },
  {
    env: { DATA_DIR: "/srv/w/" },
    want: { kvPath: "/srv/w/kv.db", databaseUrl: "sqlite:/srv/w/wattpost.db" },
  },
  { env: { TRUST_PROXY: "on" }, want: { trustProxy: { kind: "whoever-connects" } } },
  {
    env: { TRUST_PROXY: "10.0.0.0/8, ::1" },
    want: { trustProxy: { kind: "listed", networks: ["10.0.0.0/8", "::1"] } },
  },
  { env: { SECRETS_KEY: `b:${KEY}\r\na:${KEY}\n` }, want: { secretsKey: `b:${KEY}\na:${KEY}` } },
  { env: { COLLECT: " off ", LOG_LEVEL: "" }, want: { collect: false, logLevel: "info" } },
];
for (const { env, want } of RIGHT) {
  Deno.test(`parseConfig() reads ${JSON.stringify(env)}`, () => {
    const config = accepted(env);
    deepStrictEqual({ ...config, ...want }, config);
  });
}

Deno.test("parseConfig() never shows a secret that it refuses", () => {
  const text = formatConfigErrors(
    refused({ DATABASE_URL: "mysq://root:s3cret@db/x", METRICS_TOKEN: "s3cret" }),
  );
  ok(!text.includes("s3cret"), text);
  match(text, /DATABASE_URL is \(hidden\)/);
});

Deno.test("parseConfig() says how a prefixed name is spelt", () => {
  strictEqual(refused({ WATTPOST_COLLECT: "on" })[0]?.expects, "COLLECT, without WATTPOST_");
});

for (const { name, example, secret } of CONFIG_VARIABLES) {
  Deno.test(`CONFIG_VARIABLES has an example for ${name} that is accepted`, () => {
    accepted({ [name]: example });
    ok(CONFIG_NAMES.includes(secret ? `${name}_FILE` : name));
  });
}

Deno.test("readConfig() takes a secret from its file", () => {
  const url = "mysql://w:s3cret@db/wattpost";
  const read = readConfig({ env: { DATABASE_URL_FILE: "/run/secrets/db" }, readText: () => `${url}\n` });
  strictEqual(read.ok && read.value.databaseUrl, url);
});

Deno.test("readConfig() lists a file it cannot read, an empty one and a secret given twice", () => {
  const readText = (path: string) => {
    if (path === "/empty") return "\n";
    throw new Deno.errors.NotFound(path);
  };
  const names = (env: Environment) => {
    const read = readConfig({ env, readText });
    return read.ok ? [] : read.error.map(({ name, expects }) => `${name}: ${expects}`);
  };
  deepStrictEqual(names({ METRICS_TOKEN_FILE: "/none", DATABASE_URL_FILE: "/empty", COLLECT: "maybe" }), [
    "DATABASE_URL_FILE: a file that is not empty",
    "METRICS_TOKEN_FILE: a file that can be read",
    "COLLECT: on or off",
  ]);
  deepStrictEqual(names({ DATABASE_URL: "sqlite:a", DATABASE_URL_FILE: "/b" }), [
    "DATABASE_URL_FILE: DATABASE_URL or DATABASE_URL_FILE, not both",
  ]);
});

const FILE = { mode: 0o640, isFile: true, size: 20 };
const CREDENTIALS = { CREDENTIALS_DIR: "/c" };

function withFiles(files: Readonly<Record<string, Partial<typeof FILE> & { readonly text: string }>>) {
  return {
    look: (path: string) => files[path] ? { ...FILE, ...files[path] } : null,
    readText: (path: string) => files[path]?.text ?? fail(path),
  };
}

function fail(path: string): never {
  throw new Deno.errors.NotFound(path);
}

Deno.test("readConfig() takes secrets from the files of CREDENTIALS_DIR, called as the settings", () => {
  const token = "a-token-of-16-or-more";
  const files = withFiles({
    "/c/metrics_token": { text: `${token}\n` },
    "/c/smtp_password": { text: "p w\n" },
  });
  const read = readConfig({ env: CREDENTIALS, ...files });
  deepStrictEqual(read.ok && [read.value.metricsToken, read.value.smtpPassword, read.value.twilioSecret], [
    token,
    "p w",
    undefined,
  ]);
});

const REFUSED_FILES = [
  {
    name: "that everybody may read",
    file: { text: "x", mode: 0o644 },
    want: /only its owner and group: chmod o= /,
  },
  { name: "that everybody may write", file: { text: "x", mode: 0o642 }, want: /only its owner and group/ },
  { name: "that is empty", file: { text: " \n" }, want: /not empty/ },
  { name: "that is a folder", file: { text: "", isFile: false }, want: /folder of files/ },
  { name: "that is very long", file: { text: "x", size: 70_000 }, want: /at most 65536 bytes/ },
];
for (const { name, file, want } of REFUSED_FILES) {
  Deno.test(`readConfig() refuses a credential ${name}, without showing it`, () => {
    const read = readConfig({ env: CREDENTIALS, ...withFiles({ "/c/metrics_token": file }) });
    const [error] = read.ok ? [] : read.error;
    match(error?.expects ?? "", want);
    match(error?.value ?? "", /^holding "\/c\/metrics_token"/);
  });
}

Deno.test("readConfig() refuses a secret that a file and a variable give", () => {
  const files = withFiles({ "/c/metrics_token": { text: "one-of-them-is-too-much" } });
  for (const also of ["METRICS_TOKEN", "METRICS_TOKEN_FILE"]) {
    const env = {
      ...CREDENTIALS,
      [also]: also === "METRICS_TOKEN" ? "another-token-of-mine" : "/c/metrics_token",
    };
    const read = readConfig({ env, ...files });
    deepStrictEqual(read.ok ? [] : read.error.map(({ expects }) => expects), [
      `that file or ${also}, not both`,
    ]);
  }
});

const PLACES: readonly (readonly [string, Environment, readonly string[]])[] = [
  ["nothing that lies in data", {}, []],
  ["a folder once, although three settings lead there", { DATA_DIR: "/srv/w" }, ["DATA_DIR"]],
  ["a database file elsewhere", { DATABASE_URL: "sqlite:/srv/w/a.db" }, ["DATABASE_URL"]],
  ["no server of a database or of sessions", {
    DATABASE_URL: "mysql://w:s@db/w",
    DENO_KV_URL: "https://kv.internal:4512",
  }, []],
  ["nothing that lies in memory", { DATABASE_URL: "sqlite::memory:", DENO_KV_URL: ":memory:" }, []],
  ["a file in the folder of the program", { DENO_KV_URL: "kv.db" }, ["DENO_KV_URL"]],
  ["a socket", { LISTEN: "unix:/run/w/blue.sock", DATA_DIR: "/srv/w" }, ["DATA_DIR", "LISTEN"]],
];
for (const [name, env, names] of PLACES) {
  Deno.test(`readConfig() refuses places that the process may not use: ${name}`, () => {
    const mayUse = (path: string) => path === "data";
    const read = readConfig({ env, readText: () => "", mayUse });
    const errors = read.ok ? [] : read.error;
    deepStrictEqual(errors.map((error) => error.name), names);
    ok(errors.every(({ expects }) => /--allow-read=(\S+) --allow-write=\1$/.test(expects)));
    ok(
      errors.every((error) =>
        readConfig({ env: { [error.name]: error.example }, readText: () => "", mayUse }).ok
      ),
    );
  });
}
