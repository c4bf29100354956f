/**
 * How many sites use a device profile, as whoever asks may know it.
 *
 * @module
 */

import { deepStrictEqual, ok } from "node:assert/strict";
import { ALL_SITES, type Reach } from "../../../lib/domain/permission.ts";
import { countSitesWithProfile } from "../../../lib/store/profile_use.ts";
import { onEveryEngine } from "./engines.ts";
import { H, plansOf } from "./estate.ts";

const some = (siteIds: readonly number[], groupIds: readonly number[] = []): Reach => ({
  kind: "some",
  siteIds,
  groupIds,
});

onEveryEngine(
  "countSitesWithProfile() counts sites within reach once, by their devices of today and by their router",
  async (db) => {
    const plans = await plansOf(db, 4);
    const [first = 0, second = 0, third = 0, fourth = 0] = plans.map(({ site }) => site.id);
    const [device] = plans[0]?.meters ?? [];
    ok(device);
    await db.kysely.insertInto("site_group").values({ group_id: 7, name: "North" }).execute();
    await db.kysely.updateTable("site").set({ group_id: 7 }).where("site_id", "in", [first, second])
      .execute();
    const metersOf = (siteIds: readonly number[]) =>
      db.kysely.updateTable("meter").where("site_id", "in", siteIds);
    await metersOf([first, second, third, fourth]).set({ profile_id: "another" }).execute();
    await metersOf([first, third]).set({ profile_id: "sought" }).execute();
    await metersOf([second]).set({ profile_id: "sought", until: H }).execute();
    await db.kysely.updateTable("router").set({ profile_id: "a-router" })
      .where("site_id", "in", [first, fourth]).execute();
    const count = (profileId: string, reaches: readonly Reach[], halfHour = H) =>
      countSitesWithProfile(db, { profileId, reaches, halfHour });
    deepStrictEqual(
      {
        all: await count("sought", [ALL_SITES]),
        before: await count("sought", [ALL_SITES], H - 1),
        named: await count("sought", [some([third, fourth])]),
        group: await count("sought", [some([], [7])]),
        both: await count("sought", [some([], [7]), some([third])]),
        nowhere: await count("sought", []),
        router: await count("a-router", [ALL_SITES]),
        nearRouter: await count("a-router", [some([fourth])]),
        unused: await count("nobody", [ALL_SITES]),
      },
      {
        all: 2,
        before: 3,
        named: 1,
        group: 1,
        both: 0,
        nowhere: 0,
        router: 2,
        nearRouter: 1,
        unused: 0,
      },
    );
  },
);
