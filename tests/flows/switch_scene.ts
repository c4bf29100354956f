/**
 * A host in the small while a release is switched: a real MariaDB, the real nginx with a host's very text, two colours
 * of the product as it is delivered, each at a socket of its own, and sites whose meters answer when the test lets
 * them.
 *
 * @module
 */

import { join } from "node:path";
import type { Browser } from "playwright-core";
import { startPasswords } from "../../lib/auth/password.ts";
import { systemClock } from "../../lib/clock.ts";
import { closedHalfHourAt, endMsOf, HALF_HOUR_MS, type HalfHour } from "../../lib/domain/half_hour.ts";
import type { SitePlan } from "../../lib/domain/site.ts";
import { type Database, openDatabase } from "../../lib/store/db.ts";
import { preparePast, writeSiteHistory } from "../../lib/store/history.ts";
import { getSitePlan } from "../../lib/store/plans.ts";
import { promoteRelease } from "../../lib/store/releases.ts";
import { registerSites } from "../../lib/store/sites.ts";
import { historyOf } from "../../ops/lib/demo_history.ts";
import { openMachine } from "../../ops/lib/host/machine.ts";
import { askSocket } from "../../ops/lib/release/ask.ts";
import { pointLink } from "../../ops/lib/release/link.ts";
import { dueAfter, migrateOrThrow } from "../collector/estate.ts";
import { draftOf, meter, siteSpec } from "../collector/simulated.ts";
import { startMariadb } from "../engines/mariadb.ts";
import { CHROMIUM, openBrowser } from "../gallery/gallery.ts";
import { type NginxAlone, withNginxAlone } from "../host/nginx_scene.ts";
import { type Argv, must, run } from "../host/run.ts";
import { eventually, type ProductProcess, startProcess } from "./product_process.ts";
import { createAccount, withFolder, withSites } from "./running_product.ts";
import { buildBoth, buildFolder, type Colour, RELEASES } from "./two_colours.ts";

/** The sites. They are visited one at a time, beginning with any of them. */
export const SITES = ["Brick Yard", "Corn Mill", "Dye Works"] as const;

/** One of them. */
export type SiteName = typeof SITES[number];

/** Half-hours that each site has before: enough for a chart. */
const PAST = 8;

/** The story takes less; so far from a boundary it begins, in ms: half-hours are told by the machine's clock. */
const UNDISTURBED_MS = 100_000;

/** The scene. */
export interface SwitchScene {
  /** Where people ask. */
  readonly origin: string;
  /** Starts a browser that trusts the certificate of nginx. */
  readonly browse: () => Promise<Browser>;
  /** The half-hour that is collected, and the time on the wall of the sites at its end. */
  readonly halfHour: HalfHour;
  readonly time: string;
  readonly idOf: (name: SiteName) => number;
  /** Lets the meters of a site answer from now on. */
  readonly answer: (name: SiteName) => void;
  /** Resolves with the site, besides some, whose meters somebody waits for an answer of. */
  readonly nextAsked: (besides: readonly SiteName[]) => Promise<SiteName>;
  /** Starts a colour; resolves when it is ready. */
  readonly start: (colour: Colour) => Promise<ProductProcess>;
  /** Who collects from now on. */
  readonly promote: (release: string) => Promise<void>;
  /** Leads nginx to a colour. */
  readonly lead: (colour: Colour) => Promise<void>;
}

