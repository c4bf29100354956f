/**
 * A small estate for the store's tests: sites with one meter of three channels (a counter, a gauge, a text), and
 * visits to them.
 *
 * @module
 */

import { endMsOf, endSOf, type HalfHour } from "../../../lib/domain/half_hour.ts";
import type { ReadingReason } from "../../../lib/domain/reading.ts";
import type { Series } from "../../../lib/domain/series.ts";
import type { SitePlan } from "../../../lib/domain/site.ts";
import type { Claim, ReadingRow, StoredVisit } from "../../../lib/domain/visit.ts";
import type { Database } from "../../../lib/store/db.ts";
import { claimDue, openHalfHour } from "../../../lib/store/ledger.ts";
import { getSitePlan } from "../../../lib/store/plans.ts";
import { registerSites, type SiteDraft } from "../../../lib/store/sites.ts";

/** A half-hour that starts at 2026-11-20T10:00Z. */
export const H: HalfHour = Date.UTC(2026, 10, 20, 10) / 1_800_000;

/** A site as it is registered. */
export function draftOf(name: string, since: HalfHour = H): SiteDraft {
  return {
    name,
    town: "Oulu",
    zone: "Europe/Helsinki",
    latitude: 65.01,
    longitude: 25.47,
    hours: [[{ fromMin: 360, toMin: 1080 }], [], [], [], [], [], []],
    paths: [{ kind: "cellular", host: "127.0.0.1" }, { kind: "wired", host: "127.0.0.2" }],
    endpoints: [{
      port: 502,
      kind: "device",
      pauseMs: 20,
      meters: [{
        name: "Main",
        unitId: 1,
        profileId: "test-meter",
        profileVersion: 3,
        endUse: "heating",
        wholeSite: true,
        maxPowerW: 50_000,
        transformer: { ctPrimaryA: 200, ctSecondaryA: 5, vtPrimaryV: 1, vtSecondaryV: 1, appliedBy: "meter" },
        channels: [
          { quantity: "importWh", kind: "counter", unit: "Wh", decimals: 0 },
          { quantity: "voltageV", kind: "gauge", unit: "V", decimals: 1 },
          { quantity: "firmware", kind: "text", unit: "", decimals: 0 },
        ],
      }],
    }],
    since,
  };
}

/** Registers sites and reads their plans back. */
export async function plansOf(
  db: Database,
  count: number,
  since: HalfHour = H,
): Promise<readonly SitePlan[]> {
  const drafts = Array.from(
    { length: count },
    (_, i) => draftOf(`Site ${String(i + 1).padStart(3, "0")}`, since),
  );
  const ids = await registerSites(db, drafts);
  if (!ids.ok) throw new Error("The names are taken");
  const plans: SitePlan[] = [];
  for (const id of ids.value) {
    const plan = await getSitePlan(db, id, since);
    if (!plan) throw new Error(`Site ${id} has no plan`);
    plans.push(plan);
  }
  return plans;
}

/** Everybody is due at once. */
export const DUE_AT_ONCE = { dueMsOf: endMsOf };

let tokens = 100;

/** Opens a half-hour and claims everybody. */
export async function claimAll(db: Database, halfHour: HalfHour, nowMs = endMsOf(halfHour)): Promise<Claim> {
  await openHalfHour(db, halfHour, DUE_AT_ONCE);
  const token = ++tokens;
  const claimed = await claimDue(db, {
    halfHour,
    nowMs,
    claimMs: 90_000,
    limit: 200,
    afterSiteId: 0,
    token,
    release: null,
  });
  if (!claimed.claim) throw new Error("Nothing was claimed");
  return claimed.claim;
}

/** The channel of a kind. */
export function channelOf(plan: SitePlan, kind: "counter" | "gauge" | "text"): number {
  const channel = plan.channels.find((it) => it.kind === kind);
  if (!channel) throw new Error(`There is no ${kind}`);
  return channel.id;
}

/** A counter's row as read on the boundary; `value` Wh at 100 Wh a half-hour since H. */
export function counterRow(
  plan: SitePlan,
  halfHour: HalfHour,
  changed: Partial<ReadingRow> = {},
): ReadingRow {
  const value = 1_000_000 + 100 * (halfHour - H);
  return {
    halfHour,
    channelId: channelOf(plan, "counter"),
    words: value.toString(16).padStart(8, "0"),
    readS: 5,
    profileVersion: 3,
    value,
    boundary: 100_000 + 100 * (halfHour - H),
    amount: 100,
    quality: "measured",
    readingReason: null,
    amountReason: null,
    ...changed,
  };
}

/** Rows of all three channels. */
export function rowsOf(plan: SitePlan, halfHour: HalfHour): readonly ReadingRow[] {
  const base = { ...counterRow(plan, halfHour), boundary: null, amount: null };
  return [
    counterRow(plan, halfHour),
    { ...base, channelId: channelOf(plan, "gauge"), words: "0901", value: 2305 },
    { ...base, channelId: channelOf(plan, "text"), words: null, value: null, text: "v1.2" },
  ];
}

/** Rows without a reading. */
export function missingRows(
  plan: SitePlan,
  halfHour: HalfHour,
  reason: ReadingReason,
): readonly ReadingRow[] {
  return rowsOf(plan, halfHour).map(({ text: _, ...row }): ReadingRow => ({
    ...row,
    words: null,
    readS: null,
    value: null,
    boundary: null,
    amount: null,
    quality: "missing",
    readingReason: reason,
    amountReason: row.amount === null ? null : "no-later-reading-yet",
  }));
}

/** A series that starts with the reading of a half-hour. */
export function seriesAt(plan: SitePlan, halfHour: HalfHour): Series {
  return {
    id: 0,
    channelId: channelOf(plan, "counter"),
    sinceS: endSOf(halfHour) + 5,
    numerator: 1,
    denominator: 1,
    origin: 900_000,
    modulus: null,
  };
}

/** A visit that read everything. */
export function visitOf(plan: SitePlan, halfHour: HalfHour, changed: Partial<StoredVisit> = {}): StoredVisit {
  return {
    siteId: plan.site.id,
    outcome: "complete",
    reason: null,
    pathId: plan.paths[0]?.id ?? null,
    retryAtMs: null,
    rows: rowsOf(plan, halfHour),
    recovered: [],
    newSeries: [],
    spentGaps: [],
    judgedBy: [],
    attempts: [{
      atMs: endMsOf(halfHour) + 5_000,
      endpointId: plan.endpoints[0]?.id ?? null,
      pathId: plan.paths[0]?.id ?? null,
      tookMs: 120,
      requests: 3,
      bytes: 180,
      reason: null,
    }],
    ...changed,
  };
}

/** A visit that read nothing. */
export function failedVisit(
  plan: SitePlan,
  halfHour: HalfHour,
  reason: ReadingReason,
  changed: Partial<StoredVisit> = {},
): StoredVisit {
  return visitOf(plan, halfHour, {
    outcome: "failed",
    reason,
    pathId: null,
    rows: missingRows(plan, halfHour, reason),
    ...changed,
  });
}
