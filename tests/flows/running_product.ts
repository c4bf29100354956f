/**
 * The whole product in the process of a test: the real one of `product.ts` with its real pages, database, sessions
 * and Modbus connections, by a clock in the test's hand, at simulated sites. Nothing of it is left behind.
 *
 * @module
 */

import type { Clock } from "../../lib/clock.ts";
import { parseConfig } from "../../lib/config.ts";
import { endMsOf, type HalfHour, halfHourOf } from "../../lib/domain/half_hour.ts";
import { createLog } from "../../lib/log.ts";
import { type SimulatedSite, startSite } from "../../lib/simulator/site.ts";
import type { SiteSpec } from "../../lib/simulator/spec.ts";
import { CHECKPOINT_MS } from "../../lib/store/checkpoint_keeper.ts";
import type { Database } from "../../lib/store/db.ts";
import { registerSites } from "../../lib/store/sites.ts";
import { createUser } from "../../lib/store/users.ts";
import { createProduct, type Opened, type Product } from "../../product.ts";
import { draftOf, simulatorClock } from "../collector/simulated.ts";
import { freePort } from "../engines/server.ts";
import { type ManualClock, manualClock, runUntil } from "../fakes/manual_clock.ts";
import { builtOnce } from "./built.ts";

/** The half-hour that is over when most flows begin: 10:00 to 10:30 UTC on a Monday. */
export const FIRST: HalfHour = halfHourOf(Date.UTC(2026, 10, 2, 10));

/** Who may sign in. */
export const ACCOUNT = {
  name: "Ada Flow",
  email: "ada@wattpost.example",
  password: "a sentence that is long enough",
} as const;

/** A line of the log, parsed. */
export type LogLine = Readonly<Record<string, unknown>>;

/** The product while it runs. */
export interface RunningProduct {
  /** Where it answers, without a slash at the end. */
  readonly origin: string;
  /** Its data folder. */
  readonly folder: string;
  /** The product itself. */
  readonly product: Product;
  /** The time. */
  readonly clock: ManualClock;
  /** What it opened. */
  readonly opened: Opened;
  /** What it logged. */
  readonly lines: readonly LogLine[];
  /** Runs the clock until a promise is settled, waiting for whatever real thing is under way. */
  settle<T>(work: Promise<T>): Promise<T>;
  /** Moves to the boundary that closes a half-hour and collects it to its end. */
  collect(halfHour: HalfHour): Promise<void>;
  /** Stops it in order. */
  stop(): Promise<void>;
}

/** How the product is started. */
export interface ProductStart {
  /** Its data folder. */
  readonly folder: string;
  /** The time. */
  readonly clock: ManualClock;
  /** Settings besides address, folder and loopback sites. */
  readonly env?: Readonly<Record<string, string>>;
  /** Runs before the first half-hour is collected. */
  readonly prepare?: (opened: Opened) => Promise<void>;
}

/** A visit is given at least this long in ms and other waits are shorter: whoever waits so long is on a visit. */
const VISIT_LEAST_MS = 50_000;

/** Starts the product; resolves when it works. */
export async function startProduct(start: ProductStart): Promise<RunningProduct> {
  const { clock, folder } = start;
  const port = freePort();
  const origin = `http://127.0.0.1:${port}`;
  const config = parseConfig({
    LISTEN: `127.0.0.1:${port}`,
    PUBLIC_URL: origin,
    DATA_DIR: folder,
    LOOPBACK_SITES: "on",
    LOG_LEVEL: "debug",
    ...start.env,
  });
  if (!config.ok) throw new Error(`The settings of the flow: ${JSON.stringify(config.error)}`);
  const lines: LogLine[] = [];
  const log = createLog({ clock, level: "debug", write: (line) => lines.push(JSON.parse(line)) });
  const watched = watch(clock);
  const product = createProduct({
    config: config.value,
    clock: watched.clock,
    random: Math.random,
    log,
    serves: true,
  });
  (await builtOnce())(product.app);
  const isBusy = () => watched.visits() > 0;
  const stop = () => runUntil(clock, product.stop(), isBusy);
  const opened = await runUntil(clock, product.start(start.prepare), isBusy).catch(async (error) => {
    await stop();
    throw error;
  });
  if (!opened) throw new Error("The product was told to stop");
  return {
    origin,
    folder,
    product,
    clock,
    opened,
    lines,
    settle: (work) => runUntil(clock, work, isBusy),
    async collect(halfHour) {
      const ms = endMsOf(halfHour) - clock.nowMs();
      if (ms > 0) await clock.advance(ms);
      product.tick();
      await runUntil(clock, product.idle(), isBusy);
    },
    stop,
  };
}

