/**
 * A password chosen on one keyboard and typed on another.
 *
 * @module
 */

import { ok, strictEqual } from "node:assert/strict";
import { newSetupToken } from "../../lib/auth/setup.ts";
import { endMsOf } from "../../lib/domain/half_hour.ts";
import { manualClock } from "../fakes/manual_clock.ts";
import { ACCOUNT, FIRST, post, startProduct, withFolder } from "./running_product.ts";

Deno.test("a password typed composed and decomposed opens the same account", () =>
  withFolder(async (folder) => {
    const clock = manualClock(endMsOf(FIRST));
    let token: string | null = null;
    const { origin, stop } = await startProduct({
      folder,
      clock,
      prepare: async ({ db }) => {
        token = await newSetupToken(db, clock.nowMs());
      },
    });
    try {
      ok(token !== null);
      const { name, email } = ACCOUNT;
      const word = "Brücke über den Fluß";
      const made = await post(origin, "/setup", { token, name, email, password: word.normalize("NFC") });
      strictEqual(made.status, 303);
      for (const password of [word.normalize("NFC"), word.normalize("NFD")]) {
        strictEqual((await post(origin, "/sign-in", { email, password, back: "/" })).status, 303);
      }
      const other = await post(origin, "/sign-in", { email, password: "Brucke uber den Fluß", back: "/" });
      strictEqual(other.status, 422);
    } finally {
      await stop();
    }
  }));
