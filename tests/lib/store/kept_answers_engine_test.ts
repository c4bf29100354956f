/**
 * Writes that carry a key, on every engine: done once, whoever asks again and wherever, and forgotten after a day.
 *
 * @module
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { endMsOf } from "../../../lib/domain/half_hour.ts";
import { ALL_SITES } from "../../../lib/domain/permission.ts";
import { changeSiteWords, findSiteWithin, type ListedSite } from "../../../lib/store/api_sites.ts";
import { type Database, openDatabase } from "../../../lib/store/db.ts";
import {
  findKeptAnswer,
  forgetKeptAnswers,
  type KeyedWrite,
  keyPauseMs,
  KEYS_MAX,
} from "../../../lib/store/kept_answers.ts";
import { authorAt } from "../../fakes/author.ts";
import { onEveryEngine } from "./engines.ts";
import { H, plansOf } from "./estate.ts";

const NOW = endMsOf(H);
const DAY_MS = 24 * 3_600_000;
const BY = authorAt(NOW);
const WRITE: KeyedWrite = {
  keyHash: "a".repeat(64),
  requestHash: "b".repeat(64),
  userId: 1,
  nowMs: NOW,
};

async function someSite(db: Database): Promise<ListedSite> {
  const [plan] = await plansOf(db, 1);
  const site = await findSiteWithin(db, { siteId: plan?.site.id ?? 0, reaches: [ALL_SITES] });
  ok(site);
  return site;
}

function change(db: Database, { seen, town, write }: {
  readonly seen: ListedSite;
  readonly town: string;
  readonly write: KeyedWrite;
}) {
  const once = { write, answerOf: (it: ListedSite) => `now in ${it.town}` };
  return changeSiteWords(db, BY, { siteId: seen.id, seen, wanted: { ...seen, town }, once });
}

async function changesOf(db: Database): Promise<number> {
  return (await db.kysely.selectFrom("audit").select("seq").where("action", "=", "site-changed").execute())
    .length;
}

onEveryEngine(
  "changeSiteWords() changes a site once for a key, also when nobody heard the answer",
  async (db) => {
    const seen = await someSite(db);
    strictEqual((await change(db, { seen, town: "Kemi", write: WRITE })).ok, true);
    const again = await change(db, { seen, town: "Kemi", write: { ...WRITE, nowMs: NOW + DAY_MS - 1 } });
    deepStrictEqual(again, { ok: false, error: { kind: "answered", answer: "now in Kemi" } });
    const other = await change(db, { seen, town: "Oulu", write: { ...WRITE, requestHash: "c".repeat(64) } });
    deepStrictEqual(other, { ok: false, error: { kind: "other-request" } });
    strictEqual(await changesOf(db), 1);
    const stale = { ...WRITE, keyHash: "d".repeat(64) };
    deepStrictEqual(await change(db, { seen, town: "Oulu", write: stale }), {
      ok: false,
      error: { kind: "stale" },
    });
    deepStrictEqual(await findKeptAnswer(db.kysely, stale), { kind: "new" }, "a refusal is not kept");
  },
);

onEveryEngine(
  "changeSiteWords() keeps no answer of a change to a group that is gone: asked again it is refused again",
  async (db) => {
    const seen = await someSite(db);
    const once = { write: WRITE, answerOf: () => "moved" };
    const asked = { siteId: seen.id, seen, wanted: { ...seen, groupId: 999_999 }, once };
    const refused = { ok: false, error: { kind: "unknown-group" } };
    deepStrictEqual(await changeSiteWords(db, BY, asked), refused);
    deepStrictEqual(await changeSiteWords(db, BY, asked), refused);
    strictEqual(await changesOf(db), 0);
  },
);

onEveryEngine(
  "changeSiteWords() changes a site once although both colours are asked at once",
  async (db, place) => {
    const seen = await someSite(db);
    // A file belongs to one process; a server is asked over connections of another one.
    const other = db.engine === "sqlite" ? db : await openDatabase(place.url);
    try {
      const both = await Promise.all(
        [db, other, db, other].map((it) => change(it, { seen, town: "Kemi", write: WRITE })),
      );
      strictEqual(both.filter((it) => it.ok).length, 1);
      strictEqual(
        both.filter((it) => !it.ok && it.error.kind === "answered").length,
        3,
        JSON.stringify(both),
      );
      strictEqual(await changesOf(db), 1);
    } finally {
      if (other !== db) await other.close();
    }
  },
);

onEveryEngine(
  "forgetKeptAnswers() forgets what is a day old, whose key may then be used anew",
  async (db) => {
    const seen = await someSite(db);
    strictEqual((await change(db, { seen, town: "Kemi", write: WRITE })).ok, true);
    const later = { ...WRITE, nowMs: NOW + DAY_MS };
    deepStrictEqual(await findKeptAnswer(db.kysely, later), { kind: "new" });
    strictEqual((await change(db, { seen: { ...seen, town: "Kemi" }, town: "Oulu", write: later })).ok, true);
    strictEqual(await forgetKeptAnswers(db, NOW + DAY_MS), 0, "the key was used anew");
    strictEqual(await forgetKeptAnswers(db, NOW + 2 * DAY_MS), 1);
  },
);

onEveryEngine("keyPauseMs() lets a person use many keys a day, but not any number", async (db) => {
  strictEqual(await keyPauseMs(db, 1, NOW), 0);
  const rows = Array.from({ length: KEYS_MAX }, (_, i) => ({
    key_hash: String(i).padStart(64, "0"),
    user_id: 1,
    request_hash: WRITE.requestHash,
    made_ms: NOW - KEYS_MAX + i,
    answer: "",
  }));
  for (let i = 0; i < rows.length; i += 5_000) {
    await db.kysely.insertInto("idempotency").values(rows.slice(i, i + 5_000)).execute();
  }
  strictEqual(await keyPauseMs(db, 1, NOW), DAY_MS - KEYS_MAX);
  strictEqual(await keyPauseMs(db, 2, NOW), 0, "another person's keys do not count");
  strictEqual(await keyPauseMs(db, 1, NOW + DAY_MS - KEYS_MAX), 0, "the oldest is a day old");
});
