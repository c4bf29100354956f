import { deepStrictEqual, ok as assert, strictEqual } from "node:assert/strict";
import { listAudit } from "../../../lib/store/audit.ts";
import { createSecretBox, newRingKey } from "../../../lib/store/secret_box.ts";
import { listSecretNames } from "../../../lib/store/secrets.ts";
import {
  countRecoveryCodes,
  readTotp,
  removeSecondFactor,
  removeTotp,
  replaceRecoveryCodes,
  setTotp,
  useRecoveryCode,
  useTotpStep,
} from "../../../lib/store/second_factors.ts";
import {
  addPasskey,
  findPasskey,
  listPasskeys,
  PASSKEYS_MAX,
  removePasskey,
  renamePasskey,
  usePasskey,
} from "../../../lib/store/passkeys.ts";
import { findUser } from "../../../lib/store/users.ts";
import { authorAt } from "../../fakes/author.ts";
import { onEveryEngine } from "./engines.ts";
import { NOW, personOf, valueOf } from "./people_rows.ts";

const BY = authorAt(NOW);
const box = await createSecretBox([newRingKey()]);
const UNKNOWN = { ok: false, error: { kind: "unknown" } };

onEveryEngine("useTotpStep() takes each step once and none that is earlier", async (db) => {
  const { id: userId } = await personOf(db, "Bo");
  strictEqual(await useTotpStep(db, { userId, step: 5 }), false, "nothing is set up");
  valueOf(await setTotp(db, BY, { userId, nowMs: NOW, step: 100, codeHashes: ["a"], box, seed: "SEED" }));
  deepStrictEqual(await readTotp(db, box, userId), { seed: "SEED", step: 100 });
  strictEqual(await useTotpStep(db, { userId, step: 100 }), false, "it was used to confirm");
  const both = await Promise.all([1, 2].map(() => useTotpStep(db, { userId, step: 101 })));
  deepStrictEqual([...both].sort(), [false, true]);
  strictEqual(await useTotpStep(db, { userId, step: 99 }), false);
  strictEqual(await useTotpStep(db, { userId, step: 102 }), true);
});

onEveryEngine("useRecoveryCode() takes each code once, and only its owner's", async (db) => {
  const [bo, cleo] = [await personOf(db, "Bo"), await personOf(db, "Cleo")];
  const draft = { nowMs: NOW, codeHashes: ["a", "b"], box, seed: "SEED" };
  valueOf(await setTotp(db, BY, { ...draft, userId: bo.id }));
  strictEqual(await useRecoveryCode(db, BY, { userId: cleo.id, codeHash: "a" }), false);
  const use = () => useRecoveryCode(db, BY, { userId: bo.id, codeHash: "a" });
  deepStrictEqual([...await Promise.all([use(), use()])].sort(), [false, true]);
  strictEqual(await countRecoveryCodes(db, bo.id), 1);
  await replaceRecoveryCodes(db, BY, { userId: bo.id, codeHashes: ["c", "d", "e"] });
  strictEqual(await useRecoveryCode(db, BY, { userId: bo.id, codeHash: "b" }), false);
  strictEqual(await countRecoveryCodes(db, bo.id), 3);
});

onEveryEngine("setTotp() and removeSecondFactor() leave no seed and no secret in the trail", async (db) => {
  const { id: userId } = await personOf(db, "Bo");
  valueOf(await setTotp(db, BY, { userId, nowMs: NOW, codeHashes: ["hashed-code"], box, seed: "SEED" }));
  deepStrictEqual(await listSecretNames(db), [`totp:${userId}`]);
  strictEqual((await findUser(db, userId))?.secondFactor, true);
  valueOf(await removeSecondFactor(db, BY, userId));
  deepStrictEqual(await listSecretNames(db), []);
  strictEqual((await findUser(db, userId))?.secondFactor, false);
  strictEqual(await readTotp(db, box, userId), null);
  strictEqual(await countRecoveryCodes(db, userId), 0);
  deepStrictEqual(await removeSecondFactor(db, BY, userId), UNKNOWN);
  const trail = await listAudit(db);
  deepStrictEqual(trail.map(({ action }) => action), ["second-factor-removed", "second-factor-set"]);
  assert(!/SEED|hashed-code/.test(JSON.stringify(trail)));
});

