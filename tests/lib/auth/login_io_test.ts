import { deepStrictEqual, notStrictEqual, ok as isTrue, strictEqual } from "node:assert/strict";
import {
  type Credentials,
  forgetStrangers,
  type LoginServices,
  signIn,
  SUCCESSES_BY_ACCOUNT,
  SUCCESSES_BY_DEVICE,
} from "../../../lib/auth/login.ts";
import type { Passwords, PasswordTrouble } from "../../../lib/auth/password.ts";
import { setUp, SETUPS_BY_ADDRESS } from "../../../lib/auth/setup.ts";
import { hashOfToken, newToken } from "../../../lib/auth/token.ts";
import { systemClock } from "../../../lib/clock.ts";
import { openKv } from "../../../lib/kv/mod.ts";
import { err, ok } from "../../../lib/result.ts";
import { openDatabase } from "../../../lib/store/db.ts";
import { migrate } from "../../../lib/store/migrator.ts";
import { createUser, endAllSessions, putSetupToken } from "../../../lib/store/users.ts";
import { migrations } from "../../../migrations/mod.ts";
import { authorAt, TEST_SEAL } from "../../fakes/author.ts";

const RIGHT = "a sentence that is long enough";

/** Passwords without their 100 ms each; counts what it is asked. */
function quickPasswords(): Passwords & { asked: number; trouble: PasswordTrouble | null } {
  return {
    asked: 0,
    trouble: null,
    hash(password) {
      this.asked += 1;
      return Promise.resolve(this.trouble ? err(this.trouble) : ok(`hash of ${password}`));
    },
    verify(password, hash) {
      this.asked += 1;
      return Promise.resolve(this.trouble ? err(this.trouble) : ok(hash === `hash of ${password}`));
    },
    state: () => "works",
    close() {},
  };
}

interface Desk extends LoginServices {
  readonly passwords: ReturnType<typeof quickPasswords>;
  come(typed: Partial<Credentials>): ReturnType<typeof signIn>;
}

async function withDesk(body: (desk: Desk) => Promise<void>, users: readonly string[] = ["ana@example.org"]) {
  using kv = await openKv(":memory:");
  const db = await openDatabase("sqlite::memory:");
  try {
    await migrate(db, migrations, systemClock);
    for (const email of users) {
      const draft = { email, name: "Ana", role: "administrator", passwordHash: `hash of ${RIGHT}` } as const;
      await createUser(db, { ...draft, nowMs: 0 });
    }
    const passwords = quickPasswords();
    const services = { db, kv, passwords, seal: TEST_SEAL, publicUrl: "http://localhost" };
    const usual = {
      email: "ana@example.org",
      password: RIGHT,
      address: "203.0.113.7",
      requestId: "request",
      agent: "Mozilla/5.0",
      device: undefined,
      back: "/",
      nowMs: 0,
    };
    await body({ ...services, come: (typed) => signIn(services, { ...usual, ...typed }) });
  } finally {
    await db.close();
  }
}

/** Comes so often, from another address each time. */
async function often(desk: Desk, times: number, typed: Partial<Credentials>): Promise<readonly string[]> {
  const kinds: string[] = [];
  for (let n = 0; n < times; n++) {
    const came = await desk.come({ address: `198.51.100.${n}`, ...typed });
    kinds.push(came.ok ? "in" : came.error.kind);
  }
  return kinds;
}

Deno.test("signIn() locks nobody out of the browser in which they have signed in before", async () => {
  await withDesk(async (desk) => {
    const first = await desk.come({});
    isTrue(first.ok && first.value.kind === "in");
    const { device } = first.value;
    strictEqual((await often(desk, 11, { password: "a stranger's guess" })).at(-1), "throttled");
    strictEqual((await often(desk, 1, {}))[0], "throttled");
    const again = await desk.come({ device });
    isTrue(again.ok && again.value.kind === "in");
    strictEqual(again.value.device, device);
    strictEqual((await desk.come({ device: device.replace(/.$/, "_") })).ok, false);
    strictEqual((await often(desk, 11, { device, password: "has forgotten it" })).at(-1), "throttled");
  });
});

/** Comes in; the cookie of the browser, and who it was. */
async function known(desk: Desk) {
  const came = await desk.come({});
  isTrue(came.ok && came.value.kind === "in");
  return came.value;
}

Deno.test("signIn() knows no browser any more once its owner's sessions were all ended", async () => {
  await withDesk(async (desk) => {
    const { device, user } = await known(desk);
    await endAllSessions(desk.db, authorAt(0), user.id);
    await often(desk, 10, { password: "a stranger's guess" });
    deepStrictEqual(await often(desk, 1, { device, password: "a guess" }), ["throttled"], "as any stranger");
    await forgetStrangers(desk.kv, { userId: user.id, nowMs: 0 });
    const again = await desk.come({ device });
    isTrue(again.ok && again.value.kind === "in");
    notStrictEqual(again.value.device, device, "and gets to know it anew");
    const later = await desk.come({ device: again.value.device });
    isTrue(later.ok && later.value.kind === "in");
    strictEqual(later.value.device, again.value.device);
  });
});

