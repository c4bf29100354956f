/**
 * Where registered sites are reached, to say what a change of allowed networks would do.
 *
 * @module
 */
import type { Database } from "./db.ts";

/** A way to a site. */
export interface SiteHost {
  /** The site. */
  readonly siteId: number;
  /** What it is called. */
  readonly name: string;
  /** Address or host name of its router. */
  readonly host: string;
  /** TCP port of one of its endpoints. */
  readonly port: number;
}

/** Ways to sites that are looked at. */
export const SITE_HOSTS_MAX = 5_000;

/** Ways to sites, by site, at most {@link SITE_HOSTS_MAX}. */
export async function listSiteHosts(db: Database): Promise<readonly SiteHost[]> {
  const rows = await db.kysely.selectFrom("site")
    .innerJoin("path", "path.site_id", "site.site_id")
    .innerJoin("endpoint", "endpoint.site_id", "site.site_id")
    .select(["site.site_id", "site.name", "path.host", "endpoint.port"])
    .orderBy("site.site_id").orderBy("path.place").orderBy("endpoint.endpoint_id")
    .limit(SITE_HOSTS_MAX).execute();
  return rows.map((row) => ({ siteId: row.site_id, name: row.name, host: row.host, port: row.port }));
}
