/**
 * Sites that are reached under an address and port which somebody gives another site too: allowed, but worth a look.
 *
 * @module
 */

import { sql } from "kysely";
import { type Reach, reachesSite } from "../domain/permission.ts";
import type { Database } from "./db.ts";
import { withinReach } from "./reach.ts";

/** Sites that are named at most. */
const NAMED_MAX = 20;

/** An address and port that another site has. */
export interface HostTwin {
  /** The address. */
  readonly host: string;
  /** The port. */
  readonly port: number;
  /** The site; `null`: whoever asks may not see it. */
  readonly siteName: string | null;
}

/** Addresses and ports, and what whoever asks reaches. */
export interface HostQuestion {
  /** The addresses. */
  readonly hosts: readonly string[];
  /** The ports behind each. */
  readonly ports: readonly number[];
  /** Sites of whoever asks. */
  readonly reach: Reach;
  /** A site that is not asked about, because it is the one that is changed; absent: there is none. */
  readonly besides?: number | undefined;
}

/** Whether a site out of reach has one of the addresses with one of the ports. */
export async function hasFarTwin(db: Database, { hosts, ports, reach }: HostQuestion): Promise<boolean> {
  if (hosts.length === 0 || ports.length === 0) return false;
  const within = withinReach([reach], { siteId: "site.site_id", groupId: "site.group_id" });
  const row = await db.kysely.selectFrom("path")
    .innerJoin("endpoint", "endpoint.site_id", "path.site_id")
    .innerJoin("site", "site.site_id", "path.site_id")
    .select("site.site_id")
    .where("path.host", "in", [...hosts]).where("endpoint.port", "in", [...ports])
    // A site without a group is neither in one nor not in one: what is not known to be within is not.
    .where(sql<boolean>`coalesce(${within}, 0) = 0`)
    .limit(1).executeTakeFirst();
  return row !== undefined;
}

/** Which sites share an address and a port with those given. A site out of reach is not named. */
export async function listHostTwins(
  db: Database,
  { hosts, ports, reach, besides = 0 }: HostQuestion,
): Promise<readonly HostTwin[]> {
  if (hosts.length === 0 || ports.length === 0) return [];
  const rows = await db.reader.selectFrom("path")
    .innerJoin("endpoint", "endpoint.site_id", "path.site_id")
    .innerJoin("site", "site.site_id", "path.site_id")
    .select(["path.host", "endpoint.port", "site.name", "site.site_id", "site.group_id"])
    .where("path.host", "in", [...hosts]).where("endpoint.port", "in", [...ports])
    .where("site.site_id", "<>", besides)
    .orderBy("site.site_id").limit(NAMED_MAX).execute();
  return rows.map((row) => ({
    host: row.host,
    port: row.port,
    siteName: reachesSite({ reaches: [reach] }, { id: row.site_id, groupId: row.group_id }) ? row.name : null,
  }));
}
