import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { endMsOf } from "../../../lib/domain/half_hour.ts";
import { ALL_SITES } from "../../../lib/domain/permission.ts";
import type { ImportRow } from "../../../lib/domain/site_import.ts";
import { listAudit } from "../../../lib/store/audit.ts";
import type { Database } from "../../../lib/store/db.ts";
import { createGroup, removeGroup } from "../../../lib/store/groups.ts";
import { readOutcomes, registerImported } from "../../../lib/store/import_sites.ts";
import { forecastUndo, undoImported } from "../../../lib/store/import_undo.ts";
import { openHalfHour } from "../../../lib/store/ledger.ts";
import {
  countOutcomes,
  createImport,
  forgetImports,
  IMPORTS_MAX,
  listImports,
  moveImport,
  readImport,
  readRows,
  removeImport,
  storeJudged,
} from "../../../lib/store/site_imports.ts";
import { registerSites } from "../../../lib/store/sites.ts";
import { authorAt } from "../../fakes/author.ts";
import { sql } from "kysely";
import { transaction } from "../../../lib/store/db.ts";
import { onEngines, onEveryEngine } from "./engines.ts";
import { draftOf, DUE_AT_ONCE, H } from "./estate.ts";
import { NOW, valueOf } from "./people_rows.ts";

const BY = authorAt(NOW);
const OWNER = 7;
const DAY_MS = 86_400_000;

const rowOf = (row: number): ImportRow => ({
  row,
  site: row - 2,
  cells: [`Site ${row}`, "é".repeat(150)],
  state: row % 50 === 0 ? "refused" : "good",
  notes: [],
  heldBy: null,
});

async function begun(db: Database, count: number): Promise<number> {
  const columns = ["site", "address"] as const;
  const importId = valueOf(
    await createImport(db, { ownerId: OWNER, fileName: "sites.csv", columns, nowMs: NOW }),
  );
  const rows = Array.from({ length: count }, (_, i) => rowOf(i + 2));
  strictEqual(await storeJudged(db, BY, { importId, rows, sites: count }), true);
  return importId;
}

const commit = (db: Database, importId: number) =>
  moveImport(db, BY, { importId, from: ["judged", "committing"], to: "committing" });
const undo = (db: Database, importId: number) =>
  moveImport(db, BY, { importId, from: ["committed", "committing", "undone"], to: "undoing" });
const batch = (names: readonly string[], from = 0) =>
  names.map((name, i) => ({ place: from + i, draft: { ...draftOf(name), groupId: null } }));
const namesIn = async (db: Database) =>
  (await db.kysely.selectFrom("site").select("name").orderBy("name").execute()).map(({ name }) => name);

onEveryEngine("an import is its owner's alone, and there are thirty of one person at most", async (db) => {
  const importId = await begun(db, 250);
  const own = { importId, ownerId: OWNER };
  strictEqual(await readImport(db, { ...own, ownerId: 8 }), null);
  strictEqual(await removeImport(db, BY, { ...own, ownerId: 8 }), false);
  const record = await readImport(db, own);
  deepStrictEqual([record?.state, record?.siteCount, record?.letters.length], ["judged", 250, 250]);
  const rows = await readRows(db.kysely, importId, [249, 3, 100]);
  deepStrictEqual(rows, [rowOf(251), rowOf(5), rowOf(102)], "rows come in the order of their places");
  for (let n = 1; n < IMPORTS_MAX; n++) {
    valueOf(await createImport(db, { ownerId: OWNER, fileName: "x", columns: [], nowMs: NOW }));
  }
  const many = await createImport(db, { ownerId: OWNER, fileName: "x", columns: [], nowMs: NOW });
  strictEqual(many.ok, false);
  strictEqual((await listImports(db, OWNER)).length, IMPORTS_MAX);
});

onEveryEngine("whole sites are registered, each once, whatever was stopped in between", async (db) => {
  const importId = await begun(db, 4);
  const sites = batch(["A", "B", "C", "D"]);
  strictEqual(await registerImported(db, BY, { importId, sites }), "over", "nothing before it is begun");
  strictEqual(await commit(db, importId), true);
  await registerImported(db, BY, { importId, sites: sites.slice(0, 2) });
  // As after a kill: it is begun anew, from the first site on.
  strictEqual(await commit(db, importId), true);
  await Promise.all([
    registerImported(db, BY, { importId, sites }),
    registerImported(db, BY, { importId, sites }),
  ]);
  deepStrictEqual(await namesIn(db), ["A", "B", "C", "D"]);
  strictEqual((await countOutcomes(db.kysely, importId)).registered, 4);
  strictEqual(await moveImport(db, BY, { importId, from: ["committing"], to: "committed" }), true);
  strictEqual(await commit(db, importId), false);
  const actions = (await listAudit(db)).map(({ action }) => action);
  strictEqual(actions.filter((action) => action === "site-registered").length, 4);
  ok(actions.includes("import-committed") && actions.includes("import-judged"));
});

onEveryEngine("a name or group that is gone meanwhile refuses its site alone", async (db) => {
  const importId = await begun(db, 4);
  await commit(db, importId);
  valueOf(await registerSites(db, [draftOf("b")]));
  const group = valueOf(await createGroup(db, BY, { name: "North" }));
  const sites = batch(["A", "B", "C"]);
  await removeGroup(db, BY, { groupId: group.id });
  const north = { place: 3, draft: { ...draftOf("D"), groupId: group.id } };
  await registerImported(db, BY, { importId, sites: [...sites, north] });
  const outcomes = await readOutcomes(db, importId);
  deepStrictEqual(outcomes.map(({ outcome }) => outcome), [1, 2, 1, 2]);
  deepStrictEqual(await namesIn(db), ["A", "b", "C"]);
});

