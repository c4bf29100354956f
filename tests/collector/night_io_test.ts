import { deepStrictEqual, ok } from "node:assert/strict";
import { sql } from "kysely";
import { runNight } from "../../collector/night.ts";
import { createLog } from "../../lib/log.ts";
import { createProfileBook } from "../../lib/profiles/book.ts";
import { openDatabase } from "../../lib/store/db.ts";
import { registerSite } from "../../lib/store/sites.ts";
import { manualClock } from "../fakes/manual_clock.ts";
import { draftOf } from "../lib/store/estate.ts";
import { migrateOrThrow } from "./estate.ts";

const NOW_MS = Date.UTC(2026, 10, 25, 1, 20);

Deno.test("days are packed and devices checked also in a night in which links cannot be kept", async () => {
  const clock = manualClock(NOW_MS);
  const db = await openDatabase("sqlite::memory:");
  const said: Record<string, unknown>[] = [];
  const log = createLog({ clock, level: "info", write: (line) => said.push(JSON.parse(line)) });
  try {
    await migrateOrThrow(db, clock);
    ok((await registerSite(db, draftOf("Mill"))).ok);
    await sql`drop table link_day`.execute(db.kysely);
    await runNight(db, {
      nowMs: NOW_MS,
      signal: new AbortController().signal,
      random: () => 0.5,
      log,
      profiles: createProfileBook(() => Promise.resolve([])),
    });
    deepStrictEqual(
      said.map(({ level, msg }) => [level, msg]),
      [
        ["error", "Cannot keep the links of sites: tried again the next night"],
        ["info", "Nightly work done"],
        ["info", "Devices checked"],
      ],
    );
  } finally {
    await db.close();
  }
});
