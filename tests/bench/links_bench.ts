/**
 * Measures the night of links: 2,000 sites with a router that told of itself for two weeks, on the embedded database,
 * once when no day is kept yet and once a day later, beside statements and how long the event loop did not turn.
 * `deno run -A tests/bench/links_bench.ts [--sites=2000]`.
 *
 * @module
 */

import { sql } from "kysely";
import { systemClock } from "../../lib/clock.ts";
import { endMsOf, HALF_HOUR_MS } from "../../lib/domain/half_hour.ts";
import { type Database, openDatabase } from "../../lib/store/db.ts";
import { keepLinks } from "../../lib/store/link_night.ts";
import { migrate } from "../../lib/store/migrator.ts";
import { forgetRecent, forgetTraces, packNext } from "../../lib/store/packing.ts";
import { migrations } from "../../migrations/mod.ts";
import { linkPlans, MIDNIGHT, tell, type Told, well } from "../lib/store/link_estate.ts";
import { costWords, countedDatabase, measured } from "./cost.ts";

const DAYS = 15;
const SITES_A_REGISTRATION = 100;

/** Two weeks of a router: a backup path each day, its month's counters once a day. */
function toldOf(): readonly Told[] {
  return Array.from({ length: DAYS * 48 + 1 }, (_, i) => {
    const halfHour = MIDNIGHT + i;
    const place = i % 48 === 20 ? null : i % 48 > 20 && i % 48 < 25 ? 1 : 0;
    const month = { sim1ReceivedMonthB: i * 100_000, sim1SentMonthB: i * 40_000 };
    const said = well(halfHour, i % 48 === 9 ? month : {});
    return { halfHour, place, ...(place === null ? {} : { said }) };
  });
}

/** Gives the other sites what the first one has. */
async function copy(db: Database, first: number): Promise<void> {
  const path = sql`(select q.path_id from path p join path q on q.place = p.place and q.site_id = s.site_id
    where p.path_id = x.path_id)`;
  const channels = sql`join channel c on c.channel_id = x.channel_id
    join channel d on d.quantity = c.quantity and d.site_id <> c.site_id`;
  const others = sql`join site s on s.site_id <> ${first}`;
  for (
    const statement of [
      sql`insert into ledger (half_hour, site_id, state, due_at_ms, tries, has_reading, reason, path_id,
        stored_at_ms, judged) select x.half_hour, s.site_id, x.state, x.due_at_ms, x.tries, x.has_reading,
        x.reason, ${path}, x.stored_at_ms, x.judged from ledger x ${others}`,
      sql`insert into ledger_day (day, site_id, outcomes, reasons) select x.day, s.site_id, x.outcomes, x.reasons
        from ledger_day x ${others}`,
      sql`insert into attempt (half_hour, site_id, tries, attempt_no, at_ms, endpoint_id, path_id, took_ms,
        requests, bytes, reason) select x.half_hour, s.site_id, x.tries, x.attempt_no, x.at_ms, x.endpoint_id,
        ${path}, x.took_ms, x.requests, x.bytes, x.reason from attempt x ${others}`,
      sql`insert into recent (half_hour, channel_id, words, read_s, profile_version, value, boundary, amount,
        quality, reading_reason, amount_reason) select x.half_hour, d.channel_id, x.words, x.read_s,
        x.profile_version, x.value, x.boundary, x.amount, x.quality, x.reading_reason, x.amount_reason
        from recent x ${channels}`,
      sql`insert into day (day, channel_id, version, amounts, qualities, reasons, boundaries)
        select x.day, d.channel_id, x.version, x.amounts, x.qualities, x.reasons, x.boundaries
        from day x ${channels}`,
    ]
  ) await statement.execute(db.kysely);
}

const sites = Number(Deno.args.find((each) => each.startsWith("--sites="))?.slice(8) ?? 2_000);
const folder = await Deno.makeTempDir();
const db = await openDatabase(`sqlite:${folder}/bench.sqlite`);
await migrate(db, migrations, systemClock);
const told = toldOf();
const nowMs = endMsOf(MIDNIGHT + DAYS * 48) + 600_000;
const [plan] = await linkPlans(db, 1, MIDNIGHT);
if (!plan) throw new Error("The site cannot be registered");
await tell(db, plan, told);
for (let token = 1; await packNext(db, { nowMs, token }) !== null;) token++;
while (await forgetRecent(db, { nowMs }) > 0);
while (await forgetTraces(db, { nowMs }) > 0);
await sql`update site set name = 'Template'`.execute(db.kysely);
for (let made = 1; made < sites;) {
  const before = made;
  const count = Math.min(SITES_A_REGISTRATION, sites - made);
  await linkPlans(db, count, MIDNIGHT);
  made += count;
  await sql`update site set name = 'Site ' || site_id || ${` of ${before}`} where name like 'Link %'`
    .execute(db.kysely);
}
await copy(db, plan.site.id);
for (const [what, atMs] of [["first night", nowMs], ["a day later", nowMs + 48 * HALF_HOUR_MS]] as const) {
  const counted = countedDatabase(db);
  let said: unknown = null;
  const cost = await measured(async () => {
    said = await keepLinks(counted.db, { nowMs: atMs, signal: new AbortController().signal });
  });
  console.log(
    `${sites} sites, ${what}: ${costWords(cost)}, ${counted.statements()} statements, ${
      JSON.stringify(said)
    }`,
  );
}
await db.close();
await Deno.remove(folder, { recursive: true });
