import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { sql } from "kysely";
import { systemClock } from "../../../../lib/clock.ts";
import { type Database, transaction } from "../../../../lib/store/db.ts";
import { promoteRelease } from "../../../../lib/store/releases.ts";
import { openSnapshot } from "../../../../lib/store/snapshot.ts";
import type { Manifest } from "../../../../ops/lib/backup/manifest.ts";
import { makeBackup } from "../../../../ops/lib/backup/make.ts";
import { openBackup, readPart } from "../../../../ops/lib/backup/read.ts";
import { LEFT_OUT } from "../../../../ops/lib/backup/tables.ts";
import { totalsOf } from "../../../../ops/lib/backup/totals.ts";
import { troubleText } from "../../../../ops/lib/backup/trouble.ts";
import { migrations } from "../../../../migrations/mod.ts";
import { onEngines, onEveryEngine } from "../../../lib/store/engines.ts";
import { backUp, fillAwkward, makeKey, withFolder } from "./scene.ts";

const CHANNELS = 60;

/** One transaction of a cycle: every channel of a half-hour, and a number that counts half-hours. */
async function storeHalfHour(db: Database, halfHour: number): Promise<void> {
  const row = { words: null, read_s: 1, profile_version: 1, boundary: null, quality: "m" };
  const rows = Array.from({ length: CHANNELS }, (_, i) => ({
    ...{ half_hour: halfHour, channel_id: i + 1, value: halfHour, amount: i, ...row },
    ...{ reading_reason: null, amount_reason: null },
  }));
  await transaction(db, async (tx) => {
    await tx.insertInto("recent").values(rows).execute();
    await sql`update audit_head set seq = seq + 1`.execute(tx);
  });
}

/** Everything that a backup holds of a table. */
async function rowsOf(
  folder: string,
  keyFile: string,
  table: string,
): Promise<readonly (readonly unknown[])[]> {
  const opened = await openBackup(folder);
  ok(opened.ok, opened.ok ? "" : troubleText(opened.error));
  const rows: (readonly unknown[])[] = [];
  for (const part of opened.value.manifest.parts.filter((one) => one.table === table)) {
    const lines = await readPart(opened.value, { part, keyFile });
    ok(lines.ok, lines.ok ? "" : troubleText(lines.error));
    rows.push(...lines.value.map((line) => JSON.parse(line)));
  }
  return rows;
}

onEveryEngine(
  "a backup holds every half-hour of its instant and none that came while it was made",
  async (db, { url }) => {
    await withFolder(async (folder) => {
      const key = await makeKey(folder);
      for (let i = 0; i < 5; i++) await storeHalfHour(db, 990_000 + i);
      const snapshot = await openSnapshot(url, systemClock);
      for (let i = 5; i < 10; i++) await storeHalfHour(db, 990_000 + i);
      const stop = new AbortController();
      let stored = 10;
      const writing = (async () => {
        while (!stop.signal.aborted && stored < 5_000) await storeHalfHour(db, 990_000 + stored++);
      })();
      const before = stored;
      const recipients = [key.recipient];
      const work = { snapshot, files: [], recipients, release: "r1-test", clock: systemClock };
      const made = await makeBackup(folder, work);
      stop.abort();
      await writing;
      await snapshot.close();
      ok(stored > before, "nobody was kept from writing");
      const halfHours = (await rowsOf(made.folder, key.file, "recent")).map(([halfHour]) => halfHour);
      strictEqual(halfHours.length, 5 * CHANNELS);
      deepStrictEqual([...new Set(halfHours)], [990_000, 990_001, 990_002, 990_003, 990_004]);
      const [[, seq] = []] = await rowsOf(made.folder, key.file, "audit_head");
      strictEqual(seq, 5);
    });
  },
);

onEveryEngine(
  "a backup names the release that works, whatever the task that makes it is called",
  async (db, { url }) => {
    await withFolder(async (folder) => {
      await promoteRelease(db, { release: "r17-63e2c47", token: "t", nowMs: systemClock.nowMs() });
      const { manifest } = await backUp(folder, { url, key: await makeKey(folder) });
      strictEqual(manifest.release, "r17-63e2c47");
    });
  },
);

