/**
 * What is counted over all sites: who should be there, and the zone that most are in.
 *
 * @module
 */

import { ok, strictEqual } from "node:assert/strict";
import { ALL_SITES } from "../../../lib/domain/permission.ts";
import { countExpectedSites, firstExpected } from "../../../lib/store/expected.ts";
import { registerSites } from "../../../lib/store/sites.ts";
import { commonestZone } from "../../../lib/store/zones.ts";
import { onEveryEngine } from "./engines.ts";
import { draftOf, H } from "./estate.ts";

onEveryEngine("countExpectedSites() counts from a site's first half-hour, and nobody before", async (db) => {
  strictEqual(await countExpectedSites(db, { halfHour: H, reaches: [ALL_SITES] }), 0);
  strictEqual(await firstExpected(db), null);
  const made = await registerSites(db, [draftOf("Late", H + 3), draftOf("Early", H)]);
  ok(made.ok);
  const counts = await Promise.all(
    [H - 1, H, H + 2, H + 3].map((halfHour) => countExpectedSites(db, { halfHour, reaches: [ALL_SITES] })),
  );
  strictEqual(counts.join(), "0,1,1,2");
  strictEqual(await firstExpected(db), H);
});

onEveryEngine("countExpectedSites() leaves out who is not collected", async (db) => {
  const made = await registerSites(db, [draftOf("Off", H), draftOf("On", H + 1)]);
  ok(made.ok);
  await db.kysely.updateTable("site").set({ collected: 0 }).where("name", "=", "Off").execute();
  strictEqual(await countExpectedSites(db, { halfHour: H + 1, reaches: [ALL_SITES] }), 1);
  strictEqual(await firstExpected(db), H + 1);
});

onEveryEngine("commonestZone() is the zone of most sites, the first by name of equals", async (db) => {
  strictEqual(await commonestZone(db, [ALL_SITES]), null);
  const zones = ["Europe/Paris", "Europe/London", "Asia/Tokyo", "Europe/London", "Europe/Paris"];
  const drafts = zones.map((zone, i) => ({ ...draftOf(`Site ${i}`), zone }));
  ok((await registerSites(db, drafts)).ok);
  strictEqual(await commonestZone(db, [ALL_SITES]), "Europe/London");
  ok((await registerSites(db, [{ ...draftOf("One more"), zone: "Europe/Paris" }])).ok);
  strictEqual(await commonestZone(db, [ALL_SITES]), "Europe/Paris");
});