/** A clock that knows how many visits wait on it. */
function watch(clock: ManualClock): { readonly clock: Clock; visits(): number } {
  let visits = 0;
  const sleep = async (ms: number, signal?: AbortSignal) => {
    // The keeper of checkpoints waits as long, and all the time.
    if (ms < VISIT_LEAST_MS || ms === CHECKPOINT_MS) return await clock.sleep(ms, signal);
    visits += 1;
    await clock.sleep(ms, signal).finally(() => visits -= 1);
  };
  return { clock: { nowMs: clock.nowMs, monotonicMs: clock.monotonicMs, sleep }, visits: () => visits };
}

/** What a flow starts with. */
export interface FlowOptions {
  /** Its sites; their ports are chosen here. */
  readonly specs: readonly SiteSpec[];
  /** Settings of the product. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The product with its sites. */
export interface Flow extends RunningProduct {
  /** The sites. */
  readonly sites: readonly SimulatedSite[];
  /** Their ids. */
  readonly siteIds: readonly number[];
}

/** Runs a flow: sites registered, somebody who may sign in, and the first half-hour collected. */
export async function withFlow(options: FlowOptions, body: (flow: Flow) => Promise<void>): Promise<void> {
  const clock = manualClock(endMsOf(FIRST));
  await withFolder((folder) =>
    withSites(options.specs, simulatorClock(clock), async (sites) => {
      let siteIds: readonly number[] = [];
      const prepare = async (opened: Opened) => {
        siteIds = await register(opened.db, sites);
        await createAccount(opened);
      };
      const running = await startProduct({ folder, clock, prepare, env: options.env ?? {} });
      try {
        await running.settle(running.product.idle());
        await body({ ...running, sites, siteIds });
      } finally {
        await running.stop();
      }
    })
  );
}

/** Gives a folder to a function and removes it afterwards. */
export async function withFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "wattpost-flow-" });
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Starts sites on free ports of this machine and stops them afterwards. */
export async function withSites(
  specs: readonly SiteSpec[],
  clock: Clock,
  body: (sites: readonly SimulatedSite[]) => Promise<void>,
): Promise<void> {
  const sites: SimulatedSite[] = [];
  try {
    for (const spec of specs) {
      const endpoints = spec.endpoints.map((endpoint) => ({ ...endpoint, port: 0 }));
      const started = { ...spec, endpoints, hosts: ["127.0.0.1"] };
      sites.push(await startSite(started, { clock }));
    }
    await body(sites);
  } finally {
    await Promise.all(sites.map((site) => site.close()));
  }
}

/** Registers running sites, expected from a half-hour on; their ids. */
export async function register(
  db: Database,
  sites: readonly SimulatedSite[],
  since: HalfHour = FIRST,
): Promise<readonly number[]> {
  const registered = await registerSites(db, sites.map((site) => draftOf(site, { since })));
  if (!registered.ok) throw new Error(`Cannot register: ${registered.error.kind}`);
  return registered.value;
}

/** Makes the one who may sign in. */
export async function createAccount(
  { db, passwords }: Pick<Opened, "db" | "passwords">,
  nowMs = endMsOf(FIRST),
): Promise<void> {
  const { name, email, password } = ACCOUNT;
  const hashed = await passwords.hash(password);
  if (!hashed.ok) throw new Error(`Cannot hash: ${hashed.error}`);
  const made = await createUser(db, {
    name,
    email,
    role: "administrator",
    passwordHash: hashed.value,
    nowMs,
  });
  if (!made.ok) throw new Error(made.error.kind);
}

/** Signs in as a browser does, without one: the session's cookie, to be sent with each request. */
export async function signInByHand(origin: string): Promise<string> {
  const { email, password } = ACCOUNT;
  const answer = await post(origin, "/sign-in", { email, password, back: "/" });
  const cookie = answer.headers.get("set-cookie")?.split(";")[0];
  if (answer.status !== 303 || !cookie) throw new Error(`Cannot sign in: ${answer.status}`);
  return cookie;
}

/** An answer that was read to its end. */
export interface Answer {
  /** HTTP status. */
  readonly status: number;
  /** Its headers. */
  readonly headers: Headers;
  /** Its body. */
  readonly text: string;
}

/** Posts a form as our own page would; redirects are not followed. */
export async function post(
  origin: string,
  path: string,
  form: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return await ask(origin, path, {
    method: "POST",
    headers: { origin, ...headers },
    body: new URLSearchParams(form),
  });
}

/** The text of a page as a signed-in person has it, without its marks; fails if it is not there. */
export async function textOf(origin: string, path: string, cookie: string): Promise<string> {
  const answer = await ask(origin, path, { headers: { cookie } });
  if (answer.status !== 200) throw new Error(`${path} answers ${answer.status}`);
  return answer.text.replaceAll(/<(script|style)\b.*?<\/\1>/gs, "").replaceAll(/<[^>]*>/g, " ");
}

/** Asks for a path; redirects are not followed. */
export async function ask(origin: string, path: string, init: RequestInit = {}): Promise<Answer> {
  const answer = await fetch(`${origin}${path}`, { redirect: "manual", ...init });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}
