import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { sql } from "kysely";
import { systemClock } from "../../lib/clock.ts";
import { appendAudit } from "../../lib/store/audit.ts";
import { appendCheckpoint, CHECKPOINT_FILE } from "../../lib/store/checkpoint_keeper.ts";
import { signCheckpoint } from "../../lib/store/checkpoints.ts";
import { type Database, openDatabase } from "../../lib/store/db.ts";
import { readKeyFile, writeKeyFile } from "../../lib/store/key_file.ts";
import { keyFileOf, type Keys, openKeys, openSecretBox } from "../../lib/store/keys.ts";
import { migrate } from "../../lib/store/migrator.ts";
import { formatKeyRing, newRingKey } from "../../lib/store/secret_box.ts";
import { listSealingKeys, putSecret, readSecret } from "../../lib/store/secrets.ts";
import { migrations } from "../../migrations/mod.ts";
import { readVerifyArguments, runVerify, UnreadableError } from "../../ops/audit_verify.ts";
import { runRotate } from "../../ops/rotate_secrets.ts";
import { authorAt } from "../fakes/author.ts";

const NOW = Date.UTC(2026, 10, 25, 9);

interface Place {
  readonly dataDir: string;
  readonly secretsKey: undefined;
  readonly databaseUrl: string;
  /** Works on the database with its keys. */
  use<T>(work: (db: Database, keys: Keys) => Promise<T>): Promise<T>;
  verify(files?: readonly string[], publicKey?: string | null): Promise<readonly [number, string]>;
  rotate(flags?: { dryRun?: boolean; forgetOld?: boolean }, secretsKey?: string): Promise<
    readonly [number, string]
  >;
}

async function inPlace(body: (place: Place) => Promise<void>): Promise<void> {
  const dataDir = await Deno.makeTempDir({ prefix: "wattpost-trail-" });
  const settings = { dataDir, secretsKey: undefined, databaseUrl: `sqlite:${dataDir}/test.db` };
  const printed = async (run: (print: (line: string) => void) => Promise<number>) => {
    const lines: string[] = [];
    return [await run((line) => void lines.push(line)), lines.join("\n")] as const;
  };
  try {
    await body({
      ...settings,
      async use(work) {
        const db = await openDatabase(settings.databaseUrl);
        try {
          ok((await migrate(db, migrations, systemClock)).ok);
          return await work(db, await openKeys(db, await openSecretBox(settings), NOW));
        } finally {
          await db.close();
        }
      },
      verify: (files = [], publicKey = null) =>
        printed((print) => runVerify({ files, publicKey }, { ...settings, print })),
      rotate: ({ dryRun = false, forgetOld = false } = {}, secretsKey) =>
        printed((print) => runRotate({ dryRun, forgetOld }, { ...settings, secretsKey, nowMs: NOW, print })),
    });
  } finally {
    await Deno.remove(dataDir, { recursive: true });
  }
}

async function write(db: Database, { seal }: Keys, entries: number): Promise<void> {
  for (let i = 0; i < entries; i++) {
    await appendAudit(db, authorAt(NOW + i, { seal }), { action: "export", subject: `site ${i}` });
  }
}

Deno.test("runVerify() proves a trail, makes nothing, and says whose signatures count", async () => {
  await inPlace(async ({ use, verify, dataDir }) => {
    await use(async (db, keys) => {
      await write(db, keys, 3);
      const signed = await signCheckpoint(db, keys.signer, { after: 0, nowMs: NOW });
      ok(signed);
      await appendCheckpoint(`${dataDir}/${CHECKPOINT_FILE}`, signed);
    });
    const [code, text] = await verify();
    strictEqual(code, 0, text);
    match(
      text,
      /^Public key {2}[\w-]{43}\nEntries {5}3 with the right seal, 1 to 3, 2026-11-25T09:00:00.000Z to /,
    );
    match(text, /1 states in the database, 1 of 1 kept outside agree\nThe audit trail is whole$/);
    const [other, why] = await verify([], "A".repeat(43));
    strictEqual(other, 1);
    match(why, /this installation has another one now/);
  });
});

Deno.test("runVerify() sees by its file and by lines of the log that the end was cut off", async () => {
  await inPlace(async ({ use, verify, dataDir }) => {
    const elsewhere = `${dataDir}/log`;
    await use(async (db, keys) => {
      await write(db, keys, 3);
      const signed = await signCheckpoint(db, keys.signer, { after: 0, nowMs: NOW });
      ok(signed);
      const { hash: head, ...rest } = signed;
      const line = JSON.stringify({ time: "2026", level: "info", msg: "Audit checkpoint", head, ...rest });
      await Deno.writeTextFile(elsewhere, `started\n{"msg":"Listening"}\n${line}\n`);
      for (const table of ["audit", "audit_checkpoint"] as const) await db.kysely.deleteFrom(table).execute();
      await db.kysely.updateTable("audit_head").set({ seq: 0, hash: "" }).execute();
      await write(db, keys, 1);
    });
    strictEqual((await verify())[0], 0);
    const [code, text] = await verify([elsewhere]);
    strictEqual(code, 1);
    match(text, /NOT PROVED {2}at entry 2: Entries 2 to 3 were signed and are missing: the end was cut off/);
    await rejects(verify([`${dataDir}/nowhere`]), UnreadableError);
    await Deno.writeTextFile(elsewhere, "nothing\n");
    match((await verify([elsewhere]))[1], /holds no signed state/);
  });
});

