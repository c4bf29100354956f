/**
 * Judges a batch of visits by what the store knows at this moment, and stores it in one transaction.
 *
 * @module
 */
import type { Clock } from "../lib/clock.ts";
import type { HalfHour } from "../lib/domain/half_hour.ts";
import type { LoadShape } from "../lib/domain/load_shape.ts";
import type { CounterContext, StoredVisit } from "../lib/domain/visit.ts";
import type { Database } from "../lib/store/db.ts";
import { piecesOf } from "../lib/store/ids.ts";
import { CLAIM_LIMIT, extendClaim } from "../lib/store/ledger.ts";
import { loadPlans } from "../lib/store/plans.ts";
import { STORE_LIMIT, storeVisits, weightOf } from "../lib/store/readings.ts";
import { yieldToLoop } from "../lib/store/sqlite.ts";
import { loadLoadShapes, loadPeaks } from "../lib/store/shapes.ts";
import { countersOf, type FinishedVisit, ingestVisit, shapesWanted } from "./ingest.ts";
import type { BatchOutcome } from "./keeper.ts";
import { contextsOf } from "./prepare.ts";

/** What storing works with. */
export interface BatchTools {
  /** The database. */
  readonly db: Database;
  /** The time. */
  readonly clock: Clock;
  /** Called after the commit. */
  readonly onStored: (halfHour: HalfHour, siteIds: readonly number[]) => void;
}

/** Visits that are judged before the event loop turns: some milliseconds. */
const VISITS_A_PIECE = 30;

/** Stores visits of one half-hour and token; throws a StoreError when the database fails. */
export async function storeBatch(tools: BatchTools, visits: readonly FinishedVisit[]): Promise<BatchOutcome> {
  const { db } = tools;
  const first = visits[0];
  if (first === undefined) return { stored: [], deferred: [], lost: [] };
  const { halfHour, token } = first;
  const contexts = await contextsOf(tools, { halfHour, plans: visits.map(({ plan }) => plan) });
  const current = await withCurrentSeries(db, { visits, contexts });
  const wanted = current.flatMap((visit) => shapesWanted(visit, contexts));
  const shapes = wanted.length === 0 ? new Map<number, LoadShape>() : await loadLoadShapes(db, wanted);
  const peaks = await loadPeaks(db, current.flatMap(measuredCounters));
  const outcome: Outcome = { stored: [], deferred: [], lost: [] };
  let judged: StoredVisit[] = [];
  let weight = 0;
  const store = async () => {
    await storeJudged(tools, { halfHour, token, judged, outcome });
    [judged, weight] = [[], 0];
  };
  // Judged as they are stored: after a long time without readings, each visit has many amounts.
  for (const [i, visit] of current.entries()) {
    const next = ingestVisit(visit, { contexts, shapes, peaks });
    if (judged.length > 0 && weight + weightOf(next) > STORE_LIMIT) await store();
    judged.push(next);
    weight += weightOf(next);
    if (i % VISITS_A_PIECE === VISITS_A_PIECE - 1) await yieldToLoop();
  }
  await store();
  return outcome;
}

interface Outcome {
  readonly stored: StoredVisit[];
  readonly deferred: number[];
  readonly lost: number[];
}

async function storeJudged(
  { db, clock, onStored }: BatchTools,
  { halfHour, token, judged, outcome }: {
    readonly halfHour: HalfHour;
    readonly token: number;
    readonly judged: readonly StoredVisit[];
    readonly outcome: Outcome;
  },
): Promise<void> {
  const claim = { halfHour, token, siteIds: judged.map(({ siteId }) => siteId) };
  const { stored, deferred, lost } = await storeVisits(db, claim, judged, clock.nowMs());
  if (stored.length > 0) onStored(halfHour, stored);
  const siteIds = new Set(stored);
  outcome.stored.push(...judged.filter(({ siteId }) => siteIds.has(siteId)));
  outcome.deferred.push(...deferred);
  outcome.lost.push(...lost);
}

/** Claims of visits that are kept live on for so long, in milliseconds. */
const KEPT_CLAIM_MS = 120_000;

/** Lets the claims of visits live longer that wait to be stored; throws a StoreError when the database fails. */
export async function keepClaims(
  { db, clock }: Pick<BatchTools, "db" | "clock">,
  visits: readonly FinishedVisit[],
): Promise<void> {
  const untilMs = clock.nowMs() + KEPT_CLAIM_MS;
  for (const [first, ...others] of claimsOf(visits)) {
    const siteIds = [first, ...others].map(({ site }) => site.site.id);
    for (const piece of piecesOf(siteIds, CLAIM_LIMIT)) {
      await extendClaim(db, { halfHour: first.halfHour, token: first.token, siteIds: piece }, untilMs);
    }
  }
}

function claimsOf(visits: readonly FinishedVisit[]): readonly [FinishedVisit, ...FinishedVisit[]][] {
  const claims = new Map<string, [FinishedVisit, ...FinishedVisit[]]>();
  for (const visit of visits) {
    const key = `${visit.halfHour}/${visit.token}`;
    const claim = claims.get(key);
    if (claim) claim.push(visit);
    else claims.set(key, [visit]);
  }
  return [...claims.values()];
}

/** Counters of a visit that were read: only their amounts are checked. */
function measuredCounters(visit: FinishedVisit): readonly number[] {
  return countersOf(visit).map(({ channel }) => channel.id)
    .filter((id) => visit.result.outcomes.get(id)?.kind === "read");
}

/** A series may have begun since the plan was loaded, when the half-hour before was stored meanwhile. */
async function withCurrentSeries(
  db: Database,
  { visits, contexts }: {
    readonly visits: readonly FinishedVisit[];
    readonly contexts: ReadonlyMap<number, CounterContext>;
  },
): Promise<readonly FinishedVisit[]> {
  const outdated = visits.filter((visit) => {
    const known = new Map(visit.site.series.map(({ channelId, id }) => [channelId, id]));
    return countersOf(visit).some(({ channel: { id } }) => {
      const last = contexts.get(id)?.last;
      return last && last.seriesId !== known.get(id);
    });
  });
  if (outdated.length === 0) return visits;
  const plans = await loadPlans(db, outdated.map(({ site }) => site.site.id), outdated[0]?.halfHour ?? 0);
  return visits.map((visit) => {
    const series = plans.get(visit.site.site.id)?.series;
    return series ? { ...visit, site: { ...visit.site, series } } : visit;
  });
}
