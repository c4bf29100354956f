import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { sql } from "kysely";
import { systemClock } from "../../lib/clock.ts";
import { openDatabase } from "../../lib/store/db.ts";
import { bulkRows, ensureColumn, ensureIndex } from "../../lib/store/dialect.ts";
import { migrate, type MigrationSet } from "../../lib/store/migrator.ts";
import { migrations } from "../../migrations/mod.ts";
import { isBorne, type MigrationPlan, planPending, runPlan } from "../../ops/plan_migrations.ts";
import { ENGINES, openMigrated, withPlace } from "../lib/store/engines.ts";

const NEXT: MigrationSet = {
  ...migrations,
  "9001_note": { up: (db) => ensureColumn(db, "attempt", { name: "note", type: "varchar(80)" }) },
  "9002_index": { up: (db) => ensureIndex(db, "attempt", ["site_id", "at_ms"]) },
  "9003_batches": {
    async up(db) {
      for (;;) {
        const { rows } = await sql`select 1 from attempt limit 1`.execute(db);
        if (rows.length === 0) return;
        await sql`update attempt set note = 'x' where note is null`.execute(db);
      }
    },
  },
  "9004_gone": {
    contract: { needs: "9001_note" },
    up: (db) => db.schema.alterTable("attempt").dropColumn("endpoint_id").execute(),
  },
};

const ROWS = 120_000;

/** No time is asked for. */
const UNTRIED = { reasons: {}, triedMs: null };

for (const engine of ENGINES) {
  Deno.test(`db:plan gives the statements that db:migrate then runs, on an empty database (${engine.name})`, async () => {
    await withPlace(engine, async ({ url }) => {
      const ran: string[] = [];
      const db = await openDatabase(url, {
        poolSize: 1,
        onStatement: (text, when) => void (when === "before" && ran.push(text.replace(/\s+/g, " ").trim())),
      });
      try {
        const plan = await planPending(db, migrations, UNTRIED);
        deepStrictEqual(plan.migrations.map(({ name }) => name), Object.keys(migrations));
        ok(plan.migrations.every(({ cut, statements }) => !cut && statements.length > 0));
        ran.length = 0;
        ok((await migrate(db, migrations, systemClock)).ok);
        const changing = ran.filter((text) => /^(create|alter|drop|insert|update|delete)/i.test(text))
          .filter((text) => !/\b(migration|migration_lock)\b/.test(text));
        const planned = plan.migrations.flatMap(({ statements }) => statements.map((one) => one.sql));
        deepStrictEqual(planned.map(verbOf), changing.map(verbOf));
        deepStrictEqual((await planPending(db, migrations, UNTRIED)).migrations, []);
      } finally {
        await db.close();
      }
    });
  });

  Deno.test(`a migration that takes nothing away is borne by the release before, each of ours (${engine.name})`, async () => {
    await withPlace(engine, async ({ url }) => {
      const db = await openDatabase(url);
      try {
        for (const name of Object.keys(migrations)) {
          const { [name]: one } = migrations;
          if (!one) continue;
          const plan = await planPending(db, { [name]: one }, UNTRIED);
          if (one.contract === undefined) ok(isBorne(plan), JSON.stringify(plan.migrations, null, 1));
          const done = await migrate(db, { [name]: one }, systemClock);
          ok(done.ok);
        }
      } finally {
        await db.close();
      }
    });
  });

  Deno.test(`db:plan says how long an index of ${ROWS} rows takes, what is refused, and changes nothing (${engine.name})`, async () => {
    await withPlace(engine, async ({ url }) => {
      const db = await openMigrated(url);
      await fillAttempts(db.kysely);
      const seen = { newest_migration: "0023_idempotency", seen_ms: 1, retired_ms: null };
      await db.kysely.insertInto("release_seen").values({ release_name: "r4-old", ...seen }).execute();
      // The app goes on meanwhile: with SQLite the file is in use.
      const plan = await planOf(url);
      deepStrictEqual(plan.map(({ name, cut }) => [name, cut]), [
        ["9001_note", false],
        ["9002_index", false],
        ["9003_batches", true],
        ["9004_gone", false],
      ]);
      const [note, index, batches, gone] = plan;
      deepStrictEqual(
        note?.statements.map(({ tolerated, rows }) => [tolerated, (rows?.rows ?? 0) > 50_000]),
        [
          ["yes", true],
        ],
      );
      strictEqual(index?.statements[0]?.tolerated, "yes");
      strictEqual(batches?.statements[0]?.tolerated, "look");
      deepStrictEqual([gone?.keptBy, gone?.statements[0]?.tolerated], [["r4-old"], "no"]);
      const expectedS = index?.statements[0]?.seconds ?? 0;
      ok(expectedS > 0.02 && Number.isFinite(expectedS), `expected ${expectedS} s`);
      const columns = await sql`select * from attempt limit 1`.execute(db.kysely);
      ok(!Object.hasOwn(columns.rows[0] ?? {}, "note"));
      await db.close();
    });
  });

  Deno.test(`db:plan ends with 1 where a deploy would break the running release, and says why (${engine.name})`, async () => {
    await withPlace(engine, async ({ url }) => {
      await (await openMigrated(url)).close();
      const set: MigrationSet = {
        ...migrations,
        "9001_rename": { up: (db) => db.schema.alterTable("outage").renameTo("downtime").execute() },
      };
      const lines: string[] = [];
      const known = { migrations: set, reasons: { "9001_rename": "Nobody says outage" } };
      strictEqual(await runPlan(url, { json: false, print: (text) => lines.push(text), known }), 1);
      match(lines.join("\n"), /NOT borne by the running release/);
      match(
        lines.join("\n"),
        /9001_rename {2}Nobody says outage\n {2}alter table .outage. rename to .downtime.\n {4}NOT BORNE: the running release asks for the old name/,
      );
    });
  });
}

async function planOf(url: string): Promise<MigrationPlan["migrations"]> {
  const lines: string[] = [];
  const known = { migrations: NEXT, reasons: {} };
  strictEqual(await runPlan(url, { json: true, print: (text) => lines.push(text), known }), 0);
  return JSON.parse(lines.join("\n")).migrations;
}

/** What a statement does to what, without its quotes and values. */
function verbOf(statement: string): string {
  return statement.replace(/[`"]/g, "").split(" ").slice(0, 6).join(" ").toLowerCase();
}

async function fillAttempts(kysely: Parameters<typeof bulkRows>[0]): Promise<void> {
  for (let from = 0; from < ROWS; from += 20_000) {
    const rows = Array.from({ length: 20_000 }, (_, i) => [from + i, (from + i) * 31 % 50_021]);
    await sql`insert into attempt (half_hour, site_id, tries, attempt_no, at_ms, took_ms, requests, bytes)
      select a, b, 1, 1, a, 9, 2, 120 from ${bulkRows(kysely, { a: "int", b: "int" }, rows)} r`.execute(
      kysely,
    );
  }
}
