/**
 * Judges a batch of visits by what the store knows at this moment, and stores it in one transaction.
 *
 * @module
 */
import type { Clock } from "../lib/clock.ts";
import type { HalfHour } from "../lib/domain/half_hour.ts";
import type { LoadShape } from "../lib/domain/load_shape.ts";
import type { CounterContext } from "../lib/domain/visit.ts";
import type { Database } from "../lib/store/db.ts";
import { loadPlans } from "../lib/store/plans.ts";
import { storeVisits } from "../lib/store/readings.ts";
import { loadLoadShapes, loadPeaks } from "../lib/store/shapes.ts";
import { countersOf, type FinishedVisit, ingestVisit, shapesWanted } from "./ingest.ts";
import type { BatchOutcome } from "./keeper.ts";
import { inPieces } from "./pieces.ts";
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
  const { db, clock } = tools;
  const first = visits[0];
  if (first === undefined) return { stored: [], deferred: [], lost: [] };
  const { halfHour, token } = first;
  const contexts = await contextsOf(tools, { halfHour, plans: visits.map(({ plan }) => plan) });
  const current = await withCurrentSeries(db, { visits, contexts });
  const wanted = current.flatMap((visit) => shapesWanted(visit, contexts));
  const shapes = wanted.length === 0 ? new Map<number, LoadShape>() : await loadLoadShapes(db, wanted);
  const peaks = await loadPeaks(db, current.flatMap(measuredCounters));
  const judged = await inPieces(
    current,
    VISITS_A_PIECE,
    (visit) => ingestVisit(visit, { contexts, shapes, peaks }),
  );
  const claim = { halfHour, token, siteIds: judged.map(({ siteId }) => siteId) };
  const { stored, deferred, lost } = await storeVisits(db, claim, judged, clock.nowMs());
  if (stored.length > 0) tools.onStored(halfHour, stored);
  const siteIds = new Set(stored);
  return { stored: judged.filter(({ siteId }) => siteIds.has(siteId)), deferred, lost };
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
