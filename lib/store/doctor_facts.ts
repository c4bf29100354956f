/**
 * What a check of the whole installation asks the database besides what the product's own health asks.
 *
 * @module
 */

import { sql } from "kysely";
import type { Database } from "./db.ts";

/** A place at which a site's router is reached. */
export interface RouterPlace {
  /** What people call the site. */
  readonly site: string;
  /** Its first address, as it was registered. */
  readonly host: string;
  /** One of its TCP ports. */
  readonly port: number;
}

/** Sites among which a sample is drawn. */
const DRAWN_MAX = 20_000;

/** Sites that are collected, drawn by chance, each by its first address and lowest port; at most `count`. */
export async function sampleRouters(
  db: Database,
  { count, random }: { readonly count: number; readonly random: () => number },
): Promise<readonly RouterPlace[]> {
  const sites = await db.reader.selectFrom("site").select("site_id").where("collected", "=", 1)
    .orderBy("site_id").limit(DRAWN_MAX).execute();
  const left = sites.map(({ site_id }) => site_id);
  const drawn: number[] = [];
  while (drawn.length < count && left.length > 0) {
    drawn.push(...left.splice(Math.floor(random() * left.length), 1));
  }
  if (drawn.length === 0) return [];
  const rows = await db.reader.selectFrom("site")
    .innerJoin("path", "path.site_id", "site.site_id")
    .innerJoin("endpoint", "endpoint.site_id", "site.site_id")
    .select(["site.site_id", "site.name", "path.host", "endpoint.port"])
    .where("site.site_id", "in", drawn)
    .orderBy("site.site_id").orderBy("path.place").orderBy("endpoint.port")
    .execute();
  const first = new Map<number, RouterPlace>();
  for (const { site_id, name, host, port } of rows) {
    if (!first.has(site_id)) first.set(site_id, { site: name, host, port });
  }
  return [...first.values()];
}

/** Which release works, and since when nobody heard of it. */
export interface WorkingRelease {
  /** Its name. */
  readonly release: string;
  /** Its last heartbeat, epoch milliseconds; 0: it gave its work back. */
  readonly heartbeatMs: number;
}

/** The release that works; `null`: none ever did. */
export async function readWorkingRelease(db: Database): Promise<WorkingRelease | null> {
  const row = await db.reader.selectFrom("active_release").select(["release_name", "heartbeat_ms"])
    .where("release_id", "=", 1).executeTakeFirst();
  return row?.release_name ? { release: row.release_name, heartbeatMs: row.heartbeat_ms } : null;
}

/** Epoch milliseconds of the server's own clock; `null`: SQLite has none of its own. */
export async function readDatabaseClock(db: Database): Promise<number | null> {
  if (db.engine === "sqlite") return null;
  const found = await sql<{ at: number }>`select unix_timestamp(now(3)) * 1000 as at`.execute(db.reader);
  return Number(found.rows[0]?.at ?? NaN);
}

/** Bytes of the database, as it says. */
export async function readDatabaseBytes(db: Database): Promise<number | null> {
  const found = db.engine === "sqlite"
    ? await sql<{ bytes: number }>`select page_count * page_size as bytes
      from pragma_page_count(), pragma_page_size()`.execute(db.reader)
    : await sql<{ bytes: number | null }>`select sum(data_length + index_length) as bytes
      from information_schema.tables where table_schema = database()`.execute(db.reader);
  const bytes = found.rows[0]?.bytes;
  return bytes === null || bytes === undefined ? null : Number(bytes);
}
