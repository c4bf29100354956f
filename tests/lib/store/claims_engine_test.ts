import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { endMsOf } from "../../../lib/domain/half_hour.ts";
import { VISITS_MAX } from "../../../lib/domain/schedule.ts";
import type { Database } from "../../../lib/store/db.ts";
import { claimDue, type ClaimRequest, openHalfHour } from "../../../lib/store/ledger.ts";
import { onEveryEngine } from "./engines.ts";
import { DUE_AT_ONCE, H, plansOf } from "./estate.ts";

const NOW = endMsOf(H);

async function opened(db: Database, count: number): Promise<readonly number[]> {
  const plans = await plansOf(db, count);
  await openHalfHour(db, H, DUE_AT_ONCE);
  return plans.map(({ site }) => site.id);
}

function claim(db: Database, over: Partial<ClaimRequest> = {}) {
  const request = { halfHour: H, nowMs: NOW, claimMs: 1_000, limit: 200, afterSiteId: 0, token: 7 };
  return claimDue(db, { ...request, ...over });
}

onEveryEngine("claimDue() claims nothing where there is no place", async (db) => {
  await opened(db, 3);
  for (const limit of [0, -5]) {
    const { claim: claimed, more } = await claim(db, { limit });
    deepStrictEqual([claimed, more], [null, true], `limit ${limit}`);
  }
  const rows = await db.kysely.selectFrom("ledger").select("tries").where("half_hour", "=", H).execute();
  deepStrictEqual(rows.map(({ tries }) => tries), [0, 0, 0]);
});

onEveryEngine("claimDue() passes over sites that this process is at, and goes on behind them", async (db) => {
  const [first = 0, second = 0, third = 0] = await opened(db, 3);
  const skip = (siteId: number) => siteId === first;
  const one = await claim(db, { limit: 1, skip });
  deepStrictEqual([one.claim, one.more, one.cursor], [null, true, first]);
  const rest = await claim(db, { afterSiteId: first, skip });
  deepStrictEqual(rest.claim?.siteIds, [second, third]);
  deepStrictEqual([...rest.tries], [[second, 1], [third, 1]]);
});

onEveryEngine(
  "claimDue() leaves a site alone whose claims ran out as often as it may be visited",
  async (db) => {
    const [siteId = 0] = await opened(db, 1);
    for (let tries = 1; tries <= VISITS_MAX; tries++) {
      const found = await claim(db, { nowMs: NOW + 2_000 * tries, token: tries });
      deepStrictEqual([...found.tries], [[siteId, tries]]);
    }
    const living = await claim(db, { nowMs: NOW + 2_000 * VISITS_MAX + 500, token: 99 });
    deepStrictEqual([living.claim, living.nextDueMs], [null, NOW + 2_000 * VISITS_MAX + 1_001]);
    const over = await claim(db, { nowMs: NOW + 2_000 * VISITS_MAX + 2_000, token: 99 });
    strictEqual(over.claim, null);
    strictEqual(over.nextDueMs, null, "nothing will be due: the half-hour can be closed");
  },
);
