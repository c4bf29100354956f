/**
 * Attacks on signing in by a passkey: forged, replayed, copied and borrowed ones.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { listAudit } from "../../lib/store/audit.ts";
import { lockUser } from "../../lib/store/users.ts";
import { authorAt } from "../fakes/author.ts";
import { fakeAuthenticator, type Lie } from "../fakes/authenticator.ts";
import {
  answerSignIn,
  cookiesOf,
  jsonOf,
  optionsOf,
  postJson,
  signInByPasskey,
  withPasskey,
} from "../flows/passkeys.ts";
import { ask } from "../flows/running_product.ts";
import { makeVisitor, signInAs } from "../flows/visitors.ts";
import { alike, type Attack, withstand } from "./attack.ts";
import { opens, sessionOf } from "./door.ts";
import {
  lastWhy,
  later,
  notIn,
  type PasskeyScene,
  refused,
  SIGN_IN,
  withPasskeyScene,
} from "./passkey_scene.ts";

const SPENT = refused("challenge not ours, spent or over");

/** An answer that the victim's phone gave, with a lie in it. */
function forged(wants: string, lie: Lie): Attack<PasskeyScene> {
  return {
    wants,
    async holds(scene) {
      notIn(await signInByPasskey(scene.flow, scene.device, { lie }));
      deepStrictEqual(await lastWhy(scene), refused("not verified"));
    },
  };
}

const FORGED: readonly Attack<PasskeyScene>[] = [
  forged("use what a false page at another address got out of the victim: it names that page", {
    origin: "https://wattpost.example.evil",
  }),
  forged("use what a page at another port of the same host got: a port is part of the page", {
    origin: "http://localhost:1",
  }),
  forged("use a passkey of another host: it is bound to that", { rpId: "evil.example" }),
  forged("use a phone found unlocked on a table: whoever holds it must be verified", { verified: false }),
  forged("change what was signed: the signature does not fit", { tampered: true }),
  forged("pass the making of a passkey off as showing one", { type: "webauthn.create" }),
  forged("say that the passkey belongs to somebody else", { userHandle: "B".repeat(43) }),
  {
    wants: "come in as the victim by naming their passkey and signing with another key",
    async holds(scene) {
      notIn(await signInByPasskey(scene.flow, scene.eves, { lie: { id: scene.device.id } }));
      deepStrictEqual(await lastWhy(scene), refused("not verified"));
    },
  },
  {
    wants: "come in by a passkey that nobody has added: it is told what everybody is told",
    async holds(scene) {
      const stray = await fakeAuthenticator({ origin: scene.flow.origin });
      notIn(await signInByPasskey(scene.flow, stray));
      const [entry] = await listAudit(scene.flow.opened.db, 1);
      deepStrictEqual([entry?.actor, entry?.subject], ["-", "user unknown"]);
    },
  },
  {
    wants: "learn which passkeys there are: a known and an unknown one are answered alike",
    async holds({ flow, device }) {
      const stray = await fakeAuthenticator({ origin: flow.origin });
      const known = await signInByPasskey(flow, device, { lie: { tampered: true } });
      deepStrictEqual(alike(known), alike(await signInByPasskey(flow, stray)));
      const { options } = await optionsOf(flow, `${SIGN_IN}/options`, {});
      deepStrictEqual(options["allowCredentials"], []);
    },
  },
];

