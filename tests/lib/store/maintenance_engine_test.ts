import { deepStrictEqual, ok as assert, strictEqual } from "node:assert/strict";
import { completenessOf } from "../../../lib/domain/quality.ts";
import { endMsOf, firstHalfHourOf, type HalfHour, utcDayOf } from "../../../lib/domain/half_hour.ts";
import { countedLetters } from "../../../lib/domain/maintenance.ts";
import { ALL_SITES } from "../../../lib/domain/permission.ts";
import type { Database } from "../../../lib/store/db.ts";
import { listFailures } from "../../../lib/store/failures.ts";
import { closeHalfHour, closeUnvisited, listSiteOutcomes, openHalfHour } from "../../../lib/store/ledger.ts";
import { addWindow, endWindow, listWindows } from "../../../lib/store/maintenance.ts";
import { listCompleteness } from "../../../lib/store/overview.ts";
import { packNext } from "../../../lib/store/packing.ts";
import { readHalfHours } from "../../../lib/store/readings.ts";
import { authorAt } from "../../fakes/author.ts";
import { countedSite, visit } from "./counted_site.ts";
import { onEveryEngine } from "./engines.ts";
import { DUE_AT_ONCE, H } from "./estate.ts";

const reaches = [ALL_SITES];

async function setUp(db: Database) {
  const plan = await countedSite(db, { since: H });
  const channelId = plan.channels[0]?.id ?? 0;
  const siteId = plan.site.id;
  const read = async (to: HalfHour) => {
    const [own] = await readHalfHours(db, { channelIds: [channelId], from: H, to });
    if (!own) throw new Error("Nothing was read");
    return own;
  };
  return { siteId, channelId, read };
}

/** Silent where no value is given. */
async function visits(db: Database, siteId: number, values: readonly (number | null)[]): Promise<void> {
  for (const [i, value] of values.entries()) await visit(db, siteId, { halfHour: H + i, readS: 7, value });
}

onEveryEngine("addWindow() explains what is not read, and keeps what is", async (db) => {
  const { siteId, read } = await setUp(db);
  const window = {
    siteId,
    meterId: null,
    from: H + 1,
    to: H + 4,
    why: "Switchgear is cleaned",
    visited: true,
  };
  assert((await addWindow(db, authorAt(endMsOf(H)), window)).ok);
  await visits(db, siteId, [10, null, 12, null, null]);
  const own = await read(H + 5);
  deepStrictEqual(
    own.reasons.flatMap(({ index, readingReason }) => readingReason ? [[index, readingReason]] : []),
    [
      [1, "maintenance"],
      [3, "maintenance"],
      [4, "unit-silent"],
    ],
  );
  const counted = completenessOf(countedLetters(own));
  strictEqual(
    counted.expected,
    completenessOf(own.quality).expected - 2,
    "neither read nor missing",
  );
  const list = await listCompleteness(db, { from: H, to: H + 5, reaches });
  deepStrictEqual(list.map(({ expected, failed, maintenance }) => [expected, failed, maintenance]), [
    [1, 0, 0],
    [0, 0, 1],
    [1, 0, 0],
    [0, 0, 1],
    [1, 1, 0],
  ]);
  const failures = await listFailures(db, { from: H, to: H + 5, reaches });
  strictEqual(failures.reduce((sum, { missing, recovered }) => sum + missing + recovered, 0), 1);
});

onEveryEngine("addWindow() afterwards changes reasons, also of packed days, and no value", async (db) => {
  const { siteId, read } = await setUp(db);
  const values = Array.from({ length: 40 }, (_, i) => i > 5 && i < 9 ? null : 100 + i);
  await visits(db, siteId, values);
  const before = await read(H + 40);
  await listCompleteness(db, { from: H, to: H + 40, reaches });
  const nowMs = endMsOf(firstHalfHourOf(utcDayOf(H) + 3));
  assert(await packNext(db, { nowMs, token: 3 }));
  const window = { siteId, meterId: null, from: H + 6, to: H + 8, why: "Outage of the grid", visited: true };
  assert((await addWindow(db, authorAt(nowMs), window)).ok);
  const after = await read(H + 40);
  deepStrictEqual([after.amounts, after.quality], [before.amounts, before.quality]);
  deepStrictEqual(after.reasons.flatMap(({ readingReason }) => readingReason ?? []), [
    "maintenance",
    "maintenance",
    "unit-silent",
  ]);
  const outcomes = await listSiteOutcomes(db, [siteId], { from: H, to: H + 40 });
  deepStrictEqual(outcomes.get(siteId)?.reasons.map(({ reason }) => reason), [
    "maintenance",
    "maintenance",
    "unit-silent",
  ]);
  const list = await listCompleteness(db, { from: H, to: H + 40, reaches });
  strictEqual(list.reduce((sum, { maintenance }) => sum + maintenance, 0), 2);
});

