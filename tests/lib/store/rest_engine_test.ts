import { deepStrictEqual, ok as assert, strictEqual } from "node:assert/strict";
import { ALL_SITES } from "../../../lib/domain/permission.ts";
import { endMsOf, endSOf } from "../../../lib/domain/half_hour.ts";
import { listAttempts } from "../../../lib/store/attempts.ts";
import { listOutages } from "../../../lib/store/outages.ts";
import { appendAudit, listAudit } from "../../../lib/store/audit.ts";
import { firstChangeSince, newestChangeId, onLocalCommit, readChanges } from "../../../lib/store/changes.ts";
import { closeHalfHour, lastOpenedHalfHour, recordOutage } from "../../../lib/store/ledger.ts";
import { countFleet, listCompleteness, listSites } from "../../../lib/store/overview.ts";
import { forgetTraces } from "../../../lib/store/packing.ts";
import { latestReadings, loadCounterContexts, storeVisits } from "../../../lib/store/readings.ts";
import { holdRelease, promoteRelease, releaseHold } from "../../../lib/store/releases.ts";
import { loadLoadShapes, loadPeaks, saveLoadShapes } from "../../../lib/store/shapes.ts";
import {
  countUsers,
  createFirstAdministrator,
  createUser,
  findUser,
  findUserByEmail,
  isSetupToken,
  putSetupToken,
  setLastSignIn,
} from "../../../lib/store/users.ts";
import { authorAt } from "../../fakes/author.ts";
import { onEveryEngine } from "./engines.ts";
import { channelOf, claimAll, failedVisit, H, plansOf, seriesAt, visitOf } from "./estate.ts";

const NOW = endMsOf(H);

onEveryEngine("readChanges() gives what became visible late and skips nothing", async (db) => {
  const [plan] = await plansOf(db, 1);
  assert(plan);
  let signals = 0;
  const stop = onLocalCommit(db, () => signals++);
  await storeVisits(db, await claimAll(db, H), [visitOf(plan, H)], NOW);
  await storeVisits(db, await claimAll(db, H + 1), [visitOf(plan, H + 1)], NOW + 60_000);
  stop();
  strictEqual(signals, 2);
  const all = await readChanges(db, { afterId: 0, limit: 10 });
  deepStrictEqual(all.map(({ halfHour, siteIds }) => [halfHour, siteIds]), [[H, [plan.site.id]], [H + 1, [
    plan.site.id,
  ]]]);
  const [first, second] = all;
  assert(first && second);
  strictEqual(await newestChangeId(db), second.id);
  deepStrictEqual(await readChanges(db, { afterId: second.id, limit: 10 }), []);
  // Ids have gaps, and a lower one may come after a higher one was read.
  const { id, ...late } = { ...second, id: second.id + 7 };
  const row = { half_hour: late.halfHour, site_ids: JSON.stringify(late.siteIds), at_ms: late.atMs };
  await db.kysely.insertInto("change_feed").values({ change_id: id, ...row }).execute();
  await db.kysely.insertInto("change_feed").values({ change_id: id - 2, ...row }).execute();
  const seen = await readChanges(db, { afterId: id, sinceMs: NOW + 30_000, limit: 10 });
  deepStrictEqual(seen.map((change) => change.id), [second.id, id - 2, id]);
  strictEqual(await firstChangeSince(db, NOW + 30_000), second.id);
  strictEqual(await firstChangeSince(db, NOW + 60_001), null);
  strictEqual((await readChanges(db, { afterId: 0, limit: 1 })).length, 1);
});

onEveryEngine("forgetTraces() forgets what is old and nothing else", async (db) => {
  const [plan] = await plansOf(db, 1);
  assert(plan);
  await storeVisits(db, await claimAll(db, H), [visitOf(plan, H)], NOW);
  const day = 24 * 3_600_000;
  strictEqual(await forgetTraces(db, { nowMs: NOW + day - 1 }), 0);
  strictEqual(await forgetTraces(db, { nowMs: NOW + day + 1 }), 1, "the feed's row");
  strictEqual((await listAttempts(db, { siteId: plan.site.id, limit: 5 }))[0]?.halfHour, H);
  strictEqual(await forgetTraces(db, { nowMs: NOW + 15 * day }), 1, "the attempt");
  deepStrictEqual(await listAttempts(db, { siteId: plan.site.id, limit: 5 }), []);
});