/** Starts all but the colours, gives it to a function and takes it away, with the colours that were started. */
export async function withSwitch(body: (scene: SwitchScene) => Promise<void>): Promise<void> {
  await using ends = new AsyncDisposableStack();
  const engine = await startMariadb();
  ends.defer(() => engine.stop());
  await withFolder((folder) =>
    withSites(SITES.map(specOf), systemClock, async (sites) => {
      const doors = sites.map(({ endpoints }) => openDoor(endpoints[0]?.port ?? 0));
      await using shut = new AsyncDisposableStack();
      for (const door of doors) shut.use(door);
      const toBoundaryMs = HALF_HOUR_MS - Date.now() % HALF_HOUR_MS;
      if (toBoundaryMs < UNDISTURBED_MS) await new Promise((resolve) => setTimeout(resolve, toBoundaryMs));
      const halfHour = closedHalfHourAt(Date.now());
      const db = await openDatabase(engine.url);
      shut.defer(db.close);
      await migrateOrThrow(db, systemClock);
      const drafts = sites.map((site, i) => {
        const draft = draftOf(site, { since: halfHour - PAST });
        const endpoints = draft.endpoints.map((each) => ({ ...each, port: doors[i]?.port ?? 0 }));
        return { ...draft, endpoints };
      });
      const registered = await registerSites(db, drafts);
      if (!registered.ok) throw new Error(`Cannot register: ${registered.error.kind}`);
      await writePast(db, { siteIds: registered.value, to: halfHour });
      await makeAccount(db);
      await runBefore(
        { folder, db, databaseUrl: engine.url, doors, halfHour, siteIds: registered.value },
        body,
      );
    })
  );
}

function specOf(name: SiteName, index: number) {
  const endpoints = [{ port: 0, kind: "device", meters: [meter(1, "schneider-iem3000")] }] as const;
  return siteSpec({ name, seed: 60 + index, endpoints });
}

/** A site of which what was is told must stand where it was registered. */
function specAt(name: SiteName, index: number, { endpoints }: Pick<SitePlan, "endpoints">) {
  const spec = specOf(name, index);
  return {
    ...spec,
    endpoints: spec.endpoints.map((each, i) => ({ ...each, port: endpoints[i]?.port ?? 0 })),
  };
}

async function writePast(
  db: Database,
  { siteIds, to }: { readonly siteIds: readonly number[]; readonly to: HalfHour },
): Promise<void> {
  const nowMs = Date.now();
  await preparePast(db, { from: to - PAST, to, nowMs });
  for (const [index, id] of siteIds.entries()) {
    const plan = await getSitePlan(db, id, to - 1);
    const name = SITES[index];
    if (!plan || name === undefined) throw new Error(`Site ${id} has no plan`);
    const spec = specAt(name, index, plan);
    const past = { spec, plan, to, operatorAway: false, pause: () => Promise.resolve() };
    await writeSiteHistory(db, await historyOf(past));
  }
  // All are due at once: nobody waits for the second of the half-hour at which it is a site's turn.
  await dueAfter(db, to, 0);
}

async function makeAccount(db: Database): Promise<void> {
  const passwords = startPasswords();
  try {
    await createAccount({ db, passwords }, Date.now());
  } finally {
    passwords.close();
  }
}

interface Before {
  readonly folder: string;
  readonly db: Database;
  readonly databaseUrl: string;
  readonly doors: readonly Door[];
  readonly halfHour: HalfHour;
  readonly siteIds: readonly number[];
}

async function runBefore(before: Before, body: (scene: SwitchScene) => Promise<void>): Promise<void> {
  const { folder, db, databaseUrl, doors, halfHour, siteIds } = before;
  await buildBoth(folder);
  const proxy = join(folder, "nginx");
  await Deno.mkdir(proxy);
  for (const path of [folder, proxy]) await Deno.chmod(path, 0o755);
  await using network = await openNetwork();
  const { within } = network;
  const listens = async () => (await run([...within, "ss", "-Hltn"])).out === "" ? undefined : true as const;
  const alone = { folder: proxy, distribution: "debian-12", program: [...within, "nginx"], listens } as const;
  await withNginxAlone(alone, async (nginx) => {
    const { upstream } = nginx.options.paths;
    const machine = openMachine(join(folder, "state"));
    const doorOf = (name: SiteName) => {
      const door = doors[SITES.indexOf(name)];
      if (!door) throw new Error(`There is no site ${name}`);
      return door;
    };
    await using started = new AsyncDisposableStack();
    const start = async (colour: Colour) => {
      const socket = join(upstream, `../${colour}.sock`);
      const env = {
        DATABASE_URL: databaseUrl,
        PUBLIC_URL: nginx.origin,
        LISTEN: `unix:${socket}`,
        RELEASE: RELEASES[colour],
        VISITS_AT_ONCE: "1",
        // Meters answer when the test lets them, however slow the machine is.
        RESPONSE_TIMEOUT_MS: "60000",
      };
      const running = await startProcess(folder, env, { build: buildFolder(colour), socket });
      started.defer(async () => void await running.end("SIGKILL"));
      let over = false;
      running.ended().finally(() => over = true);
      await eventually(`${colour} is ready`, async () => {
        if (over) throw new Error(`${colour} ended: ${running.said()}`);
        const answer = await askSocket(socket, "/readyz");
        return answer.kind === "answer" && answer.status === 200;
      });
      return running;
    };
    await body({
      origin: nginx.origin,
      browse: await browserOf(nginx, within),
      halfHour,
      time: new Date(endMsOf(halfHour)).toISOString().slice(11, 16),
      idOf: (name) => siteIds[SITES.indexOf(name)] ?? 0,
      answer: (name) => doorOf(name).open(),
      nextAsked: (besides) => {
        const others = SITES.filter((name) => !besides.includes(name));
        return Promise.race(others.map((name) => doorOf(name).knocked.then(() => name)));
      },
      start,
      promote: (release) => promoteRelease(db, { release, token: "switch", nowMs: Date.now() }),
      lead: (colour) => pointLink(machine, upstream, `${colour}.sock`),
    });
  });
}

