import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Role } from "../../../lib/domain/permission.ts";
import { listAudit } from "../../../lib/store/audit.ts";
import type { Database } from "../../../lib/store/db.ts";
import { addPasskey } from "../../../lib/store/passkeys.ts";
import {
  listFactorStandings,
  readRequiredRoles,
  requiredRolesOf,
  requireSecondFactor,
} from "../../../lib/store/second_factor_setting.ts";
import { setTotp } from "../../../lib/store/second_factors.ts";
import { createSecretBox, newRingKey } from "../../../lib/store/secret_box.ts";
import { findUserAnyState, lockUser } from "../../../lib/store/users.ts";
import { authorAt } from "../../fakes/author.ts";
import { onEveryEngine } from "./engines.ts";
import { guestOf, NOW, personOf, valueOf } from "./people_rows.ts";

const BY = authorAt(NOW);
const box = await createSecretBox([newRingKey()]);

const withCodes = async (db: Database, name: string, role: Role) => {
  const person = await personOf(db, name, role);
  valueOf(await setTotp(db, BY, { userId: person.id, nowMs: NOW, codeHashes: [], box, seed: "SEED" }));
  return person;
};

const withPasskey = async (db: Database, name: string, role: Role) => {
  const person = await personOf(db, name, role);
  valueOf(
    await addPasskey(db, BY, {
      credentialHash: `hash-${name}`,
      userId: person.id,
      credential: "id",
      publicKey: "key",
      signCount: 0,
      transports: [],
      name: "Phone",
      backedUp: true,
    }),
  );
  return person;
};

const epochOf = async (db: Database, { id }: { readonly id: number }) =>
  (await findUserAnyState(db, id))?.sessionEpoch;

onEveryEngine("requireSecondFactor() signs out who has none and nobody else", async (db) => {
  const bare = await personOf(db, "Bo", "technician");
  const codes = await withCodes(db, "Cleo", "technician");
  const passkey = await withPasskey(db, "Dee", "technician");
  const viewer = await personOf(db, "Eve", "viewer");
  const guest = await guestOf(db, "Finn");
  const locked = await personOf(db, "Gil", "technician");
  valueOf(await lockUser(db, BY, locked.id));
  const lockedEpoch = await epochOf(db, locked);
  const made = valueOf(await requireSecondFactor(db, BY, { roles: ["technician"], version: 0 }));
  strictEqual(made.signedOut, 1);
  strictEqual(await epochOf(db, bare), bare.sessionEpoch + 1);
  for (const person of [codes, passkey, viewer, guest]) {
    strictEqual(await epochOf(db, person), person.sessionEpoch, person.name);
  }
  strictEqual(await epochOf(db, locked), lockedEpoch);
  deepStrictEqual(await readRequiredRoles(db), { value: ["technician"], version: 1 });
  const [ended, changed] = await listAudit(db);
  deepStrictEqual([changed?.action, changed?.subject, changed?.after], [
    "setting-changed",
    "setting second-factor",
    { roles: ["technician"] },
  ]);
  deepStrictEqual([ended?.action, ended?.subject, ended?.after], [
    "session-ended",
    "setting second-factor",
    { all: true, roles: ["technician"], people: 1 },
  ]);
});

onEveryEngine("requireSecondFactor() asks nothing again of a role that must already", async (db) => {
  const [bo, eve] = [await personOf(db, "Bo", "technician"), await personOf(db, "Eve", "viewer")];
  valueOf(await requireSecondFactor(db, BY, { roles: ["technician"], version: 0 }));
  const both = valueOf(
    await requireSecondFactor(db, BY, { roles: ["technician", "viewer", "viewer"], version: 1 }),
  );
  strictEqual(both.signedOut, 1);
  strictEqual(await epochOf(db, bo), bo.sessionEpoch + 1, "signed out once");
  strictEqual(await epochOf(db, eve), eve.sessionEpoch + 1);
  const none = valueOf(await requireSecondFactor(db, BY, { roles: [], version: 2 }));
  strictEqual(none.signedOut, 0);
  deepStrictEqual((await readRequiredRoles(db)).value, []);
  deepStrictEqual((await listAudit(db)).map(({ action }) => action), [
    "setting-changed",
    "session-ended",
    "setting-changed",
    "session-ended",
    "setting-changed",
  ]);
});

onEveryEngine("requireSecondFactor() tells the second of two at once, and signs out once", async (db) => {
  const bo = await personOf(db, "Bo", "technician");
  const change = { roles: ["technician"], version: 0 } as const;
  const both = await Promise.all([1, 2].map(() => requireSecondFactor(db, BY, change)));
  strictEqual(both.filter(({ ok }) => ok).length, 1);
  strictEqual(await epochOf(db, bo), bo.sessionEpoch + 1);
  deepStrictEqual(await requireSecondFactor(db, BY, { roles: [], version: 0 }), {
    ok: false,
    error: { kind: "changed" },
  });
});

onEveryEngine("listFactorStandings() counts who may come in, and names five who have none", async (db) => {
  for (let n = 1; n <= 7; n++) await personOf(db, `Bo${n}`, "technician");
  await withCodes(db, "Cleo", "technician");
  await withPasskey(db, "Dee", "technician");
  await withCodes(db, "Ada", "administrator");
  await guestOf(db, "Finn");
  const gil = await personOf(db, "Gil", "viewer");
  valueOf(await lockUser(db, BY, gil.id));
  const standings = await listFactorStandings(db);
  deepStrictEqual(standings.map(({ role, have, lack }) => [role, have, lack]), [
    ["administrator", 1, 0],
    ["operator", 0, 0],
    ["technician", 2, 7],
    ["viewer", 0, 0],
  ]);
  deepStrictEqual(standings[2]?.lacking.map(({ name }) => name), ["Bo1", "Bo2", "Bo3", "Bo4", "Bo5"]);
});

Deno.test("requiredRolesOf() takes known roles, and nothing out of what it does not understand", () => {
  deepStrictEqual(requiredRolesOf({ roles: ["administrator", "owner", 1, "viewer"] }), [
    "viewer",
    "administrator",
  ]);
  for (const stored of [undefined, null, 7, "viewer", [], { roles: "viewer" }]) {
    deepStrictEqual(requiredRolesOf(stored), []);
  }
});
