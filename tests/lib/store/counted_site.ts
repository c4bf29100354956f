/**
 * A site whose meter is read by the real judgement and the real store, half-hour by half-hour, while the energy that
 * really flows is known: what is stored can be compared with it.
 *
 * @module
 */

import { judgeReading } from "../../../lib/domain/counter.ts";
import type { FindCounting } from "../../../lib/domain/device_life.ts";
import { endMsOf, endSOf, type HalfHour } from "../../../lib/domain/half_hour.ts";
import { storedQuality } from "../../../lib/domain/quality.ts";
import type { SitePlan } from "../../../lib/domain/site.ts";
import { countingFinder } from "../../../lib/profiles/counting_profile.ts";
import { defineProfile, type DeviceProfile } from "../../../lib/profiles/profile.ts";
import type { Database } from "../../../lib/store/db.ts";
import { getSitePlan } from "../../../lib/store/plans.ts";
import { loadCounterContexts, storeVisits } from "../../../lib/store/readings.ts";
import { registerSite } from "../../../lib/store/sites.ts";
import { claimAll, draftOf } from "./estate.ts";

function profileOf(
  id: string,
  { wh, address = 0 }: { readonly wh: number; readonly address?: number },
): DeviceProfile {
  const counter = { numerator: wh, denominator: 1, modulus: null };
  return defineProfile({
    id,
    version: 1,
    vendor: "Test",
    models: [id],
    kind: "meter",
    source: "none",
    confidence: "unverified",
    functionCode: 3,
    wordOrder: "big",
    wordsPerRequest: 60,
    gapWords: 0,
    requestMs: 50,
    maxPowerW: 50_000,
    registers: { importWh: { address, encoding: "u32", kind: "counter", unit: "Wh", counter } },
  });
}

/** The old meter counts in tenths of a kWh, the new one in Wh; the moved one keeps its counter elsewhere. */
export const PROFILES = {
  coarse: profileOf("coarse", { wh: 100 }),
  fine: profileOf("fine", { wh: 1 }),
  elsewhere: profileOf("elsewhere", { wh: 1, address: 40 }),
};

/** Finds them. */
export const FIND: FindCounting = countingFinder((id) => Object.values(PROFILES).find((it) => it.id === id));

/** Registers a site whose one meter has a counter. */
export async function countedSite(db: Database, { since, profile = "coarse" }: {
  readonly since: HalfHour;
  readonly profile?: keyof typeof PROFILES;
}): Promise<SitePlan> {
  const draft = draftOf("Counted", since);
  const endpoints = draft.endpoints.map((endpoint) => ({
    ...endpoint,
    meters: endpoint.meters.map((meter) => ({
      ...meter,
      profileId: profile,
      profileVersion: 1,
      transformer: null,
      channels: [{ quantity: "importWh", kind: "counter", unit: "Wh", decimals: 0 } as const],
    })),
  }));
  const id = await registerSite(db, { ...draft, endpoints });
  const plan = id.ok ? await getSitePlan(db, id.value, since) : null;
  if (!plan) throw new Error("The site has no plan");
  return plan;
}

/** What was read at the visit that closes a half-hour; without a value the device was silent. */
export interface Visited {
  /** The half-hour. */
  readonly halfHour: HalfHour;
  /** Seconds after its end. */
  readonly readS: number;
  /** Register counts; `null`: silent. */
  readonly value: number | null;
}

/** Reads, judges and stores one half-hour as the collector does. */
export async function visit(
  db: Database,
  siteId: number,
  { halfHour, readS, value }: Visited,
): Promise<void> {
  const claim = await claimAll(db, halfHour);
  const plan = await getSitePlan(db, siteId, halfHour);
  const channel = plan?.channels[0];
  const meter = plan?.meters[0];
  if (!plan || !channel || !meter) throw new Error("Nothing is expected");
  const contexts = await loadCounterContexts(db, { halfHour, channelIds: [channel.id] });
  const context = contexts.get(channel.id);
  const rules = FIND(meter.profileId)?.rulesOf(channel.quantity, meter, value ?? 0);
  if (!context || !rules) throw new Error("Nothing is known of the counter");
  const words = value === null ? "" : value.toString(16).padStart(8, "0");
  const atS = endSOf(halfHour) + readS;
  const judged = judgeReading({
    halfHour,
    channelId: channel.id,
    rules,
    series: plan.series[0] ?? null,
    context,
    reading: value === null ? null : { atS, value, words },
    shape: null,
  });
  const { boundary, amount, amountReason } = judged;
  const quality = storedQuality(judged, { rules, peak: null });
  await storeVisits(db, claim, [{
    siteId,
    reason: value === null ? "unit-silent" : null,
    pathId: plan.paths[0]?.id ?? null,
    retryAtMs: null,
    attempts: [],
    outcome: value === null ? "failed" : "complete",
    rows: [{
      halfHour,
      channelId: channel.id,
      words: words === "" ? null : words,
      readS: value === null ? null : readS,
      profileVersion: 1,
      value,
      boundary,
      amount,
      quality,
      amountReason,
      readingReason: value === null ? "unit-silent" : null,
    }],
    recovered: judged.recovered,
    newSeries: judged.newSeries ? [judged.newSeries] : [],
    spentGaps: judged.spendsGap ? [channel.id] : [],
    judgedBy: [],
  }], endMsOf(halfHour) + 8_000);
}
