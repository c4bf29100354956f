/**
 * One claimed site from start to store: visits it, hands over what it brought, remembers how it ended.
 *
 * @module
 */
import { endSOf, type HalfHour } from "../lib/domain/half_hour.ts";
import { retryAtMs, visitDeadlineMs } from "../lib/domain/schedule.ts";
import type { StoredVisit } from "../lib/domain/visit.ts";
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
  /** The visit. */
  readonly visit: PreparedVisit;
  /** Where the cycle remembers it. */
  readonly record: CycleRecord;
}

/** Visits a claimed site and sees that it is stored. */
export async function goAndSee(tools: CollectorTools, errand: Errand): Promise<void> {
  const { halfHour, token, visit, record } = errand;
  const siteId = visit.site.site.id;
  try {
    record.started(siteId);
    const result = await go(tools, errand);
    tools.slots.give();
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
  } finally {
    tools.flights.end(siteId, halfHour);
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

function nextTry({ clock }: CollectorTools, { halfHour, visit, record }: Errand): number | null {
  return retryAtMs({
    halfHour,
    endedMs: clock.nowMs(),
    visits: record.visits(visit.site.site.id),
    budgetMs: visit.budgetMs,
  });
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
