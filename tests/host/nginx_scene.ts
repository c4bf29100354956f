/**
 * The real nginx with the very text of a host, in a folder and on ports of its own, before the real product on a Unix
 * socket.
 *
 * @module
 */

import { join } from "node:path";
import type { HostDescription } from "../../ops/lib/host/description.ts";
import { USUAL_LIMITS } from "../../ops/lib/host/description.ts";
import { nginxConfig } from "../../ops/lib/host/nginx.ts";
import { type NginxOptions, USUAL_OPTIONS, writtenIn } from "../../ops/lib/host/nginx_options.ts";
import type { Distribution } from "../../ops/lib/host/step.ts";
import { isCi } from "../../ops/lib/test_suites.ts";
import { siteSpec } from "../collector/simulated.ts";
import { freePort } from "../engines/server.ts";
import { ACCOUNT, type Flow, withFlow } from "../flows/running_product.ts";
import { type Argv, must, until } from "./run.ts";

/** The name people type; another one that leads to it. */
export const DOMAIN = "localhost";
export const ALIAS = "www.localhost";

const PROGRAMS = ["/usr/sbin/nginx", "/usr/bin/curl", "/usr/bin/wrk", "/usr/bin/testssl", "/usr/bin/openssl"];

/** Whether tests of nginx are skipped: without its programs and without root, because workers change their user. */
export const CANNOT = !isCi(Deno.env.get("CI")) && (Deno.uid() !== 0 || !PROGRAMS.every(there));

/** An answer as curl saw it. */
export interface Answer {
  readonly status: number;
  /** The first line. */
  readonly first: string;
  /** Names of all headers in their order, in lower case. */
  readonly names: readonly string[];
  /** By lower-case name; of several the last. */
  readonly headers: Readonly<Record<string, string>>;
  /** Name and value of each cookie. */
  readonly cookies: readonly string[];
  readonly body: string;
}

/** A running nginx before the product. */
export interface NginxScene extends NginxAlone {
  /** The product. */
  readonly flow: Flow;
}

/** A running nginx. */
export interface NginxAlone {
  /** Its folder. */
  readonly folder: string;
  readonly options: NginxOptions;
  /** `https://localhost:PORT`. */
  readonly origin: string;
  /** Certificate of the authority that issued its own. */
  readonly ca: string;
  /** A file of 3 MB. */
  readonly big: string;
  /** Asks with curl, from an address of this machine (`127.0.0.2` unless told). */
  ask(path: string, options?: AskOptions): Promise<Answer>;
  /** Arguments with which curl reaches it. */
  readonly curl: Argv;
  /** Lines of the access log, parsed. */
  access(): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Text of a log. */
  log(name: "accessLog" | "limitLog" | "errorLog"): Promise<string>;
  /** Makes it read its files again; resolves when it has. */
  reload(): Promise<void>;
  /** Has another certificate issued; nginx serves it after a reload. */
  renew(): Promise<void>;
}

/** How something is asked. */
export interface AskOptions {
  readonly from?: string;
  /** More arguments of curl. */
  readonly args?: readonly string[];
  readonly host?: string;
  readonly plain?: boolean;
}

/** How a scene differs from the usual one. */
export interface SceneOptions {
  readonly limits?: Partial<HostDescription["limits"]>;
  readonly proxies?: readonly string[];
  /** How long nginx waits; as on a host unless told. */
  readonly waits?: NginxOptions["waits"];
}

/** Longest that one request of curl may take in seconds. */
const CURL_S = 20;

