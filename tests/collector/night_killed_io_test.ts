/**
 * A night of links and checks that is killed before any of its statements is made good by the next: nothing is half
 * kept, nothing is kept twice, nothing is left out.
 *
 * @module
 */

import { deepStrictEqual, ok } from "node:assert/strict";
import { type KyselyPlugin, sql } from "kysely";
import { checkDevices } from "../../collector/nightly_checks.ts";
import { systemClock } from "../../lib/clock.ts";
import { endMsOf } from "../../lib/domain/half_hour.ts";
import { profileOf } from "../../lib/profiles/mod.ts";
import { type Database, openDatabase } from "../../lib/store/db.ts";
import { keepLinks } from "../../lib/store/link_night.ts";
import { migrate } from "../../lib/store/migrator.ts";
import { migrations } from "../../migrations/mod.ts";
import { linkPlans, MIDNIGHT, tell, type Told, well } from "../lib/store/link_estate.ts";

const NOW_MS = endMsOf(MIDNIGHT + 59) + 60_000;
const LIVE = new AbortController().signal;
const TABLES = ["link_day", "link_state", "device_check", "device_identity", "finding"] as const;

/** The database up to a statement, which is never made, nor any after it. */
function killedAt(db: Database, statement: number): Database {
  let statements = 0;
  const killer: KyselyPlugin = {
    transformQuery: ({ node }) => {
      statements += 1;
      if (statements >= statement) throw new Error("Killed");
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  };
  return { ...db, kysely: db.kysely.withPlugin(killer), reader: db.reader.withPlugin(killer) };
}

async function nightOf(db: Database): Promise<void> {
  await keepLinks(db, { nowMs: NOW_MS, signal: LIVE });
  const profiles = { find: profileOf, load: () => Promise.resolve() };
  await checkDevices(db, { nowMs: NOW_MS, signal: LIVE, profiles, log: { info: () => {} } });
}

async function keptBy(db: Database): Promise<readonly unknown[]> {
  const kept: unknown[] = [];
  for (const table of TABLES) {
    kept.push((await sql`select * from ${sql.table(table)}`.execute(db.kysely)).rows);
  }
  return kept;
}

Deno.test("a night of links and checks that was killed at any statement is made good by the next", async () => {
  const db = await openDatabase("sqlite::memory:");
  try {
    await migrate(db, migrations, systemClock);
    const told = Array.from({ length: 60 }, (_, i): Told => {
      const said = i % 48 === 9 ? { serial: "1104417" } : {};
      return { halfHour: MIDNIGHT + i, place: i % 48 === 20 ? 1 : 0, said: well(MIDNIGHT + i, said) };
    });
    for (const plan of await linkPlans(db, 2, MIDNIGHT)) await tell(db, plan, told);
    await nightOf(db);
    const whole = await keptBy(db);
    ok(whole.slice(0, 4).every((rows) => (rows as readonly unknown[]).length > 0));
    for (let statement = 1;; statement++) {
      for (const table of TABLES) await db.kysely.deleteFrom(table).execute();
      try {
        await nightOf(killedAt(db, statement));
        deepStrictEqual(await keptBy(db), whole);
        ok(statement > 50, `a night of two sites has ${statement - 1} statements`);
        break;
      } catch (error) {
        if (!(error instanceof Error && error.message === "Killed")) throw error;
      }
      await nightOf(db);
      deepStrictEqual(await keptBy(db), whole, `killed at statement ${statement}`);
    }
  } finally {
    await db.close();
  }
});
