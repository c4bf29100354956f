/**
 * Sites that are reached under an address and port which somebody gives another site too: allowed, but worth a look.
 *
 * @module
 */

import type { Reach } from "../domain/permission.ts";
import type { Database } from "./db.ts";
import { reachesSite } from "../domain/permission.ts";

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

/** Which sites share an address and a port with those given. A site out of reach is not named. */
export async function listHostTwins(
  db: Database,
  { hosts, ports, reach }: {
    readonly hosts: readonly string[];
    readonly ports: readonly number[];
    readonly reach: Reach;
  },
): Promise<readonly HostTwin[]> {
  if (hosts.length === 0 || ports.length === 0) return [];
  const rows = await db.reader.selectFrom("path")
    .innerJoin("endpoint", "endpoint.site_id", "path.site_id")
    .innerJoin("site", "site.site_id", "path.site_id")
    .select(["path.host", "endpoint.port", "site.name", "site.site_id", "site.group_id"])
    .where("path.host", "in", [...hosts]).where("endpoint.port", "in", [...ports])
    .orderBy("site.site_id").limit(NAMED_MAX).execute();
  return rows.map((row) => ({
    host: row.host,
    port: row.port,
    siteName: reachesSite({ reaches: [reach] }, { id: row.site_id, groupId: row.group_id }) ? row.name : null,
  }));
}
