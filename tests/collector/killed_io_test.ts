import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { endMsOf, type HalfHour } from "../../lib/domain/half_hour.ts";
import { startSite } from "../../lib/simulator/site.ts";
import { type Database, openDatabase } from "../../lib/store/db.ts";
import { registerSites } from "../../lib/store/sites.ts";
import { manualClock } from "../fakes/manual_clock.ts";
import { allChannels, dueAfter, FIRST, ledgerOf, migrateOrThrow } from "./estate.ts";
import { draftOf, meter, simulatorClock, siteSpec } from "./simulated.ts";

const PROCESS = new URL("./cycle_process.ts", import.meta.url).pathname;
const SITES = 5;

/** Runs a cycle in a process of its own; the statements it made, or `null` when it was killed. */
async function runProcess(file: string, startMs: number, killAt = 0): Promise<number | null> {
  const args = [
    "run",
    "--no-check",
    "--quiet",
    "-A",
    PROCESS,
    `sqlite:${file}`,
    String(startMs),
    String(killAt),
  ];
  const run = await new Deno.Command("deno", { args, stdout: "piped", stderr: "piped" }).output();
  if (run.signal === "SIGKILL") return null;
  const said = new TextDecoder().decode(run.stderr);
  strictEqual(run.code, 0, said);
  return Number(new TextDecoder().decode(run.stdout));
}

async function withDatabase<T>(file: string, work: (db: Database) => Promise<T>): Promise<T> {
  const db = await openDatabase(`sqlite:${file}`);
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

/** The file and what SQLite has not moved into it yet. */
async function copyDatabase(from: string, to: string): Promise<void> {
  await Deno.copyFile(from, to);
  try {
    await Deno.copyFile(`${from}-wal`, `${to}-wal`);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

Deno.test("collector killed at any statement of a cycle: the next start finds what is missing, nothing counts twice", async () => {
  const folder = await Deno.makeTempDir({ prefix: "wattpost-killed-" });
  const clock = manualClock(endMsOf(FIRST));
  const endpoints = [{ port: 0, kind: "gateway" as const, meters: [meter(1, "schneider-iem3000")] }];
  const sites = await Promise.all(
    Array.from(
      { length: SITES },
      (_, i) =>
        startSite(siteSpec({ name: `Site ${i + 1}`, seed: 11 + i, endpoints }), {
          clock: simulatorClock(clock),
        }),
    ),
  );
  const base = `${folder}/base.db`;
  await withDatabase(base, async (db) => {
    await migrateOrThrow(db, clock);
    ok((await registerSites(db, sites.map((site) => draftOf(site, { since: FIRST })))).ok);
    await dueAfter(db, FIRST, 0);
  });
  await runProcess(base, endMsOf(FIRST));
  await clock.advance(1_800_000);
  await withDatabase(base, (db) => dueAfter(db, FIRST + 1, 0));
  const whole = `${folder}/whole.db`;
  await copyDatabase(base, whole);
  const statements = await runProcess(whole, endMsOf(FIRST + 1)) ?? 0;
  ok(statements > 20, `${statements} statements`);
  const step = Math.max(1, Math.floor(statements / 5));
  const kills = Array.from({ length: 5 }, (_, i) => 2 + i * step).filter((at) => at <= statements);
  for (const killAt of kills) {
    const file = `${folder}/killed-${killAt}.db`;
    await copyDatabase(base, file);
    strictEqual(await runProcess(file, endMsOf(FIRST + 1), killAt), null, `killed at ${killAt}`);
    ok(await runProcess(file, endMsOf(FIRST + 1) + 180_000) !== null); // the dead one's claims have run out
  }
  await clock.advance(1_800_000);
  for (const killAt of kills) {
    const file = `${folder}/killed-${killAt}.db`;
    await withDatabase(file, (db) => dueAfter(db, FIRST + 2, 0));
    ok(await runProcess(file, endMsOf(FIRST + 2)) !== null);
    await withDatabase(file, (db) => check(db, killAt));
  }
  await Promise.all(sites.map((site) => site.close()));
  await Deno.remove(folder, { recursive: true });
});

async function check(db: Database, killAt: number): Promise<void> {
  const halfHours: readonly HalfHour[] = [FIRST, FIRST + 1, FIRST + 2];
  for (const halfHour of halfHours) {
    const ledger = await ledgerOf(db, halfHour);
    deepStrictEqual(ledger.map(({ state }) => state), Array(SITES).fill(2), `killed at ${killAt}: ledger`);
  }
  const channels = await allChannels(db, { from: FIRST, to: FIRST + 3 });
  for (const { quality, reasons, siteId, quantity } of channels) {
    ok(!quality.includes("-"), `killed at ${killAt}: ${quantity} of site ${siteId} has a row each half-hour`);
    strictEqual(reasons.some(({ readingReason }) => readingReason !== undefined), false);
  }
  for (const energy of channels.filter(({ kind }) => kind === 0)) {
    const rows = await db.kysely.selectFrom("recent").select(["half_hour", "boundary", "amount"])
      .where("channel_id", "=", energy.channelId).orderBy("half_hour").execute();
    strictEqual(rows.length, 3);
    for (const [i, row] of rows.entries()) {
      const before = rows[i - 1]?.boundary;
      if (row.amount === null || before === null || before === undefined) continue;
      strictEqual(row.amount, (row.boundary ?? NaN) - before, `killed at ${killAt}: counted once`);
    }
    strictEqual(energy.quality[2] === "m" || energy.quality[2] === "r", true);
  }
  strictEqual((await db.kysely.selectFrom("open_gap").select("channel_id").execute()).length, 0);
}