/** Has Chromium take the key of nginx's certificate for one of an authority; all else of TLS it checks as ever. */
async function browserOf({ folder, options }: NginxAlone, within: Argv): Promise<SwitchScene["browse"]> {
  const der = join(folder, "key.der");
  const certificate = join(options.paths.tls, "fullchain.pem");
  const pem = await must(["openssl", "x509", "-in", certificate, "-noout", "-pubkey"]);
  await must(["openssl", "pkey", "-pubin", "-outform", "der", "-out", der], { input: pem });
  const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(der));
  const program = join(folder, "browser");
  await Deno.writeTextFile(program, `#!/bin/sh\nexec ${within.join(" ")} ${CHROMIUM} "$@"\n`, {
    mode: 0o755,
  });
  const more = [`--ignore-certificate-errors-spki-list=${new Uint8Array(digest).toBase64()}`];
  return () => openBrowser({ program, more });
}

/**
 * A network with loopback alone, for nginx and the browser: Chromium gives up what it asks for whenever an interface
 * of the machine comes or goes, and other tests make some.
 */
async function openNetwork(): Promise<AsyncDisposable & { readonly within: Argv }> {
  const name = `wpswitch${Deno.pid}`;
  await must(["ip", "netns", "add", name]);
  const close = async () => void await must(["ip", "netns", "delete", name]);
  try {
    await must(["ip", "-n", name, "link", "set", "lo", "up"]);
  } catch (error) {
    await close();
    throw error;
  }
  return { within: ["ip", "netns", "exec", name], [Symbol.asyncDispose]: close };
}

/** A door before a meter: it takes connections at once, and lets them in once it is open. */
interface Door extends AsyncDisposable {
  readonly port: number;
  /** Resolves when somebody stands before it. */
  readonly knocked: Promise<void>;
  open(): void;
}

function openDoor(port: number): Door {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const knocked = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  const inside = new Set<Promise<void>>();
  const accepting = (async () => {
    for await (const client of listener) {
      knocked.resolve();
      const passed: Promise<void> = passThrough(client, { port, opened: opened.promise })
        .finally(() => inside.delete(passed));
      inside.add(passed);
    }
  })();
  return {
    port: listener.addr.port,
    knocked: knocked.promise,
    open: opened.resolve,
    async [Symbol.asyncDispose]() {
      listener.close();
      opened.resolve();
      await accepting;
      await Promise.all(inside);
    },
  };
}

async function passThrough(
  client: Deno.TcpConn,
  { port, opened }: { readonly port: number; readonly opened: Promise<void> },
): Promise<void> {
  await opened;
  const meter = await Deno.connect({ hostname: "127.0.0.1", port });
  await Promise.allSettled([
    client.readable.pipeTo(meter.writable),
    meter.readable.pipeTo(client.writable),
  ]);
}
