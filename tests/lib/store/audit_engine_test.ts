import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { appendAudit, listAudit } from "../../../lib/store/audit.ts";
import { type AuditProof, proveAudit } from "../../../lib/store/audit_proof.ts";
import { type Checkpoint, checkpointOf, signCheckpoint } from "../../../lib/store/checkpoints.ts";
import { type Database, openDatabase, transaction } from "../../../lib/store/db.ts";
import { signerOf } from "../../../lib/store/keys.ts";
import { REACH_GROUPS_MAX, REACH_SITES_MAX } from "../../../lib/store/reach.ts";
import { authorAt, TEST_SEAL } from "../../fakes/author.ts";
import { onEngines, onEveryEngine } from "./engines.ts";

const NOW = Date.UTC(2026, 10, 25, 9);
const SIGNER = signerOf(new Uint8Array(32).fill(9));

async function write(db: Database, entries: number, seal = TEST_SEAL): Promise<void> {
  for (let i = 0; i < entries; i++) {
    const entry = {
      action: "setting-changed",
      subject: `thing ${i}`,
      before: { i },
      after: { name: "ä\n😀" },
    };
    await appendAudit(db, authorAt(NOW + i, { seal }), entry);
  }
}

function prove(db: Database, kept: readonly Checkpoint[] = []): Promise<AuditProof> {
  return proveAudit(db, { seal: TEST_SEAL, publicKey: SIGNER.publicKey, kept });
}

async function sign(db: Database): Promise<Checkpoint> {
  const signed = await signCheckpoint(db, SIGNER, { after: 0, nowMs: NOW });
  ok(signed);
  return signed;
}

onEveryEngine("proveAudit() proves what was written, and what two wrote at once", async (db, { url }) => {
  deepStrictEqual(await prove(db), {
    entries: 0,
    older: 0,
    atMs: null,
    checkpoints: { table: 0, kept: 0 },
    flaw: null,
  });
  const other = db.engine === "sqlite" ? db : await openDatabase(url, { poolSize: 4 });
  try {
    const changes = Array.from({ length: 30 }, (_, i) =>
      transaction(i % 2 === 0 ? db : other, async (tx) => {
        await tx.insertInto("setting").values({ name: `s${i}`, value: "1", version: 1 }).execute();
        await appendAudit(tx, authorAt(NOW + i), { action: "setting-changed", subject: `setting s${i}` });
      }));
    await Promise.all(changes);
  } finally {
    if (other !== db) await other.close();
  }
  const kept = await sign(db);
  strictEqual(await signCheckpoint(db, SIGNER, { after: kept.seq, nowMs: NOW }), null);
  const proof = await prove(db, [kept]);
  deepStrictEqual([proof.entries, proof.flaw, proof.checkpoints], [30, null, { table: 1, kept: 1 }]);
  const rows = await db.kysely.selectFrom("audit").select("seq").orderBy("seq").execute();
  deepStrictEqual(rows.map(({ seq }) => seq), Array.from({ length: 30 }, (_, i) => i + 1));
});

onEveryEngine("appendAudit() writes nothing of a change that did not happen", async (db) => {
  await rejects(transaction(db, async (tx) => {
    await appendAudit(tx, authorAt(NOW), { action: "setting-changed", subject: "setting x" });
    throw new Error("no");
  }));
  await rejects(appendAudit(db.kysely, authorAt(NOW), { action: "export", subject: "site 1" }), TypeError);
  await write(db, 1);
  deepStrictEqual([(await listAudit(db)).length, (await prove(db)).entries], [1, 1]);
});

onEveryEngine("appendAudit() keeps no secrets, cleans and cuts what users typed", async (db) => {
  const by = authorAt(NOW, {
    actor: `a\n${"x".repeat(300)}`,
    origin: "y".repeat(99),
    requestId: "z".repeat(99),
  });
  const after = { password: "hunter2", name: "😀".repeat(9_000), list: new Array(999).fill("'\"\\€") };
  await appendAudit(db, by, { action: "secret-changed", subject: "\u202Esite 1", siteId: 7, after });
  const [entry] = await listAudit(db);
  ok(entry);
  ok(entry.actor.startsWith("a�x") && entry.actor.length <= 190);
  strictEqual(entry.subject, "�site 1");
  ok(!JSON.stringify(entry).includes("hunter2"));
  strictEqual((await prove(db)).flaw, null);
});

onEveryEngine("appendAudit() keeps the largest reach, so that any site swapped in it shows", async (db) => {
  const ids = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i);
  const siteIds = ids(2_147_000_000, REACH_SITES_MAX);
  const groupIds = ids(2_146_000_000, REACH_GROUPS_MAX);
  const before = { reach: { kind: "some", groupIds, siteIds } };
  const swapped = [...siteIds.slice(0, -1), 2_147_483_647];
  const after = { reach: { ...before.reach, siteIds: swapped } };
  await appendAudit(db, authorAt(NOW), { action: "user-changed", subject: "user 1", before, after });
  const [entry] = await listAudit(db);
  deepStrictEqual([entry?.before, entry?.after], [before, after]);
});

interface Tampering {
  readonly name: string;
  readonly tamper: (db: Database) => Promise<unknown>;
  readonly seq: number | null;
  readonly words: RegExp;
}

// No code of ours changes an id, so the type of the table forbids it.
const MOVED_DOWN = { audit_id: -5 } as object;
const MOVED_UP = { audit_id: 200_000 } as object;

