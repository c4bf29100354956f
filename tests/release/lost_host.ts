/**
 * A host that is going to be lost: an installation below a folder, the product as delivered in a process of its own, and
 * simulated sites with a past, which stay when the host is gone.
 *
 * @module
 */

import { systemClock } from "../../lib/clock.ts";
import { closedHalfHourAt, type HalfHour } from "../../lib/domain/half_hour.ts";
import { createLog } from "../../lib/log.ts";
import { type Database, openDatabase } from "../../lib/store/db.ts";
import { migrate } from "../../lib/store/migrator.ts";
import { openSnapshot } from "../../lib/store/snapshot.ts";
import { migrations } from "../../migrations/mod.ts";
import { startDemo } from "../../ops/demo.ts";
import { type Place, placeOf } from "../../ops/lib/release/place.ts";
import { buildInto, type ProductProcess, startProcess } from "../flows/product_process.ts";

const PROJECT = new URL("../../", import.meta.url).pathname;

/** An installation below a folder. */
export interface TrialHost {
  readonly place: Place;
  /** Address of its database. */
  readonly url: string;
  /** Runs a task of operators for it. */
  task(
    ...args: readonly string[]
  ): Promise<{ readonly code: number; readonly out: string; readonly err: string }>;
  /** Starts the product on its data and database. */
  start(env?: Readonly<Record<string, string>>): Promise<ProductProcess>;
  /** Its folders are gone. */
  lose(): Promise<void>;
}

/** Makes one; `url` is of a server, or `null` for an embedded database. */
export async function makeHost(root: string, url: string | null): Promise<TrialHost> {
  const place = placeOf({ name: "trial", root });
  const { paths } = place;
  for (
    const path of [
      paths.config,
      paths.credentials,
      paths.hostCredentials,
      paths.host,
      paths.data,
      paths.backups,
    ]
  ) {
    await Deno.mkdir(path, { recursive: true });
  }
  await Deno.writeTextFile(paths.settings, "PUBLIC_URL=http://127.0.0.1\n");
  if (url !== null) {
    await Deno.writeTextFile(`${paths.credentials}/database_url`, `${url}\n`, { mode: 0o600 });
  }
  const folder = paths.data.replace(/\/data$/, "");
  const database = url ?? `sqlite:${paths.data}/wattpost.db`;
  return {
    place,
    url: database,
    task: (...args) => runTask([...args, "--root", root, "--name", place.name]),
    async start(env = {}) {
      await buildInto(folder);
      return await startProcess(folder, { DATABASE_URL: database, ...env });
    },
    lose: () => Deno.remove(root, { recursive: true }),
  };
}

async function runTask(args: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", ...args],
    cwd: PROJECT,
    env: { NO_COLOR: "1", DATABASE_URL: "", DATA_DIR: "" },
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout), err: text.decode(stderr) };
}

/** Sites with a past in a database, and the half-hour that they have not been asked for yet. */
export interface DemoPast {
  readonly open: HalfHour;
  /** Stops the sites. */
  stop(): Promise<void>;
}

/** Fills a database with sites, days of half-hours and one that is still to be collected. */
export async function fillPast(
  url: string,
  { sites, days }: { readonly sites: number; readonly days: number },
): Promise<DemoPast> {
  const db = await openDatabase(url, { statementTimeoutMs: 60_000 });
  try {
    const migrated = await migrate(db, migrations, systemClock);
    if (!migrated.ok) throw new Error(`Cannot migrate: ${migrated.error.kind}`);
    const demo = await startDemo({
      db,
      clock: systemClock,
      log: createLog({ clock: systemClock, level: "error", write: () => undefined }),
      config: { demoSites: sites, demoDays: days },
      signal: new AbortController().signal,
      hashPassword: (text) => Promise.resolve(`hashed ${text}`),
      firstPort: 20_000 + 10 * Math.floor(Math.random() * 1_000),
    });
    return { open: await forgetNewest(db), stop: () => demo.stop() };
  } finally {
    await db.close();
  }
}

/** The newest half-hour of the past is taken back: the product collects it. */
async function forgetNewest(db: Database): Promise<HalfHour> {
  const found = await db.kysely.selectFrom("ledger").select((eb) => eb.fn.max("half_hour").as("newest"))
    .executeTakeFirstOrThrow();
  const newest = Number(found.newest ?? closedHalfHourAt(Date.now()));
  for (const table of ["recent", "ledger"] as const) {
    await db.kysely.deleteFrom(table).where("half_hour", ">=", newest).execute();
  }
  return newest;
}

/** Amount and quality of each half-hour of each channel, by `half-hour channel`. */
export type Amounts = ReadonlyMap<string, string>;

/** Every half-hour as SQL users see it, at one instant, while others write. */
export async function amountsIn(url: string): Promise<Amounts> {
  const snapshot = await openSnapshot(url, systemClock);
  try {
    const amounts = new Map<string, string>();
    for (const [siteId] of await snapshot.ask("select site_id from site")) {
      const rows = await snapshot.ask(
        `select half_hour, channel_id, amount, quality from half_hourly_energy where site_id = ${
          Number(siteId)
        }`,
      );
      for (const [halfHour, channelId, amount, quality] of rows) {
        amounts.set(`${halfHour} ${channelId}`, `${amount} ${quality}`);
      }
    }
    return amounts;
  } finally {
    await snapshot.close();
  }
}

/** Sites by how their half-hour stands in the ledger: open or claimed, and ended. */
export async function ledgerAt(
  url: string,
  halfHour: HalfHour,
): Promise<{ readonly open: number; readonly ended: number }> {
  const snapshot = await openSnapshot(url, systemClock);
  try {
    const rows = await snapshot.ask(
      `select state, count(*) from ledger where half_hour = ${halfHour} group by state`,
    );
    const sum = (isEnded: boolean) =>
      rows.filter(([state]) => Number(state) >= 2 === isEnded).reduce(
        (all, [, count]) => all + Number(count),
        0,
      );
    return { open: sum(false), ended: sum(true) };
  } finally {
    await snapshot.close();
  }
}
