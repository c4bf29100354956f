/**
 * What the link of a site is judged by: how far its router may be away, and when its SIM's month begins.
 *
 * @module
 */

import { USUAL_RADIUS_M } from "../domain/geofence.ts";
import { err, ok, type Result } from "../result.ts";
import { appendAudit, type Author } from "./audit.ts";
import { type Database, isStoreError, transaction } from "./db.ts";
import { exclusiveLock } from "./dialect.ts";

/** What a link is judged by. */
export interface LinkSettings {
  /** Metres that the router may be away from where the site was registered. */
  readonly radiusM: number;
  /** Day of the month on which the SIM's month begins, 1 to 31. */
  readonly billingDay: number;
}

/** The settings of a site as they stand. */
export interface KeptLinkSettings extends LinkSettings {
  /** How often they were changed; 0: never, they are what is usual. */
  readonly version: number;
}

/** What a site has that never said otherwise. */
export const USUAL_LINK_SETTINGS: KeptLinkSettings = { radiusM: USUAL_RADIUS_M, billingDay: 1, version: 0 };

/** The settings of a site. */
export async function readLinkSettings(db: Database, siteId: number): Promise<KeptLinkSettings> {
  const row = await db.reader.selectFrom("link_setting").select(["radius_m", "billing_day", "version"])
    .where("site_id", "=", siteId).executeTakeFirst();
  return row
    ? { radiusM: row.radius_m, billingDay: row.billing_day, version: row.version }
    : USUAL_LINK_SETTINGS;
}

/** Changes the settings of a site unless somebody else has since `version`. */
export async function writeLinkSettings(
  db: Database,
  by: Author,
  { siteId, version, settings }: {
    readonly siteId: number;
    readonly version: number;
    readonly settings: LinkSettings;
  },
): Promise<Result<number, { readonly kind: "changed" }>> {
  try {
    return await transaction(db, async (tx): Promise<Result<number, { readonly kind: "changed" }>> => {
      const row = await tx.selectFrom("link_setting").select(["radius_m", "billing_day", "version"])
        .where("site_id", "=", siteId).modifyEnd(exclusiveLock(tx)).executeTakeFirst();
      if ((row?.version ?? 0) !== version) return err({ kind: "changed" });
      const next = { radius_m: settings.radiusM, billing_day: settings.billingDay, version: version + 1 };
      if (row) await tx.updateTable("link_setting").set(next).where("site_id", "=", siteId).execute();
      else await tx.insertInto("link_setting").values({ site_id: siteId, ...next }).execute();
      const { radiusM, billingDay } = row
        ? { radiusM: row.radius_m, billingDay: row.billing_day }
        : USUAL_LINK_SETTINGS;
      await appendAudit(tx, by, {
        action: "link-changed",
        subject: `site ${siteId}`,
        siteId,
        before: { radiusM, billingDay },
        after: { radiusM: settings.radiusM, billingDay: settings.billingDay },
      });
      return ok(next.version);
    });
  } catch (error) {
    if (isStoreError(error, "duplicate")) return err({ kind: "changed" });
    throw error;
  }
}
