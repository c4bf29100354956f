import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { createReleaseWatch } from "../../collector/release_watch.ts";
import { createLog } from "../../lib/log.ts";
import { type Database, openDatabase } from "../../lib/store/db.ts";
import { promoteRelease } from "../../lib/store/releases.ts";
import { manualClock, until } from "../fakes/manual_clock.ts";
import { migrateOrThrow } from "./estate.ts";

Deno.test("createReleaseWatch() says what went wrong with a heartbeat, and beats on", async () => {
  const clock = manualClock(Date.UTC(2026, 10, 2, 10));
  const real = await openDatabase("sqlite::memory:");
  await migrateOrThrow(real, clock);
  let broken = false;
  const kysely = () => {
    if (broken) throw new RangeError("A row that nobody can read");
    return real.kysely;
  };
  const db: Database = Object.defineProperties({ ...real }, {
    kysely: { get: kysely },
    reader: { get: kysely },
  });
  const lines: Record<string, unknown>[] = [];
  const log = createLog({ clock, level: "debug", write: (line) => lines.push(JSON.parse(line)) });
  const over = new AbortController();
  const watch = createReleaseWatch({ db, clock, log, release: "r1", token: 7, signal: over.signal });
  try {
    strictEqual(await watch.hold(), true);
    watch.start(() => {});
    broken = true;
    await clock.advance(30_000);
    await until("it was said", () => lines.some(({ level }) => level === "error"));
    broken = false;
    const { heartbeat_ms: before } = await beatOf(real);
    await clock.advance(30_000);
    await until("it beats again", async () => (await beatOf(real)).heartbeat_ms > before);
    deepStrictEqual(watch.read(), { promoted: true, activeRelease: "r1" });
  } finally {
    over.abort();
    await watch.stop();
    await real.close();
  }
});

Deno.test("createReleaseWatch() takes over a second after it was promoted, and says so once", async () => {
  const clock = manualClock(Date.UTC(2026, 10, 2, 10));
  const db = await openDatabase("sqlite::memory:");
  await migrateOrThrow(db, clock);
  const log = createLog({ clock, level: "error", write: () => {} });
  const over = new AbortController();
  const watchOf = (release: string, token: number) =>
    createReleaseWatch({ db, clock, log, release, token, signal: over.signal });
  const [blue, green] = [watchOf("r1", 7), watchOf("r2", 8)];
  let tookOver = 0;
  try {
    deepStrictEqual([await blue.hold(), await green.hold()], [true, false]);
    blue.start(() => {});
    green.start(() => void tookOver++);
    await clock.advance(10_000);
    strictEqual(tookOver, 0);
    await promoteRelease(db, { release: "r2", token: "switch", nowMs: clock.nowMs() });
    await clock.advance(1_000);
    await until("green has taken over", () => tookOver === 1);
    deepStrictEqual(green.read(), { promoted: true, activeRelease: "r2" });
    strictEqual(await blue.hold(), false, "whoever doubts learns it at once");
    await clock.advance(60_000);
    await until("both have beaten", () => blue.read().activeRelease === "r2");
    strictEqual(tookOver, 1);
  } finally {
    over.abort();
    await Promise.all([blue.stop(), green.stop()]);
    await db.close();
  }
});

async function beatOf(db: Database) {
  return await db.kysely.selectFrom("active_release").select("heartbeat_ms").executeTakeFirstOrThrow();
}
