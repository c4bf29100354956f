// Grafana, Excel and other SQL users see half-hours with timestamps, unit and quality, whatever shape they lie in.
/**
 * The read-only view `half_hourly_energy`: one row per half-hour and counter that was expected.
 *
 * @module
 */

import { type RawBuilder, sql } from "kysely";
import { type AnyKysely, dialectOf } from "../lib/store/dialect.ts";

interface Parts {
  readonly instant: (halfHours: RawBuilder<unknown>) => RawBuilder<unknown>;
  readonly dayOf: RawBuilder<unknown>;
  readonly unpacked: RawBuilder<unknown>;
}

const SQLITE: Parts = {
  instant: (halfHours) => sql`datetime((${halfHours}) * 1800, 'unixepoch')`,
  dayOf: sql`r.half_hour / 48`,
  unpacked: sql`(select d.day, d.channel_id, d.day * 48 + j.key as half_hour, j.value as amount,
    substr(d.qualities, j.key + 1, 1) as quality from day d, json_each(d.amounts) j)`,
};

const MYSQL: Parts = {
  instant: (halfHours) => sql`timestamp'1970-01-01 00:00:00' + interval (${halfHours}) * 1800 second`,
  dayOf: sql`r.half_hour div 48`,
  unpacked: sql`(select d.day, d.channel_id, d.day * 48 + j.place - 1 as half_hour, j.amount,
    substr(d.qualities, j.place, 1) as quality from day d
    join json_table(d.amounts, '$[*]' columns (place for ordinality, amount bigint path '$')) j)`,
};

/** Makes the view anew; repeatable. */
export async function up(db: AnyKysely): Promise<void> {
  const parts = dialectOf(db) === "sqlite" ? SQLITE : MYSQL;
  await sql`drop view if exists half_hourly_energy`.execute(db);
  await sql`create view half_hourly_energy as
    select ${columns(parts, sql`r`)} from recent r
      ${named(sql`r`)}
      where not exists (select 1 from day_state s where s.day = ${parts.dayOf} and s.state >= 2)
    union all
    select ${columns(parts, sql`p`)} from ${parts.unpacked} p
      join day_state s on s.day = p.day and s.state >= 2
      ${named(sql`p`)}
      where p.quality <> '-'`.execute(db);
}

function columns(parts: Parts, row: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`${parts.instant(sql`${row}.half_hour`)} as starts_at_utc,
    ${parts.instant(sql`${row}.half_hour + 1`)} as ends_at_utc,
    site.name as site, meter.name as meter, channel.quantity as quantity, ${row}.amount as amount,
    channel.unit as unit,
    case ${row}.quality when 'm' then 'measured' when 'r' then 'recovered' when 'a' then 'estimated'
      when 's' then 'suspect' when 'e' then 'edited' else 'missing' end as quality,
    ${row}.half_hour as half_hour, channel.site_id as site_id, channel.meter_id as meter_id,
    ${row}.channel_id as channel_id`;
}

function named(row: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`join channel on channel.channel_id = ${row}.channel_id and channel.kind = 0
    join meter on meter.meter_id = channel.meter_id
    join site on site.site_id = channel.site_id`;
}
