/**
 * The demo: simulated sites on this machine, registered, with a past, and someone who may sign in. Runs inside the
 * product, before its first half-hour; the collector then reads the sites as it would read real ones.
 *
 * @module
 */

import type { Clock } from "../lib/clock.ts";
import type { Config } from "../lib/config.ts";
import { closedHalfHourAt, HALF_HOURS_A_DAY, type HalfHour } from "../lib/domain/half_hour.ts";
import { PHASE_MAX_MS } from "../lib/domain/schedule.ts";
import type { Log } from "../lib/log.ts";
import { metersOf } from "../lib/simulator/site.ts";
import type { SiteSpec } from "../lib/simulator/spec.ts";
import type { Database } from "../lib/store/db.ts";
import { preparePast, sitesWithoutPast, writeSiteHistory } from "../lib/store/history.ts";
import { lastOpenedHalfHour } from "../lib/store/ledger.ts";
import { learnLoadShapes } from "../lib/store/nightly.ts";
import { getSitePlan } from "../lib/store/plans.ts";
import { createUser, findUserByEmail, replacePassword } from "../lib/store/users.ts";
import { historyOf } from "./lib/demo_history.ts";
import { type DemoSite, estateOf, registerDemo, startSites } from "./lib/demo_sites.ts";

/** What the demo needs of the product. */
export interface DemoOptions {
  /** The database, migrated. */
  readonly db: Database;
  /** The time. */
  readonly clock: Clock;
  /** Where it says how far it is. */
  readonly log: Log;
  /** How many sites and days. */
  readonly config: Pick<Config, "demoSites" | "demoDays">;
  /** Ends the filling between two sites. */
  readonly signal: AbortSignal;
  /** Hashes a password. */
  readonly hashPassword: (text: string) => Promise<string>;
  /** Port of the routers; for tests, where another demo may run. */
  readonly firstPort?: number;
}

/** A running demo. */
export interface Demo {
  /** Who may sign in. */
  readonly signIn: { readonly email: string; readonly password: string };
  /** Stops the simulated sites. */
  stop(): Promise<void>;
}

/** Address of the demo's administrator. */
export const DEMO_EMAIL = "demo@wattpost.example";

/** Milliseconds after a boundary from which its half-hour belongs to the past: every site would have been read. */
const PAST_AFTER_MS = PHASE_MAX_MS + 5_000;

/** Milliseconds between two lines about how far the filling is. */
const REPORT_MS = 3_000;

/** Starts the demo; call it before the collector is woken for the first time. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const { db, clock, config, firstPort } = options;
  const newest = closedHalfHourAt(clock.nowMs() - PAST_AFTER_MS);
  const estate = estateOf(config.demoSites, firstPort);
  const stop = await startSites(estate, clock);
  try {
    const since = newest + 1 - config.demoDays * HALF_HOURS_A_DAY;
    const sites = await registerDemo(db, { estate, since });
    // Sites that lack their past get it up to where the others have theirs: the collector goes on from there.
    const last = await lastOpenedHalfHour(db) ?? newest;
    await fillPast(options, { sites, to: last + 1 });
    return { signIn: await signInOf(options), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Filling {
  readonly sites: readonly DemoSite[];
  readonly to: HalfHour;
}

async function fillPast(options: DemoOptions, { sites, to }: Filling): Promise<void> {
  const { db, clock, log, signal } = options;
  const ids = sites.map(({ registered }) => registered.id);
  const lacking = new Set(await sitesWithoutPast(db, ids, to - 1));
  const toFill = sites.filter(({ registered }) => lacking.has(registered.id) && registered.since < to);
  const from = Math.min(...toFill.map(({ registered }) => registered.since));
  if (toFill.length === 0) return;
  const startMs = clock.monotonicMs();
  log.info("Filling in the past of the demo", { sites: toFill.length, halfHours: to - from });
  await preparePast(db, { from, to, nowMs: clock.nowMs() });
  const away = operatorOf(sites[0]?.estate.spec, to);
  let reportMs = startMs;
  for (const [done, { estate: { spec }, registered }] of toFill.entries()) {
    if (signal.aborted) return;
    const plan = await getSitePlan(db, registered.id, to - 1);
    if (!plan) continue;
    const operatorAway = operatorOf(spec, to) === away;
    const pause = () => clock.sleep(0);
    await writeSiteHistory(db, await historyOf({ spec, plan, to, operatorAway, pause }));
    if (clock.monotonicMs() - reportMs < REPORT_MS) continue;
    reportMs = clock.monotonicMs();
    log.info("Filling in the past of the demo", { done: done + 1, sites: toFill.length });
  }
  const shapes = await learnLoadShapes(db, { nowMs: clock.nowMs(), signal });
  const tookMs = Math.round(clock.monotonicMs() - startMs);
  log.info("The past of the demo is filled in", { sites: toFill.length, shapes, tookMs });
}

/** The operator that a site's router names; `undefined`: it names none. */
function operatorOf(spec: SiteSpec | undefined, halfHour: HalfHour): string | undefined {
  if (!spec) return undefined;
  const routers = metersOf(spec).flat().filter(({ profile }) => profile.kind === "router");
  return routers[0]?.readingAt(halfHour * 1_800_000).operator?.text;
}

/** Makes the demo's administrator, or gives them a new password. */
async function signInOf({ db, clock, hashPassword }: DemoOptions): Promise<Demo["signIn"]> {
  const password = newPassword();
  const passwordHash = await hashPassword(password);
  const account = await findUserByEmail(db, DEMO_EMAIL);
  if (account) await replacePassword(db, { userId: account.user.id, passwordHash, nowMs: clock.nowMs() });
  else {
    const role = "administrator";
    const draft = { email: DEMO_EMAIL, name: "Demo", role, passwordHash, nowMs: clock.nowMs() } as const;
    const made = await createUser(db, draft);
    if (!made.ok) throw new Error(`The address ${DEMO_EMAIL} is taken`);
  }
  return { email: DEMO_EMAIL, password };
}

/** Letters and digits that cannot be taken for one another. */
const SIGNS = "abcdefghjkmnpqrstuvwxyz23456789";

/** A random password of 16 signs in groups of four, 79 bits. */
function newPassword(): string {
  const random = crypto.getRandomValues(new Uint32Array(16));
  const signs = [...random].map((number) => SIGNS[number % SIGNS.length] ?? "a").join("");
  return signs.match(/.{4}/g)?.join("-") ?? signs;
}
