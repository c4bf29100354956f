/**
 * The half-hours of a site as a table to take away.
 *
 * @module
 */

import { closedHalfHourAt, startMsOf } from "../../domain/half_hour.ts";
import { localDateOf } from "../../domain/local_day.ts";
import { qualityOf } from "../../domain/reading.ts";
import type { Database } from "../../store/db.ts";
import { getSitePlan } from "../../store/plans.ts";
import { csvText, fileNameOf } from "../csv.ts";
import { axisOf } from "./axis.ts";
import { reasonText } from "./cells.ts";
import { readEnergy } from "./energy.ts";
import { isLoadRange, RANGE_HALF_HOURS } from "./site_view.ts";

/** Half-hours of one file at most: 400 days. */
const HALF_HOURS_MAX = 400 * 48;

/** A file to take away. */
export interface CsvFile {
  /** Its content. */
  readonly text: string;
  /** What it is called. */
  readonly fileName: string;
}

/** What was asked. */
export interface CsvRequest {
  /** Which site. */
  readonly siteId: number;
  /** A range of the load chart, else everything up to 400 days. */
  readonly range: string;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** Rows of half-hours with Wh, quality and reason of each meter; `null`: there is no such site. */
export async function siteCsv(db: Database, { siteId, range, nowMs }: CsvRequest): Promise<CsvFile | null> {
  const due = closedHalfHourAt(nowMs);
  const plan = await getSitePlan(db, siteId, due);
  if (!plan) return null;
  const to = due + 1;
  const count = isLoadRange(range) ? RANGE_HALF_HOURS[range] : HALF_HOURS_MAX;
  const from = Math.max(to - count, Math.min(plan.since, due));
  const { meters, channels } = await readEnergy(db, plan, { from, to });
  const axis = axisOf(plan.site.zone, { from, to, hours: plan.site.hours });
  const reasons = channels.map((channel) => new Map(channel.reasons.map((reason) => [reason.index, reason])));
  const head = ["start_utc", "local_date", "local_time"];
  const rows = axis.labels.map((label, index) => [
    new Date(startMsOf(from + index)).toISOString().replace(".000Z", "Z"),
    localDateOf(plan.site.zone, from + index),
    label,
    ...channels.flatMap(({ channelId, amounts, quality }, place) => {
      const reason = reasons[place]?.get(index);
      const unitId = meters.find(({ channel }) => channel.id === channelId)?.meter.unitId;
      return [
        amounts[index] ?? null,
        qualityOf(quality[index] ?? "-") ?? "not expected",
        reason ? reasonText(reason, unitId) : null,
      ];
    }),
  ]);
  const columns = meters.flatMap((
    { meter: { name } },
  ) => [`${name}, Wh`, `${name}, quality`, `${name}, reason`]);
  const day = localDateOf(plan.site.zone, due);
  return {
    text: csvText([[...head, ...columns], ...rows]),
    fileName: `${fileNameOf(plan.site.name)}-${day}.csv`,
  };
}
