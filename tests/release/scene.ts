/**
 * The scene of releases under load: a real nginx with a host's very text, a real MySQL (MariaDB where it
 * cannot be had), meters that count how often they are read, an installation below a folder of its own, and people and
 * programs who use it all the while.
 *
 * @module
 */
import type { Place } from "../../ops/lib/release/place.ts";
import { startMariadb } from "../engines/mariadb.ts";
import { startMysql } from "../engines/mysql.ts";
import { ACCOUNT } from "../flows/running_product.ts";
import { type NginxAlone, withNginxAlone } from "../host/nginx_scene.ts";
import { startTalker, type Talker } from "./lines.ts";
import { createClient, type Target } from "./load_http.ts";
import type { FeedChange, Gap, LoadPlan, LoadReport, Visitor } from "./load_plan.ts";
import { type Estate, fillDatabase } from "./scene_estate.ts";
import { cookiesOf } from "./load_users.ts";
import { openPlace } from "./scene_place.ts";
import { openNetwork, type RunningSites, serviceHostOf, startSites } from "./scene_sites.ts";

/** How large it is. */
export interface SceneSize {
  readonly sites: number;
  /** Visits begun a second: a cycle lasts as long as all sites take at that pace. */
  readonly startsPerSecond: number;
  readonly browsers: number;
  readonly programs: number;
  readonly streams: number;
  readonly thinkMs: number;
}

/** The scene. */
export interface Scene {
  readonly size: SceneSize;
  readonly place: Place;
  readonly databaseUrl: string;
  readonly sites: RunningSites;
  readonly estate: Estate;
  readonly nginx: NginxAlone;
  /** Lets people and programs come, who load files now and then besides those of pages; something must serve. */
  startLoad(files: readonly string[]): Promise<RunningLoad>;
}

/** People and programs. */
export interface RunningLoad {
  report(): Promise<LoadReport>;
  /** Browsers and programs end; live pages stay. */
  stop(): Promise<LoadReport>;
  /** What live pages should have heard of and did not. */
  gaps(changes: readonly FeedChange[]): Promise<{ readonly count: number; readonly first: readonly Gap[] }>;
  /** Ends it. */
  end(): Promise<void>;
}

/** Live streams of one person, below the limit of the product. */
const STREAMS_OF_ONE = 25;

/** How many come and go. */
export const GUESTS = 2;

/** People at least. */
const PEOPLE_LEAST = 2;

/** Starts all of it but a release, gives it to a function and takes it away. */
export async function withScene(size: SceneSize, body: (scene: Scene) => Promise<void>): Promise<void> {
  const ends: (() => Promise<unknown>)[] = [];
  try {
    await build(size, ends, body);
  } finally {
    for (const end of ends.toReversed()) {
      await end().catch((error) => console.error(error));
    }
  }
}

async function build(
  size: SceneSize,
  ends: (() => Promise<unknown>)[],
  body: (scene: Scene) => Promise<void>,
): Promise<void> {
  const { network, close } = await openNetwork();
  ends.push(close);
  const host = serviceHostOf(network);
  const engine = await startMysql(host).catch(() => startMariadb(host));
  ends.push(() => engine.stop());
  const databaseUrl = engine.url;
  const people = Math.max(PEOPLE_LEAST, Math.ceil(size.streams / STREAMS_OF_ONE));
  const estate = await fillDatabase({
    databaseUrl,
    network,
    sites: size.sites,
    people,
    tokens: size.programs,
  });
  const sites = await startSites(network, size.sites);
  ends.push(() => sites.end());
  const folder = await Deno.makeTempDir({ prefix: "wattpost-release-nginx-" });
  ends.push(() => Deno.remove(folder, { recursive: true }));
  await Deno.chmod(folder, 0o755);
  const place = await openPlace({ name: `wpdrill${Deno.pid}`, databaseUrl }, {
    STARTS_PER_SECOND: String(size.startsPerSecond),
    // A machine that is busy answers late; what is measured here is who asks, not how fast meters are.
    RESPONSE_TIMEOUT_MS: "30000",
    CONNECT_TIMEOUT_MS: "30000",
  });
  ends.push(() => place.close());
  const nginx = {
    folder,
    distribution: "debian-12",
    program: ["nginx"],
    upstream: place.paths.upstream,
    // Everybody comes from this machine; whose request it is says X-Forwarded-For, as behind a proxy of the provider.
    scene: { proxies: ["127.0.0.1/32", "::1/128"] },
  } as const;
  await withNginxAlone(nginx, async (alone) => {
    await place.tell({ PUBLIC_URL: alone.origin });
    const startLoad = async (files: readonly string[]) => {
      const load = await beginLoad({ size, estate, nginx: alone }, files);
      ends.push(() => load.end());
      return load;
    };
    await body({ size, place, databaseUrl, sites, estate, nginx: alone, startLoad });
  });
}

async function beginLoad(
  { size, estate, nginx }: Pick<Scene, "size" | "estate" | "nginx">,
  files: readonly string[],
): Promise<RunningLoad> {
  const target: Target = {
    hostname: "localhost",
    port: nginx.options.ports.https,
    ca: await Deno.readTextFile(nginx.ca),
  };
  const visitors: Visitor[] = [];
  for (const { userId, email } of estate.people) {
    visitors.push({ userId, cookie: await signIn(target, email, visitors.length) });
  }
  const { browsers, streams, thinkMs } = size;
  const { tokens, siteIds } = estate;
  const emails = estate.people.slice(0, GUESTS).map(({ email }) => email);
  const whom = { visitors, emails, password: ACCOUNT.password };
  const plan: LoadPlan = { target, browsers, streams, ...whom, tokens, siteIds, files, thinkMs };
  const talker: Talker = startTalker(new URL("load_process.ts", import.meta.url), []);
  await talker.ask(JSON.stringify(plan));
  const ask = async (line: string) => await talker.ask(line) as LoadReport;
  return {
    report: () => ask("report"),
    stop: () => ask("stop"),
    gaps: async (changes) =>
      await talker.ask(`gaps ${JSON.stringify(changes)}`) as Awaited<ReturnType<RunningLoad["gaps"]>>,
    end: () => talker.end(),
  };
}

async function signIn(target: Target, email: string, n: number): Promise<string> {
  const client = createClient(target);
  try {
    const answer = await client.ask({
      method: "POST",
      path: "/sign-in",
      headers: {
        origin: `https://${target.hostname}:${target.port}`,
        "content-type": "application/x-www-form-urlencoded",
        "x-forwarded-for": `127.4.0.${n + 1}`,
      },
      body: new URLSearchParams({ email, password: ACCOUNT.password, back: "/" }).toString(),
    });
    const cookie = cookiesOf(answer);
    if (answer.status !== 303 || cookie === "") {
      throw new Error(`${email} cannot sign in: ${answer.status} ${answer.body.slice(0, 300)}`);
    }
    return cookie;
  } finally {
    client.close();
  }
}
