/**
 * The links of the sites within reach, those that need somebody first: as the last night summed them up, and the path
 * as the newest half-hours have it.
 *
 * @module
 */

import { type RawBuilder, sql } from "kysely";
import type { HalfHour } from "../domain/half_hour.ts";
import type { Reach } from "../domain/permission.ts";
import type { PathKind } from "../domain/site.ts";
import { choiceOf, PATH_KINDS } from "./codes.ts";
import type { Database } from "./db.ts";
import { withinReach } from "./reach.ts";

/** Links of a page at most. */
const PAGE_LIMIT = 100;

/** Which links. */
export interface LinkListQuery {
  /** Sites beyond any of these are left out. */
  readonly reaches: readonly Reach[];
  /** The newest half-hour that is over. */
  readonly halfHour: HalfHour;
  /** Only those that need somebody. */
  readonly needy: boolean;
  /** From 1. */
  readonly page: number;
  /** At most 100. */
  readonly pageSize: number;
}

/** A link of the list. */
export interface ListedLink {
  /** The site. */
  readonly siteId: number;
  /** Its name. */
  readonly name: string;
  /** Where it is; may be empty. */
  readonly town: string;
  /** Kind of the path that answered; `null`: none did, or nothing was collected. */
  readonly path: PathKind | null;
  /** Whether it is not the main one. */
  readonly backup: boolean;
  /** Metres from its site when it moved; `null`: it did not, or nobody knows. */
  readonly movedM: number | null;
  /** Mean RSSI of a day in dBm; `null`: not read. */
  readonly signalDbm: number | null;
  /** Whether it was weak for long. */
  readonly weak: boolean;
  /** Bytes used in the SIM's month; `null`: not read. */
  readonly usedB: number | null;
  /** What they will come to; `null`: too early to tell. */
  readonly forecastB: number | null;
  /** The allowance; `null`: not registered. */
  readonly allowanceB: number | null;
  /** Changes of path in 14 days. */
  readonly changes: number;
  /** Whether its router names another SIM. */
  readonly asksSim: boolean;
  /** Epoch milliseconds at which it was summed up; `null`: not yet. */
  readonly atMs: number | null;
}

/** A page of links, and how many there are. */
export interface LinkList {
  /** The links. */
  readonly links: readonly ListedLink[];
  /** Links over all pages. */
  readonly total: number;
  /** Links that need somebody. */
  readonly needy: number;
  /** Sites within reach. */
  readonly sites: number;
}

const OVER = sql`(k.allowance_b is not null and (coalesce(k.used_b, 0) >= k.allowance_b
  or coalesce(k.forecast_b, 0) > k.allowance_b))`;

/** How much a link needs somebody: moved before its SIM's run-out before another path before a weak signal. */
const NEED = sql<number>`(case when k.moved_m is not null then 32 else 0 end
  + case when ${OVER} then 16 else 0 end + case when k.asks_sim = 1 then 8 else 0 end
  + case when coalesce(p.place, 0) > 0 then 4 else 0 end + case when k.weak = 1 then 2 else 0 end
  + case when k.changes > 20 then 1 else 0 end)`;

function fromOf({ halfHour, reaches }: LinkListQuery): RawBuilder<unknown> {
  return sql`from site s left join link_state k on k.site_id = s.site_id
    left join ledger n on n.half_hour = ${halfHour} and n.site_id = s.site_id and n.state >= 2
    left join ledger b on b.half_hour = ${halfHour - 1} and b.site_id = s.site_id and b.state >= 2
    left join path p on p.path_id = coalesce(n.path_id, b.path_id)
    where ${withinReach(reaches, { siteId: "s.site_id", groupId: "s.group_id" })}`;
}

/** Lists links, those first that need somebody most. */
export async function listLinks(db: Database, query: LinkListQuery): Promise<LinkList> {
  const pageSize = Math.max(1, Math.min(query.pageSize, PAGE_LIMIT));
  const counted = await sql<{ sites: number; needy: number | null }>`select count(*) as sites,
    sum(case when ${NEED} > 0 then 1 else 0 end) as needy ${fromOf(query)}`.execute(db.reader);
  const only = query.needy ? sql`and ${NEED} > 0` : sql``;
  const { rows } = await sql<
    LinkRow
  >`select s.site_id, s.name, s.town, p.kind, p.place, k.moved_m, k.signal_dbm,
    k.weak, k.used_b, k.forecast_b, k.allowance_b, k.changes, k.asks_sim, k.at_ms ${fromOf(query)} ${only}
    order by ${NEED} desc, s.name, s.site_id
    limit ${pageSize} offset ${(Math.max(1, query.page) - 1) * pageSize}`.execute(db.reader);
  const sites = Number(counted.rows[0]?.sites ?? 0);
  const needy = Number(counted.rows[0]?.needy ?? 0);
  return { links: rows.map(linkOf), total: query.needy ? needy : sites, needy, sites };
}

interface LinkRow {
  readonly site_id: number;
  readonly name: string;
  readonly town: string;
  readonly kind: number | null;
  readonly place: number | null;
  readonly moved_m: number | null;
  readonly signal_dbm: number | null;
  readonly weak: number | null;
  readonly used_b: number | null;
  readonly forecast_b: number | null;
  readonly allowance_b: number | null;
  readonly changes: number | null;
  readonly asks_sim: number | null;
  readonly at_ms: number | null;
}

function linkOf(row: LinkRow): ListedLink {
  const bytes = (value: number | null) => value === null ? null : Number(value);
  return {
    siteId: row.site_id,
    name: row.name,
    town: row.town,
    path: row.kind === null ? null : choiceOf(PATH_KINDS, row.kind),
    backup: (row.place ?? 0) > 0,
    movedM: row.moved_m,
    signalDbm: row.signal_dbm,
    weak: row.weak === 1,
    usedB: bytes(row.used_b),
    forecastB: bytes(row.forecast_b),
    allowanceB: bytes(row.allowance_b),
    changes: row.changes ?? 0,
    asksSim: row.asks_sim === 1,
    atMs: bytes(row.at_ms),
  };
}