onEveryEngine("an undo removes what never gave a reading, and nothing that was measured", async (db) => {
  const importId = await begun(db, 4);
  await commit(db, importId);
  await registerImported(db, BY, { importId, sites: batch(["A", "B", "C", "D"]) });
  await moveImport(db, BY, { importId, from: ["committing"], to: "committed" });
  const ids = new Map((await readOutcomes(db, importId)).map(({ place, siteId }) => [place, siteId ?? 0]));
  await openHalfHour(db, H, DUE_AT_ONCE);
  await db.kysely.updateTable("ledger").set({ has_reading: 1 }).where("site_id", "=", ids.get(1) ?? 0)
    .execute();
  await db.kysely.updateTable("meter").set({ name: "Renamed" }).where("site_id", "=", ids.get(2) ?? 0)
    .execute();
  const places = [0, 1, 2, 3];
  const nowMs = endMsOf(H) + 60_000;
  const forecast = await forecastUndo(db, { importId, places, reach: ALL_SITES, nowMs });
  deepStrictEqual([
    forecast.removed,
    forecast.read.map(({ name }) => name),
    forecast.changed.map(({ name }) => name),
  ], [
    2,
    ["B"],
    ["C"],
  ]);
  const by = authorAt(nowMs);
  strictEqual(await undoImported(db, by, { importId, places, stopsRead: false, reach: ALL_SITES }), "over");
  strictEqual(await undo(db, importId), true);
  await undoImported(db, by, { importId, places, stopsRead: false, reach: ALL_SITES });
  deepStrictEqual(await namesIn(db), ["B", "C"]);
  const left = await db.kysely.selectFrom("ledger").select("site_id").execute();
  deepStrictEqual(new Set(left.map(({ site_id }) => site_id)), new Set([ids.get(1), ids.get(2)]));
  const channels = await db.kysely.selectFrom("channel").select("site_id").distinct().execute();
  strictEqual(channels.length, 2);
  await moveImport(db, BY, { importId, from: ["undoing"], to: "undone" });
  // Taken back once more, now with the tick.
  await undo(db, importId);
  await undoImported(db, by, { importId, places, stopsRead: true, reach: ALL_SITES });
  const stopped = await db.kysely.selectFrom("site").select("collected").where("name", "=", "B")
    .executeTakeFirstOrThrow();
  strictEqual(stopped.collected, 0);
  deepStrictEqual(await namesIn(db), ["B", "C"], "a site with readings stays, with all of them");
  const { removed, stopped: stop, changed } = await countOutcomes(db.kysely, importId);
  deepStrictEqual([removed, stop, changed], [2, 1, 1]);
});

onEveryEngine(
  "what came to nothing is forgotten after seven days, what registered sites after thirty",
  async (db) => {
    const nothing = await begun(db, 120);
    const something = await begun(db, 2);
    await commit(db, something);
    await registerImported(db, BY, { importId: something, sites: batch(["A"]) });
    strictEqual(await forgetImports(db, { nowMs: NOW + 6 * DAY_MS }), 0);
    strictEqual(await forgetImports(db, { nowMs: NOW + 8 * DAY_MS }), 1);
    strictEqual(await readImport(db, { importId: nothing, ownerId: OWNER }), null);
    deepStrictEqual(await readRows(db.kysely, nothing, [0]), []);
    strictEqual(await forgetImports(db, { nowMs: NOW + 31 * DAY_MS }), 1);
    deepStrictEqual(await readOutcomes(db, something), []);
    deepStrictEqual(await namesIn(db), ["A"], "its sites stay");
  },
);

/** Resolves when one of the database's transactions waits for another one. */
async function someoneWaits(db: Database): Promise<void> {
  for (let tries = 0; tries < 60; tries++) {
    await db.clock.sleep(150); // asked more often, the engine answers what it did before
    const waiting = await sql<{ readonly waits: number }>`select count(*) as waits
      from information_schema.innodb_trx where trx_state = 'LOCK WAIT'`.execute(db.kysely);
    if (Number(waiting.rows[0]?.waits) > 0) return;
  }
  throw new Error("Nobody waits");
}

onEngines(["mariadb", "mysql"], "an undo keeps a site whose first reading is being stored", async (db) => {
  const importId = await begun(db, 1);
  await commit(db, importId);
  await registerImported(db, BY, { importId, sites: batch(["A"]) });
  await moveImport(db, BY, { importId, from: ["committing"], to: "committed" });
  const siteId = (await readOutcomes(db, importId))[0]?.siteId ?? 0;
  await openHalfHour(db, H, DUE_AT_ONCE);
  strictEqual(await undo(db, importId), true);
  const act = { importId, places: [0], stopsRead: false, reach: ALL_SITES };
  const undone = await transaction(db, async (tx) => {
    await tx.updateTable("ledger").set({ has_reading: 1 }).where("half_hour", "=", H)
      .where("site_id", "=", siteId).execute();
    const begunUndo = undoImported(db, authorAt(endMsOf(H) + 60_000), act);
    await someoneWaits(db);
    return { begunUndo };
  });
  strictEqual(await undone.begunUndo, "done");
  deepStrictEqual(await namesIn(db), ["A"]);
});
