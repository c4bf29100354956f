/**
 * The way into a site through the VPN, as the first of its addresses.
 *
 * @module
 */

import { err, ok, type Result } from "../result.ts";
import { PATHS_MAX } from "../domain/registration.ts";
import { appendAudit, type Author } from "./audit.ts";
import { revokeClaims } from "./device_change.ts";
import { type Database, transaction } from "./db.ts";
import { exclusiveLock } from "./dialect.ts";
import { takeIds } from "./ids.ts";

/** Why it was not made the first. */
export type VpnPathTrouble = "gone" | "too-many";

/** Makes an address the first of a site; one that was there moves to the front. Whether anything was changed. */
export function putVpnPathFirst(
  db: Database,
  by: Author,
  { siteId, host }: { readonly siteId: number; readonly host: string },
): Promise<Result<boolean, VpnPathTrouble>> {
  return transaction(db, async (tx): Promise<Result<boolean, VpnPathTrouble>> => {
    const site = await tx.selectFrom("site").select("site_id").where("site_id", "=", siteId)
      .modifyEnd(exclusiveLock(tx)).executeTakeFirst();
    const paths = await tx.selectFrom("path").select(["path_id", "place", "kind", "host"])
      .where("site_id", "=", siteId).orderBy("place").execute();
    const [main] = paths;
    if (!site || !main) return err("gone");
    if (main.host === host) return ok(false);
    const own = paths.find((path) => path.host === host);
    if (!own && paths.length >= PATHS_MAX) return err("too-many");
    const others = paths.filter((path) => path !== own);
    for (const [i, { path_id }] of others.entries()) {
      await tx.updateTable("path").set({ place: i + 1 }).where("path_id", "=", path_id).execute();
    }
    if (own) await tx.updateTable("path").set({ place: 0 }).where("path_id", "=", own.path_id).execute();
    else {
      // A tunnel runs over whatever the router has in use, which as a rule is what its main address belongs to.
      const path_id = await takeIds(tx, "path", 1);
      await tx.insertInto("path").values({ path_id, site_id: siteId, place: 0, kind: main.kind, host })
        .execute();
    }
    await revokeClaims(tx, { siteId, nowMs: by.atMs });
    await appendAudit(tx, by, {
      action: "site-changed",
      subject: `site ${siteId}`,
      siteId,
      before: { paths: paths.map((path) => path.host) },
      after: { paths: [host, ...others.map((path) => path.host)] },
    });
    return ok(true);
  });
}
