import { deepStrictEqual, match, ok as assert, strictEqual } from "node:assert/strict";
import { sql } from "kysely";
import { systemClock } from "../../../lib/clock.ts";
import { type Database, openDatabase } from "../../../lib/store/db.ts";
import { type AnyKysely, ensureColumn, ensureIndex } from "../../../lib/store/dialect.ts";
import {
  applyContracts,
  migrate,
  type MigrationSet,
  pendingContracts,
  pendingMigrations,
} from "../../../lib/store/migrator.ts";
import { migrations } from "../../../migrations/mod.ts";
import { runMigrate } from "../../../ops/migrate.ts";
import { ENGINES, openMigrated, withPlace } from "./engines.ts";

/** A column comes, and much later goes again; between the two an index comes that needs neither. */
const SET: MigrationSet = {
  ...migrations,
  "9001_label": { up: (db) => ensureColumn(db, "site_group", { name: "label", type: "varchar(80)" }) },
  "9002_no_label": {
    contract: { needs: "9001_label" },
    async up(db) {
      if (await hasColumn(db, "label")) {
        await db.schema.alterTable("site_group").dropColumn("label").execute();
      }
    },
  },
  "9003_index": { up: (db) => ensureIndex(db, "outage", ["to_half_hour"]) },
};

function hasColumn(db: AnyKysely, name: string): Promise<boolean> {
  return sql`select ${sql.ref(name)} from site_group limit 0`.execute(db).then(() => true, () => false);
}

async function seen(db: Database, release: string, newest: string, retired: number | null = null) {
  await db.kysely.insertInto("release_seen").values({
    release_name: release,
    newest_migration: newest,
    seen_ms: Date.now(),
    retired_ms: retired,
  }).execute();
}

