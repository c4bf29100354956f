/**
 * One claimed site from start to store: visits it, hands over what it brought, remembers how it ended.
 *
 * @module
 */
import { endSOf, type HalfHour } from "../lib/domain/half_hour.ts";
import { RETRY_DELAYS_MS, retryAtMs, visitDeadlineMs } from "../lib/domain/schedule.ts";
import type { StoredVisit } from "../lib/domain/visit.ts";
import { StoreError } from "../lib/store/errors.ts";
import { extendClaim } from "../lib/store/ledger.ts";
import type { CycleRecord } from "./cycle_record.ts";
import { isPlausible, isWorthRetrying } from "./ingest.ts";
import type { PreparedVisit } from "./prepare.ts";
import type { CollectorTools } from "./tools.ts";
import { type VisitResult, visitSite } from "./visit.ts";

/** One claimed site. */
export interface Errand {
  /** The half-hour. */
  readonly halfHour: HalfHour;
  /** The token of its claim. */
  readonly token: number;
  /** How often the site was claimed in this half-hour, this time included. */
  readonly tries: number;
  /** The visit. */
  readonly visit: PreparedVisit;
  /** Where the cycle remembers it. */
  readonly record: CycleRecord;
}

/** Visits a claimed site and sees that it is stored; never rejects. Ends its flight and gives its place back. */
export async function goAndSee(tools: CollectorTools, errand: Errand): Promise<void> {
  const { halfHour, token, visit } = errand;
  const siteId = visit.site.site.id;
  try {
    const result = await goAt(tools, errand);
    tools.metrics.attempted(result.attempts);
    const next = isWorthRetrying(result) ? nextTry(tools, errand) : null;
    const { site, plan, readBefore } = visit;
    const stored = await tools.keeper.hold({
      halfHour,
      token,
      site,
      plan,
      result,
      retryAtMs: next,
      readBefore,
    });
    note(tools, { errand, result, stored });
    if (stored === null) await postpone(tools, errand);
  } catch (error) {
    tools.log.error("A visit was lost", { site: siteId, halfHour, error });
  } finally {
    tools.flights.end(siteId, halfHour);
    tools.moves.note(halfHour);
  }
}

async function goAt(tools: CollectorTools, errand: Errand): Promise<VisitResult> {
  try {
    errand.record.started(errand.visit.site.site.id);
    return await go(tools, errand);
  } finally {
    tools.slots.give();
  }
}

async function go(tools: CollectorTools, { halfHour, visit }: Errand): Promise<VisitResult> {
  const { site, plan, contexts } = visit;
  const startMs = tools.clock.nowMs();
  const deadlineMs = visitDeadlineMs({ halfHour, startMs, requestsMs: plan.requestMs });
  try {
    return await visitSite(tools, {
      site,
      plan,
      deadlineMs: deadlineMs - startMs,
      signal: tools.stopping,
      isPlausible: (channelId, { value, atMs }) => {
        const entry = plan.channels.get(channelId);
        return !entry ||
          isPlausible(entry, { site, halfHour, context: contexts.get(channelId), value, atMs });
      },
    });
  } catch (error) {
    tools.log.error("A visit broke off", { site: site.site.id, halfHour, error });
    const outcomes = new Map([...plan.channels.keys()].map((id) => [id, BROKEN]));
    return { siteId: site.site.id, pathId: null, outcomes, attempts: [] };
  }
}

/** What a bug of ours leaves of a visit. */
const BROKEN = { kind: "missing", reason: "bad-frame" } as const;

function nextTry({ clock }: CollectorTools, { halfHour, tries, visit, record }: Errand): number | null {
  return retryAtMs({
    halfHour,
    endedMs: clock.nowMs(),
    visits: Math.max(tries, record.visits(visit.site.site.id)),
    budgetMs: visit.budgetMs,
  });
}

/** What could not be stored is visited again after the pause of any failed visit, not as soon as its claim ends. */
async function postpone({ db, clock, stopping }: CollectorTools, errand: Errand): Promise<void> {
  if (stopping.aborted) return;
  const { halfHour, token, tries, visit } = errand;
  const pauseMs = RETRY_DELAYS_MS[Math.min(tries, RETRY_DELAYS_MS.length) - 1] ?? 0;
  try {
    await extendClaim(db, { halfHour, token, siteIds: [visit.site.site.id] }, clock.nowMs() + pauseMs);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error; // then it is visited when its claim ends
  }
}

function note(
  tools: CollectorTools,
  { errand, result, stored }: {
    readonly errand: Errand;
    readonly result: VisitResult;
    readonly stored: StoredVisit | null;
  },
): void {
  const { record, visit } = errand;
  if (stored === null) return tools.metrics.lost();
  const { siteId, outcome, reason } = stored;
  const latenessS = latenessOf(result, errand);
  tools.metrics.stored(latenessS);
  record.ended({ siteId, outcome, reason, latenessS });
  if (outcome !== "failed") tools.seenDaily.add(visit.site.site.id);
}

/** Seconds from the boundary to the last counter of the visit. */
function latenessOf({ outcomes }: VisitResult, { halfHour, visit }: Errand): number | null {
  const seconds = [...outcomes].flatMap(([id, outcome]) =>
    outcome.kind === "read" && visit.plan.channels.get(id)?.channel.kind === "counter"
      ? [outcome.atMs / 1000 - endSOf(halfHour)]
      : []
  );
  return seconds.length === 0 ? null : Math.max(...seconds);
}
