import { deepStrictEqual, ok as isTrue, strictEqual } from "node:assert/strict";
import type { Database } from "../../../lib/store/db.ts";
import {
  agreeToEmail,
  findEmailChange,
  findEmailLink,
  putEmailChange,
  stopEmailChange,
} from "../../../lib/store/email_changes.ts";
import { openMailServer, readMailServer, saveSender } from "../../../lib/store/mail_settings.ts";
import { createSecretBox, newRingKey } from "../../../lib/store/secret_box.ts";
import { createUser, findUserAnyState } from "../../../lib/store/users.ts";
import { authorAt } from "../../fakes/author.ts";
import { onEveryEngine } from "./engines.ts";

const NOW = Date.UTC(2026, 10, 25, 9);
const BY = authorAt(NOW);
const OLD = { tokenHash: "old", side: "email-old" } as const;
const NEW = { tokenHash: "new", side: "email-new" } as const;

async function askedBy(db: Database, newEmail = "new@example.org"): Promise<number> {
  const draft = {
    email: "old@example.org",
    name: "Ana",
    role: "viewer",
    passwordHash: "x",
    nowMs: NOW,
  } as const;
  const made = await createUser(db, draft);
  isTrue(made.ok);
  await putEmailChange(db, BY, {
    userId: made.value.id,
    oldEmail: draft.email,
    newEmail,
    tokenHashes: { "email-old": "old", "email-new": "new" },
    expiresMs: NOW + 1_000,
  });
  return made.value.id;
}

onEveryEngine("agreeToEmail() changes an address when both have agreed, also at once", async (db) => {
  const userId = await askedBy(db);
  deepStrictEqual((await findEmailChange(db, { userId, nowMs: NOW }))?.waitsFor, ["email-old", "email-new"]);
  const kinds = (await Promise.all([agreeToEmail(db, BY, OLD), agreeToEmail(db, BY, NEW)]))
    .map((agreed) => agreed.ok ? agreed.value.kind : agreed.error.kind);
  deepStrictEqual(kinds.sort(), ["changed", "half"]);
  const user = await findUserAnyState(db, userId);
  strictEqual(user?.email, "new@example.org");
  strictEqual(user.sessionEpoch, 1);
  strictEqual(await findEmailChange(db, { userId, nowMs: NOW }), null);
  for (const link of [OLD, NEW]) deepStrictEqual((await agreeToEmail(db, BY, link)).ok, false);
});

onEveryEngine("agreeToEmail() writes down which of the two agreed first, as whoever it is", async (db) => {
  const userId = await askedBy(db);
  isTrue((await agreeToEmail(db, authorAt(NOW, { actor: "-", userId: null }), NEW)).ok);
  const [row] = await db.kysely.selectFrom("audit").select(["action", "actor", "user_id", "after_json"])
    .orderBy("seq", "desc").limit(1).execute();
  deepStrictEqual([row?.action, row?.actor, row?.user_id], [
    "email-change-agreed",
    "old@example.org",
    userId,
  ]);
  deepStrictEqual(JSON.parse(row?.after_json ?? ""), { email: "new@example.org", agreed: "new@example.org" });
});

onEveryEngine("agreeToEmail() changes nothing twice agreed by one, too late, or stopped", async (db) => {
  const userId = await askedBy(db);
  isTrue((await agreeToEmail(db, BY, OLD)).ok);
  strictEqual((await agreeToEmail(db, BY, OLD)).ok, false);
  strictEqual((await agreeToEmail(db, BY, { ...NEW, side: "email-old" })).ok, false);
  deepStrictEqual((await findEmailChange(db, { userId, nowMs: NOW }))?.waitsFor, ["email-new"]);
  strictEqual((await agreeToEmail(db, authorAt(NOW + 1_000), NEW)).ok, false);
  strictEqual(await stopEmailChange(db, BY, userId), true);
  strictEqual(await stopEmailChange(db, BY, userId), false);
  strictEqual(await findEmailLink(db, { ...NEW, nowMs: NOW }), null);
  strictEqual((await findUserAnyState(db, userId))?.email, "old@example.org");
});

onEveryEngine(
  "agreeToEmail() leaves an address to whoever took it meanwhile, whatever its case",
  async (db) => {
    const userId = await askedBy(db);
    const other = {
      email: "NEW@example.org",
      name: "Eve",
      role: "viewer",
      passwordHash: "x",
      nowMs: NOW,
    } as const;
    isTrue((await createUser(db, other)).ok);
    isTrue((await agreeToEmail(db, BY, NEW)).ok);
    deepStrictEqual(await agreeToEmail(db, BY, OLD), { ok: false, error: { kind: "email-taken" } });
    const user = await findUserAnyState(db, userId);
    deepStrictEqual([user?.email, user?.sessionEpoch], ["old@example.org", 0]);
  },
);

onEveryEngine("saveSender() changes a server and its password together, one of two at once", async (db) => {
  const box = await createSecretBox([newRingKey()]);
  const server = {
    host: "mail.example",
    port: 465,
    security: "tls",
    user: "u",
    from: "a@b.example",
    fromName: "",
  };
  const change = { box, name: "mail", value: { ...server, security: "tls" }, version: 0 } as const;
  const save = (plain: string) => saveSender(db, BY, { ...change, secret: { kind: "set", plain } });
  const saved = await Promise.all([save("one"), save("two")]);
  deepStrictEqual(saved.map(({ ok }) => ok).sort(), [false, true]);
  const held = await readMailServer(db);
  deepStrictEqual([held.version, held.secretSetMs], [1, NOW]);
  strictEqual((await openMailServer(db, box))?.password, saved[0]?.ok ? "one" : "two");
  strictEqual(
    await openMailServer(db, await createSecretBox([newRingKey()])),
    null,
    "another key opens nothing",
  );
  isTrue((await saveSender(db, BY, { ...change, version: 1, secret: { kind: "remove" } })).ok);
  strictEqual(await openMailServer(db, box), null, "a user without a password");
});
