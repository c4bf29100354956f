/**
 * A database with simulated sites in it, and a collector whose clock the test holds.
 *
 * @module
 */
import {
  type Collector,
  type CollectorConfig,
  type CollectorOptions,
  createCollector,
} from "../../collector/runner.ts";
import type { Clock } from "../../lib/clock.ts";
import { endMsOf, type HalfHour, halfHourOf } from "../../lib/domain/half_hour.ts";
import { createLog } from "../../lib/log.ts";
import { profileOf } from "../../lib/profiles/mod.ts";
import { type SimulatedSite, startSite } from "../../lib/simulator/site.ts";
import type { SiteSpec } from "../../lib/simulator/spec.ts";
import { type Database, openDatabase } from "../../lib/store/db.ts";
import { openHalfHour } from "../../lib/store/ledger.ts";
import { migrate } from "../../lib/store/migrator.ts";
import { type ChannelHalfHours, readHalfHours } from "../../lib/store/readings.ts";
import { registerSites } from "../../lib/store/sites.ts";
import { migrations } from "../../migrations/mod.ts";
import { type ManualClock, manualClock, runUntil } from "../fakes/manual_clock.ts";
import { draftOf, simulatorClock, siteSpec } from "./simulated.ts";

/** The half-hour in which most tests begin: 10:00 to 10:30 UTC on a Monday. */
export const FIRST: HalfHour = halfHourOf(Date.UTC(2026, 10, 2, 10));

/** What the configuration says in tests. */
export const CONFIG: CollectorConfig = {
  release: "test",
  visitsAtOnce: 50,
  startsPerSecond: 1_000,
  connectTimeoutMs: 8_000,
  responseTimeoutMs: 5_000,
  loopbackSites: true,
  services: [],
  heldValues: 200_000,
};

/** A line of the log, parsed. */
export type LogLine = Readonly<Record<string, unknown>>;

/** A database with sites. */
export interface Estate {
  /** The database. */
  readonly db: Database;
  /** The time, at the end of {@link FIRST}. */
  readonly clock: ManualClock;
  /** The running sites. */
  readonly sites: readonly SimulatedSite[];
  /** Their ids. */
  readonly siteIds: readonly number[];
  /** What was logged. */
  readonly lines: LogLine[];
  /** Makes a collector; the estate drains it when it ends. */
  collector(
    over?: Partial<CollectorConfig>,
    more?: Partial<Pick<CollectorOptions, "db" | "resolve">>,
  ): Collector;
  /** Runs the cycle that is due to its end. */
  cycle(collector: Collector): Promise<void>;
  /** Moves the clock to so many milliseconds after the boundary that closes a half-hour. */
  goTo(halfHour: HalfHour, afterMs?: number): Promise<void>;
}

/** What an estate is made of. */
export interface EstateOptions {
  /** Its sites. */
  readonly specs: readonly Partial<SiteSpec>[];
  /** Where its database is; otherwise SQLite in memory. */
  readonly databaseUrl?: string;
}

