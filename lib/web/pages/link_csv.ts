/**
 * The days of a link as a table to take away.
 *
 * @module
 */

import { localDateOf } from "../../domain/local_day.ts";
import { csvText, fileNameOf } from "../csv.ts";
import type { LoadedLink } from "./link_view.ts";

/** Days of one file: as many as the page shows at most. */
export const LINK_CSV_DAYS = 60;

const HEAD = [
  "local_date",
  "main_path_half_hours",
  "other_path_half_hours",
  "unknown_path_half_hours",
  "unanswered_half_hours",
  "path_changes",
  "router_restarts",
  "signal_mean_dbm",
  "signal_lowest_dbm",
  "sim_bytes",
  "sim_bytes_at_least",
  "wattpost_cellular_bytes_estimated",
] as const;

/** A row a local day, oldest first. */
export function linkCsv({ link, health }: LoadedLink): { readonly text: string; readonly fileName: string } {
  const rows = health.days.map(({ date, ways, changes, restarts, signal, simB, atLeast, ownB }) => [
    date,
    ways.main,
    ways.backup,
    ways.unknown,
    ways.unanswered,
    changes,
    restarts,
    signal.mean === null ? null : Math.round(signal.mean * 10) / 10,
    signal.low,
    simB,
    simB === null ? null : atLeast ? "yes" : "no",
    ownB,
  ]);
  const { zone, now } = link.facts;
  return {
    text: csvText([[...HEAD], ...rows]),
    fileName: `${fileNameOf(link.plan.site.name)}-link-${localDateOf(zone, now)}.csv`,
  };
}