/** Starts all of it, gives it to a function, and takes it away. */
export async function withNginx(
  given: SceneOptions,
  body: (scene: NginxScene) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "wattpost-nginx-" });
  try {
    await Deno.chmod(folder, 0o755);
    const options = optionsIn(folder, given);
    const origin = `https://${DOMAIN}:${options.ports.https}`;
    await prepare({ folder, options, given, distribution: "debian-12" });
    const socket = join(folder, "sockets/blue.sock");
    await Deno.symlink(socket, options.paths.upstream);
    const env = { LISTEN: `unix:${socket}`, PUBLIC_URL: origin };
    await withFlow({ specs: [siteSpec()], env }, async (flow) => {
      await withProcess({ folder, options, program: ["nginx"] }, (alone) => body({ ...alone, flow }));
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** An nginx without an app. */
export interface AloneOptions {
  /** An empty folder for what it needs. */
  readonly folder: string;
  /** For which the text is made. */
  readonly distribution: Distribution;
  /** How it is called. */
  readonly program: Argv;
  /** How it differs from the usual one. */
  readonly scene?: SceneOptions;
  /** The link that it follows to whoever answers; one in its folder unless told. */
  readonly upstream?: string;
  /** Resolves with true once it listens; asked again and again. Unless told, its port on this machine is tried. */
  readonly listens?: () => Promise<true | undefined>;
}

/** Starts an nginx without an app, gives it to a function, and ends it. */
export async function withNginxAlone(
  { folder, distribution, program, scene: given = {}, upstream, listens }: AloneOptions,
  body: (scene: NginxAlone) => Promise<void>,
): Promise<void> {
  const usual = optionsIn(folder, given);
  const options = { ...usual, paths: { ...usual.paths, upstream: upstream ?? usual.paths.upstream } };
  await prepare({ folder, options, given, distribution });
  await withProcess({ folder, options, program, ...listens ? { listens } : {} }, body);
}

function optionsIn(folder: string, given: SceneOptions): NginxOptions {
  const at = (name: string) => join(folder, name);
  return {
    ...USUAL_OPTIONS,
    includes: [],
    ports: { http: freePort(), https: freePort() },
    waits: given.waits ?? USUAL_OPTIONS.waits,
    proxies: given.proxies ?? [],
    paths: {
      tls: at("tls"),
      upstream: at("sockets/upstream.sock"),
      acme: at("acme"),
      pages: at("pages"),
      maintenance: at("maintenance"),
      ...writtenIn(folder),
    },
  };
}

interface Prepared {
  readonly folder: string;
  readonly options: NginxOptions;
  readonly given: SceneOptions;
  readonly distribution: Distribution;
}

/** Writes the texts and issues a certificate by an authority of its own. */
async function prepare({ folder, options, given, distribution }: Prepared): Promise<void> {
  const { paths } = options;
  for (const path of [paths.tls, paths.acme, paths.pages, join(folder, "temp")]) await Deno.mkdir(path);
  const sockets = join(folder, "sockets");
  await Deno.mkdir(sockets);
  // What is made in it belongs to the workers' group.
  await must(["chown", "root:www-data", sockets]);
  await Deno.chmod(sockets, 0o2750);
  const texts = nginxConfig(describedFor(given), { distribution }, options);
  await Deno.writeTextFile(join(folder, "nginx.conf"), texts.config);
  for (const [name, text] of Object.entries(texts.pages)) {
    await Deno.writeTextFile(join(paths.pages, name), text);
  }
  await Deno.writeFile(join(folder, "big"), new Uint8Array(3_000_000));
  await found(folder);
  await issue(folder, paths.tls);
}

/** The description of the scene. */
export function describedFor({ limits }: SceneOptions): HostDescription {
  return {
    domain: DOMAIN,
    aliases: [ALIAS],
    certificates: { email: "ops@wattpost.example", directory: "https://ca.example", staging: false },
    adminNetworks: ["127.0.9.0/24"],
    ssh: { port: 22, keys: [] },
    routers: { networks: [], ports: [502] },
    vpn: null,
    timeZone: "Europe/Berlin",
    database: { kind: "sqlite" },
    limits: { ...USUAL_LIMITS, ...limits },
  };
}

const KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"] as const;

/** Founds a certificate authority. */
async function found(folder: string): Promise<void> {
  const files = ["-keyout", "ca.key", "-out", "ca.pem"] as const;
  const subject = ["-days", "90", "-subj", "/CN=Wattpost trial"] as const;
  await must(["openssl", "req", "-x509", ...KEY, ...files, ...subject], { cwd: folder });
}

/** Has it issue a certificate. */
async function issue(folder: string, tls: string): Promise<void> {
  const names = `subjectAltName=DNS:${DOMAIN},DNS:${ALIAS}`;
  const key = join(tls, "privkey.pem");
  await must(["openssl", "req", ...KEY, "-keyout", key, "-out", "host.csr", "-subj", `/CN=${DOMAIN}`], {
    cwd: folder,
  });
  await Deno.writeTextFile(join(folder, "host.ext"), `${names}\nextendedKeyUsage=serverAuth\n`);
  const signing = [
    "-CA",
    "ca.pem",
    "-CAkey",
    "ca.key",
    "-CAcreateserial",
    "-days",
    "90",
    "-extfile",
    "host.ext",
  ];
  await must(["openssl", "x509", "-req", "-in", "host.csr", "-out", join(tls, "fullchain.pem"), ...signing], {
    cwd: folder,
  });
}

interface Started extends Pick<AloneOptions, "listens"> {
  readonly folder: string;
  readonly options: NginxOptions;
  readonly program: Argv;
}

async function withProcess(started: Started, body: (scene: NginxAlone) => Promise<void>): Promise<void> {
  const { folder, options } = started;
  const [program, ...before] = started.program;
  const child = new Deno.Command(program, {
    args: [...before, "-p", folder, "-c", join(folder, "nginx.conf"), "-g", "daemon off;"],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const { listens = () => connects(options.ports.https) } = started;
  try {
    await until("nginx listens", listens, { everyMs: 20 });
    await body(sceneOf(started, child));
  } finally {
    child.kill("SIGTERM");
    await child.status;
  }
}

async function connects(port: number): Promise<true | undefined> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port }).catch(() => undefined);
  connection?.close();
  return connection && true;
}

function sceneOf({ folder, options }: Started, child: Deno.ChildProcess): NginxAlone {
  const { http, https } = options.ports;
  const origin = `https://${DOMAIN}:${https}`;
  const ca = join(folder, "ca.pem");
  const names = [DOMAIN, ALIAS, "other.example"].flatMap((name) =>
    [http, https].flatMap((port) => ["--resolve", `${name}:${port}:127.0.0.1`])
  );
  const curl: Argv = [
    "curl",
    "--silent",
    "--show-error",
    "--cacert",
    ca,
    "--max-time",
    String(CURL_S),
    ...names,
  ];
  const big = join(folder, "big");
  const log = (name: "accessLog" | "limitLog" | "errorLog") => Deno.readTextFile(options.paths[name]);
  return {
    folder,
    options,
    origin,
    ca,
    big,
    curl,
    log,
    async ask(path, { from = "127.0.0.2", args = [], host = DOMAIN, plain = false } = {}) {
      const url = plain ? `http://${host}:${http}${path}` : `https://${host}:${https}${path}`;
      return answerOf(await must([...curl, "--include", "--interface", from, ...args, url]));
    },
    renew: () => issue(folder, options.paths.tls),
    async access() {
      const text = await log("accessLog");
      return text.trimEnd().split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
    },
    async reload() {
      const masterLog = () => Deno.readTextFile(options.paths.mainErrorLog);
      const workers = await workersOf(child.pid);
      child.kill("SIGHUP");
      await until("nginx has read its files again", async () => {
        const now = await workersOf(child.pid);
        if (/\[emerg\]/.test(await masterLog())) throw new Error(await masterLog());
        return now.some((pid) => !workers.includes(pid)) ? true : undefined;
      }, { everyMs: 20 });
    },
  };
}

async function workersOf(pid: number): Promise<readonly string[]> {
  return (await must(["cat", `/proc/${pid}/task/${pid}/children`])).trim().split(" ");
}

function answerOf(text: string): Answer {
  // An interim answer (100) may come first.
  const whole = text.replace(/^(?:HTTP\/\S+ 1\d\d.*?\r\n\r\n)+/s, "");
  const [head = "", ...rest] = whole.split("\r\n\r\n");
  const [first = "", ...lines] = head.split("\r\n");
  const headers = lines.map((line) => {
    const [name = "", ...value] = line.split(": ");
    return [name.toLowerCase(), value.join(": ")] as const;
  });
  return {
    status: Number(first.split(" ")[1]),
    first,
    names: headers.map(([name]) => name),
    headers: Object.fromEntries(headers),
    cookies: headers.flatMap(([name, value]) => name === "set-cookie" ? [value.split(";")[0] ?? ""] : []),
    body: rest.join("\r\n\r\n"),
  };
}

/** Signs in through nginx; the cookies of the session. */
export async function signIn(scene: NginxScene, from: string): Promise<string> {
  const { email, password } = ACCOUNT;
  const form = new URLSearchParams({ email, password, back: "/" }).toString();
  const args = ["--header", `Origin: ${scene.origin}`, "--data", form];
  const answer = await scene.ask("/sign-in", { from, args });
  const cookie = answer.cookies.join("; ");
  if (answer.status !== 303 || cookie === "") {
    throw new Error(`Cannot sign in: ${answer.status} ${answer.body}`);
  }
  return cookie;
}

function there(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
