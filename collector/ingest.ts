/**
 * From the words of a visit to what is stored of it: values, boundary counters, amounts, series, gaps. Pure. Each
 * expected channel ends with a value or with exactly one reason.
 *
 * @module
 */
import type { Channel } from "../lib/domain/channel.ts";
import { type CounterJudgement, judgeReading } from "../lib/domain/counter.ts";
import { endSOf, type HalfHour } from "../lib/domain/half_hour.ts";
import type { LoadShape } from "../lib/domain/load_shape.ts";
import { storedQuality } from "../lib/domain/quality.ts";
import type { ReadingReason } from "../lib/domain/reading.ts";
import type { SitePlan } from "../lib/domain/site.ts";
import {
  type CounterContext,
  hexOf,
  keptWords,
  type ReadingRow,
  type StoredVisit,
  type VisitOutcome,
} from "../lib/domain/visit.ts";
import { counterRulesOf, scaleGauge } from "../lib/profiles/counter_rules.ts";
import type { ChannelOutcome, VisitResult } from "./visit.ts";
import type { PlannedChannel, VisitPlan } from "./visit_plan.ts";

/** A visit that is over and not stored yet. */
export interface FinishedVisit {
  /** The half-hour that it closes. */
  readonly halfHour: HalfHour;
  /** The claim's token. */
  readonly token: number;
  /** The site. */
  readonly site: SitePlan;
  /** What was asked. */
  readonly plan: VisitPlan;
  /** What was brought home. */
  readonly result: VisitResult;
  /** Epoch milliseconds of the next try; `null`: this was the last one. */
  readonly retryAtMs: number | null;
  /** Channels that an earlier try of this half-hour has read. */
  readonly readBefore: number;
}

/** What the store knows of the counters of a visit. */
export interface KnownCounters {
  /** Last accepted readings by channel. */
  readonly contexts: ReadonlyMap<number, CounterContext>;
  /** Load shapes by channel, where there are any. */
  readonly shapes: ReadonlyMap<number, LoadShape>;
  /** Usual peaks by channel in base units, where they are known. */
  readonly peaks: ReadonlyMap<number, number>;
}

/** Reasons after which a further try may bring a value. */
const CURABLE: readonly ReadingReason[] = [
  "no-route",
  "refused",
  "connect-timeout",
  "closed",
  "response-timeout",
  "unit-silent",
  "path-unavailable",
  "bad-frame",
  "visit-deadline",
  "exception-4",
  "exception-5",
  "exception-6",
];

/** Whether a further visit of the half-hour may bring what this one did not. */
export function isWorthRetrying(result: VisitResult): boolean {
  return [...result.outcomes.values()].some((outcome) => {
    const reason = reasonOfOutcome(outcome);
    return reason !== null && CURABLE.includes(reason);
  });
}

/** Counters that need their load shape: those that were dark, or were read late. */
export function shapesWanted(
  visit: FinishedVisit,
  contexts: ReadonlyMap<number, CounterContext>,
): readonly number[] {
  return countersOf(visit).map(({ channel }) => channel.id).filter((id) => {
    const outcome = visit.result.outcomes.get(id);
    const last = contexts.get(id)?.last;
    if (outcome?.kind !== "read" || !last) return false;
    const late = Math.floor(outcome.atMs / 1000) - endSOf(visit.halfHour) > 60;
    return late || last.halfHour < visit.halfHour - 1;
  });
}

/** The counters of a visit. */
export function countersOf({ plan }: Pick<FinishedVisit, "plan">): readonly PlannedChannel[] {
  return [...plan.channels.values()].filter(({ channel }) => channel.kind === "counter");
}

/** Whether a counter's value can follow what is known of it. */
export function isPlausible(
  entry: PlannedChannel,
  input: {
    readonly site: SitePlan;
    readonly halfHour: HalfHour;
    readonly context: CounterContext | undefined;
    readonly value: number;
    readonly atMs: number;
  },
): boolean {
  const { context, halfHour, site, value, atMs } = input;
  if (!context?.last) return true;
  const atS = Math.floor(atMs / 1000);
  const judged = judgeReading({
    halfHour,
    channelId: entry.channel.id,
    rules: counterRulesOf(entry, value),
    series: site.series.find(({ channelId }) => channelId === entry.channel.id) ?? null,
    context,
    reading: { atS, value, words: "" },
    shape: null,
  });
  return judged.accepted;
}

