import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { listReleasesSeen, noteReleaseSeen, retireReleases } from "../../../lib/store/releases_seen.ts";
import { onEveryEngine } from "./engines.ts";

const NOW = Date.UTC(2026, 10, 2, 10);

onEveryEngine("listReleasesSeen() says what each release knows and which can run no more", async (db) => {
  deepStrictEqual(await listReleasesSeen(db), []);
  const old = { release: "r1-aaaaaaa", newestMigration: "0021_vpn" };
  const young = { release: "r2-bbbbbbb", newestMigration: "0023_idempotency" };
  await noteReleaseSeen(db, { ...old, seenMs: NOW });
  await noteReleaseSeen(db, { ...young, seenMs: NOW + 1 });
  await noteReleaseSeen(db, { ...old, seenMs: NOW + 2 });
  deepStrictEqual(await listReleasesSeen(db), [
    { ...old, seenMs: NOW + 2, retiredMs: null },
    { ...young, seenMs: NOW + 1, retiredMs: null },
  ]);
  strictEqual(await retireReleases(db, [], NOW + 3), 0);
  strictEqual(await retireReleases(db, [old.release, "r0-never"], NOW + 3), 1);
  strictEqual(await retireReleases(db, [old.release], NOW + 4), 0);
  deepStrictEqual((await listReleasesSeen(db))[0], { ...old, seenMs: NOW + 2, retiredMs: NOW + 3 });
  await noteReleaseSeen(db, { ...old, seenMs: NOW + 5 });
  strictEqual((await listReleasesSeen(db))[0]?.retiredMs, null, "who runs can evidently be started");
});