/** Runs a test in an estate, and takes everything down. */
export async function withEstate(
  options: EstateOptions,
  body: (estate: Estate) => Promise<void>,
): Promise<void> {
  const clock = manualClock(endMsOf(FIRST));
  const db = await openDatabase(options.databaseUrl ?? "sqlite::memory:");
  await migrateOrThrow(db, clock);
  const sites = await Promise.all(
    options.specs.map((spec, i) =>
      startSite(siteSpec({ name: `Site ${i + 1}`, seed: 11 + i, ...spec }), { clock: simulatorClock(clock) })
    ),
  );
  const registered = await registerSites(db, sites.map((site) => draftOf(site, { since: FIRST })));
  if (!registered.ok) throw new Error("The sites cannot be registered");
  const lines: LogLine[] = [];
  const log = createLog({ clock, level: "debug", write: (line) => lines.push(JSON.parse(line)) });
  const collectors: Collector[] = [];
  const estate: Estate = {
    db,
    clock,
    sites,
    siteIds: registered.value,
    lines,
    collector(over = {}, more = {}) {
      const config = { ...CONFIG, ...over };
      const made = createCollector({
        db: more.db ?? db,
        clock,
        random: Math.random,
        log,
        findProfile: profileOf,
        config,
        ...(more.resolve ? { resolve: more.resolve } : {}),
      });
      collectors.push(made);
      return made;
    },
    async cycle(collector) {
      collector.wake();
      await runUntil(clock, collector.idle(), () => isBusy(collector));
    },
    async goTo(halfHour, afterMs = 0) {
      const ms = endMsOf(halfHour) + afterMs - clock.nowMs();
      if (ms > 0) await clock.advance(ms);
    },
  };
  try {
    await body(estate);
  } finally {
    await Promise.all(
      collectors.map((collector) =>
        runUntil(clock, collector.drain(1_000), () => collector.status().visiting > 0)
      ),
    );
    await Promise.all(sites.map((site) => site.close()));
    await db.close();
  }
}

/** Whether a collector waits for something real: a start that has not led to a cycle yet, or a visit. */
export function isBusy(collector: Collector): boolean {
  const { visiting, running } = collector.status();
  return visiting > 0 || running.length === 0;
}

/** Brings a database up to date. */
export async function migrateOrThrow(db: Database, clock: Clock): Promise<void> {
  const migrated = await migrate(db, migrations, clock);
  if (!migrated.ok) throw new Error(`Cannot migrate: ${migrated.error.kind}`);
}

/** Makes the ledger of a half-hour with every site due so many milliseconds after its boundary. */
export async function dueAfter(db: Database, halfHour: HalfHour, ms: number): Promise<void> {
  await openHalfHour(db, halfHour, { dueMsOf: () => endMsOf(halfHour) + ms });
}

/** A channel of a site with what the database says of some half-hours. */
export interface ChannelRows extends ChannelHalfHours {
  /** The site. */
  readonly siteId: number;
  /** Unit of its meter. */
  readonly unitId: number;
  /** Its meter's profile. */
  readonly profileId: string;
  /** Name of the quantity. */
  readonly quantity: string;
  /** How its values may be used. */
  readonly kind: number;
}

/** All channels with what the database says of the half-hours `from` to before `to`. */
export async function allChannels(
  db: Database,
  { from, to }: { readonly from: HalfHour; readonly to: HalfHour },
): Promise<readonly ChannelRows[]> {
  const channels = await db.kysely.selectFrom("channel as c").innerJoin(
    "meter as m",
    "m.meter_id",
    "c.meter_id",
  )
    .select(["c.channel_id", "c.site_id", "c.quantity", "c.kind", "m.unit_id", "m.profile_id"])
    .orderBy("c.channel_id").execute();
  const rows: ChannelRows[] = [];
  for (let i = 0; i < channels.length; i += 2_000) {
    const piece = channels.slice(i, i + 2_000);
    const found = await readHalfHours(db, {
      channelIds: piece.map((channel) => channel.channel_id),
      from,
      to,
    });
    const byId = new Map(found.map((entry) => [entry.channelId, entry]));
    for (const channel of piece) {
      const entry = byId.get(channel.channel_id);
      if (!entry) continue;
      const { site_id: siteId, unit_id: unitId, profile_id: profileId, quantity, kind } = channel;
      rows.push({ ...entry, siteId, unitId, profileId, quantity, kind });
    }
  }
  return rows;
}

/** The states of a half-hour's ledger by site. */
export async function ledgerOf(db: Database, halfHour: HalfHour) {
  return await db.kysely.selectFrom("ledger")
    .select(["site_id", "state", "reason", "token", "tries", "path_id", "due_at_ms"])
    .where("half_hour", "=", halfHour).orderBy("site_id").execute();
}
