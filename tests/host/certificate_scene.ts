/**
 * The real nginx with the very text of a host, the real certbot and a real authority, in a folder and on ports of their
 * own: what a test needs to issue, renew and prove.
 *
 * @module
 */

import { join } from "node:path";
import { type Clock, systemClock } from "../../lib/clock.ts";
import { type HostCertificate, parseHostCertificate } from "../../lib/domain/host_certificate.ts";
import { runCertificates } from "../../ops/certificates.ts";
import { readCertificateArguments } from "../../ops/lib/host/certificate_arguments.ts";
import type { CertificatePlace } from "../../ops/lib/host/certificate_place.ts";
import { selfSignedPair } from "../../ops/lib/host/certificate_pair.ts";
import { servedSerial } from "../../ops/lib/host/certificate_served.ts";
import type { CertificateWork } from "../../ops/lib/host/certificate_state.ts";
import { hookFile, hookText } from "../../ops/lib/host/certificate_texts.ts";
import { type HostDescription, USUAL_LIMITS } from "../../ops/lib/host/description.ts";
import { openMachine } from "../../ops/lib/host/machine.ts";
import { nginxConfig } from "../../ops/lib/host/nginx.ts";
import { type NginxOptions, USUAL_OPTIONS, writtenIn } from "../../ops/lib/host/nginx_options.ts";
import type { Host } from "../../ops/lib/host/step.ts";
import { freePort } from "../engines/server.ts";
import { type Acme, startAcme } from "./acme.ts";
import { must, until } from "./run.ts";

/** The names of the scene. */
export const DOMAIN = "energy.example.com";
export const ALIAS = "www.energy.example.com";
/** A name that is added later. */
export const LATER = "power.example.com";

const PROGRAMS = [
  "/usr/sbin/nginx",
  "/usr/bin/certbot",
  "/usr/bin/pebble",
  "/usr/bin/pebble-challtestsrv",
  "/usr/bin/openssl",
  "/usr/bin/faketime",
];

/** Programs without which there is nothing to try, and root, because workers change their user. */
export const CANNOT = Deno.uid() !== 0 || !PROGRAMS.every(there);

function there(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** What a task said. */
export interface Said {
  readonly code: number;
  /** Both outputs, line by line. */
  readonly text: string;
}

/** A host with certificates. */
export interface CertificateScene {
  readonly folder: string;
  readonly acme: Acme;
  readonly on: Host;
  readonly place: CertificatePlace;
  readonly described: HostDescription;
  /** Runs `deno task certificates` on this host, with another description or place where given. */
  task(words: string, change?: Partial<Pick<CertificateWork, "wish" | "place">>): Promise<Said>;
  /** Lets the host's clock go ahead; certificates and certbot know nothing of it. */
  later(ms: number): void;
  /** Serial number that nginx serves. */
  served(): Promise<string | null>;
  /** What the app was told last. */
  told(): Promise<HostCertificate>;
  /** Makes nginx's configuration wrong, or right again. */
  breakNginx(broken: boolean): Promise<void>;
}

/** Starts all of it, gives it to a function, and takes it away. */
export async function withCertificates(body: (scene: CertificateScene) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "wattpost-certificates-" });
  await Deno.chmod(folder, 0o755);
  const ends: (() => Promise<void>)[] = [() => Deno.remove(folder, { recursive: true })];
  try {
    const acme = await startAcme(folder);
    ends.push(acme.end);
    for (const name of [DOMAIN, ALIAS, LATER]) await acme.leads(name, ["127.0.0.1"]);
    const options = nginxOptions(folder, acme.challengePort);
    const described = describedFor(acme.directory);
    const place = placeIn(folder, { acme, options });
    const on = openMachine(join(folder, "state"));
    await prepare({ folder, options, described, place, on });
    ends.push(await startNginx(folder, options));
    await body(sceneOf({ folder, acme, on, place, described }));
  } finally {
    for (const end of ends.toReversed()) await end();
  }
}

/** The description of the scene. */
function describedFor(directory: string): HostDescription {
  return {
    domain: DOMAIN,
    aliases: [ALIAS],
    certificates: { email: "ops@example.com", directory, staging: false },
    adminNetworks: ["127.0.9.0/24"],
    ssh: { port: 22, keys: [] },
    routers: { networks: [], ports: [502] },
    vpn: null,
    timeZone: "Europe/Berlin",
    database: { kind: "sqlite" },
    limits: USUAL_LIMITS,
  };
}