/** Turns a visit into what is stored. */
export function ingestVisit(visit: FinishedVisit, known: KnownCounters): StoredVisit {
  const { result, plan, retryAtMs } = visit;
  const judged = [...plan.channels.values()].map((entry) => judgeChannel(visit, { entry, known }));
  const lost = plan.unknown.map((channel) => missingRow(visit.halfHour, channel));
  const final = (row: ReadingRow) =>
    retryAtMs === null || row.readingReason === null || !CURABLE.includes(row.readingReason);
  const kept = judged.filter(({ row }) => final(row));
  const counters = kept.flatMap(({ judgement }) => judgement ?? []);
  const reasons = [
    ...judged.map(({ row, judgement }) => lackOf(row, judgement !== null)),
    ...lost.map((row) => row.readingReason),
  ];
  const outcome = outcomeOf(reasons, visit.readBefore);
  return {
    siteId: result.siteId,
    outcome,
    reason: outcome === "failed" || retryAtMs !== null ? commonestOf(reasons) : null,
    pathId: result.pathId,
    retryAtMs,
    rows: [...kept.map(({ row }) => row), ...lost],
    recovered: counters.flatMap(({ recovered }) => recovered),
    newSeries: counters.flatMap(({ newSeries }) => newSeries ?? []),
    spentGaps: kept.filter(({ judgement }) => judgement?.spendsGap).map(({ row }) => row.channelId),
    judgedBy: kept.flatMap(({ judgement, row: { channelId } }) => {
      const last = judgement?.accepted ? known.contexts.get(channelId)?.last : null;
      return last && last.halfHour < visit.halfHour - 1 ? [{ channelId, halfHour: last.halfHour }] : [];
    }),
    attempts: result.attempts,
  };
}

interface Judged {
  readonly row: ReadingRow;
  readonly judgement: CounterJudgement | null;
}

function judgeChannel(
  visit: FinishedVisit,
  { entry, known }: { readonly entry: PlannedChannel; readonly known: KnownCounters },
): Judged {
  const { halfHour, result, site } = visit;
  const { channel, profile } = entry;
  const outcome: ChannelOutcome = result.outcomes.get(channel.id) ??
    { kind: "missing", reason: "visit-deadline" };
  const read = outcome.kind === "read" ? outcome : null;
  const value = read?.value.ok ? read.value.value : null;
  const words = read ? hexOf(read.words) : "";
  const base = {
    halfHour,
    channelId: channel.id,
    words: keptWords(words),
    readS: read ? secondsAfter(halfHour, read.atMs) : null,
    profileVersion: profile.version,
    readingReason: reasonOfOutcome(outcome),
  };
  if (channel.kind !== "counter") {
    const plain = { boundary: null, amount: null, amountReason: null };
    const quality = value === null ? "missing" : "measured";
    if (value?.kind === "text") {
      return {
        row: { ...base, ...plain, words: null, value: null, quality, text: value.text },
        judgement: null,
      };
    }
    const scaled = value === null ? null : scaleGauge(entry, value.value);
    // A register map without a range lets numbers through that no ratio may be applied to.
    if (scaled !== null && !Number.isSafeInteger(scaled)) {
      const lost = {
        ...base,
        ...plain,
        value: null,
        quality: "missing",
        readingReason: "out-of-range",
      } as const;
      return { row: lost, judgement: null };
    }
    return { row: { ...base, ...plain, value: scaled, quality }, judgement: null };
  }
  const counts = value?.kind === "counter" ? value.value : null;
  const rules = counterRulesOf(entry, counts ?? 0);
  const judgement = judgeReading({
    halfHour,
    channelId: channel.id,
    rules,
    series: site.series.find(({ channelId }) => channelId === channel.id) ?? null,
    context: known.contexts.get(channel.id) ??
      { channelId: channel.id, last: null, inGap: false, candidate: null },
    reading: counts === null || read === null
      ? null
      : { atS: Math.floor(read.atMs / 1000), value: counts, words },
    shape: known.shapes.get(channel.id) ?? null,
  });
  const { boundary, amount, amountReason } = judgement;
  const quality = storedQuality(judgement, { rules, peak: known.peaks.get(channel.id) ?? null });
  return { row: { ...base, value: counts, boundary, amount, quality, amountReason }, judgement };
}

function reasonOfOutcome(outcome: ChannelOutcome): ReadingReason | null {
  if (outcome.kind === "missing") return outcome.reason;
  return outcome.value.ok ? null : outcome.value.error;
}

/** A channel whose profile no longer knows it: its words have no meaning. */
function missingRow(halfHour: HalfHour, { id: channelId, kind }: Channel): ReadingRow {
  return {
    halfHour,
    channelId,
    words: null,
    readS: null,
    profileVersion: 1,
    value: null,
    boundary: null,
    amount: null,
    quality: "missing",
    readingReason: "not-a-number",
    amountReason: kind === "counter" ? "no-later-reading-yet" : null,
  };
}

/** Why a channel lacks its reading; a gauge whose device says "no value" was answered: no position, no phase. */
function lackOf({ readingReason }: ReadingRow, isCounter: boolean): ReadingReason | null {
  return readingReason === "not-a-number" && !isCounter ? null : readingReason;
}

function outcomeOf(reasons: readonly (ReadingReason | null)[], readBefore: number): VisitOutcome {
  const missing = reasons.filter((reason) => reason !== null).length;
  if (missing === 0) return "complete";
  return missing === reasons.length && readBefore === 0 ? "failed" : "partial";
}

function commonestOf(reasons: readonly (ReadingReason | null)[]): ReadingReason | null {
  const counts = new Map<ReadingReason, number>();
  for (const reason of reasons) if (reason !== null) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null;
}

function secondsAfter(halfHour: HalfHour, atMs: number): number {
  return Math.min(1799, Math.max(0, Math.floor(atMs / 1000) - endSOf(halfHour)));
}
