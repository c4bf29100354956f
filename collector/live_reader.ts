/**
 * Reads a meter now, because a person asks: on the same queue as the half-hourly visits, so that a serial line is
 * never asked by two.
 *
 * @module
 */
import { closedHalfHourAt } from "../lib/domain/half_hour.ts";
import type { LiveReader, LiveReading } from "../lib/domain/live.ts";
import type { ReadingReason } from "../lib/domain/reading.ts";
import { visitBudgetMs } from "../lib/domain/schedule.ts";
import type { SitePlan } from "../lib/domain/site.ts";
import { err, ok, type Result } from "../lib/result.ts";
import { findMeter, getSitePlan } from "../lib/store/plans.ts";
import { liveValueOf } from "./live_value.ts";
import type { CollectorTools } from "./tools.ts";
import { queueKeyOf, type VisitResult, visitSite } from "./visit.ts";
import { planVisit, type VisitPlan } from "./visit_plan.ts";

type LiveError = ReadingReason | "unknown-meter" | "busy";

/** Milliseconds that a person waits at most, the queue included. */
const LIVE_MS = 60_000;

/** Makes the reader of a collector. */
export function createLiveReader(
  tools: Pick<CollectorTools, "db" | "clock" | "findProfile" | "loadProfiles" | "rules" | "queues">,
): LiveReader {
  return {
    async readMeter(meterId, signal): Promise<Result<LiveReading, LiveError>> {
      const site = await sitePlanOf(tools, meterId);
      const meter = site?.meters.find(({ id }) => id === meterId);
      if (!site || !meter) return err("unknown-meter");
      const findProfile = await tools.loadProfiles?.([meter.profileId]) ?? tools.findProfile;
      const plan = planVisit({ ...site, meters: [meter] }, { findProfile, wants: () => true });
      const key = plan.endpoints[0] && queueKeyOf(site, plan.endpoints[0].endpoint);
      if (key === undefined) return err("unknown-meter");
      if (tools.queues.isFull(key)) return err("busy");
      const deadlineMs = Math.min(LIVE_MS, visitBudgetMs(plan.requestMs));
      const result = await visitSite(tools, { site, plan, deadlineMs, signal });
      return liveReadingOf(plan, result);
    },
  };
}

async function sitePlanOf(
  { db, clock }: Pick<CollectorTools, "db" | "clock">,
  meterId: number,
): Promise<SitePlan | null> {
  const found = await findMeter(db, meterId);
  if (!found) return null;
  const due = closedHalfHourAt(clock.nowMs());
  const plan = await getSitePlan(db, found.siteId, due);
  if (plan?.meters.some(({ id }) => id === meterId)) return plan;
  return await getSitePlan(db, found.siteId, due + 1); // registered in this very half-hour
}

function liveReadingOf(plan: VisitPlan, { outcomes, pathId }: VisitResult): Result<LiveReading, LiveError> {
  const values = [...plan.channels.values()].map((entry) =>
    liveValueOf(entry, outcomes.get(entry.channel.id))
  );
  const instants = [...outcomes.values()].flatMap((outcome) => outcome.kind === "read" ? [outcome.atMs] : []);
  if (instants.length === 0 || pathId === null) {
    const missing = values.find(({ value }) => !value.ok)?.value;
    return err(missing && !missing.ok ? missing.error : "visit-deadline");
  }
  return ok({ atMs: Math.min(...instants), pathId, values });
}
