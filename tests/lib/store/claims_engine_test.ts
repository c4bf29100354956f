import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { endMsOf } from "../../../lib/domain/half_hour.ts";
import { VISITS_MAX } from "../../../lib/domain/schedule.ts";
import { type Database, transaction } from "../../../lib/store/db.ts";
import {
  claimDue,
  type ClaimRequest,
  type ClaimResult,
  closeHalfHour,
  extendClaim,
  openHalfHour,
} from "../../../lib/store/ledger.ts";
import { promoteRelease } from "../../../lib/store/releases.ts";
import { onEveryEngine } from "./engines.ts";
import { DUE_AT_ONCE, H, plansOf } from "./estate.ts";

const NOW = endMsOf(H);

async function opened(db: Database, count: number): Promise<readonly number[]> {
  const plans = await plansOf(db, count);
  await openHalfHour(db, H, DUE_AT_ONCE);
  return plans.map(({ site }) => site.id);
}

function claim(db: Database, over: Partial<ClaimRequest> = {}) {
  const request = {
    halfHour: H,
    nowMs: NOW,
    claimMs: 1_000,
    limit: 200,
    afterSiteId: 0,
    token: 7,
    release: null,
  };
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

onEveryEngine("claimDue() claims nothing once another release works", async (db) => {
  const siteIds = await opened(db, 3);
  await promoteRelease(db, { release: "r1-blue", token: "a", nowMs: NOW });
  const first = await claim(db, { limit: 1, release: "r1-blue" });
  deepStrictEqual([first.claim?.siteIds, first.fenced], [siteIds.slice(0, 1), false]);
  await promoteRelease(db, { release: "r2-green", token: "b", nowMs: NOW });
  const fenced = await claim(db, { release: "r1-blue", token: 8 });
  deepStrictEqual([fenced.claim, fenced.tries.size, fenced.fenced], [null, 0, true]);
  const taken = await claim(db, { release: "r2-green", token: 9 });
  deepStrictEqual([taken.claim?.siteIds, taken.fenced], [siteIds.slice(1), false], "the rest is the other's");
  const held = await extendClaim(db, first.claim ?? { halfHour: H, token: 0, siteIds: [] }, NOW + 60_000);
  strictEqual(held, 1, "what was claimed before stays with who claimed it");
});

onEveryEngine("closeHalfHour() closes nothing for a release that no longer works", async (db) => {
  await opened(db, 2);
  await promoteRelease(db, { release: "r2-green", token: "b", nowMs: NOW });
  strictEqual(await closeHalfHour(db, H, { nowMs: NOW, release: "r1-blue" }), 0);
  strictEqual(await closeHalfHour(db, H, { nowMs: NOW, release: "r2-green" }), 2);
});

onEveryEngine("claimDue() claims before a switch or after it, never beside it", async (db) => {
  if (db.engine === "sqlite") return; // one process, and it writes one thing after the other
  await opened(db, 1);
  await promoteRelease(db, { release: "r1-blue", token: "a", nowMs: NOW });
  let claiming: Promise<ClaimResult> | null = null;
  await transaction(db, async (tx) => {
    await tx.updateTable("active_release").set({ release_name: "r2-green" }).where("release_id", "=", 1)
      .execute();
    claiming = claim(db, { release: "r1-blue" });
    // It waits for us; had it not, it would have claimed by what was true before.
    const claimed = await Promise.race([claiming, db.clock.sleep(300)]);
    strictEqual(claimed, undefined);
  });
  const { claim: claimed, fenced } = await (claiming ?? claim(db));
  deepStrictEqual([claimed, fenced], [null, true]);
});