const CHALLENGES: readonly Attack<PasskeyScene>[] = [
  {
    wants: "send an answer that was listened to a second time: each challenge is spent once",
    async holds(scene) {
      const { flow, device } = scene;
      const { credential, cookie } = await answerSignIn(flow, device);
      const first = await postJson({ ...flow, cookie }, SIGN_IN, { credential, back: "/" });
      strictEqual(first.status, 200);
      notIn(await postJson({ ...flow, cookie }, SIGN_IN, { credential, back: "/" }));
      deepStrictEqual(await lastWhy(scene), SPENT);
    },
  },
  {
    wants: "send the same answer twice at once: one of them comes in",
    async holds({ flow, device }) {
      const { credential, cookie } = await answerSignIn(flow, device);
      const send = () => postJson({ ...flow, cookie }, SIGN_IN, { credential, back: "/" });
      const statuses = (await Promise.all([send(), send()])).map(({ status }) => status);
      deepStrictEqual(statuses.sort(), [200, 422]);
    },
  },
  {
    wants: "have the victim sign a challenge of the attacker's browser, and send it there or elsewhere",
    async holds(scene) {
      const { flow, device } = scene;
      const { credential } = await answerSignIn(flow, device);
      const { cookie } = await optionsOf(flow, `${SIGN_IN}/options`);
      notIn(await postJson({ ...flow, cookie }, SIGN_IN, { credential, back: "/" }));
      deepStrictEqual(await lastWhy(scene), SPENT);
      const other = await answerSignIn(flow, device);
      notIn(await postJson(flow, SIGN_IN, { credential: other.credential, back: "/" }));
      const empty = await answerSignIn(flow, device);
      const place = { ...flow, cookie: "wattpost-passkey=" };
      notIn(await postJson(place, SIGN_IN, { credential: empty.credential, back: "/" }));
    },
  },
  {
    wants: "use a challenge of their own making, or none",
    async holds(scene) {
      const { flow, device } = scene;
      for (const challenge of ["A".repeat(43), "", "__proto__"]) {
        notIn(await signInByPasskey(flow, device, { lie: { challenge } }));
        deepStrictEqual(await lastWhy(scene), SPENT);
      }
    },
  },
  {
    wants: "use a challenge that was made for adding a passkey, to sign in, and the other way round",
    async holds(scene) {
      const { flow, device, eve } = scene;
      const { options } = await optionsOf({ ...flow, cookie: eve.cookie }, "/account/passkeys/options", {
        name: "Mine",
      });
      const { cookie } = await optionsOf(flow, `${SIGN_IN}/options`);
      const both = `${cookie}; ${eve.cookie}`;
      const credential = await device.show(options);
      notIn(await postJson({ ...flow, cookie: both }, SIGN_IN, { credential, back: "/" }));
      const asked = await optionsOf(flow, `${SIGN_IN}/options`);
      const fresh = await fakeAuthenticator({ origin: flow.origin });
      const made = await fresh.make({ ...asked.options, user: { id: "A" } });
      const place = { ...flow, cookie: `${asked.cookie}; ${eve.cookie}` };
      strictEqual(
        (await postJson(place, "/account/passkeys", { name: "Mine", credential: made })).status,
        422,
      );
    },
  },
  {
    wants: "wait with an answer until nobody looks: after five minutes it is over",
    async holds(scene) {
      const { flow, device } = scene;
      const { credential, cookie } = await answerSignIn(flow, device);
      await flow.clock.advance(5 * 60_000);
      notIn(await postJson({ ...flow, cookie }, SIGN_IN, { credential, back: "/" }));
      deepStrictEqual(await lastWhy(scene), SPENT);
    },
  },
];

const COPIES: readonly Attack<PasskeyScene>[] = [
  {
    wants: "use a copy of a security key: its counter has fallen behind, which is refused and written down",
    async holds(scene) {
      const { flow, victim } = scene;
      const device = await withPasskey(flow, victim, "Security key");
      strictEqual((await signInByPasskey(flow, device, { lie: { signCount: 500 } })).status, 200);
      for (const signCount of [500, 499, 0]) {
        notIn(await signInByPasskey(flow, device, { lie: { signCount } }));
        const why = `counter went from 500 to ${signCount}: there is a copy`;
        deepStrictEqual(await lastWhy(scene), refused(why));
      }
      strictEqual((await signInByPasskey(flow, device, { lie: { signCount: 501 } })).status, 200);
    },
  },
  {
    wants: "come in while locked: told no more than a stranger, and out at once",
    async holds(scene) {
      const { flow } = scene;
      const visitor = await makeVisitor(flow, { name: "locked", role: "operator" });
      const device = await withPasskey(flow, visitor);
      const { db, keys } = flow.opened;
      ok((await lockUser(db, authorAt(flow.clock.nowMs(), { seal: keys.seal }), visitor.user.id)).ok);
      const right = await signInByPasskey(flow, device);
      notIn(right);
      deepStrictEqual(await lastWhy(scene), refused("locked or only invited"));
      const wrong = await signInByPasskey(flow, device, { lie: { tampered: true } });
      deepStrictEqual(alike(right), alike(wrong));
    },
  },
];

