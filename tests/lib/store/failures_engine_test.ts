/**
 * What pages say of half-hours without a reading: missing until the site is heard again, recovered from then on.
 *
 * @module
 */

import { deepStrictEqual, ok, rejects } from "node:assert/strict";
import { ALL_SITES } from "../../../lib/domain/permission.ts";
import { endMsOf, type HalfHour } from "../../../lib/domain/half_hour.ts";
import type { SitePlan } from "../../../lib/domain/site.ts";
import type { StoredVisit } from "../../../lib/domain/visit.ts";
import type { Database } from "../../../lib/store/db.ts";
import { listFailures } from "../../../lib/store/failures.ts";
import { storeVisits } from "../../../lib/store/readings.ts";
import { listAnsweredPaths } from "../../../lib/store/site_paths.ts";
import { onEveryEngine } from "./engines.ts";
import { claimAll, failedVisit, H, plansOf, seriesAt, visitOf } from "./estate.ts";

async function twoSites(db: Database): Promise<readonly [SitePlan, SitePlan]> {
  const [first, second] = await plansOf(db, 2);
  ok(first && second);
  return [first, second];
}

/** Stores how a half-hour ended; who fails has no further try. */
async function end(db: Database, halfHour: HalfHour, visits: readonly StoredVisit[]): Promise<void> {
  const { stored } = await storeVisits(db, await claimAll(db, halfHour), visits, endMsOf(halfHour) + 60_000);
  deepStrictEqual(stored.length, visits.length);
}

const read = (plan: SitePlan, halfHour: HalfHour) =>
  visitOf(plan, halfHour, halfHour === H ? { newSeries: [seriesAt(plan, H)] } : {});
const fail = (plan: SitePlan, halfHour: HalfHour) => failedVisit(plan, halfHour, "connect-timeout");

onEveryEngine(
  "listFailures() counts a silent site as missing until it is heard, then as recovered",
  async (db) => {
    const [first, second] = await twoSites(db);
    await end(db, H, [read(first, H), read(second, H)]);
    for (const halfHour of [H + 1, H + 2, H + 3]) {
      await end(db, halfHour, [
        read(first, halfHour),
        fail(second, halfHour),
      ]);
    }
    const counts = async (to: HalfHour) =>
      (await listFailures(db, { reaches: [ALL_SITES], from: H, to })).map((
        { missing, recovered },
      ) => [missing, recovered]);
    deepStrictEqual(await counts(H + 4), [[0, 0], [1, 0], [1, 0], [1, 0]]);
    await end(db, H + 4, [fail(first, H + 4), read(second, H + 4)]);
    deepStrictEqual(await counts(H + 5), [[0, 0], [0, 1], [0, 1], [0, 1], [1, 0]]);
  },
);

onEveryEngine("listFailures() finds that a site was heard again, however long ago that was", async (db) => {
  const [first, second] = await twoSites(db);
  await end(db, H, [fail(first, H), fail(second, H)]);
  await end(db, H + 1, [read(first, H + 1), fail(second, H + 1)]);
  const found = await listFailures(db, { reaches: [ALL_SITES], from: H, to: H + 90 });
  deepStrictEqual(found.slice(0, 3).map(({ missing, recovered }) => [missing, recovered]), [[1, 1], [1, 0], [
    0,
    0,
  ]]);
});

onEveryEngine("listFailures() looks at two days at most", async (db) => {
  await rejects(listFailures(db, { reaches: [ALL_SITES], from: H, to: H + 97 }), RangeError);
  deepStrictEqual((await listFailures(db, { reaches: [ALL_SITES], from: H, to: H + 96 })).length, 96);
});

onEveryEngine(
  "listAnsweredPaths() names the path of each half-hour, and none where none answered",
  async (db) => {
    const [first, second] = await twoSites(db);
    const backup = first.paths[1]?.id ?? 0;
    const main = second.paths[0]?.id ?? 0;
    await end(db, H, [{ ...read(first, H), pathId: backup }, read(second, H)]);
    await end(db, H + 1, [fail(first, H + 1), read(second, H + 1)]);
    const ids = [first.site.id, second.site.id, 999_999];
    deepStrictEqual(
      await listAnsweredPaths(db, ids, { from: H, to: H + 2 }),
      new Map([
        [first.site.id, [{ halfHour: H, pathId: backup }]],
        [second.site.id, [{ halfHour: H, pathId: main }, { halfHour: H + 1, pathId: main }]],
        [999_999, []],
      ]),
    );
    deepStrictEqual(await listAnsweredPaths(db, [], { from: H, to: H + 2 }), new Map());
    await rejects(listAnsweredPaths(db, [1], { from: H, to: H + 97 }), RangeError);
  },
);