Deno.test("runVerify() proves nothing where there are no keys or no tables", async () => {
  await inPlace(async ({ verify, databaseUrl }) => {
    match((await verify())[1], /NOT PROVED {2}The database lacks/);
    const db = await openDatabase(databaseUrl);
    await migrate(db, migrations, systemClock);
    await db.close();
    const [code, text] = await verify();
    strictEqual(code, 1);
    match(text, /no keys/);
  });
});

Deno.test("readVerifyArguments() reads files and a key, and refuses what it does not know", () => {
  const key = "A".repeat(43);
  deepStrictEqual(readVerifyArguments(["--checkpoints", "a", "--public-key", key, "--checkpoints", "b"]), {
    ok: true,
    value: { files: ["a", "b"], publicKey: key },
  });
  deepStrictEqual(readVerifyArguments(["--help"]), { ok: true, value: null });
  for (const args of [["--file", "x"], ["--checkpoints"], ["--public-key", "x"]]) {
    strictEqual(readVerifyArguments(args).ok, false);
  }
});

Deno.test("runRotate() makes a key, seals anew, writes it down, and forgets the old key when asked", async () => {
  await inPlace(async (place) => {
    const { use, rotate, verify } = place;
    await use((db, { box }) => putSecret(db, box, { name: "smtp-password", plain: "hunter2", nowMs: NOW }));
    const path = keyFileOf(place);
    const before = await readKeyFile(path);
    match((await rotate({ dryRun: true }))[1], /Would make a new key\nWould seal 4 secrets anew/);
    deepStrictEqual(await readKeyFile(path), before);
    const [code, text] = await rotate();
    strictEqual(code, 0, text);
    match(text, /Sealed 4 secrets anew/);
    const ring = await readKeyFile(path);
    deepStrictEqual(ring?.slice(1), before);
    ok(!text.includes(ring?.[0]?.bytes.toBase64() ?? ""), "the key is not shown");
    match((await rotate({ forgetOld: true, dryRun: true }))[1], /Would forget/);
    match((await rotate({ forgetOld: true }))[1], /Sealed 0 secrets anew\nForgot/);
    strictEqual((await readKeyFile(path))?.length, 1);
    strictEqual(await use((db, { box }) => readSecret(db, box, "smtp-password")), "hunter2");
    const [proved, words] = await verify();
    deepStrictEqual([proved, /Entries {5}3 with/.test(words)], [0, true], words);
    const [newId, oldId] = ring?.map(({ id }) => id) ?? [];
    const rows = await use((db) =>
      db.kysely.selectFrom("audit").select(["action", "before_json", "after_json"]).orderBy("seq").execute()
    );
    deepStrictEqual(
      rows.map(({ action, before_json, after_json }) => [
        action,
        JSON.parse(before_json ?? ""),
        JSON.parse(after_json ?? ""),
      ]),
      [
        ["secrets-rotation-begun", { keyIds: [oldId] }, { keyId: newId }],
        ["secrets-rotated", { keyIds: [oldId] }, { keyId: newId, resealed: 4 }],
        ["secrets-keys-forgotten", { keyIds: [newId, oldId] }, { keyIds: [newId] }],
      ],
    );
  });
});

Deno.test("runRotate() has written down what was ended before it could say that it was done", async () => {
  await inPlace(async (place) => {
    // What is ended at the worst moment: all is sealed anew, and the last row cannot be written any more.
    await place.use((db) =>
      sql`create trigger ended before insert on audit when new.action = 'secrets-rotated'
        begin select raise(abort, 'ended'); end`.execute(db.kysely)
    );
    await rejects(place.rotate());
    await place.use(async (db) => {
      const rows = await db.kysely.selectFrom("audit").select("action").orderBy("seq").execute();
      deepStrictEqual(rows.map(({ action }) => action), ["secrets-rotation-begun"]);
      deepStrictEqual(await listSealingKeys(db), [(await readKeyFile(keyFileOf(place)))?.[0]?.id]);
    });
    strictEqual((await place.verify())[0], 0);
  });
});

Deno.test("runRotate() finishes what was ended half-way before it makes another key", async () => {
  await inPlace(async (place) => {
    await place.use(() => Promise.resolve());
    const path = keyFileOf(place);
    const ring = [newRingKey(), ...await readKeyFile(path) ?? []];
    await writeKeyFile(path, ring);
    match((await place.rotate())[1], /^Sealed 3 secrets anew$/);
    deepStrictEqual(await readKeyFile(path), ring);
  });
});

Deno.test("runRotate() says what to set where the ring is set, and refuses a ring that lacks a key", async () => {
  await inPlace(async (place) => {
    await place.use(() => Promise.resolve());
    const ring = formatKeyRing(await readKeyFile(keyFileOf(place)) ?? []);
    const [code, text] = await place.rotate({}, ring);
    deepStrictEqual([code, /before "k/.test(text)], [0, true], text);
    const key = /k[0-9a-f]{10}:\S+$/.exec(text)?.[0] ?? "";
    match((await place.rotate({}, `${key}\n${ring}`))[1], /Sealed 3 secrets anew/);
    match((await place.rotate({ forgetOld: true }, `${key}\n${ring}`))[1], /take it out of SECRETS_KEY/);
    const [refused, why] = await place.rotate({}, ring);
    deepStrictEqual([refused, /lacks the keys/.test(why)], [1, true], why);
  });
});
