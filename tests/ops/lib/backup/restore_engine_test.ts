import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { sql } from "kysely";
import { systemClock } from "../../../../lib/clock.ts";
import { openDatabase } from "../../../../lib/store/db.ts";
import { migrate, pendingMigrations } from "../../../../lib/store/migrator.ts";
import { migrations } from "../../../../migrations/mod.ts";
import { ENGINES, onEveryEngine, withPlace } from "../../../lib/store/engines.ts";
import { openTarget } from "../../../../ops/lib/backup/restore_target.ts";
import { backUp, fillAwkward, makeKey, withFolder } from "./scene.ts";
import { mustRestore, refusalOf, tryRestore } from "./restore_scene.ts";

onEveryEngine("what was backed up is restored into every engine, row by row", async (db, { url }) => {
  await fillAwkward(db);
  await withFolder(async (folder) => {
    const key = await makeKey(folder);
    const { folder: made, manifest } = await backUp(folder, { url, key });
    for (const engine of ENGINES) {
      await withPlace(engine, async (place) => {
        const restored = await mustRestore({ folder: made, keyFile: key.file, url: place.url });
        ok(restored.compared.every(({ backup, restored }) => backup === restored));
        match(restored.into, new RegExp(`^${engine.name} `));
        const again = await openDatabase(place.url);
        try {
          deepStrictEqual(await pendingMigrations(again, migrations), []);
          const sites = await again.kysely.selectFrom("site").select("name").orderBy("site_id").execute();
          deepStrictEqual(sites.map(({ name }) => name), [
            "Ärla mill",
            'No "quotes", \\slashes\\ or\ttabs',
            "🔌 plug",
          ]);
        } finally {
          await again.close();
        }
        // And what was restored can be backed up to the same.
        await withFolder(async (other) => {
          const { manifest: second } = await backUp(other, { url: place.url, key });
          deepStrictEqual(second.tables, manifest.tables);
          deepStrictEqual(second.totals, manifest.totals);
        });
      });
    }
  });
});

onEveryEngine("a database that holds anything is left as it is", async (db, { url }) => {
  await fillAwkward(db);
  await withFolder(async (folder) => {
    const key = await makeKey(folder);
    const { folder: made } = await backUp(folder, { url, key });
    const { name } = await db.kysely.selectFrom("site").select("name").where("site_id", "=", 1)
      .executeTakeFirstOrThrow();
    if (db.engine === "sqlite") await db.close();
    const [words, leftover] = await refusalOf({ folder: made, keyFile: key.file, url });
    match(words, /^Nothing is restored over .*: it holds \d+ tables with 3 sites$/);
    strictEqual(leftover, "nothing");
    const after = db.engine === "sqlite" ? await openDatabase(url) : db;
    const there = await after.kysely.selectFrom("site").select("name").orderBy("site_id").execute();
    strictEqual(there[0]?.name, name);
    strictEqual(there.length, 3);
    if (after !== db) await after.close();
  });
});

onEveryEngine(
  "a restore that fails on the way leaves the database as empty as it was",
  async (db, { url }) => {
    await fillAwkward(db);
    await withFolder(async (folder) => {
      const key = await makeKey(folder);
      const { folder: made } = await backUp(folder, { url, key });
      for (const engine of ENGINES.filter(({ name }) => name === db.engine)) {
        await withPlace(engine, async (place) => {
          const stop = new AbortController();
          // Stopped after the tables are made and while rows go in.
          const say = (line: string) => void (/^All \d+ parts/.test(line) && stop.abort());
          const order = { folder: made, keyFile: key.file, url: place.url };
          deepStrictEqual(await refusalOf({ ...order, say, signal: stop.signal }), [
            "It was stopped",
            "removed",
          ]);
          strictEqual((await tryRestore(order)).ok, true);
        });
      }
    });
  },
);

onEveryEngine("what is not removed after a failure is said to be left", async (db) => {
  for (const engine of ENGINES.filter(({ name }) => name === db.engine)) {
    await withPlace(engine, async ({ url }) => {
      const opened = await openTarget(url, { plainBytes: 1 });
      ok(opened.ok);
      const target = opened.value;
      // As it is between the end of the mark and the first migration that is written down.
      await target.db.kysely.schema.createTable("site").addColumn("site_id", "integer").execute();
      if (db.engine === "sqlite") return await target.discard();
      await rejects(target.discard(), /^Error: Cannot empty the database at .*: it holds tables$/);
      const after = await openDatabase(url);
      await after.kysely.schema.dropTable("site").execute();
      await after.close();
    });
  }
});

onEveryEngine(
  "what a killed restore left is no database of Wattpost, and the next one clears it",
  async (db, place) => {
    await fillAwkward(db);
    await withFolder(async (folder) => {
      const key = await makeKey(folder);
      const { folder: made } = await backUp(folder, { url: place.url, key });
      for (const engine of ENGINES.filter(({ name }) => name === db.engine)) {
        await withPlace(engine, async ({ url }) => {
          const script = new URL("./restore_child.ts", import.meta.url).pathname;
          const child = new Deno.Command(Deno.execPath(), {
            args: ["run", "--no-check", "--quiet", "-A", script, made, key.file, url],
            stdout: "piped",
            stderr: "inherit",
          }).spawn();
          // It says so when rows are in, then waits to be killed.
          const [line] = await Array.fromAsync(child.stdout.pipeThrough(new TextDecoderStream()).values());
          match(line ?? "", /^in the middle/);
          await child.status;
          if (engine.name !== "sqlite") {
            const half = await openDatabase(url);
            ok((await pendingMigrations(half, migrations)).length > 0, "no release works with it");
            deepStrictEqual(await migrate(half, migrations, systemClock), {
              ok: false,
              error: { kind: "unfinished-restore" },
            }, "and nobody makes it look whole");
            const rows = await sql<{ there: number }>`select count(*) as there from site`.execute(
              half.kysely,
            );
            strictEqual(Number(rows.rows[0]?.there), 3);
            await half.close();
          }
          const restored = await mustRestore({ folder: made, keyFile: key.file, url });
          ok(restored.rows > 0);
        });
      }
    });
  },
);
