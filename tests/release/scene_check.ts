/**
 * What must be true when releases have come and gone: asked of the database and the meters, not of the product.
 *
 * @module
 */
import { type Database, openDatabase } from "../../lib/store/db.ts";
import type { FeedChange, Written } from "./load_plan.ts";

/** What is wrong, in words; nothing: all is well. */
export type Wrongs = readonly string[];

/** Most of a kind that are said. */
const SAID = 10;

/** Changes that are compared. */
const CHANGES_LIMIT = 100_000;

/** Opens the database for a function. */
export async function withDatabase<T>(url: string, body: (db: Database) => Promise<T>): Promise<T> {
  const db = await openDatabase(url);
  try {
    return await body(db);
  } finally {
    await db.close();
  }
}

/** How many sites of the half-hours that were opened are not yet read or closed. */
export async function sitesUnderWay(db: Database): Promise<number> {
  const row = await db.kysely.selectFrom("ledger").select((eb) => eb.fn.countAll<number>().as("sites"))
    .where("state", "in", [0, 1]).executeTakeFirstOrThrow();
  return Number(row.sites);
}

/** Sites read so far, over all half-hours. */
export async function sitesRead(db: Database): Promise<number> {
  const row = await db.kysely.selectFrom("ledger").select((eb) => eb.fn.countAll<number>().as("sites"))
    .where("has_reading", "=", 1).executeTakeFirstOrThrow();
  return Number(row.sites);
}

/** Each site has each half-hour, read or with a reason, claimed once; nothing is under way. */
export async function ledgerWrongs(db: Database, siteIds: readonly number[]): Promise<Wrongs> {
  const rows = await db.kysely.selectFrom("ledger")
    .select(["half_hour", "site_id", "state", "has_reading", "reason", "tries"]).execute();
  const halfHours = [...new Set(rows.map(({ half_hour }) => half_hour))];
  const there = new Set(rows.map(({ half_hour, site_id }) => `${half_hour}/${site_id}`));
  const missing = halfHours.flatMap((halfHour) =>
    siteIds.filter((siteId) => !there.has(`${halfHour}/${siteId}`)).map((siteId) => `${halfHour}/${siteId}`)
  );
  const where = ({ half_hour, site_id }: { readonly half_hour: number; readonly site_id: number }) =>
    `${half_hour}/${site_id}`;
  return [
    ...said("has no row in the ledger", missing),
    ...said("is neither read nor closed", rows.filter(({ state }) => state < 2).map(where)),
    ...said(
      "has neither a reading nor a reason",
      rows.filter(({ has_reading, reason }) => has_reading === 0 && reason === null).map(where),
    ),
    ...said("was claimed more than once", rows.filter(({ tries }) => tries > 1).map(where)),
  ];
}

/** No meter was read more often than its site has half-hours that were visited. */
export async function readWrongs(
  db: Database,
  siteIds: readonly number[],
  counts: readonly (readonly number[])[],
): Promise<Wrongs> {
  const rows = await db.kysely.selectFrom("ledger").select(["site_id", "has_reading", "tries"]).execute();
  const visited = new Map<number, number>();
  for (const { site_id, has_reading, tries } of rows) {
    if (has_reading === 1 || tries > 0) visited.set(site_id, (visited.get(site_id) ?? 0) + 1);
  }
  return said(
    "was read more often than it has half-hours",
    siteIds.flatMap((siteId, n) => {
      const most = Math.max(0, ...counts[n] ?? []);
      const due = visited.get(siteId) ?? 0;
      return most > due ? [`site ${siteId} (${most} times for ${due})`] : [];
    }),
  );
}

/** Each write that was accepted is there once, and the last one stands. */
export async function writeWrongs(db: Database, written: readonly Written[]): Promise<Wrongs> {
  const wrongs: string[] = [];
  for (const { siteId, accepted, last } of written) {
    const site = await db.kysely.selectFrom("site").select("town").where("site_id", "=", siteId)
      .executeTakeFirstOrThrow();
    if (site.town !== last) wrongs.push(`site ${siteId} has "${site.town}", but "${last}" was accepted last`);
    const trail = await db.kysely.selectFrom("audit").select((eb) => eb.fn.countAll<number>().as("entries"))
      .where("site_id", "=", siteId).where("action", "=", "site-changed").executeTakeFirstOrThrow();
    if (Number(trail.entries) !== accepted) {
      wrongs.push(`site ${siteId} was changed ${trail.entries} times, but ${accepted} writes were accepted`);
    }
  }
  return wrongs;
}

/** The change feed. */
export async function feedOf(db: Database): Promise<readonly FeedChange[]> {
  const rows = await db.kysely.selectFrom("change_feed").select(["change_id", "half_hour", "site_ids"])
    .orderBy("change_id").limit(CHANGES_LIMIT).execute();
  return rows.map(({ change_id, half_hour, site_ids }) => ({
    id: change_id,
    halfHour: half_hour,
    siteIds: JSON.parse(site_ids) as number[],
  }));
}

function said(what: string, which: readonly string[]): Wrongs {
  if (which.length === 0) return [];
  return [`${which.length} times: ${what}: ${which.slice(0, SAID).join(", ")}`];
}