function nginxOptions(folder: string, http: number): NginxOptions {
  const at = (name: string) => join(folder, name);
  return {
    ...USUAL_OPTIONS,
    includes: [at("extra-*.conf")],
    ports: { http, https: freePort() },
    paths: {
      tls: at("tls/current"),
      upstream: at("upstream.sock"),
      acme: at("acme"),
      pages: at("pages"),
      maintenance: at("maintenance"),
      ...writtenIn(folder),
    },
  };
}

function placeIn(
  folder: string,
  { acme, options }: { readonly acme: Acme; readonly options: NginxOptions },
): CertificatePlace {
  const at = (name: string) => join(folder, name);
  return {
    config: at("letsencrypt"),
    work: at("letsencrypt-work"),
    logs: at("letsencrypt-logs"),
    env: { REQUESTS_CA_BUNDLE: acme.ca },
    nginx: ["/usr/sbin/nginx", "-p", folder, "-e", at("main.txt"), "-c", at("nginx.conf")],
    webroot: at("acme"),
    tls: at("tls/current"),
    selfSigned: at("tls/self-signed"),
    told: { path: at("certificate.json"), owner: "root:root" },
    served: { hostname: "127.0.0.1", port: options.ports.https },
    challengePort: acme.challengePort,
    nameServer: acme.nameServer,
    addresses: ["127.0.0.1"],
  };
}

interface Prepare {
  readonly folder: string;
  readonly options: NginxOptions;
  readonly described: HostDescription;
  readonly place: CertificatePlace;
  readonly on: Host;
}

async function prepare({ folder, options, described, place, on }: Prepare): Promise<void> {
  const { paths } = options;
  for (
    const path of [join(folder, "tls"), paths.acme, paths.pages, join(folder, "temp"), join(folder, "state")]
  ) {
    await Deno.mkdir(path);
  }
  const whole = { ...described, aliases: [ALIAS, LATER] };
  const texts = nginxConfig(whole, { distribution: "debian-12" }, options);
  await Deno.writeTextFile(join(folder, "nginx.conf"), texts.config);
  for (const [name, text] of Object.entries(texts.pages)) {
    await Deno.writeTextFile(join(paths.pages, name), text);
  }
  await selfSignedPair(described, place).apply(on);
  await Deno.symlink(place.selfSigned, place.tls);
  await Deno.mkdir(join(place.config, "renewal-hooks/deploy"), { recursive: true });
  await Deno.writeTextFile(
    hookFile(place),
    hookText(place.nginx, { deno: Deno.execPath(), denoDir: join(folder, "deno") }),
    { mode: 0o755 },
  );
}

async function startNginx(folder: string, options: NginxOptions): Promise<() => Promise<void>> {
  const child = new Deno.Command("/usr/sbin/nginx", {
    args: [
      ...["-p", folder, "-e", join(folder, "main.txt"), "-c", join(folder, "nginx.conf")],
      "-g",
      "daemon off;",
    ],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const port = options.ports.https;
  await until("nginx serves TLS", async () => {
    return await servedSerial({ hostname: "127.0.0.1", port, name: DOMAIN }) ?? undefined;
  }, { everyMs: 50 });
  return async () => {
    child.kill("SIGTERM");
    await child.status;
  };
}

type Parts = Pick<CertificateScene, "folder" | "acme" | "on" | "place" | "described">;

function sceneOf(parts: Parts): CertificateScene {
  const { folder, on, place, described } = parts;
  let aheadMs = 0;
  const clock: Clock = { ...systemClock, nowMs: () => systemClock.nowMs() + aheadMs };
  return {
    ...parts,
    async task(words, change = {}) {
      const order = readCertificateArguments(words.split(" "));
      if (!order.ok || order.value === null) throw new Error(`${words} is not understood`);
      const lines: string[] = [];
      const show = (line: string) => void lines.push(line);
      const work: CertificateWork = { on, wish: described, place, clock, ...change };
      const code = await runCertificates(order.value, { work, shown: { print: show, complain: show } });
      return { code, text: lines.join("\n") };
    },
    later: (ms) => void (aheadMs += ms),
    served: () => servedSerial({ ...place.served, name: DOMAIN }),
    async told() {
      const read = parseHostCertificate(await Deno.readTextFile(place.told.path));
      if (!read.ok) throw new Error(read.error);
      return read.value;
    },
    async breakNginx(broken) {
      const path = join(folder, "extra-broken.conf");
      if (broken) await Deno.writeTextFile(path, "no_such_directive on;\n");
      else await Deno.remove(path);
    },
  };
}

/** What libfaketime needs so that certbot believes it is later. */
export async function fakeTime(days: number): Promise<Readonly<Record<string, string>>> {
  const library = (await must(["faketime", `+${days} days`, "printenv", "LD_PRELOAD"])).trim();
  return { LD_PRELOAD: library, FAKETIME: `+${days}d` };
}
