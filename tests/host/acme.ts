/**
 * A real ACME authority (Pebble) with name servers whose answers a test decides, and before it a front that may refuse
 * as authorities refuse: with a rate limit, with maintenance, with nothing at all.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createServer, request, type RequestOptions } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { freePort } from "../engines/server.ts";
import { must, until } from "./run.ts";

/** An answer in place of the authority's. */
export interface Refusal {
  /** The path that is refused, `/order-plz`; absent: all. */
  readonly path?: string;
  readonly status: number;
  /** The error's type without its prefix. */
  readonly type: string;
  readonly detail: string;
}

/** The authority. */
export interface Acme {
  /** Its directory, behind the front. */
  readonly directory: string;
  /** File with the certificate by which its own address is trusted. */
  readonly ca: string;
  /** Port on which it asks for answers to its challenges. */
  readonly challengePort: number;
  /** The name server it uses. */
  readonly nameServer: { readonly ipAddr: string; readonly port: number };
  /** Requests that reached the front. */
  asked(): number;
  /** Refuses from now on; `null`: no longer. */
  refuse(refusal: Refusal | null): void;
  /** Holds every answer back until the function that it gives is called. */
  hold(): () => void;
  /** Nobody listens any more. */
  down(): Promise<void>;
  /** It listens again. */
  up(): Promise<void>;
  /** Decides where a name leads; it leads nowhere until then. */
  leads(name: string, addresses: readonly string[]): Promise<void>;
  /** Where a name leads is forgotten. */
  forget(name: string): Promise<void>;
  end(): Promise<void>;
}

/** Starts all of it in a folder. */
export async function startAcme(folder: string): Promise<Acme> {
  const ports = {
    api: freePort(),
    management: freePort(),
    front: freePort(),
    challenge: freePort(),
    tls: freePort(),
    dns: freePort(),
    names: freePort(),
  };
  await issueOwn(folder);
  const dns = `127.0.0.1:${ports.dns}`;
  const names = start("pebble-challtestsrv", [
    ...["-defaultIPv4", "", "-defaultIPv6", "", "-http01", "", "-https01", "", "-tlsalpn01", ""],
    ...["-dns01", dns, "-management", `127.0.0.1:${ports.names}`],
  ]);
  await Deno.writeTextFile(join(folder, "pebble.json"), pebbleConfig(folder, ports));
  const pebble = start("pebble", ["-config", join(folder, "pebble.json"), "-dnsserver", dns]);
  const front = createFront(folder, ports);
  const end = async () => {
    await front.down();
    for (const child of [pebble, names]) {
      child.kill("SIGTERM");
      await child.status;
    }
  };
  const tell = async (what: string, body: unknown) => {
    const answer = await fetch(`http://127.0.0.1:${ports.names}/${what}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    await answer.body?.cancel();
    if (!answer.ok) throw new Error(`${what}: ${answer.status}`);
  };
  try {
    await front.up();
    for (const port of [ports.api, ports.names]) {
      await until(`port ${port}`, () => connects(port), { everyMs: 20 });
    }
  } catch (error) {
    await end();
    throw error;
  }
  return {
    directory: `https://127.0.0.1:${ports.front}/dir`,
    ca: join(folder, "acme-ca.pem"),
    challengePort: ports.challenge,
    nameServer: { ipAddr: "127.0.0.1", port: ports.dns },
    ...front,
    leads: (host, addresses) => tell("add-a", { host, addresses }),
    forget: (host) => tell("clear-a", { host }),
    end,
  };
}

type Ports = Readonly<Record<"api" | "management" | "front" | "challenge" | "tls" | "dns" | "names", number>>;

function pebbleConfig(folder: string, ports: Ports): string {
  const pebble = {
    listenAddress: `127.0.0.1:${ports.api}`,
    managementListenAddress: `127.0.0.1:${ports.management}`,
    certificate: join(folder, "acme.pem"),
    privateKey: join(folder, "acme.key"),
    httpPort: ports.challenge,
    tlsPort: ports.tls,
    ocspResponderURL: "",
    externalAccountBindingRequired: false,
    certificateValidityPeriod: 90 * 86_400,
  };
  return JSON.stringify({ pebble });
}

function start(program: string, args: readonly string[]): Deno.ChildProcess {
  // No sleeps, no refused nonces, every name proved anew: what is seen is what was provoked.
  const env = { PEBBLE_VA_NOSLEEP: "1", PEBBLE_AUTHZREUSE: "0", PEBBLE_WFE_NONCEREJECT: "0" };
  return new Deno.Command(program, {
    args: [...args],
    env,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
}

/** The certificate of the authority's own address. */
async function issueOwn(folder: string): Promise<void> {
  const openssl = (...args: readonly string[]) => must(["openssl", ...args], { cwd: folder });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const ca = [
    "-keyout",
    "acme-ca.key",
    "-out",
    "acme-ca.pem",
    "-days",
    "365",
    "-subj",
    "/CN=Trial of trials",
  ];
  await openssl("req", "-x509", ...key, ...ca, "-addext", "basicConstraints=critical,CA:TRUE");
  await openssl("req", ...key, "-keyout", "acme.key", "-out", "acme.csr", "-subj", "/CN=localhost");
  await Deno.writeTextFile(join(folder, "acme.ext"), "subjectAltName=DNS:localhost,IP:127.0.0.1\n");
  const signing = ["-CA", "acme-ca.pem", "-CAkey", "acme-ca.key", "-CAcreateserial", "-days", "365"];
  await openssl("x509", "-req", "-in", "acme.csr", "-out", "acme.pem", "-extfile", "acme.ext", ...signing);
}

type Front = Pick<Acme, "asked" | "refuse" | "hold" | "down" | "up">;

/** Passes on what it is asked, or refuses. */
function createFront(folder: string, ports: Ports): Front {
  const [key, cert, ca] = ["acme.key", "acme.pem", "acme-ca.pem"].map((name) =>
    Deno.readTextFileSync(join(folder, name))
  );
  let [asked, refusal, held]: [number, Refusal | null, Promise<void> | null] = [0, null, null];
  const server = createServer({ key, cert }, async (incoming, answer) => {
    asked++;
    await held;
    if (refusal && (refusal.path === undefined || refusal.path === incoming.url)) {
      return refuse(answer, refusal);
    }
    const { url, method, headers } = incoming;
    passOn(incoming, answer, {
      ...{ host: "127.0.0.1", port: ports.api, ca, agent: false },
      ...{ path: url ?? "/", method: method ?? "GET", headers },
    });
  });
  return {
    asked: () => asked,
    refuse: (wanted) => void (refusal = wanted),
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return () => {
        held = null;
        resolve();
      };
    },
    down: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    up: () => new Promise((resolve) => void server.listen(ports.front, "127.0.0.1", () => resolve())),
  };
}

function refuse(answer: ServerResponse, { status, type, detail }: Refusal): void {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64url");
  answer.writeHead(status, { "content-type": "application/problem+json", "replay-nonce": nonce });
  answer.end(JSON.stringify({ type: `urn:ietf:params:acme:error:${type}`, detail, status }));
}

function passOn(incoming: IncomingMessage, answer: ServerResponse, options: RequestOptions): void {
  const onward = request(options, (told) => {
    answer.writeHead(told.statusCode ?? 502, told.headers);
    told.pipe(answer);
  });
  onward.on("error", () => answer.destroy());
  incoming.pipe(onward);
}

async function connects(port: number): Promise<true | undefined> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port }).catch(() => undefined);
  connection?.close();
  return connection && true;
}