onEveryEngine("recordOutage() keeps the last readings and is one row", async (db) => {
  const [plan] = await plansOf(db, 1);
  assert(plan);
  await storeVisits(db, await claimAll(db, H), [visitOf(plan, H, { newSeries: [seriesAt(plan, H)] })], NOW);
  strictEqual(await lastOpenedHalfHour(db), H);
  const outage = { from: H + 1, to: H + 500, reason: "we-were-down" as const };
  await recordOutage(db, outage);
  await recordOutage(db, outage);
  deepStrictEqual(await listOutages(db.reader, { from: H, to: H + 600 }), [outage]);
  const channelId = channelOf(plan, "counter");
  const context = (await loadCounterContexts(db, { halfHour: H + 600, channelIds: [channelId] })).get(
    channelId,
  );
  deepStrictEqual([context?.inGap, context?.last?.atS, context?.last?.value], [
    true,
    endSOf(H) + 5,
    1_000_000,
  ]);
  assert((context?.last?.seriesId ?? 0) > 0);
});

onEveryEngine(
  "holdRelease() lets one release work until it falls silent or another is promoted",
  async (db) => {
    const blue = { release: "blue", token: "a" };
    const green = { release: "green", token: "b" };
    deepStrictEqual(await holdRelease(db, { ...blue, nowMs: NOW }), { promoted: true, release: "blue" });
    deepStrictEqual(await holdRelease(db, { ...green, nowMs: NOW + 1 }), {
      promoted: false,
      release: "blue",
    });
    deepStrictEqual(await holdRelease(db, { ...blue, nowMs: NOW + 60_000 }), {
      promoted: true,
      release: "blue",
    });
    deepStrictEqual(await holdRelease(db, { ...green, nowMs: NOW + 179_000 }), {
      promoted: false,
      release: "blue",
    });
    deepStrictEqual(await holdRelease(db, { ...green, nowMs: NOW + 180_001 }), {
      promoted: true,
      release: "green",
    });
    deepStrictEqual(await holdRelease(db, { ...blue, nowMs: NOW + 180_002 }), {
      promoted: false,
      release: "green",
    });
    await promoteRelease(db, { ...blue, nowMs: NOW + 180_003 });
    deepStrictEqual(await holdRelease(db, { ...green, nowMs: NOW + 180_004 }), {
      promoted: false,
      release: "blue",
    });
    await releaseHold(db, green);
    deepStrictEqual(await holdRelease(db, { ...green, nowMs: NOW + 180_005 }), {
      promoted: false,
      release: "blue",
    });
    await releaseHold(db, blue);
    const both = await Promise.all(
      [blue, green].map((it) => holdRelease(db, { ...it, nowMs: NOW + 180_006 })),
    );
    strictEqual(both.filter(({ promoted }) => promoted).length, 1);
  },
);

onEveryEngine("createFirstAdministrator() spends the link once", async (db) => {
  strictEqual(await countUsers(db), 0);
  await putSetupToken(db, { tokenHash: "old", expiresMs: NOW + 1_000 });
  await putSetupToken(db, { tokenHash: "hash", expiresMs: NOW + 1_000 });
  strictEqual(await isSetupToken(db, { tokenHash: "old", nowMs: NOW }), false);
  strictEqual(await isSetupToken(db, { tokenHash: "hash", nowMs: NOW + 1_001 }), false);
  strictEqual(await isSetupToken(db, { tokenHash: "hash", nowMs: NOW }), true);
  const administrator = { name: "Aino", passwordHash: "$argon2", tokenHash: "hash" };
  const made = await Promise.all(
    ["a@example.org", "b@example.org"].map((email) =>
      createFirstAdministrator(db, authorAt(NOW), { ...administrator, email })
    ),
  );
  strictEqual(made.filter(({ ok }) => ok).length, 1);
  strictEqual(await countUsers(db), 1);
  strictEqual(await isSetupToken(db, { tokenHash: "hash", nowMs: NOW }), false);
  const user = made.flatMap((result) => result.ok ? [result.value] : [])[0];
  assert(user);
  const account = await findUserByEmail(db, user.email.toUpperCase());
  deepStrictEqual([account?.user.role, account?.passwordHash, account?.user.state], [
    "administrator",
    "$argon2",
    "active",
  ]);
  await setLastSignIn(db, { userId: user.id, nowMs: NOW + 5 });
  strictEqual((await findUser(db, user.id))?.lastSignInMs, NOW + 5);
  const again = {
    email: user.email.toUpperCase(),
    name: "B",
    role: "viewer" as const,
    passwordHash: "x",
    nowMs: NOW,
  };
  deepStrictEqual(await createUser(db, again), { ok: false, error: { kind: "email-taken" } });
  await appendAudit(db, authorAt(NOW, { actor: "a", origin: "d" }), {
    action: "b",
    subject: "c",
    before: { x: 1 },
  });
  const [newest, created] = await listAudit(db);
  deepStrictEqual(newest, {
    atMs: NOW,
    actor: "a",
    action: "b",
    subject: "c",
    origin: "d",
    before: { x: 1 },
  });
  strictEqual(created?.action, "user-created");
});

