import { deepStrictEqual, ok as isTrue, strictEqual } from "node:assert/strict";
import type { Argon2Request } from "../../../lib/auth/argon2_worker.ts";
import {
  PASSWORD_DEADLINE_MS,
  PASSWORDS_AT_ONCE,
  PASSWORDS_KEPT,
  PASSWORDS_OF_ONE,
  type PasswordWorker,
  startPasswords,
  WORKERS_A_MINUTE,
} from "../../../lib/auth/password.ts";
import { err, ok } from "../../../lib/result.ts";
import { manualClock } from "../../fakes/manual_clock.ts";

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
    strictEqual(passwords.state(), "works");
  } finally {
    passwords.close();
  }
});

Deno.test("startPasswords() takes an empty password for a wrong one, not for a fault of ours", async () => {
  const passwords = startPasswords();
  try {
    const hashed = await passwords.hash("\0");
    isTrue(hashed.ok);
    deepStrictEqual(await passwords.verify("", hashed.value), ok(false));
    deepStrictEqual(await passwords.verify("", null), ok(false));
    strictEqual(passwords.state(), "works");
  } finally {
    passwords.close();
  }
});

Deno.test("startPasswords() takes a password typed composed and decomposed, or in wide letters, for the same", async () => {
  const passwords = startPasswords();
  try {
    const hashed = await passwords.hash("Brücke über den Fluß".normalize("NFD"));
    isTrue(hashed.ok);
    for (const typed of ["Brücke über den Fluß".normalize("NFC"), "Ｂrücke über den Fluß"]) {
      deepStrictEqual(await passwords.verify(typed, hashed.value), ok(true));
    }
    deepStrictEqual(await passwords.verify("Brucke uber den Fluß", hashed.value), ok(false));
  } finally {
    passwords.close();
  }
});

/** Workers that say nothing until they are told to. */
function mutes() {
  const started: (PasswordWorker & { ended: boolean; readonly heard: Argon2Request[] })[] = [];
  const startWorker = (): PasswordWorker => {
    const worker: typeof started[number] = {
      onmessage: null,
      onerror: null,
      ended: false,
      heard: [],
      postMessage: (request: Argon2Request) => void worker.heard.push(request),
      terminate: () => void (worker.ended = true),
    };
    started.push(worker);
    return worker;
  };
  return { started, startWorker };
}

Deno.test("startPasswords() gives one account a part of the places, and keeps some for browsers that are known", async () => {
  const { startWorker } = mutes();
  const passwords = startPasswords({ clock: manualClock(0), startWorker });
  const isBusy = async (who: string, known: boolean) => {
    const asked = passwords.verify("x", "hash", { who, known });
    return await Promise.race([asked, Promise.resolve("waits")]) !== "waits";
  };
  for (let n = 0; n < PASSWORDS_OF_ONE; n++) strictEqual(await isBusy("user 1", false), false);
  strictEqual(await isBusy("user 1", false), true, "a third of one account");
  for (let n = PASSWORDS_OF_ONE; n < PASSWORDS_AT_ONCE - PASSWORDS_KEPT; n++) {
    strictEqual(await isBusy(`name ${n}`, false), false);
  }
  strictEqual(await isBusy("user 2", false), true, "a stranger more");
  for (let n = 0; n < PASSWORDS_KEPT; n++) strictEqual(await isBusy("user 3 known", true), false);
  deepStrictEqual(await passwords.verify("x", "hash", { who: "user 4 known", known: true }), err("busy"));
  passwords.close();
});

Deno.test("startPasswords() does not let people wait for a dead worker: it starts another, a few a minute", async () => {
  const clock = manualClock(0);
  const { started, startWorker } = mutes();
  const passwords = startPasswords({ clock, startWorker });
  for (let n = 0; n <= WORKERS_A_MINUTE; n++) {
    const asked = passwords.verify("x", "hash");
    strictEqual(started.length, n + 1);
    await clock.advance(n === 0 ? PASSWORD_DEADLINE_MS : 0);
    if (n > 0) started[n]?.onerror?.call(null as never, new ErrorEvent("error"));
    deepStrictEqual(await asked, err("failed"));
    strictEqual(started[n]?.ended, true);
    strictEqual(passwords.state(), n === WORKERS_A_MINUTE ? "down" : "recovering");
  }
  deepStrictEqual(await passwords.verify("x", "hash"), err("failed"));
  strictEqual(started.length, WORKERS_A_MINUTE + 1);
  await clock.advance(60_000);
  const asked = passwords.verify("x", "hash");
  const worker = started.at(-1);
  const id = worker?.heard[0]?.id ?? 0;
  worker?.onmessage?.call(
    null as never,
    new MessageEvent("message", { data: { id, kind: "verify", fits: true } }),
  );
  deepStrictEqual(await asked, ok(true));
  strictEqual(passwords.state(), "works");
  strictEqual(clock.sleepers(), 0);
});
