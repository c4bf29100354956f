/**
 * A real ACME authority (Pebble) in a container beside a host: it finds the host's names as everybody on the network
 * does, and asks on port 80 for the answers that nginx gives.
 *
 * @module
 */
import { join } from "node:path";
import type { Docker, Network } from "./docker.ts";
import { ensureImage, SLIM_IMAGE } from "./images.ts";
import { must, until } from "./run.ts";
import type { StandIn } from "./stand_in.ts";

/** Name of the authority. */
export const AUTHORITY = "acme.example.test";

/** The authority. */
export interface Authority {
  /** Its directory, for `certificates.directory` of a description. */
  readonly directory: string;
  /** Lets a host trust the authority's own address, as it trusts others'. */
  trustOn(host: StandIn): Promise<void>;
}

const PEBBLE = "/usr/bin/pebble";

/** Starts it in a network. */
export async function startAuthority(docker: Docker, network: Network): Promise<Authority> {
  await ensureImage(docker, SLIM_IMAGE);
  const folder = await Deno.makeTempDir({ prefix: "wattpost-authority-" });
  docker.defer(() => Deno.remove(folder, { recursive: true }));
  await issueOwn(folder);
  const pebble = {
    listenAddress: "0.0.0.0:443",
    managementListenAddress: "127.0.0.1:15000",
    certificate: "/acme/acme.pem",
    privateKey: "/acme/acme.key",
    httpPort: 80,
    tlsPort: 443,
    ocspResponderURL: "",
    externalAccountBindingRequired: false,
    certificateValidityPeriod: 90 * 86_400,
  };
  await Deno.writeTextFile(join(folder, "pebble.json"), JSON.stringify({ pebble }));
  const quick = ["PEBBLE_VA_NOSLEEP=1", "PEBBLE_AUTHZREUSE=0", "PEBBLE_WFE_NONCEREJECT=0"];
  const container = await docker.container({
    what: "authority",
    image: SLIM_IMAGE,
    network,
    args: [
      ...[
        "--network-alias",
        AUTHORITY,
        "--volume",
        `${PEBBLE}:${PEBBLE}:ro`,
        "--volume",
        `${folder}:/acme:ro`,
      ],
      ...quick.flatMap((one) => ["--env", one]),
    ],
    command: [PEBBLE, "-config", "/acme/pebble.json"],
  });
  await until("the authority", async () => (await container.logs()).includes("Listening on") || undefined);
  const trusted = await Deno.readTextFile(join(folder, "ca.pem"));
  return {
    directory: `https://${AUTHORITY}/dir`,
    async trustOn(host) {
      await host.write("/usr/local/share/ca-certificates/authority.crt", trusted);
      await host.must(["update-ca-certificates"]);
    },
  };
}

/** The certificate of the authority's own address, and who signed it. */
async function issueOwn(folder: string): Promise<void> {
  const openssl = (...args: readonly string[]) => must(["openssl", ...args], { cwd: folder });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const ca = ["-keyout", "ca.key", "-out", "ca.pem", "-days", "365", "-subj", "/CN=Trial of trials"];
  await openssl("req", "-x509", ...key, ...ca, "-addext", "basicConstraints=critical,CA:TRUE");
  await openssl("req", ...key, "-keyout", "acme.key", "-out", "acme.csr", "-subj", `/CN=${AUTHORITY}`);
  await Deno.writeTextFile(join(folder, "acme.ext"), `subjectAltName=DNS:${AUTHORITY}\n`);
  const signing = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "365"];
  await openssl("x509", "-req", "-in", "acme.csr", "-out", "acme.pem", "-extfile", "acme.ext", ...signing);
}