onEveryEngine("saveLoadShapes() replaces what was there", async (db) => {
  const shape = { weights: new Array<number>(336).fill(1_000), samples: 400, peak: 7_000_000_000 };
  await saveLoadShapes(db, new Map([[5, { ...shape, samples: 1 }], [6, shape]]), NOW);
  await saveLoadShapes(db, new Map([[5, shape]]), NOW);
  deepStrictEqual(await loadLoadShapes(db, [5, 6, 7]), new Map([[5, shape], [6, shape]]));
  deepStrictEqual(await loadPeaks(db, [6, 7]), new Map([[6, 7_000_000_000]]));
});

onEveryEngine("latestReadings() goes back as far as needed and brings texts", async (db) => {
  const [plan] = await plansOf(db, 1);
  assert(plan);
  await storeVisits(db, await claimAll(db, H), [visitOf(plan, H)], NOW);
  for (let h = H + 1; h < H + 20; h++) {
    await storeVisits(db, await claimAll(db, h), [failedVisit(plan, h, "refused")], endMsOf(h));
  }
  const channelIds = plan.channels.map(({ id }) => id);
  const latest = await latestReadings(db, { channelIds, notBefore: H - 100 });
  deepStrictEqual([...latest.values()].map(({ halfHour }) => halfHour), [H, H, H]);
  strictEqual(latest.get(channelOf(plan, "text"))?.text, "v1.2");
  strictEqual(latest.get(channelOf(plan, "counter"))?.words, (1_000_000).toString(16).padStart(8, "0"));
  strictEqual((await latestReadings(db, { channelIds, notBefore: H + 1 })).size, 0);
});

onEveryEngine("listSites() finds, filters, sorts and counts", async (db) => {
  const plans = await plansOf(db, 5);
  const [good, backup, silent, half, open] = plans;
  assert(good && backup && silent && half && open);
  const claim = await claimAll(db, H);
  await storeVisits(db, claim, [
    visitOf(good, H),
    visitOf(backup, H, { pathId: backup.paths[1]?.id ?? null }),
    failedVisit(silent, H, "no-route"),
    visitOf(half, H, { outcome: "partial", reason: "unit-silent" }),
  ], NOW);
  const base = { reaches: [ALL_SITES], page: 1, pageSize: 10, halfHour: H };
  const idsOf = async (query: Partial<Parameters<typeof listSites>[1]>) =>
    (await listSites(db, { ...base, ...query })).sites.map(({ id }) => id);
  deepStrictEqual(
    await idsOf({ sort: "state" }),
    [silent, half, backup, open, good].map(({ site }) => site.id),
  );
  deepStrictEqual(await idsOf({ state: "backup" }), [backup.site.id]);
  deepStrictEqual(await idsOf({ path: "wired" }), [backup.site.id]);
  deepStrictEqual(
    await idsOf({ search: "SITE 00", reverse: true }),
    plans.map(({ site }) => site.id).reverse(),
  );
  deepStrictEqual(await idsOf({ search: "%" }), []);
  strictEqual((await idsOf({ sort: "complete" })).length, 5);
  const page = await listSites(db, { ...base, page: 2, pageSize: 2 });
  deepStrictEqual([page.total, page.sites.map(({ id }) => id)], [5, [silent.site.id, half.site.id]]);
  deepStrictEqual(page.sites[0]?.history, [
    { halfHour: H, state: "failed", reason: "no-route", pathRank: null },
  ]);
  const fleet = await countFleet(db, { halfHour: H, reaches: [ALL_SITES] });
  deepStrictEqual(fleet.states, { open: 0, claimed: 1, complete: 2, partial: 1, failed: 1 });
  deepStrictEqual([fleet.expected, fleet.onBackup, fleet.paths], [5, 1, { cellular: 2, wifi: 0, wired: 1 }]);
  deepStrictEqual(new Set(fleet.reasons.map(({ reason }) => reason)), new Set(["no-route", "unit-silent"]));
  await closeHalfHour(db, H, { nowMs: NOW + 3_600_000, reason: "visit-deadline" });
  const complete = await listCompleteness(db, { reaches: [ALL_SITES], from: H - 1, to: H + 1 });
  deepStrictEqual(complete.map((it) => [it.expected, it.complete, it.partial, it.failed]), [[0, 0, 0, 0], [
    5,
    2,
    1,
    2,
  ]]);
});
