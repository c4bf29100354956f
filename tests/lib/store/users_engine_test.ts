import { deepStrictEqual, ok as assert, rejects, strictEqual } from "node:assert/strict";
import { ALL_SITES } from "../../../lib/domain/permission.ts";
import { listAudit } from "../../../lib/store/audit.ts";
import type { Database } from "../../../lib/store/db.ts";
import { createGroup } from "../../../lib/store/groups.ts";
import { findMailLink, putMailLink } from "../../../lib/store/mail_links.ts";
import {
  acceptInvitation,
  changeUser,
  countActiveAdministrators,
  createUser,
  endAllSessions,
  findAccount,
  findUser,
  findUserAnyState,
  findUserByEmail,
  inviteUser,
  listUsers,
  lockUser,
  setEmail,
  setPassword,
  unlockUser,
  userVersion,
  withdrawInvitation,
} from "../../../lib/store/users.ts";
import { transaction } from "../../../lib/store/db.ts";
import { authorAt } from "../../fakes/author.ts";
import { onEveryEngine } from "./engines.ts";
import { plansOf } from "./estate.ts";
import { guestOf, NOW, personOf, valueOf } from "./people_rows.ts";

const BY = authorAt(NOW, { actor: "ada@example.org" });
const LAST = { ok: false, error: { kind: "last-administrator" } };

onEveryEngine("changeUser() and lockUser() leave the last administrator as they are", async (db) => {
  const ada = await personOf(db, "Ada", "administrator");
  const gone = await personOf(db, "Gone", "administrator");
  valueOf(await lockUser(db, BY, gone.id));
  // Neither a locked administrator nor one who was only invited could let anybody in again.
  await createUser(db, {
    email: "i@example.org",
    name: "I",
    role: "administrator",
    passwordHash: "",
    nowMs: NOW,
  });
  strictEqual(await countActiveAdministrators(db), 1);
  deepStrictEqual(await changeUser(db, BY, { userId: ada.id, role: "operator" }), LAST);
  deepStrictEqual(await lockUser(db, BY, ada.id), LAST);
  strictEqual((await findUser(db, ada.id))?.role, "administrator");
  valueOf(await changeUser(db, BY, { userId: ada.id, name: "Ada L." }));
  valueOf(await unlockUser(db, BY, gone.id));
  valueOf(await lockUser(db, BY, ada.id));
});

onEveryEngine("changeUser() demotes one of two administrators when both go at once", async (db) => {
  for (let round = 0; round < 5; round++) {
    const two = [
      await personOf(db, `A${round}`, "administrator"),
      await personOf(db, `B${round}`, "administrator"),
    ];
    const [first, second] = await Promise.all(
      two.map(({ id }, i) =>
        i === 0 ? changeUser(db, BY, { userId: id, role: "viewer" }) : lockUser(db, BY, id)
      ),
    );
    strictEqual([first, second].filter((result) => result?.ok).length, 1);
    strictEqual(await countActiveAdministrators(db), 1);
    for (const { id } of two) {
      await db.kysely.updateTable("user").set({ role: 0 }).where("user_id", "=", id).execute();
    }
  }
});

onEveryEngine(
  "changeUser() tells the second of two who change one person at once how they stand",
  async (db) => {
    await personOf(db, "Ada", "administrator");
    for (let round = 0; round < 5; round++) {
      const bo = await personOf(db, `Bo${round}`);
      const version = userVersion(bo);
      const roles = ["technician", "operator"] as const;
      const done = await Promise.all(
        roles.map((role) =>
          changeUser(db, BY, { userId: bo.id, name: bo.name, role, reach: ALL_SITES, version })
        ),
      );
      const now = await findUser(db, bo.id);
      assert(now);
      strictEqual(done.filter(({ ok }) => ok).length, 1);
      deepStrictEqual(done.find(({ ok }) => !ok), { ok: false, error: { kind: "changed", user: now } });
      strictEqual(now.sessionEpoch, 1, "changed once");
      // Sent twice, or wanted by both: it stands already. Seen anew, it may be changed again.
      valueOf(await changeUser(db, BY, { userId: bo.id, role: now.role, version }));
      valueOf(await changeUser(db, BY, { userId: bo.id, role: "viewer", version: userVersion(now) }));
    }
  },
);