onEveryEngine("removeTotp() takes codes away, leaves passkeys and ends all sessions", async (db) => {
  const bo = await personOf(db, "Bo");
  valueOf(await addPasskey(db, BY, draftOf(bo.id, 1)));
  const remove = (user: typeof bo, rule: "may-go" | "keep" | "keep-unless-passkeys" = "may-go") =>
    removeTotp(db, BY, { user, rule });
  deepStrictEqual(await remove(bo), UNKNOWN);
  valueOf(await setTotp(db, BY, { userId: bo.id, nowMs: NOW, codeHashes: ["a"], box, seed: "SEED" }));
  deepStrictEqual(await remove(bo, "keep"), { ok: false, error: { kind: "needed" } });
  deepStrictEqual(await remove({ ...bo, sessionEpoch: 9 }), { ok: false, error: { kind: "changed" } });
  strictEqual(valueOf(await remove(bo, "keep-unless-passkeys")), bo.sessionEpoch + 1);
  const after = await findUser(db, bo.id);
  deepStrictEqual([after?.secondFactor, after?.passkeys, after?.sessionEpoch], [
    false,
    1,
    bo.sessionEpoch + 1,
  ]);
  strictEqual(await countRecoveryCodes(db, bo.id), 0);
  deepStrictEqual(await remove(bo), UNKNOWN);
});

onEveryEngine("setTotp() sets nothing for somebody who is not as they were seen", async (db) => {
  const bo = await personOf(db, "Bo");
  const draft = { userId: bo.id, nowMs: NOW, codeHashes: ["a"], box };
  const changed = { ok: false, error: { kind: "changed" } };
  deepStrictEqual(await setTotp(db, BY, { ...draft, seed: "A", seen: { ...bo, sessionEpoch: 3 } }), changed);
  const both = await Promise.all(["B", "C"].map((seed) => setTotp(db, BY, { ...draft, seed, seen: bo })));
  strictEqual(both.filter(({ ok }) => ok).length, 1, "of two that are set up at once, one");
  deepStrictEqual(await setTotp(db, BY, { ...draft, seed: "D", seen: bo }), changed);
});

onEveryEngine("addPasskey() adds nothing for somebody who was signed out meanwhile", async (db) => {
  const bo = await personOf(db, "Bo");
  deepStrictEqual(await addPasskey(db, BY, { ...draftOf(bo.id, 1), epoch: bo.sessionEpoch + 1 }), UNKNOWN);
  valueOf(await addPasskey(db, BY, { ...draftOf(bo.id, 1), epoch: bo.sessionEpoch }));
});

const draftOf = (userId: number, n: number) => ({
  credentialHash: `hash-${n}`,
  userId,
  credential: `id-${n}`,
  publicKey: "key",
  signCount: 0,
  transports: ["internal", "hybrid"],
  name: `Key ${n}`,
  backedUp: true,
});

onEveryEngine("removeSecondFactor() takes passkeys too, and ends all sessions", async (db) => {
  const [bo, cleo] = [await personOf(db, "Bo"), await personOf(db, "Cleo")];
  for (const n of [1, 2]) valueOf(await addPasskey(db, BY, draftOf(bo.id, n)));
  valueOf(await addPasskey(db, BY, draftOf(cleo.id, 3)));
  valueOf(await removeSecondFactor(db, BY, bo.id));
  const after = await findUser(db, bo.id);
  deepStrictEqual([after?.passkeys, after?.sessionEpoch], [0, bo.sessionEpoch + 1]);
  deepStrictEqual((await findUser(db, cleo.id))?.passkeys, 1, "nobody else's");
  deepStrictEqual(await removeSecondFactor(db, BY, bo.id), UNKNOWN);
  deepStrictEqual(await removeSecondFactor(db, BY, 9_999), UNKNOWN);
  const [newest] = await listAudit(db);
  deepStrictEqual([newest?.action, newest?.before, newest?.after], [
    "second-factor-removed",
    { secondFactor: false, passkeyCount: 2 },
    { secondFactor: false, passkeyCount: 0 },
  ]);
});

