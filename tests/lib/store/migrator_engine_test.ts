import { deepStrictEqual, ok as assert, rejects, strictEqual } from "node:assert/strict";
import { sql } from "kysely";
import { systemClock } from "../../../lib/clock.ts";
import { isStoreError, openDatabase, pingDatabase } from "../../../lib/store/db.ts";
import { migrate, pendingMigrations } from "../../../lib/store/migrator.ts";
import { migrations } from "../../../migrations/mod.ts";
import { ENGINES, onEveryEngine, openMigrated, withPlace } from "./engines.ts";

const NAMES = Object.keys(migrations).sort();

for (const engine of ENGINES) {
  Deno.test(`migrate() can be killed behind every statement and goes on (${engine.name})`, async () => {
    await withPlace(engine, async ({ url }) => {
      let left = 1_000;
      const onStatement = (_: string, when: string) => {
        if (when === "after") return;
        if (--left < 0) throw new Error("killed");
      };
      const db = await openDatabase(url, { poolSize: 1, onStatement });
      try {
        let applied: readonly string[] = [];
        let kills = 0;
        for (let allowed = 3; applied.length < NAMES.length; allowed++) {
          assert(allowed < 400, "migrations never end");
          left = allowed;
          // The hook also ends the release of the lock: what a kill leaves behind.
          await migrate(db, migrations, { ...systemClock, nowMs: () => Date.now() + allowed * 120_000 })
            .catch(() => kills++);
          left = 1_000;
          await sql`select 1`.execute(db.kysely);
          if (engine.name !== "sqlite") {
            await sql`select release_all_locks()`.execute(db.kysely).catch(() => {});
          }
          const pending = await pendingMigrations(db, migrations);
          applied = NAMES.filter((name) => !pending.includes(name));
        }
        assert(kills > 20, `only ${kills} kills`);
        deepStrictEqual(await migrate(db, migrations, systemClock), { ok: true, value: [] });
        await pingDatabase(db);
      } finally {
        await db.close();
      }
    });
  });

  Deno.test(`migrations can each be run twice (${engine.name})`, async () => {
    await withPlace(engine, async ({ url }) => {
      const db = await openMigrated(url);
      try {
        for (const name of NAMES) await migrations[name]?.up(db.kysely);
        deepStrictEqual(await pendingMigrations(db, migrations), []);
      } finally {
        await db.close();
      }
    });
  });

  Deno.test(`pendingMigrations() names all of them on an empty database (${engine.name})`, async () => {
    await withPlace(engine, async ({ url }) => {
      const db = await openDatabase(url);
      try {
        deepStrictEqual(await pendingMigrations(db, migrations), NAMES);
      } finally {
        await db.close();
      }
    });
  });

  if (engine.name !== "sqlite") {
    Deno.test(`migrate() leaves it to the process that already migrates (${engine.name})`, async () => {
      await withPlace(engine, async ({ url }) => {
        const [one, two] = await Promise.all([openDatabase(url), openDatabase(url)]);
        try {
          const results = await Promise.all([one, two].map((db) => migrate(db, migrations, systemClock)));
          const applied = results.flatMap((result) => result.ok ? result.value : []);
          deepStrictEqual([...applied].sort(), NAMES);
        } finally {
          await Promise.all([one.close(), two.close()]);
        }
      });
    });

    Deno.test(`migrate() that finds the lock of a killed one keeps nobody else out (${engine.name})`, async () => {
      await withPlace(engine, async ({ url }) => {
        const [one, two] = await Promise.all([openDatabase(url), openDatabase(url)]);
        try {
          strictEqual((await migrate(one, {}, systemClock)).ok, true);
          const killed = { token: 7, until_ms: systemClock.nowMs() + 60_000 };
          await one.kysely.updateTable("migration_lock").set(killed).execute();
          const waits = await migrate(one, {}, systemClock);
          strictEqual(waits.ok ? "ok" : waits.error.kind, "locked");
          await two.kysely.updateTable("migration_lock").set({ token: null, until_ms: null }).execute();
          strictEqual((await migrate(two, {}, systemClock)).ok, true, "whoever waited holds nothing");
        } finally {
          await Promise.all([one.close(), two.close()]);
        }
      });
    });
  }
}

Deno.test("openDatabase() says that another process has the file", async () => {
  const sqlite = ENGINES[0];
  if (!sqlite) throw new Error("SQLite is always there");
  await withPlace(sqlite, async ({ url }) => {
    const db = await openDatabase(url);
    try {
      await rejects(() => openDatabase(url), (error) => {
        assert(isStoreError(error, "in-use"));
        assert(error.message.includes("another process of Wattpost has it open"));
        return true;
      });
    } finally {
      await db.close();
    }
  });
});

Deno.test("openDatabase() gives up on a server that is not there", async () => {
  const url = "mysql://nobody:secret@127.0.0.1:1/none";
  await rejects(() => openDatabase(url, { connectTimeoutMs: 300 }), (error) => {
    assert(isStoreError(error, "unavailable"));
    assert(!error.message.includes("secret"));
    return true;
  });
});

onEveryEngine("pingDatabase() asks a real question", async (db) => {
  assert(await pingDatabase(db) >= 0);
});
