import { strictEqual } from "node:assert/strict";
import { copyFile, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openDatabase } from "../../../lib/store/db.ts";
import { loadPeaks, saveLoadShapes } from "../../../lib/store/shapes.ts";
import { openMigrated } from "./engines.ts";

const SHAPE = { weights: new Array<number>(336).fill(1_000), samples: 400, peak: 77 };

Deno.test("close() leaves everything in the one file, while another reads it too", async () => {
  const folder = await mkdtemp(join(tmpdir(), "wattpost-wal-"));
  try {
    const path = join(folder, "wattpost.db");
    const db = await openMigrated(`sqlite:${path}`);
    await saveLoadShapes(db, new Map([[1, SHAPE]]), 0);
    const other = new DatabaseSync(path, { readOnly: true }); // as a backup or a curious person would
    other.prepare("select count(*) from site").get();
    await db.close();
    strictEqual((await stat(`${path}-wal`)).size, 0);
    const copy = join(folder, "copy.db");
    await copyFile(path, copy);
    other.close();
    const copied = await openDatabase(`sqlite:${copy}`);
    strictEqual((await loadPeaks(copied, [1])).get(1), 77);
    await copied.close();
    await db.close();
  } finally {
    await rm(folder, { recursive: true });
  }
});
