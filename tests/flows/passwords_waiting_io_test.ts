/**
 * Eight passwords wait to be hashed: whoever comes then is told to come again, and gets in when they are through.
 *
 * @module
 */

import { ok, strictEqual } from "node:assert/strict";
import { newSetupToken } from "../../lib/auth/setup.ts";
import { type Passwords, PASSWORDS_AT_ONCE } from "../../lib/auth/password.ts";
import { endMsOf } from "../../lib/domain/half_hour.ts";
import { manualClock } from "../fakes/manual_clock.ts";
import { ACCOUNT, FIRST, post, startProduct, withFolder } from "./running_product.ts";

/** Runs something while as many passwords wait as may. */
async function whileBusy<T>(passwords: Passwords, run: () => Promise<T>): Promise<T> {
  let over = false;
  const hashing = Array.from({ length: PASSWORDS_AT_ONCE }, async () => {
    while (!over) await passwords.hash("somebody else's password");
  });
  try {
    return await run();
  } finally {
    over = true;
    await Promise.all(hashing);
  }
}

Deno.test("POST /setup and /sign-in answer 429 while eight passwords wait, and work after", () =>
  withFolder(async (folder) => {
    const clock = manualClock(endMsOf(FIRST));
    let token: string | null = null;
    const running = await startProduct({
      folder,
      clock,
      prepare: async ({ db }) => {
        token = await newSetupToken(db, clock.nowMs());
      },
    });
    const { origin, opened: { passwords } } = running;
    try {
      ok(token !== null);
      const { name, email, password } = ACCOUNT;
      const setup = () => post(origin, "/setup", { token: token ?? "", name, email, password });
      const refused = await whileBusy(passwords, setup);
      strictEqual(refused.status, 429);
      ok(Number(refused.headers.get("retry-after")) > 0);
      strictEqual(refused.headers.get("set-cookie"), null);
      strictEqual((await setup()).status, 303);
      const signIn = () => post(origin, "/sign-in", { email, password, back: "/" });
      const waiting = await whileBusy(passwords, signIn);
      strictEqual(waiting.status, 429);
      ok(Number(waiting.headers.get("retry-after")) > 0);
      ok(!waiting.text.includes(password));
      strictEqual((await signIn()).status, 303);
    } finally {
      await running.stop();
    }
  }));
