/**
 * Attacks on the passkeys of an account, and on passkeys as second factor.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { listPasskeys } from "../../lib/store/passkeys.ts";
import { requireSecondFactor } from "../../lib/store/second_factor_setting.ts";
import { authorAt } from "../fakes/author.ts";
import { fakeAuthenticator } from "../fakes/authenticator.ts";
import {
  addPasskey,
  answerSignIn,
  cookiesOf,
  jsonOf,
  optionsOf,
  postJson,
  titleOf,
  withPasskey,
} from "../flows/passkeys.ts";
import { ask, post } from "../flows/running_product.ts";
import { signInAs, type Visitor } from "../flows/visitors.ts";
import { type Attack, withstand } from "./attack.ts";
import { opens, PASSWORD, sessionOf } from "./door.ts";
import { lastWhy, later, type PasskeyScene, SIGN_IN, withPasskeyScene } from "./passkey_scene.ts";

const SECOND = "/sign-in/second-factor/passkey";

const PLANTED: readonly Attack<PasskeyScene>[] = [
  {
    wants: "plant a passkey of their own in the victim's account from another site: that is refused",
    async holds({ flow, victim }) {
      const device = await fakeAuthenticator({ origin: flow.origin });
      const before = (await listPasskeys(flow.opened.db, victim.user.id)).length;
      const { options } = await optionsOf(
        { ...flow, cookie: victim.cookie },
        "/account/passkeys/options",
        { name: "Mine" },
      );
      const body = JSON.stringify({ name: "Mine", credential: await device.make(options) });
      for (const origin of ["https://evil.example", "http://localhost:1", "null"]) {
        const type = { "content-type": "application/json" };
        const headers = { ...type, cookie: victim.cookie, origin };
        const answer = await ask(flow.origin, "/account/passkeys", { method: "POST", headers, body });
        strictEqual(answer.status, 403, origin);
      }
      const form = await post(flow.origin, "/account/passkeys", { name: "Mine" }, { cookie: victim.cookie });
      strictEqual(form.status, 400, "what a plain form sends is no JSON");
      strictEqual((await listPasskeys(flow.opened.db, victim.user.id)).length, before);
    },
  },
  {
    wants: "answer what the victim's session was asked, in a session of their own",
    async holds({ flow, victim, eve }) {
      const { options } = await optionsOf(
        { ...flow, cookie: victim.cookie },
        "/account/passkeys/options",
        { name: "Mine" },
      );
      const device = await fakeAuthenticator({ origin: flow.origin });
      const sent = { name: "Mine", credential: await device.make(options) };
      strictEqual((await postJson({ ...flow, cookie: eve.cookie }, "/account/passkeys", sent)).status, 422);
    },
  },
  {
    wants: "take the victim's passkey over by adding it to their own account",
    async holds({ flow, eve, victim }) {
      const device = await withPasskey(flow, victim, "Wanted");
      const answer = await addPasskey({ ...flow, cookie: eve.cookie }, { device, name: "Mine" });
      strictEqual(answer.status, 409);
      const owned = await listPasskeys(flow.opened.db, victim.user.id);
      ok(owned.some(({ credential }) => credential === device.id));
    },
  },
  {
    wants: "see, rename or remove a passkey of the victim's: it does not exist",
    async holds({ flow, victim, eve }) {
      const [passkey] = await listPasskeys(flow.opened.db, victim.user.id);
      const path = `/account/passkeys/${passkey?.credentialHash}`;
      const headers = { cookie: eve.cookie };
      strictEqual((await ask(flow.origin, path, { headers })).status, 404);
      strictEqual((await post(flow.origin, path, { name: "Mine" }, headers)).status, 404);
      strictEqual((await post(flow.origin, `${path}/remove`, {}, headers)).status, 404);
      strictEqual((await listPasskeys(flow.opened.db, victim.user.id))[0]?.name, passkey?.name);
    },
  },
  {
    wants: "add a passkey for somebody else by naming them: a field that was not asked for is refused",
    async holds({ flow, eve, victim }) {
      const place = { ...flow, cookie: eve.cookie };
      const more = { userId: victim.user.id };
      strictEqual((await postJson(place, "/account/passkeys/options", { name: "x", ...more })).status, 400);
      const { options } = await optionsOf(place, "/account/passkeys/options", { name: "x" });
      const device = await fakeAuthenticator({ origin: flow.origin });
      const sent = { name: "x", credential: await device.make(options), ...more };
      strictEqual((await postJson(place, "/account/passkeys", sent)).status, 400);
      const named = { credential: await device.show(options), back: "/", user: victim.user.email };
      strictEqual((await postJson(flow, SIGN_IN, named)).status, 400);
    },
  },
  {
    wants: "add a passkey in a browser that was left open: the password is asked for after ten minutes",
    async holds({ flow, victim }) {
      const cookie = await signInAs(flow, victim.user.email);
      await flow.clock.advance(10 * 60_000);
      const asked = await postJson({ ...flow, cookie }, "/account/passkeys/options", { name: "Mine" });
      deepStrictEqual([asked.status, titleOf(asked)], [403, "Confirm it is you first"]);
      const [passkey] = await listPasskeys(flow.opened.db, victim.user.id);
      const path = `/account/passkeys/${passkey?.credentialHash}/remove`;
      const removed = await post(flow.origin, path, {}, { cookie });
      match(removed.headers.get("location") ?? "", /^\/account\/confirm\?/);
      ok((await listPasskeys(flow.opened.db, victim.user.id)).length > 0);
    },
  },
];

async function owing({ flow }: PasskeyScene, { user }: Visitor): Promise<string> {
  const answer = await post(flow.origin, "/sign-in", { email: user.email, password: PASSWORD, back: "/" });
  strictEqual(answer.headers.get("location"), "/sign-in/second-factor");
  return cookiesOf(answer);
}

const SECONDS: readonly Attack<PasskeyScene>[] = [
  {
    wants: "come in with the victim's password and a passkey of their own as second factor",
    async holds(scene) {
      const { flow, victim, eves } = scene;
      const cookie = await owing(scene, victim);
      const { options } = await optionsOf({ ...flow, cookie }, `${SECOND}/options`);
      const answer = await postJson({ ...flow, cookie }, SECOND, { credential: await eves.show(options) });
      deepStrictEqual([answer.status, sessionOf(answer)], [422, undefined]);
      const why = ["second-factor-refused", { by: "passkey", why: "passkey of somebody else" }];
      deepStrictEqual(await lastWhy(scene), why);
    },
  },
  {
    wants: "answer the second step of another browser, or with what was asked for signing in alone",
    async holds(scene) {
      const { flow, victim, device } = scene;
      const [one, other] = [await owing(scene, victim), await owing(scene, victim)];
      const { options } = await optionsOf({ ...flow, cookie: one }, `${SECOND}/options`);
      const credential = await device.show(options);
      const answer = await postJson({ ...flow, cookie: other }, SECOND, { credential });
      deepStrictEqual([answer.status, sessionOf(answer)], [422, undefined]);
      const alone = await answerSignIn(flow, device);
      const place = { ...flow, cookie: `${one}; ${alone.cookie}` };
      const second = await postJson(place, SECOND, { credential: alone.credential });
      deepStrictEqual([second.status, sessionOf(second)], [422, undefined]);
    },
  },
  {
    wants: "use a second step that is done or was never begun",
    async holds(scene) {
      const { flow, victim, device } = scene;
      const cookie = await owing(scene, victim);
      const { options } = await optionsOf({ ...flow, cookie }, `${SECOND}/options`);
      const first = await postJson({ ...flow, cookie }, SECOND, { credential: await device.show(options) });
      deepStrictEqual(jsonOf(first), { to: "/" });
      ok(await opens(scene, cookiesOf(first)));
      for (const spent of [cookie, "wattpost-pending=x", `wattpost-pending=${"A".repeat(43)}`, ""]) {
        const again = await postJson({ ...flow, cookie: spent }, SECOND, {
          credential: await device.show(options),
        });
        deepStrictEqual([jsonOf(again), sessionOf(again)], [{ to: "/sign-in?over=1" }, undefined]);
      }
    },
  },
];

Deno.test("attacks on the passkeys of an account and on the second factor", async (t) => {
  await withPasskeyScene(t, async (scene) => {
    await withstand(t, await later(scene), PLANTED);
    const now = await later(scene);
    const { clock, opened } = scene.flow;
    const by = authorAt(clock.nowMs(), { seal: opened.keys.seal });
    ok((await requireSecondFactor(opened.db, by, { roles: ["operator"], version: 0 })).ok);
    await withstand(t, now, SECONDS);
  });
});