onEveryEngine("closeUnvisited() leaves out a site that is not to be visited", async (db) => {
  const { siteId, read } = await setUp(db);
  const window = { siteId, meterId: null, from: H, to: H + 2, why: "No power", visited: false };
  assert((await addWindow(db, authorAt(endMsOf(H) - 1), window)).ok);
  await openHalfHour(db, H, DUE_AT_ONCE);
  strictEqual(await closeUnvisited(db, H, endMsOf(H)), 1);
  strictEqual(await closeUnvisited(db, H, endMsOf(H)), 0);
  strictEqual((await read(H + 1)).reasons[0]?.readingReason, "maintenance");
  await openHalfHour(db, H + 5, DUE_AT_ONCE);
  strictEqual(await closeUnvisited(db, H + 5, endMsOf(H + 5)), 0);
  await closeHalfHour(db, H + 5, { nowMs: endMsOf(H + 6) });
  strictEqual((await read(H + 6)).reasons.at(-1)?.readingReason, "we-were-down");
});

onEveryEngine("endWindow() ends it from the half-hour under way on", async (db) => {
  const { siteId, read } = await setUp(db);
  const window = { siteId, meterId: null, from: H, to: H + 10, why: "Works", visited: true };
  const set = await addWindow(db, authorAt(endMsOf(H - 1)), window);
  assert(set.ok);
  await visits(db, siteId, [null, null]);
  assert((await endWindow(db, authorAt(endMsOf(H + 1) + 60_000), { id: set.value, siteId })).ok);
  await visit(db, siteId, { halfHour: H + 2, readS: 7, value: null });
  deepStrictEqual((await read(H + 3)).reasons.map(({ readingReason }) => readingReason), [
    "maintenance",
    "maintenance",
    "unit-silent",
  ]);
  const again = await endWindow(db, authorAt(endMsOf(H + 3)), { id: set.value, siteId });
  deepStrictEqual(again, { ok: false, error: { kind: "over-already" } });
  const elsewhere = await endWindow(db, authorAt(endMsOf(H + 3)), { id: set.value, siteId: siteId + 1 });
  deepStrictEqual(elsewhere, { ok: false, error: { kind: "no-such-window" } });
  deepStrictEqual((await listWindows(db, siteId)).map(({ from, to }) => [from, to]), [[H, H + 2]]);
});

onEveryEngine("addWindow() refuses by name what cannot be", async (db) => {
  const { siteId } = await setUp(db);
  const kinds = async (
    changed: { readonly from?: number; readonly to?: number; readonly meterId?: number },
  ) => {
    const window = { siteId, meterId: null, from: H, to: H + 2, why: "Works", visited: true, ...changed };
    const set = await addWindow(db, authorAt(endMsOf(H)), window);
    return set.ok ? [] : set.error.map(({ kind }) => kind);
  };
  deepStrictEqual(await kinds({ to: H }), ["ends-before-it-begins"]);
  deepStrictEqual(await kinds({ to: H + 1441 }), ["too-long"]);
  deepStrictEqual(await kinds({ from: H - 3000, to: H - 2999 }), ["too-early"]);
  deepStrictEqual(await kinds({ from: H + 48 * 367, to: H + 48 * 367 + 1 }), ["too-late"]);
  deepStrictEqual(await kinds({ meterId: 99_999 }), ["no-such-device"]);
  deepStrictEqual(await kinds({}), []);
});
