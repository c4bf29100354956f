import { deepStrictEqual, ok as isTrue, strictEqual } from "node:assert/strict";
import { PASSWORDS_AT_ONCE, startPasswords } from "../../../lib/auth/password.ts";
import { err, ok } from "../../../lib/result.ts";

Deno.test("startPasswords() checks a password against its hash, and refuses when eight are waiting", async () => {
  const passwords = startPasswords();
  try {
    const hashed = await passwords.hash("correct horse battery staple");
    isTrue(hashed.ok);
    isTrue(hashed.value.startsWith("$argon2id$"));
    deepStrictEqual(await passwords.verify("correct horse battery staple", hashed.value), ok(true));
    deepStrictEqual(await passwords.verify("correct horse battery stable", hashed.value), ok(false));
    deepStrictEqual(await passwords.verify("whatever", null), ok(false));
    const flood = Array.from({ length: PASSWORDS_AT_ONCE + 3 }, () => passwords.verify("x", hashed.value));
    const refused = (await Promise.all(flood)).filter(({ ok }) => !ok);
    strictEqual(refused.length, 3);
    deepStrictEqual(refused[0], err("busy"));
    deepStrictEqual(await passwords.verify("x", "not a hash"), err("failed"));
  } finally {
    passwords.close();
  }
});
