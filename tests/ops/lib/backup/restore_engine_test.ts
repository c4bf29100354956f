import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { sql } from "kysely";
import { openDatabase } from "../../../../lib/store/db.ts";
import { pendingMigrations } from "../../../../lib/store/migrator.ts";
import { migrations } from "../../../../migrations/mod.ts";
import { ENGINES, onEveryEngine, withPlace } from "../../../lib/store/engines.ts";
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