Deno.test("signIn() keeps nobody out of their browser because a stranger has the password", async () => {
  await withDesk(async (desk) => {
    const { device, user } = await known(desk);
    deepStrictEqual((await often(desk, SUCCESSES_BY_ACCOUNT.tries, {})).at(-1), "throttled");
    const own = await often(desk, SUCCESSES_BY_DEVICE.tries + 1, { device });
    deepStrictEqual(own, [...Array(SUCCESSES_BY_DEVICE.tries).fill("in"), "throttled"]);
    await forgetStrangers(desk.kv, { userId: user.id, nowMs: 0 });
    deepStrictEqual(await often(desk, 1, {}), ["in"], "the password is another one: everybody begins anew");
  });
});

Deno.test("signIn() counts an account's tries together however it is spelled", async () => {
  await withDesk(async (desk) => {
    const spellings = ["ana@example.org", "ANA@example.org", " ana@example.org ", "ana＠example.org"];
    for (const email of spellings) await often(desk, 3, { email, password: "a guess" });
    deepStrictEqual(await often(desk, 1, {}), ["throttled"]);
    deepStrictEqual(await often(desk, 1, { email: "bo@example.org" }), ["wrong"]);
  });
});

Deno.test("signIn() takes any name that can be typed for a wrong one", async () => {
  await withDesk(async (desk) => {
    const longest = "\ufdfa".repeat(190); // 18 characters each when normalised
    deepStrictEqual(await often(desk, 1, { email: longest }), ["wrong"]);
    deepStrictEqual(await often(desk, 1, { email: "" }), ["wrong"]);
  });
});

Deno.test("signIn() counts an IPv6 network as one address, and gives the try of a success back", async () => {
  await withDesk(async (desk) => {
    for (let n = 0; n < 25; n++) isTrue((await desk.come({ address: `2001:db8::${n}` })).ok);
    const guess = (n: number) => desk.come({ email: `${n}@example.org`, address: `2001:db8::${n}` });
    const kinds = [];
    for (let n = 0; n < 21; n++) {
      const came = await guess(n);
      kinds.push(came.ok ? "in" : came.error.kind);
    }
    strictEqual(kinds.at(-2), "wrong");
    strictEqual(kinds.at(-1), "throttled");
  });
});

Deno.test("signIn() lets nobody come in again and again, and counts no wrong password among it", async () => {
  await withDesk(async (desk) => {
    for (let n = 0; n < SUCCESSES_BY_ACCOUNT.tries; n++) {
      if (n % 5 === 0) deepStrictEqual(await often(desk, 1, { password: "a slip" }), ["wrong"]);
      deepStrictEqual(await often(desk, 1, {}), ["in"]);
    }
    deepStrictEqual(await often(desk, 1, {}), ["throttled"]);
    deepStrictEqual(await often(desk, 1, { email: "bo@example.org" }), ["in"]);
    deepStrictEqual(await often(desk, 1, { nowMs: SUCCESSES_BY_ACCOUNT.windowMs }), ["in"]);
  }, ["ana@example.org", "bo@example.org"]);
});

for (
  const { trouble, want } of [{ trouble: "busy", want: "throttled" }, {
    trouble: "failed",
    want: "failed",
  }] as const
) {
  Deno.test(`signIn() takes no try from anybody when the passwords are ${trouble}`, async () => {
    await withDesk(async (desk) => {
      desk.passwords.trouble = trouble;
      const kinds = await often(desk, 25, { address: "203.0.113.7" });
      deepStrictEqual(new Set(kinds), new Set([want]));
      desk.passwords.trouble = null;
      isTrue((await desk.come({})).ok);
    });
  });
}

Deno.test("setUp() asks for no password to be hashed without a good link, and not for ever", async () => {
  await withDesk(async ({ db, kv, passwords }) => {
    const administrator = { name: "Ana", email: "ana@example.org", password: RIGHT };
    const come = (token: string) =>
      setUp(
        { db, kv, passwords, seal: TEST_SEAL },
        { token, address: "203.0.113.7", requestId: "request", nowMs: 0, administrator },
      );
    for (let n = 0; n < SETUPS_BY_ADDRESS.tries - 2; n++) {
      deepStrictEqual(await come(newToken()), err({ kind: "spent" }));
    }
    strictEqual(passwords.asked, 0);
    const good = newToken();
    await putSetupToken(db, { tokenHash: await hashOfToken(good), expiresMs: 1000 });
    passwords.trouble = "failed";
    deepStrictEqual(await come(good), err({ kind: "failed" }));
    passwords.trouble = null;
    notStrictEqual((await come(good)).ok, false);
    deepStrictEqual(await come(good), err({ kind: "throttled", retryAfterS: 600 }));
  }, []);
});