/** Each is done to 1,205 entries of which 600 and the last were signed. */
const TAMPERINGS: readonly Tampering[] = [
  {
    name: "a changed subject",
    tamper: (db) =>
      db.kysely.updateTable("audit").set({ subject: "thing x" }).where("seq", "=", 400).execute(),
    seq: 400,
    words: /changed/,
  },
  {
    name: "a time that was moved",
    tamper: (db) => db.kysely.updateTable("audit").set({ at_ms: 1 }).where("seq", "=", 1).execute(),
    seq: 1,
    words: /changed/,
  },
  {
    name: "an entry that was taken out",
    tamper: (db) => db.kysely.deleteFrom("audit").where("seq", "=", 1_100).execute(),
    seq: 1_100,
    words: /1100 is missing/,
  },
  {
    name: "an end that was cut off",
    tamper: (db) => db.kysely.deleteFrom("audit").where("seq", ">", 1_000).execute(),
    seq: 1_001,
    words: /1001 to 1205 are missing/,
  },
  {
    name: "an end that was cut off with its head",
    tamper: async (db) => {
      await db.kysely.deleteFrom("audit").where("seq", ">", 1_000).execute();
      const last = await db.kysely.selectFrom("audit").select("hash").where("seq", "=", 1_000)
        .executeTakeFirstOrThrow();
      await db.kysely.updateTable("audit_head").set({ seq: 1_000, hash: last.hash ?? "" }).execute();
    },
    seq: 1_001,
    words: /were signed and are missing/,
  },
  {
    name: "an entry behind the head",
    tamper: (db) => putRow(db, { seq: 1_206, hash: "a".repeat(64) }),
    seq: 1_206,
    words: /behind the head/,
  },
  {
    name: "a row without a seal",
    tamper: (db) => putRow(db, {}),
    seq: null,
    words: /no seal/,
  },
  {
    name: "a row at the place before the first",
    tamper: (db) => putRow(db, { audit_id: 900_000, seq: 0, hash: "00" }),
    seq: null,
    words: /Row 900000 has the place 0/,
  },
  {
    name: "a row at a place below zero",
    tamper: (db) => putRow(db, { seq: -7, hash: "a".repeat(64) }),
    seq: null,
    words: /has the place -7/,
  },
  {
    name: "an entry that was moved to where no search finds it",
    tamper: (db) => db.kysely.updateTable("audit").set(MOVED_DOWN).where("seq", "=", 303).execute(),
    seq: 303,
    words: /Row -5 was moved/,
  },
  {
    name: "the first entry moved behind the others, so that rows without a seal seem older than the chain",
    tamper: async (db) => {
      await putRow(db, {});
      await db.kysely.updateTable("audit").set(MOVED_UP).where("seq", "=", 1).execute();
    },
    seq: 2,
    words: /was moved: the entry before it is row 200000/,
  },
  {
    name: "a forged signature",
    tamper: (db) =>
      db.kysely.updateTable("audit_checkpoint").set({ at_ms: 5 }).where("seq", "=", 600).execute(),
    seq: 600,
    words: /signature/,
  },
];

interface Chained {
  readonly audit_id?: number;
  readonly seq?: number;
  readonly hash?: string;
}

function putRow(db: Database, chained: Chained) {
  const row = { at_ms: NOW, actor: "x", action: "export", subject: "s", origin: "o" };
  return db.kysely.insertInto("audit").values({ ...row, before_json: null, after_json: null, ...chained })
    .execute();
}

onEngines(["sqlite", "mysql"], "proveAudit() finds what was tampered with, and where first", async (db) => {
  await write(db, 600);
  await sign(db);
  await write(db, 605);
  await sign(db);
  const found = await prove(db);
  deepStrictEqual([found.flaw, found.entries, found.checkpoints.table], [null, 1_205, 2]);
  for (const { name, tamper, seq, words } of TAMPERINGS) {
    const undo = new Error("undo");
    await db.kysely.transaction().execute(async (tx) => {
      const view = { ...db, kysely: tx, reader: tx };
      await tamper(view);
      const { flaw } = await prove(view);
      strictEqual(flaw?.seq, seq, name);
      match(flaw.words, words, name);
      throw undo;
    }).catch((error: unknown) => {
      if (error !== undo) throw error;
    });
  }
});

onEveryEngine(
  "proveAudit() sees by a state that was kept elsewhere what the database cannot show",
  async (db) => {
    await write(db, 5);
    const kept = await sign(db);
    for (const table of ["audit", "audit_checkpoint"] as const) await db.kysely.deleteFrom(table).execute();
    await db.kysely.updateTable("audit_head").set({ seq: 0, hash: "" }).execute();
    strictEqual((await prove(db)).flaw, null);
    match((await prove(db, [kept])).flaw?.words ?? "", /cut off/);
    await write(db, 4);
    await appendAudit(db, authorAt(NOW), { action: "export", subject: "another past" });
    strictEqual((await prove(db)).flaw, null, "written anew with the key");
    const { flaw } = await prove(db, [kept]);
    deepStrictEqual(flaw?.seq, 5);
    match(flaw.words, /written anew/);
  },
);

onEveryEngine("proveAudit() believes no chain that was sealed by another key", async (db) => {
  await write(db, 2);
  await write(db, 2, (text) => TEST_SEAL(`${text}x`));
  strictEqual((await prove(db)).flaw?.seq, 3);
});

Deno.test("checkpointOf() reads a line of the log and one of the file, and nothing else", () => {
  const state = { seq: 5, atMs: NOW, keyId: "k", signature: "A".repeat(86) };
  const hash = "a".repeat(64);
  deepStrictEqual(checkpointOf(JSON.stringify({ ...state, hash })), { ...state, hash });
  const line = { time: "2026", level: "info", msg: "Audit checkpoint", head: hash, ...state };
  deepStrictEqual(checkpointOf(JSON.stringify(line)), { ...state, hash });
  for (const bad of ["", "[]", "null", "{", JSON.stringify(state), JSON.stringify({ ...state, hash: "b" })]) {
    strictEqual(checkpointOf(bad), null);
  }
});
