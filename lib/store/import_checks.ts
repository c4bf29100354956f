/**
 * What a sheet of sites is judged against: names that are taken, and addresses that other sites have.
 *
 * @module
 */

import { type Reach, reachesSite } from "../domain/permission.ts";
import type { Database } from "./db.ts";
import { piecesOf } from "./ids.ts";

/** Texts of one question. */
const TEXTS_AT_ONCE = 500;

/** Places of one answer at most. */
const PLACES_MAX = 5_000;

/** Which of the names are taken by sites, in lower case. Names are the same whatever their case. */
export async function listTakenNames(db: Database, names: readonly string[]): Promise<ReadonlySet<string>> {
  const taken = new Set<string>();
  for (const piece of piecesOf(names, TEXTS_AT_ONCE)) {
    const rows = await db.kysely.selectFrom("site").select("name").where("name", "in", [...piece]).execute();
    for (const { name } of rows) taken.add(name.toLowerCase());
  }
  return taken;
}

/** An address and port that a site has. */
export interface UsedPlace {
  /** The address. */
  readonly host: string;
  /** The port. */
  readonly port: number;
  /** The site; `null`: whoever asks may not see it. */
  readonly siteName: string | null;
}

/** Which of the addresses sites have. A site out of reach is not named. */
export async function listUsedPlaces(
  db: Database,
  { hosts, reach }: { readonly hosts: readonly string[]; readonly reach: Reach },
): Promise<readonly UsedPlace[]> {
  const places: UsedPlace[] = [];
  for (const piece of piecesOf(hosts, TEXTS_AT_ONCE)) {
    const rows = await db.kysely.selectFrom("path")
      .innerJoin("endpoint", "endpoint.site_id", "path.site_id")
      .innerJoin("site", "site.site_id", "path.site_id")
      .select(["path.host", "endpoint.port", "site.name", "site.site_id", "site.group_id"])
      .where("path.host", "in", [...piece]).orderBy("site.site_id").limit(PLACES_MAX).execute();
    for (const { host, port, name, site_id, group_id } of rows) {
      const seen = reachesSite({ reaches: [reach] }, { id: site_id, groupId: group_id });
      places.push({ host, port, siteName: seen ? name : null });
    }
  }
  return places;
}