for (const engine of ENGINES) {
  Deno.test(`nothing is taken away while a release that may still run needs it (${engine.name})`, async () => {
    await withPlace(engine, async ({ url }) => {
      const db = await openMigrated(url);
      try {
        await seen(db, "r1-old", "0023_idempotency");
        await seen(db, "r2-new", "9003_index");
        deepStrictEqual(await pendingMigrations(db, SET), ["9001_label", "9003_index"]);
        const added = await migrate(db, SET, systemClock);
        deepStrictEqual(added, { ok: true, value: ["9001_label", "9003_index"] });
        const kept = { name: "9002_no_label", needs: "9001_label", keptBy: ["r1-old"] };
        deepStrictEqual(await pendingContracts(db, SET), [kept]);
        deepStrictEqual(await applyContracts(db, SET, systemClock), { ok: true, value: [] });
        assert(await hasColumn(db.kysely, "label"));
        await db.kysely.updateTable("release_seen").set({ retired_ms: Date.now() })
          .where("release_name", "=", "r1-old").execute();
        deepStrictEqual(await applyContracts(db, SET, systemClock), {
          ok: true,
          value: ["9002_no_label"],
        });
        assert(!await hasColumn(db.kysely, "label"));
        deepStrictEqual(await pendingContracts(db, SET), []);
      } finally {
        await db.close();
      }
    });
  });

  Deno.test(`a release that works and never said what it knows keeps everything (${engine.name})`, async () => {
    await withPlace(engine, async ({ url }) => {
      const db = await openMigrated(url);
      try {
        assert((await migrate(db, SET, systemClock)).ok);
        const works = { release_id: 1, release_name: "2026-11-25.1", token: "t", heartbeat_ms: 0 };
        await db.kysely.insertInto("active_release").values(works).execute();
        const [one] = await pendingContracts(db, SET);
        deepStrictEqual(one?.keptBy, ["2026-11-25.1"]);
        await seen(db, "2026-11-25.1", "9001_label");
        const [other] = await pendingContracts(db, SET);
        deepStrictEqual(other?.keptBy, []);
      } finally {
        await db.close();
      }
    });
  });

  Deno.test(`deno task db:migrate --expand-only takes nothing away, and says what waits for whom (${engine.name})`, async () => {
    await withPlace(engine, async ({ url }) => {
      const run = async (order: { readonly dryRun?: boolean; readonly expandOnly?: boolean }) => {
        const lines: string[] = [];
        const print = (line: string) => lines.push(line);
        const known = { migrations: SET, reasons: { "9002_no_label": "Gone" } };
        const code = await runMigrate(url, { dryRun: false, print, known, ...order });
        strictEqual(code, 0);
        return lines.slice(1).filter((line) => !/^ {2}0/.test(line));
      };
      deepStrictEqual(await run({ expandOnly: true }), [
        "  9001_label  ",
        "  9003_index  ",
        "  9002_no_label  takes something away, not in a deploy",
        `Applied ${Object.keys(SET).length - 1}`,
      ]);
      const db = await openDatabase(url);
      await seen(db, "r1-old", "0023_idempotency");
      await db.close();
      const waits = "takes something away, not now: r1-old may still run and does not know 9001_label";
      deepStrictEqual(await run({}), [`  9002_no_label  ${waits}`]);
      const refused: string[] = [];
      const refuse = { dryRun: false, print: (line: string) => refused.push(line) };
      strictEqual(await runMigrate(url, { ...refuse, retire: "r1-old" }), 1);
      strictEqual(await runMigrate(url, { ...refuse, retire: "r2" }), 1);
      match(refused.join("\n"), /Cannot retire r1-old: it runs .*\nNo release is called "r2"; .*: r1-old$/);
      const again = await openDatabase(url);
      await again.kysely.updateTable("release_seen").set({ seen_ms: 1 }).execute();
      await again.close();
      const told: string[] = [];
      const retire = { known: { migrations: SET, reasons: {} }, print: (line: string) => told.push(line) };
      strictEqual(await runMigrate(url, { ...retire, dryRun: false, expandOnly: true, retire: "r1-old" }), 0);
      strictEqual(told[0], "r1-old is retired");
      deepStrictEqual(await run({ dryRun: true }), ["  9002_no_label  Gone"]);
      deepStrictEqual(await run({}), ["  9002_no_label  Gone", "Applied 1"]);
      deepStrictEqual(await run({}), []);
    });
  });

  Deno.test(`a lock that a killed migration left behind is waited for (${engine.name})`, async () => {
    await withPlace(engine, async ({ url }) => {
      const db = await openMigrated(url);
      const untilMs = Date.now() + 1_500;
      await db.kysely.updateTable("migration_lock").set({ token: 5, until_ms: untilMs }).execute();
      await db.close();
      const lines: string[] = [];
      const known = { migrations: SET, reasons: {} };
      const order = { dryRun: false, expandOnly: true, known, print: (line: string) => lines.push(line) };
      strictEqual(await runMigrate(url, order), 0);
      strictEqual(lines.at(-1), "Applied 2");
      // One process has the file, so a lock in it is a dead one's.
      if (engine.name !== "sqlite") assert(Date.now() >= untilMs);
    });
  });

  if (engine.name !== "sqlite") {
    Deno.test(`a migration gives way to the transactions of the running release, and comes again (${engine.name})`, async () => {
      await withPlace(engine, async ({ url }) => {
        const holder = await openMigrated(url);
        const held = Promise.withResolvers<void>();
        const holding = Promise.withResolvers<void>();
        const transaction = holder.kysely.transaction().execute(async (tx) => {
          await tx.selectFrom("site_group").selectAll().execute();
          holding.resolve();
          await held.promise;
        });
        await holding.promise;
        const db = await openDatabase(url, { statementTimeoutMs: 600_000 });
        let waits = 0;
        const clock = {
          ...systemClock,
          sleep: () => {
            waits += 1;
            held.resolve(); // what the running release did is over
            return transaction;
          },
        };
        try {
          const done = await migrate(db, SET, clock);
          deepStrictEqual(done, { ok: true, value: ["9001_label", "9003_index"] });
          strictEqual(waits, 1);
        } finally {
          held.resolve();
          await transaction;
          await db.close();
          await holder.close();
        }
      });
    });
  }
}
