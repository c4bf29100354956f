/**
 * Devices that somebody may choose to read from: within their reach, by site, found by a part of a name.
 *
 * @module
 */

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { ALL_SITES } from "../../../lib/domain/permission.ts";
import { listReadPlaces } from "../../../lib/store/read_places.ts";
import { siteSpec } from "../../collector/simulated.ts";
import { FIRST, withFlow } from "../../flows/running_product.ts";

Deno.test("listReadPlaces() offers devices within reach alone, and finds them by site and device", async () => {
  await withFlow(
    { specs: [siteSpec({ name: "Near" }), siteSpec({ name: "Far", seed: 5 })] },
    async (flow) => {
      const { db } = flow.opened;
      const list = (
        find: string,
        reach: Parameters<typeof listReadPlaces>[1]["reaches"][number] = ALL_SITES,
      ) => listReadPlaces(db, { reaches: [reach], halfHour: FIRST, find });
      const all = await list("");
      strictEqual(all.length, 8);
      deepStrictEqual([...new Set(all.map(({ siteName }) => siteName))], ["Far", "Near"]);
      const [near = 0] = flow.siteIds;
      const some = { kind: "some", groupIds: [], siteIds: [near] } as const;
      deepStrictEqual([...new Set((await list("", some)).map(({ siteId }) => siteId))], [near]);
      strictEqual((await list("Far", some)).length, 0, "what is out of reach is not found either");
      strictEqual((await list("sdm630")).length, 2);
      strictEqual(
        (await list("%")).length,
        0 + (await list("_")).length,
      );
    },
  );
});