const manifests: Manifest[] = [];

onEveryEngine("the same rows give the same backup, whatever the engine", async (db, { url }) => {
  await fillAwkward(db);
  await withFolder(async (folder) => {
    const key = await makeKey(folder);
    const { manifest, folder: made } = await backUp(folder, { url, key });
    manifests.push(manifest);
    const [first] = manifests;
    deepStrictEqual(manifest.tables, first?.tables);
    deepStrictEqual(manifest.totals, first?.totals);
    strictEqual(manifest.totals.packedComplete, 40);
    deepStrictEqual(await rowsOf(made, key.file, "recent"), [
      [990_001, 1, "436600ff", 3, 1, 9_007_199_254_740_991, -5, 0, "m", null, null],
      [990_002, 1, null, null, 1, null, null, null, "-", null, null],
    ]);
    const names = (await rowsOf(made, key.file, "site")).map(([, name]) => name);
    deepStrictEqual(names, ["Ärla mill", 'No "quotes", \\slashes\\ or\ttabs', "🔌 plug"]);
  });
});

onEveryEngine(
  "every table of the database is in a backup, or left out with its reason",
  async (db, { url }) => {
    await fillAwkward(db);
    await withFolder(async (folder) => {
      const { manifest } = await backUp(folder, { url, key: await makeKey(folder) });
      const snapshot = await openSnapshot(url, systemClock);
      const all = snapshot.tables.map(({ name }) => name);
      const totals = await totalsOf(snapshot);
      await snapshot.close();
      const there = manifest.tables.map(({ name }) => name);
      deepStrictEqual([...there, ...Object.keys(LEFT_OUT)].sort(), [...all].sort());
      deepStrictEqual(manifest.schema, Object.keys(migrations).sort());
      deepStrictEqual(totals, manifest.totals);
    });
  },
);

onEveryEngine(
  "a large table lies in parts of bounded size, in order and without a gap",
  async (db, { url }) => {
    const body = "é".repeat(30_000);
    const rows = Array.from({ length: 200 }, (_, i) => ({
      ...{ map_id: 1 + (i % 7), version: 1 + i, body, note: "", author: "a", published_ms: i },
    }));
    for (let i = 0; i < rows.length; i += 20) {
      await db.kysely.insertInto("register_map_version").values(rows.slice(i, i + 20)).execute();
    }
    await withFolder(async (folder) => {
      const key = await makeKey(folder);
      const { manifest, folder: made } = await backUp(folder, { url, key });
      const parts = manifest.parts.filter(({ table }) => table === "register_map_version");
      strictEqual(parts.length, 2);
      ok(parts.every(({ plainBytes }) => plainBytes < 10 * 1024 * 1024));
      const keys = (await rowsOf(made, key.file, "register_map_version")).map((
        [map, version],
      ) => [map, version]);
      const sorted = rows.map(({ map_id, version }) => [map_id, version])
        .sort(([map = 0, version = 0], [otherMap = 0, other = 0]) => map - otherMap || version - other);
      deepStrictEqual(keys, sorted);
    });
  },
);

onEngines(["mariadb", "mysql"], "a migration does not wait for a backup that runs", async (db, { url }) => {
  await fillAwkward(db);
  const snapshot = await openSnapshot(url, systemClock);
  try {
    const site = snapshot.tables.find(({ name }) => name === "site");
    ok(site);
    const read = async () => {
      let rows = 0;
      for await (const lines of snapshot.lines(site)) rows += lines.length;
      return rows;
    };
    strictEqual(await read(), 3);
    strictEqual((await snapshot.ask("select count(*) as n from site"))[0]?.[0], 3);
    // It has 2 s for a lock of a row, and here 1 s for one of a table.
    await db.kysely.connection().execute(async (connection) => {
      await sql`set session lock_wait_timeout = 1`.execute(connection);
      await sql`alter table site add column later integer not null default 7, algorithm = copy`.execute(
        connection,
      );
    });
    await rejects(read, /Cannot read table site: /);
  } finally {
    await snapshot.close();
    await sql`alter table site drop column later`.execute(db.kysely);
  }
});
