/**
 * The simulated meter of staging: a service of the same compose file and image in staging's own network, which an
 * administrator's page is told to let Wattpost read, so that a rehearsal sees a reading arrive.
 *
 * @module
 */

import { systemClock } from "../../../lib/clock.ts";
import { type Host, HostError } from "../host/step.ts";
import { COMPOSE_PROGRAMS } from "../release/docker_argv.ts";
import { releasesIn, servingOf } from "../release/history.ts";
import { openJournals } from "../release/journal_file.ts";
import type { Place } from "../release/place.ts";
import { accountAt } from "../trial/account.ts";
import { type Client, createClient } from "../trial/client.ts";
import { METER_SERVES, STAGING_METER } from "../trial/trial_meter.ts";
import { accountFile } from "./account.ts";
import { STAGING_URL } from "./declared.ts";
import type { DockerArgv } from "./folders.ts";

/** Its service in compose.yaml, and the network in which the colours are. */
const SERVICE = STAGING_METER.host;
const NETWORK = "colours";

/** Longest until it is up, and until it answers, in ms. */
const UP_MS = 120_000;
const ANSWERS_MS = 60_000;
const LOOK_MS = 250;

const NETWORKS_PAGE = "/admin/networks";

/** The Docker that is worked with. */
export interface MeterDocker {
  readonly docker: DockerArgv;
  /** Address of its daemon where that is not the usual one. */
  readonly dockerHost: string | undefined;
}

/** Starts the meter of the release that serves, and lets staging read it. */
export async function openMeter(on: Host, place: Place, { docker, dockerHost }: MeterDocker): Promise<void> {
  const release = servingOf(await releasesIn(openJournals(place.paths.deploys)))?.release;
  if (!release?.image) throw new HostError("No image serves in staging: its meter has none to be started of");
  const env = {
    ...(dockerHost === undefined ? {} : { DOCKER_HOST: dockerHost }),
    WATTPOST_ROOT: place.root,
    WATTPOST_SETTINGS: place.paths.settings,
    STAGING_IMAGE: release.image,
  };
  const { sources } = release;
  const files = ["--project-name", place.name, "--file", `${sources}/compose.yaml`];
  const up = ["up", "--detach", "--no-deps", "--no-build", "--force-recreate", SERVICE];
  const words = [...files, "--project-directory", sources, "--profile", "staging", ...up];
  await on.must([...await composeOf(on, docker), ...words], { env, deadlineMs: UP_MS });
  await answers(on, place, docker);
  await allowMeter(place, await networkOf(on, place, docker));
}

/** How compose is called here: the plugin of the client that was found, or Debian's. */
async function composeOf(on: Host, docker: DockerArgv): Promise<DockerArgv> {
  for (const [program, ...rest] of COMPOSE_PROGRAMS) {
    const argv: DockerArgv = program === "docker" ? [docker[0], ...rest] : [program, ...rest];
    if ((await on.run([...argv, "version"])).code === 0) return argv;
  }
  throw new HostError("There is no compose: apt-get install docker-compose");
}

/** Waits until it says that it answers. */
async function answers(on: Host, { name }: Place, docker: DockerArgv): Promise<void> {
  const labels = [`project=${name}`, `service=${SERVICE}`]
    .flatMap((label) => ["--filter", `label=com.docker.compose.${label}`]);
  const { out } = await on.must([...docker, "container", "ls", "--all", "--quiet", ...labels]);
  const [id = ""] = out.split("\n");
  const untilMs = systemClock.monotonicMs() + ANSWERS_MS;
  let said = "";
  while (systemClock.monotonicMs() < untilMs) {
    const logs = await on.run([...docker, "logs", "--tail", "20", id]);
    said = (logs.out + logs.err).trim();
    if (said.includes(METER_SERVES)) return;
    await systemClock.sleep(LOOK_MS);
  }
  throw new HostError(`The simulated meter of staging does not answer: ${said.slice(-500)}`);
}

/** The network in which nothing but staging's own containers is. */
async function networkOf(on: Host, { name }: Place, docker: DockerArgv): Promise<string> {
  const format = "{{range .IPAM.Config}}{{.Subnet}}\n{{end}}";
  const inspect = ["network", "inspect", "--format", format, `${name}_${NETWORK}`];
  const { out } = await on.must([...docker, ...inspect]);
  const network = out.split("\n").find((line) => /^[\d.]+\/\d+$/.test(line));
  if (network === undefined) throw new HostError(`Docker names no IPv4 network of ${name}_${NETWORK}`);
  return network;
}

/** Allows the network and the port as an administrator does, beside what is allowed already. */
async function allowMeter(place: Place, network: string): Promise<void> {
  const client = createClient({
    place: { kind: "socket", path: place.paths.upstream },
    publicUrl: STAGING_URL,
    clock: systemClock,
  });
  try {
    const cookie = await signIn(client, place);
    const page = await must(client, NETWORKS_PAGE, { cookie, status: 200 });
    const [, version = ""] = /<input[^>]*name="version"[^>]*value="(\d{1,10})"/.exec(page.text) ?? [];
    const networks = listIn(page.text, /<textarea[^>]*name="networks"[^>]*>([^<]*)</);
    const ports = listIn(page.text, /<input[^>]*name="ports"[^>]*value="([^"]*)"/);
    const port = String(STAGING_METER.port);
    if (!networks.includes(network) || !ports.includes(port)) {
      const form = {
        version,
        networks: [...new Set([...networks, network])].join("\n"),
        ports: [...new Set([...ports, port])].join(", "),
      };
      await must(client, NETWORKS_PAGE, { cookie, form, status: 303 });
    }
    await must(client, "/sign-out", { cookie, form: {}, status: 303 });
  } finally {
    client.close();
  }
}

async function signIn(client: Client, place: Place): Promise<string> {
  const account = await accountAt(accountFile(place));
  if (typeof account === "string") throw new HostError(account);
  const { headers } = await must(client, "/sign-in", { form: { ...account, back: "/" }, status: 303 });
  const [cookie] = headers.getSetCookie().flatMap((one) => /^wattpost=[^;]+/.exec(one) ?? []);
  if (cookie === undefined) throw new HostError(`${account.email} does not come into staging`);
  return cookie;
}

interface Asked {
  readonly cookie?: string;
  readonly form?: Readonly<Record<string, string>>;
  /** The answer that is expected. */
  readonly status: number;
}

async function must(client: Client, path: string, { status, ...ask }: Asked) {
  const asked = await client.ask(path, ask);
  if (!asked.ok) throw new HostError(asked.error);
  if (asked.value.status === status) return asked.value;
  throw new HostError(`Staging cannot be told of its meter: ${path} answers ${asked.value.status}`);
}

function listIn(html: string, pattern: RegExp): readonly string[] {
  return (pattern.exec(html)?.[1] ?? "").split(/[\s,]+/).filter((word) => word !== "");
}