onEveryEngine(
  "changeUser() ends all sessions when rights change and writes down what was and is",
  async (db) => {
    const [plan] = await plansOf(db, 1);
    assert(plan);
    await personOf(db, "Ada", "administrator");
    const bo = await personOf(db, "Bo");
    const group = valueOf(await createGroup(db, BY, { name: "North" }));
    const same = valueOf(
      await changeUser(db, BY, { userId: bo.id, name: "Bodil", role: "viewer", reach: ALL_SITES }),
    );
    strictEqual(same.sessionEpoch, 0);
    const reach = { kind: "some", groupIds: [group.id], siteIds: [plan.site.id] } as const;
    const changed = valueOf(await changeUser(db, BY, { userId: bo.id, role: "technician", reach }));
    strictEqual(changed.sessionEpoch, 1);
    deepStrictEqual(await findUser(db, bo.id), changed);
    const [entry] = await listAudit(db, 1);
    deepStrictEqual(entry, {
      atMs: NOW,
      actor: "ada@example.org",
      action: "user-changed",
      subject: `user ${bo.id}`,
      origin: "203.0.113.7",
      before: { email: "bo@example.org", name: "Bodil", role: "viewer", reach: "all" },
      after: { email: "bo@example.org", name: "Bodil", role: "technician", reach },
    });
    valueOf(await changeUser(db, BY, { userId: bo.id, reach }));
    strictEqual((await findUser(db, bo.id))?.sessionEpoch, 1);
    valueOf(await changeUser(db, BY, { userId: bo.id, reach: ALL_SITES }));
    deepStrictEqual((await findUser(db, bo.id))?.reach, ALL_SITES);
  },
);

onEveryEngine(
  "changeUser() refuses groups and sites that are not there and people nobody knows",
  async (db) => {
    await personOf(db, "Ada", "administrator");
    const bo = await personOf(db, "Bo");
    const entries = (await listAudit(db)).length;
    for (const reach of [{ groupIds: [9_999], siteIds: [] }, { groupIds: [], siteIds: [9_999] }]) {
      const refused = await changeUser(db, BY, {
        userId: bo.id,
        role: "operator",
        reach: { kind: "some", ...reach },
      });
      deepStrictEqual(refused, { ok: false, error: { kind: "unknown-reach" } });
    }
    deepStrictEqual(await changeUser(db, BY, { userId: 9_999, name: "X" }), {
      ok: false,
      error: { kind: "unknown" },
    });
    deepStrictEqual(await findUser(db, bo.id), bo);
    strictEqual((await listAudit(db)).length, entries);
  },
);

onEveryEngine("lockUser() keeps out at once, whoever was invited too", async (db) => {
  await personOf(db, "Ada", "administrator");
  const bo = await personOf(db, "Bo");
  strictEqual(valueOf(await lockUser(db, BY, bo.id)).sessionEpoch, 1);
  valueOf(await lockUser(db, BY, bo.id));
  strictEqual(await findUser(db, bo.id), null);
  strictEqual((await findUserByEmail(db, "BO@EXAMPLE.ORG"))?.user.state, "locked");
  strictEqual(valueOf(await unlockUser(db, BY, bo.id)).state, "active");
  const guest = await guestOf(db, "Cleo");
  valueOf(await lockUser(db, BY, guest.id));
  strictEqual(valueOf(await unlockUser(db, BY, guest.id)).state, "invited");
  const actions = (await listAudit(db)).map(({ action }) => action);
  deepStrictEqual(actions, ["user-unlocked", "user-locked", "user-invited", "user-unlocked", "user-locked"]);
});

onEveryEngine("inviteUser() refuses an address that somebody has in other case", async (db) => {
  const guest = await guestOf(db, "Cleo");
  strictEqual(await findUser(db, guest.id), null);
  strictEqual((await findAccount(db, guest.id))?.passwordHash, null);
  const again = { email: "CLEO@example.org", name: "X", role: "viewer", reach: ALL_SITES } as const;
  deepStrictEqual(await inviteUser(db, BY, again), { ok: false, error: { kind: "email-taken" } });
  const bo = await personOf(db, "Bo");
  const taken = await setEmail(db, BY, { userId: bo.id, email: "Cleo@Example.org" });
  deepStrictEqual(taken, { ok: false, error: { kind: "email-taken" } });
  strictEqual(
    valueOf(await setEmail(db, BY, { userId: bo.id, email: "new@example.org" })).email,
    "new@example.org",
  );
  const both = await Promise.all(
    ["t@example.org", "T@example.org"].map((email) => inviteUser(db, BY, { ...again, email })),
  );
  strictEqual(both.filter(({ ok }) => ok).length, 1);
});

async function link(db: Database, userId: number, tokenHash: string): Promise<void> {
  await transaction(
    db,
    (tx) =>
      putMailLink(tx, {
        tokenHash,
        purpose: "invite",
        userId,
        detail: null,
        nowMs: NOW,
        expiresMs: NOW + 1_000,
      }),
  );
}

