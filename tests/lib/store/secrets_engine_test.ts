import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { openDatabase } from "../../../lib/store/db.ts";
import { openKeys } from "../../../lib/store/keys.ts";
import { resealSecrets } from "../../../lib/store/reseal.ts";
import { createSecretBox, newRingKey } from "../../../lib/store/secret_box.ts";
import {
  deleteSecret,
  listSealingKeys,
  listSecretNames,
  putSecret,
  readSecret,
  SECRET_MAX,
  SecretError,
} from "../../../lib/store/secrets.ts";
import { onEveryEngine } from "./engines.ts";

const NOW = Date.UTC(2026, 10, 25, 9);
const OLD = newRingKey();
const NEW = newRingKey();

onEveryEngine("putSecret() keeps a secret sealed, and only under its name", async (db) => {
  const box = await createSecretBox([OLD]);
  await putSecret(db, box, { name: "smtp-password", plain: "one", nowMs: NOW });
  await putSecret(db, box, { name: "smtp-password", plain: "hunter2 ä", nowMs: NOW + 1 });
  await putSecret(db, box, { name: "totp:7", plain: "x".repeat(SECRET_MAX), nowMs: NOW });
  await rejects(putSecret(db, box, { name: "a", plain: "x".repeat(SECRET_MAX + 1), nowMs: NOW }), RangeError);
  strictEqual(await readSecret(db, box, "smtp-password"), "hunter2 ä");
  strictEqual(await readSecret(db, box, "twilio-secret"), null);
  deepStrictEqual(await listSecretNames(db, { prefix: "totp:" }), ["totp:7"]);
  const row = await db.kysely.selectFrom("secret").select(["sealed", "key_id", "changed_ms"])
    .where("name", "=", "smtp-password").executeTakeFirstOrThrow();
  ok(!row.sealed.includes("hunter2"));
  deepStrictEqual([row.key_id, row.changed_ms], [OLD.id, NOW + 1]);
  await db.kysely.updateTable("secret").set({ sealed: row.sealed }).where("name", "=", "totp:7").execute();
  await rejects(readSecret(db, box, "totp:7"), SecretError);
  await deleteSecret(db, "totp:7");
  deepStrictEqual(await listSecretNames(db), ["smtp-password"]);
});

onEveryEngine("openKeys() gives two processes that start at once the same keys", async (db, { url }) => {
  const other = db.engine === "sqlite" ? db : await openDatabase(url, { poolSize: 4 });
  try {
    const box = await createSecretBox([OLD]);
    const opened = await Promise.all(
      [db, other, db, other].map((one) => openKeys(one, box, NOW)),
    );
    const seen = new Set(
      opened.map(({ seal, signer, linkKey }) => `${seal("x")} ${signer.publicKey} ${linkKey.toHex()}`),
    );
    strictEqual(seen.size, 1);
    deepStrictEqual(await listSecretNames(db), ["audit-key", "audit-signing", "link-key"]);
  } finally {
    if (other !== db) await other.close();
  }
});

onEveryEngine("openKeys() says which key is missing, and when it is another of that name", async (db) => {
  await openKeys(db, await createSecretBox([OLD]), NOW);
  await rejects(openKeys(db, await createSecretBox([NEW]), NOW), (error) => {
    ok(error instanceof SecretError);
    strictEqual(error.missingKeyId, OLD.id);
    match(error.message, new RegExp(`the key "${OLD.id}" is missing`));
    return !error.message.includes(OLD.bytes.toBase64());
  });
  await rejects(openKeys(db, await createSecretBox([{ ...NEW, id: OLD.id }]), NOW), SecretError);
});

onEveryEngine(
  "resealSecrets() seals all anew, goes on after a kill, and undoes nobody's change",
  async (db) => {
    const old = await createSecretBox([OLD]);
    for (let i = 0; i < 230; i++) {
      await putSecret(db, old, { name: `router:${i}`, plain: `secret ${i}`, nowMs: NOW });
    }
    const both = await createSecretBox([NEW, OLD]);
    deepStrictEqual(await resealSecrets(db, both, { dryRun: true, nowMs: NOW }), {
      resealed: 230,
      stuck: [],
    });
    deepStrictEqual(await listSealingKeys(db), [OLD.id]);
    let sealings = 0;
    const killed = {
      ...both,
      keyId: NEW.id,
      seal(name: string, plain: string) {
        if (++sealings > 130) throw new Error("killed");
        return both.seal(name, plain);
      },
    };
    await rejects(resealSecrets(db, killed, { dryRun: false, nowMs: NOW }), /killed/);
    deepStrictEqual((await listSealingKeys(db)).length, 2);
    const changing = {
      ...both,
      keyId: NEW.id,
      async seal(name: string, plain: string) {
        if (name === "router:99") await putSecret(db, old, { name, plain: "changed meanwhile", nowMs: NOW });
        return await both.seal(name, plain);
      },
    };
    await resealSecrets(db, changing, { dryRun: false, nowMs: NOW });
    strictEqual(await readSecret(db, both, "router:99"), "changed meanwhile");
    deepStrictEqual(await resealSecrets(db, both, { dryRun: false, nowMs: NOW }), { resealed: 1, stuck: [] });
    deepStrictEqual(await listSealingKeys(db), [NEW.id]);
    for (const i of [0, 99, 229]) {
      const want = i === 99 ? "changed meanwhile" : `secret ${i}`;
      strictEqual(await readSecret(db, await createSecretBox([NEW]), `router:${i}`), want);
    }
  },
);

onEveryEngine("resealSecrets() names what it cannot open and goes on with the rest", async (db) => {
  await putSecret(db, await createSecretBox([newRingKey()]), { name: "a", plain: "x", nowMs: NOW });
  await putSecret(db, await createSecretBox([OLD]), { name: "b", plain: "x", nowMs: NOW });
  const both = await createSecretBox([NEW, OLD]);
  deepStrictEqual(await resealSecrets(db, both, { dryRun: false, nowMs: NOW }), {
    resealed: 1,
    stuck: ["a"],
  });
});
