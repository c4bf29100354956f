import { deepStrictEqual, ok as assert, strictEqual } from "node:assert/strict";
import { listAudit } from "../../../lib/store/audit.ts";
import {
  createToken,
  findToken,
  listTokens,
  noteTokenUse,
  revokeToken,
  revokeTokens,
  TOKENS_MAX,
} from "../../../lib/store/tokens.ts";
import { changeUser, lockUser, unlockUser } from "../../../lib/store/users.ts";
import { authorAt } from "../../fakes/author.ts";
import { onEveryEngine } from "./engines.ts";
import { plansOf } from "./estate.ts";
import { guestOf, NOW, personOf, valueOf } from "./people_rows.ts";

const BY = authorAt(NOW);
const LIFE = 10_000_000;

const draftOf = (userId: number, n = 1) => ({
  tokenHash: `hash-${n}`,
  userId,
  name: `Token ${n}`,
  mayWrite: false,
  reach: { kind: "all" } as const,
  expiresMs: NOW + LIFE,
});

onEveryEngine("createToken() refuses a twenty-first that is alive, also two at once", async (db) => {
  const { id } = await personOf(db, "Bo", "operator");
  for (let n = 1; n < TOKENS_MAX; n++) valueOf(await createToken(db, BY, draftOf(id, n)));
  const both = await Promise.all([20, 21].map((n) => createToken(db, BY, draftOf(id, n))));
  strictEqual(both.filter(({ ok }) => ok).length, 1);
  const [newest] = await listTokens(db, id);
  assert(newest);
  valueOf(await revokeToken(db, BY, { tokenId: newest.id, userId: id }));
  valueOf(await createToken(db, BY, draftOf(id, 22)));
  strictEqual((await createToken(db, authorAt(NOW + LIFE), draftOf(id, 23))).ok, true, "all others are over");
});

onEveryEngine("createToken() refuses an unknown site and somebody who may not come in", async (db) => {
  const bo = await personOf(db, "Bo", "operator");
  const reach = { kind: "some", groupIds: [], siteIds: [9_999] } as const;
  const refused = await createToken(db, BY, { ...draftOf(bo.id), reach });
  deepStrictEqual(refused, { ok: false, error: { kind: "unknown-reach" } });
  const guest = await guestOf(db, "Cleo");
  deepStrictEqual(await createToken(db, BY, draftOf(guest.id)), { ok: false, error: { kind: "unknown" } });
  deepStrictEqual(await listTokens(db, bo.id), []);
});

onEveryEngine("findToken() knows neither one that is over or revoked nor a locked owner's", async (db) => {
  const [plan] = await plansOf(db, 1);
  assert(plan);
  await personOf(db, "Ada", "administrator");
  const bo = await personOf(db, "Bo", "operator");
  const reach = { kind: "some", groupIds: [], siteIds: [plan.site.id] } as const;
  const token = valueOf(await createToken(db, BY, { ...draftOf(bo.id), reach }));
  const find = (nowMs = NOW) => findToken(db, { tokenHash: "hash-1", nowMs });
  deepStrictEqual(await find(), { token, user: bo });
  strictEqual(await find(NOW + LIFE), null);
  valueOf(await lockUser(db, BY, bo.id));
  strictEqual(await find(), null);
  valueOf(await unlockUser(db, BY, bo.id));
  valueOf(await changeUser(db, BY, { userId: bo.id, role: "viewer" }));
  strictEqual((await find())?.user.role, "viewer", "the owner's rights are those of now");
  const theirs = await revokeToken(db, BY, { tokenId: token.id, userId: bo.id + 1 });
  deepStrictEqual(theirs, { ok: false, error: { kind: "unknown" } });
  valueOf(await revokeToken(db, BY, { tokenId: token.id, userId: bo.id }));
  strictEqual(await find(), null);
  assert(!JSON.stringify(await listAudit(db)).includes("hash-1"), "no hash in the trail");
});

onEveryEngine("listTokens() lists what is alive, however many were made and ended since", async (db) => {
  const { id } = await personOf(db, "Bo", "operator");
  const hidden = valueOf(await createToken(db, BY, { ...draftOf(id), expiresMs: NOW + LIFE * 9 }));
  for (let n = 2; n < 104; n++) {
    const { id: tokenId } = valueOf(await createToken(db, BY, draftOf(id, n)));
    valueOf(await revokeToken(db, BY, { tokenId, userId: id }));
  }
  // Some end by themselves: nobody revoked those.
  for (let n = 104; n < 107; n++) valueOf(await createToken(db, BY, draftOf(id, n)));
  const listed = await listTokens(db, id);
  strictEqual(listed.length, 100);
  assert(listed.some((token) => token.id === hidden.id));
  deepStrictEqual(listed.map((token) => token.id), listed.map((token) => token.id).toSorted((a, b) => b - a));
});

onEveryEngine("revokeToken() leaves one that was revoked as it is, and says nothing twice", async (db) => {
  const { id: userId } = await personOf(db, "Bo", "operator");
  const { id: tokenId } = valueOf(await createToken(db, BY, draftOf(userId)));
  valueOf(await revokeToken(db, BY, { tokenId, userId }));
  valueOf(await revokeToken(db, authorAt(NOW + 5), { tokenId, userId }));
  strictEqual((await listTokens(db, userId))[0]?.revokedMs, NOW);
  const rows = (await listAudit(db)).filter(({ action }) => action === "token-revoked");
  deepStrictEqual(rows.map(({ subject }) => subject), [`token ${tokenId}`]);
});

onEveryEngine("revokeTokens() revokes all of one person that are alive, and writes each down", async (db) => {
  const bo = await personOf(db, "Bo", "operator");
  const cleo = await personOf(db, "Cleo", "operator");
  for (let n = 1; n < 4; n++) valueOf(await createToken(db, BY, draftOf(bo.id, n)));
  valueOf(await createToken(db, BY, { ...draftOf(bo.id, 4), expiresMs: NOW + 1 }));
  valueOf(await createToken(db, BY, draftOf(cleo.id, 5)));
  const later = authorAt(NOW + 2);
  strictEqual(await revokeTokens(db, later, bo.id), 3);
  strictEqual(await revokeTokens(db, later, bo.id), 0);
  for (let n = 1; n < 5; n++) {
    strictEqual(await findToken(db, { tokenHash: `hash-${n}`, nowMs: NOW + 2 }), null);
  }
  strictEqual((await findToken(db, { tokenHash: "hash-5", nowMs: NOW }))?.user.id, cleo.id);
  strictEqual((await listAudit(db)).filter(({ action }) => action === "token-revoked").length, 3);
});

onEveryEngine("noteTokenUse() notes at most once a minute", async (db) => {
  const { id } = await personOf(db, "Bo", "operator");
  const token = valueOf(await createToken(db, BY, draftOf(id)));
  const used = async (nowMs: number, origin: string) => {
    await noteTokenUse(db, { tokenId: token.id, nowMs, origin });
    const [first] = await listTokens(db, id);
    return [first?.lastUsedMs, first?.lastUsedFrom];
  };
  deepStrictEqual(await used(NOW, "a"), [NOW, "a"]);
  deepStrictEqual(await used(NOW + 59_999, "b"), [NOW, "a"]);
  deepStrictEqual(await used(NOW + 60_000, "c"), [NOW + 60_000, "c"]);
});