onEveryEngine("addPasskey() refuses one that is known and an eleventh, also two at once", async (db) => {
  const [bo, cleo] = [await personOf(db, "Bo"), await personOf(db, "Cleo")];
  for (let n = 1; n < PASSKEYS_MAX; n++) valueOf(await addPasskey(db, BY, draftOf(bo.id, n)));
  const known = { ok: false, error: { kind: "known" } };
  deepStrictEqual(await addPasskey(db, BY, draftOf(bo.id, 1)), known);
  deepStrictEqual(await addPasskey(db, BY, draftOf(cleo.id, 1)), known);
  const both = await Promise.all([10, 11].map((n) => addPasskey(db, BY, draftOf(bo.id, n))));
  strictEqual(both.filter(({ ok }) => ok).length, 1);
  strictEqual((await listPasskeys(db, bo.id)).length, PASSKEYS_MAX);
  strictEqual((await findUser(db, bo.id))?.passkeys, PASSKEYS_MAX);
  deepStrictEqual(await addPasskey(db, BY, draftOf(9_999, 20)), UNKNOWN);
});

onEveryEngine("usePasskey() tells a count that fell behind", async (db) => {
  const { id } = await personOf(db, "Bo");
  const { credentialHash } = valueOf(await addPasskey(db, BY, draftOf(id, 1)));
  const use = (signCount: number, nowMs: number) => usePasskey(db, { credentialHash, signCount, nowMs });
  strictEqual(await use(0, NOW + 1), true, "an authenticator that does not count");
  strictEqual(await use(7, NOW + 2), true);
  strictEqual(await use(7, NOW + 3), false);
  strictEqual(await use(6, NOW + 3), false);
  strictEqual(await use(0, NOW + 3), false);
  const found = await findPasskey(db, credentialHash);
  deepStrictEqual([found?.signCount, found?.lastUsedMs, found?.transports], [7, NOW + 2, [
    "internal",
    "hybrid",
  ]]);
});

onEveryEngine("renamePasskey() and removePasskey() know only the owner's", async (db) => {
  const [bo, cleo] = [await personOf(db, "Bo"), await personOf(db, "Cleo")];
  const { credentialHash } = valueOf(await addPasskey(db, BY, draftOf(bo.id, 1)));
  deepStrictEqual(await renamePasskey(db, BY, { credentialHash, userId: cleo.id, name: "Mine" }), UNKNOWN);
  deepStrictEqual(await removePasskey(db, BY, { credentialHash, userId: cleo.id }), UNKNOWN);
  valueOf(await renamePasskey(db, BY, { credentialHash, userId: bo.id, name: "Phone" }));
  strictEqual((await findPasskey(db, credentialHash))?.name, "Phone");
  valueOf(await removePasskey(db, BY, { credentialHash, userId: bo.id }));
  strictEqual(await findPasskey(db, credentialHash), null);
  const actions = (await listAudit(db)).map(({ action }) => action);
  deepStrictEqual(actions, ["passkey-removed", "passkey-renamed", "passkey-added"]);
});

onEveryEngine(
  "removePasskey() leaves the last second factor of who must have one, also two at once",
  async (db) => {
    const { id: userId } = await personOf(db, "Bo");
    const one = valueOf(await addPasskey(db, BY, draftOf(userId, 1)));
    const other = valueOf(await addPasskey(db, BY, draftOf(userId, 2)));
    const remove = ({ credentialHash }: { readonly credentialHash: string }) =>
      removePasskey(db, BY, { credentialHash, userId, needed: true });
    const both = await Promise.all([remove(one), remove(other)]);
    deepStrictEqual(both.filter((removed) => !removed.ok), [{ ok: false, error: { kind: "last" } }]);
    strictEqual((await findUser(db, userId))?.passkeys, 1);
    valueOf(await setTotp(db, BY, { userId, nowMs: NOW, codeHashes: [], box, seed: "SEED" }));
    const [left] = await listPasskeys(db, userId);
    assert(left);
    valueOf(await remove(left));
    strictEqual((await findUser(db, userId))?.passkeys, 0);
  },
);
