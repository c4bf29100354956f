import { deepStrictEqual } from "node:assert/strict";
import { signIn } from "../../../lib/auth/login.ts";
import type { Passwords } from "../../../lib/auth/password.ts";
import { openKv } from "../../../lib/kv/mod.ts";
import { ok } from "../../../lib/result.ts";
import { createUser } from "../../../lib/store/users.ts";
import { TEST_SEAL } from "../../fakes/author.ts";
import { onEveryEngine } from "../store/engines.ts";

const PASSWORDS: Passwords = {
  hash: (password) => Promise.resolve(ok(password)),
  verify: (password, hash) => Promise.resolve(ok(password === hash)),
  state: () => "works",
  close() {},
};

onEveryEngine("signIn() takes a name with other accents for one that nobody has", async (db) => {
  using kv = await openKv(":memory:");
  const draft = { email: "victim@example.org", name: "Ana", role: "viewer", nowMs: 0 } as const;
  await createUser(db, { ...draft, passwordHash: "right" });
  const services = { db, kv, passwords: PASSWORDS, seal: TEST_SEAL, publicUrl: "http://localhost" };
  const usual = { requestId: "request", agent: "", device: undefined, back: "/", nowMs: 0 };
  let host = 0;
  const come = async (email: string, password: string) => {
    const came = await signIn(services, { ...usual, email, password, address: `198.51.100.${host++}` });
    return came.ok ? came.value.kind : came.error.kind;
  };
  for (let n = 0; n < 10; n++) await come("nobody@example.org", "a guess");
  for (let n = 0; n < 10; n++) await come("victim@example.org", "a guess");
  deepStrictEqual(
    [
      // Stopped like the real one, it would say that there is a real one.
      await come("vìctim@example.org", "right"),
      await come("nòbody@example.org", "right"),
      await come("VICTIM@example.org", "right"),
    ],
    ["wrong", "wrong", "throttled"],
  );
});