const WAYS: readonly Attack<PasskeyScene>[] = [
  {
    wants: "send whoever signs in to a site of theirs: only paths of ours are gone to",
    async holds({ flow, device }) {
      for (
        const back of ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
      ) {
        const answer = await signInByPasskey(flow, device, { back });
        deepStrictEqual([answer.status, jsonOf(answer)], [200, { to: "/" }], back);
      }
    },
  },
  {
    wants: "have the victim signed in as Eve, from another site: that is refused",
    async holds({ flow, eves }) {
      const { credential, cookie } = await answerSignIn(flow, eves);
      const headers = { "content-type": "application/json", cookie, origin: "https://evil.example" };
      const body = JSON.stringify({ credential, back: "/" });
      const answer = await ask(flow.origin, SIGN_IN, { method: "POST", headers, body });
      deepStrictEqual([answer.status, sessionOf(answer)], [403, undefined]);
    },
  },
  {
    wants: "keep the session that was there before: signing in by a passkey ends it",
    async holds(scene) {
      const { flow, device, victim } = scene;
      const before = await signInAs(flow, victim.user.email);
      const { credential, cookie } = await answerSignIn(flow, device);
      const place = { ...flow, cookie: `${cookie}; ${before}` };
      strictEqual((await postJson(place, SIGN_IN, { credential, back: "/" })).status, 200);
      strictEqual(await opens(scene, before), false);
    },
  },
  {
    wants: "use the cookie of a challenge as a session, or read it by a script",
    async holds(scene) {
      const answer = await postJson(scene.flow, `${SIGN_IN}/options`, {});
      const [cookie = ""] = answer.headers.getSetCookie();
      match(cookie, /^wattpost-passkey=[\w-]{43}; Path=\/; Max-Age=300; HttpOnly; SameSite=Lax$/);
      const [, token = ""] = cookiesOf(answer).split("=");
      strictEqual(await opens(scene, `wattpost=${token}`), false);
      strictEqual(await opens(scene, `wattpost-passkey=${token}`), false);
    },
  },
  {
    wants: "break the server with an answer that is none: every nonsense is refused as one",
    async holds({ flow }) {
      const part = { clientDataJSON: "e30", authenticatorData: "AA", signature: "AA" };
      const nonsense: readonly unknown[] = [
        null,
        "x",
        [],
        {},
        { id: "a", rawId: "a", type: "public-key", response: {} },
        { id: "a", rawId: "b", type: "public-key", response: part },
        { id: "a".repeat(2_000), rawId: "a".repeat(2_000), type: "public-key", response: part },
        { id: "a", rawId: "a", type: "public-key", response: { ...part, signature: "A".repeat(17_000) } },
        { id: "a", rawId: "a", type: "public-key", response: { ...part, userHandle: { toString: 1 } } },
      ];
      for (const credential of nonsense) {
        const { status } = await postJson(flow, SIGN_IN, { credential, back: "/" });
        ok(status === 400 || status === 422, `${JSON.stringify(credential).slice(0, 80)} gets ${status}`);
      }
      const empty = { id: "a", rawId: "a", type: "public-key", response: part };
      notIn(await postJson(flow, SIGN_IN, { credential: empty, back: { a: 1 } }));
      strictEqual((await postJson(flow, SIGN_IN, [])).status, 400);
      strictEqual((await postJson(flow, SIGN_IN, "x".repeat(70_000))).status, 413);
    },
  },
];

const CROWDED: readonly Attack<PasskeyScene>[] = [
  {
    wants: "keep everybody at their address out by answers that are none: they are not even counted",
    async holds({ flow, device }) {
      for (let n = 0; n < 40; n++) strictEqual((await postJson(flow, SIGN_IN, {})).status, 400, `try ${n}`);
      strictEqual((await signInByPasskey(flow, device)).status, 200);
    },
  },
  {
    wants: "do so by answers to nothing that was asked: those are counted apart, and end in being sent away",
    async holds({ flow, device }) {
      const { credential } = await answerSignIn(flow, device, { challenge: "A".repeat(43) });
      const statuses: number[] = [];
      for (let n = 0; n < 31; n++) statuses.push((await postJson(flow, SIGN_IN, { credential })).status);
      deepStrictEqual(statuses, [...Array(30).fill(422), 429]);
      strictEqual((await signInByPasskey(flow, device)).status, 200);
    },
  },
  {
    wants: "do so by adding passkeys that are none: each person's are counted by themselves",
    async holds({ flow, device, victim, eve }) {
      const stray = await fakeAuthenticator({ origin: flow.origin });
      const { options } = await optionsOf({ ...flow, cookie: eve.cookie }, "/account/passkeys/options", {
        name: "Mine",
      });
      const credential = await stray.make(options, { tampered: true, challenge: "A".repeat(43) });
      const statuses: number[] = [];
      for (let n = 0; n < 31; n++) {
        const place = { ...flow, cookie: eve.cookie };
        statuses.push((await postJson(place, "/account/passkeys", { name: "Mine", credential })).status);
      }
      deepStrictEqual(statuses, [...Array(30).fill(422), 429]);
      await withPasskey(flow, victim, "Another");
      strictEqual((await signInByPasskey(flow, device)).status, 200);
    },
  },
  {
    wants: "have an office sent away by itself: whoever comes in is not counted, however many they are",
    async holds({ flow, device, eves }) {
      for (let n = 0; n < 20; n++) {
        strictEqual((await signInByPasskey(flow, device)).status, 200, `the victim, time ${n}`);
        strictEqual((await signInByPasskey(flow, eves)).status, 200, `Eve, time ${n}`);
      }
    },
  },
];

Deno.test("attacks on signing in by a passkey", async (t) => {
  await withPasskeyScene(t, async (scene) => {
    for (const attacks of [FORGED, CHALLENGES, COPIES, WAYS, CROWDED]) {
      await withstand(t, await later(scene), attacks);
    }
  });
});