onEveryEngine("acceptInvitation() works once, also twice at once", async (db) => {
  const guest = await guestOf(db, "Cleo");
  await link(db, guest.id, "hash");
  const accept = { userId: guest.id, name: "Cleo K.", passwordHash: "$argon2id$x", tokenHash: "hash" };
  const gone = { ok: false, error: { kind: "gone" } };
  deepStrictEqual(await acceptInvitation(db, BY, { ...accept, tokenHash: "other" }), gone);
  const both = await Promise.all([acceptInvitation(db, BY, accept), acceptInvitation(db, BY, accept)]);
  strictEqual(both.filter(({ ok }) => ok).length, 1);
  deepStrictEqual(await acceptInvitation(db, BY, accept), gone);
  const user = await findUser(db, guest.id);
  deepStrictEqual([user?.name, user?.passwordSetMs, user?.sessionEpoch], ["Cleo K.", NOW, 1]);
  assert(!JSON.stringify(await listAudit(db)).includes("argon2id"), "no hash in the trail");
});

onEveryEngine("acceptInvitation() is over for who was withdrawn, locked or came too late", async (db) => {
  const [withdrawn, locked, late] = [await guestOf(db, "A"), await guestOf(db, "B"), await guestOf(db, "C")];
  for (const { id } of [withdrawn, locked, late]) await link(db, id, `hash ${id}`);
  valueOf(await withdrawInvitation(db, BY, withdrawn.id));
  valueOf(await lockUser(db, BY, locked.id));
  const accept = ({ id }: { readonly id: number }, atMs = NOW) =>
    acceptInvitation(db, authorAt(atMs), {
      userId: id,
      name: "N",
      passwordHash: "h",
      tokenHash: `hash ${id}`,
    });
  for (const result of [await accept(withdrawn), await accept(locked), await accept(late, NOW + 1_000)]) {
    strictEqual(result.ok, false);
  }
  strictEqual(await findUserAnyState(db, withdrawn.id), null);
  strictEqual(
    await findMailLink(db, { tokenHash: `hash ${withdrawn.id}`, purpose: "invite", nowMs: NOW }),
    null,
  );
  const bo = await personOf(db, "Bo");
  deepStrictEqual(await withdrawInvitation(db, BY, bo.id), { ok: false, error: { kind: "not-invited" } });
});

onEveryEngine("setPassword() and endAllSessions() begin a new epoch each", async (db) => {
  const bo = await personOf(db, "Bo");
  const change = { userId: bo.id, passwordHash: "$new$", action: "password-changed" } as const;
  strictEqual(await setPassword(db, authorAt(NOW + 5), change), 1);
  strictEqual(await endAllSessions(db, BY, bo.id), 2);
  const account = await findAccount(db, bo.id);
  deepStrictEqual([account?.passwordHash, account?.user.passwordSetMs], ["$new$", NOW + 5]);
  const [ended, changed] = await listAudit(db);
  deepStrictEqual([ended?.action, changed?.action, changed?.after], [
    "session-ended",
    "password-changed",
    undefined,
  ]);
});

onEveryEngine("setPassword() is undone with the larger change that it is part of", async (db) => {
  const bo = await personOf(db, "Bo");
  const change = { userId: bo.id, passwordHash: "$new$", action: "password-reset" } as const;
  await rejects(
    transaction(db, async (tx) => {
      await setPassword(tx, BY, change);
      throw new Error("the larger change failed");
    }),
    /larger change/,
  );
  deepStrictEqual(await findAccount(db, bo.id), { user: bo, passwordHash: "$argon2id$" });
  strictEqual((await listAudit(db)).length, 0);
});

onEveryEngine("listUsers() searches, filters and pages", async (db) => {
  await personOf(db, "Ada", "administrator");
  const bo = await personOf(db, "Bo%_!");
  await guestOf(db, "Cleo");
  valueOf(await lockUser(db, BY, bo.id));
  const names = async (query: Omit<Parameters<typeof listUsers>[1], "page" | "pageSize">) =>
    (await listUsers(db, { ...query, page: 1, pageSize: 10 })).users.map(({ name }) => name);
  deepStrictEqual(await names({}), ["Ada", "Bo%_!", "Cleo"]);
  deepStrictEqual(await names({ search: "aDA" }), ["Ada"]);
  deepStrictEqual(await names({ search: "cleo@EXAMPLE" }), ["Cleo"]);
  deepStrictEqual(await names({ search: "%_!" }), ["Bo%_!"]);
  deepStrictEqual(await names({ search: "_da" }), []);
  deepStrictEqual(await names({ role: "administrator" }), ["Ada"]);
  deepStrictEqual(await names({ state: "locked" }), ["Bo%_!"]);
  deepStrictEqual(await names({ state: "invited" }), ["Cleo"]);
  deepStrictEqual(await names({ state: "active" }), ["Ada"]);
  const second = await listUsers(db, { page: 2, pageSize: 2 });
  deepStrictEqual([second.users.map(({ name }) => name), second.total], [["Cleo"], 3]);
});
