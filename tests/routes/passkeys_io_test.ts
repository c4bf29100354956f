/**
 * Passkeys over HTTP, by an authenticator in software: added, renamed, removed, and what they open.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { FRESH_MS } from "../../lib/auth/session.ts";
import { listAudit } from "../../lib/store/audit.ts";
import { addPasskey as storePasskey, listPasskeys, PASSKEYS_MAX } from "../../lib/store/passkeys.ts";
import { requireSecondFactor } from "../../lib/store/second_factor_setting.ts";
import { findUser } from "../../lib/store/users.ts";
import { authorAt } from "../fakes/author.ts";
import { fakeAuthenticator } from "../fakes/authenticator.ts";
import {
  addPasskey,
  answerSignIn,
  cookiesOf,
  jsonOf,
  optionsOf,
  postJson,
  signInByPasskey,
  titleOf,
  withHostName,
  withPasskey,
} from "../flows/passkeys.ts";
import { ACCOUNT, ask, type Flow, post, withFlow } from "../flows/running_product.ts";
import { makeVisitor, signInAs, type Visitor } from "../flows/visitors.ts";

const { password: PASSWORD } = ACCOUNT;

const actionsOf = async ({ opened }: Flow) => (await listAudit(opened.db, 100)).map(({ action }) => action);

const own = ({ opened }: Flow, { user }: Visitor) => listPasskeys(opened.db, user.id);

async function isAdded(flow: Flow, gus: Visitor): Promise<void> {
  const device = await fakeAuthenticator({ origin: flow.origin, backedUp: true });
  const answer = await addPasskey({ ...flow, cookie: gus.cookie }, { device, name: "  Work phone " });
  deepStrictEqual([answer.status, jsonOf(answer)], [201, { to: "/account?done=passkey-added#passkeys" }]);
  const [passkey] = await own(flow, gus);
  deepStrictEqual([passkey?.name, passkey?.backedUp, passkey?.lastUsedMs], ["Work phone", true, null]);
  deepStrictEqual((await actionsOf(flow))[0], "passkey-added");
  const { text } = await ask(flow.origin, "/account", { headers: { cookie: gus.cookie } });
  match(text, /Work phone/);
  match(text, /devices that share it/);
}

async function asksForTheFullStory(flow: Flow, gus: Visitor): Promise<void> {
  const place = { ...flow, cookie: gus.cookie };
  const { options } = await optionsOf(place, "/account/passkeys/options", { name: "Another" });
  const { user, rp, excludeCredentials, authenticatorSelection } = options as Record<
    string,
    Record<string, unknown>
  >;
  deepStrictEqual(rp, { name: "Wattpost", id: "localhost" });
  strictEqual(user?.["name"], gus.user.email);
  const [passkey] = await own(flow, gus);
  deepStrictEqual((excludeCredentials as unknown as { id: string }[]).map(({ id }) => id), [
    passkey?.credential,
  ]);
  strictEqual(authenticatorSelection?.["userVerification"], "required");
}

async function refusesNames(flow: Flow, gus: Visitor): Promise<void> {
  const place = { ...flow, cookie: gus.cookie };
  for (const name of ["", "   ", "x".repeat(81), "a\u202eb", 7, null, undefined]) {
    const answer = await postJson(place, "/account/passkeys/options", { name });
    strictEqual(answer.status, 422, String(name));
    match(String(titleOf(answer)), /^The name of the passkey: /);
  }
  const device = await fakeAuthenticator({ origin: flow.origin });
  const { options } = await optionsOf(place, "/account/passkeys/options", { name: "Fine" });
  const credential = await device.make(options);
  strictEqual((await postJson(place, "/account/passkeys", { name: "", credential })).status, 422);
  strictEqual(
    (await postJson(place, "/account/passkeys", { name: "Fine", credential, userId: 1 })).status,
    400,
  );
  strictEqual((await postJson(place, "/account/passkeys", { name: "Fine", credential: {} })).status, 400);
  // None of these has spent the challenge.
  strictEqual((await postJson(place, "/account/passkeys", { name: "Fine", credential })).status, 201);
}

async function isAddedOnce(flow: Flow, gus: Visitor): Promise<void> {
  const device = await withPasskey(flow, gus, "Twice");
  const again = await addPasskey({ ...flow, cookie: gus.cookie }, { device, name: "Twice" });
  deepStrictEqual([again.status, titleOf(again)], [409, "This passkey has been added already."]);
}

async function tooOldASession(flow: Flow, gus: Visitor): Promise<void> {
  const cookie = await signInAs(flow, gus.user.email);
  const place = { ...flow, cookie };
  const { options } = await optionsOf(place, "/account/passkeys/options", { name: "In time" });
  await flow.clock.advance(FRESH_MS);
  const asked = await postJson(place, "/account/passkeys/options", { name: "Late" });
  deepStrictEqual([asked.status, titleOf(asked)], [403, "Confirm it is you first"]);
  const device = await fakeAuthenticator({ origin: flow.origin });
  const late = { name: "Late", credential: await device.make(options) };
  const answer = await postJson(place, "/account/passkeys", late);
  strictEqual(answer.status, 422, "what was asked for ten minutes ago is over");
  match(String(titleOf(answer)), /took too long/);
  const back = `/account/passkeys/${(await own(flow, gus))[0]?.credentialHash}`;
  const removed = await post(flow.origin, `${back}/remove`, {}, { cookie });
  deepStrictEqual(
    [removed.status, removed.headers.get("location")],
    [303, `/account/confirm?back=${encodeURIComponent(back)}`],
  );
  strictEqual(
    (await post(flow.origin, "/account/confirm", { password: PASSWORD, back }, { cookie })).status,
    303,
  );
  strictEqual((await addPasskey(place, { device, name: "Confirmed" })).status, 201);
}

async function hasTen(flow: Flow, gus: Visitor): Promise<void> {
  const by = authorAt(flow.clock.nowMs(), { seal: flow.opened.keys.seal });
  const some = { userId: gus.user.id, publicKey: "a", signCount: 0, transports: [], backedUp: false };
  for (let n = (await own(flow, gus)).length; n < PASSKEYS_MAX; n++) {
    const draft = {
      ...some,
      credentialHash: `${n}`.padStart(43, "h"),
      credential: `c${n}`,
      name: `Key ${n}`,
    };
    ok((await storePasskey(flow.opened.db, by, draft)).ok);
  }
  const cookie = await signInAs(flow, gus.user.email);
  const answer = await postJson({ ...flow, cookie }, "/account/passkeys/options", { name: "Eleventh" });
  deepStrictEqual([answer.status, /Ten passkeys/.test(String(titleOf(answer)))], [409, true]);
}

Deno.test("passkeys are added by whoever is signed in and was there just now", async (t) => {
  await withHostName(async (flow) => {
    const gus = await makeVisitor(flow, { name: "gus", role: "operator" });
    await t.step("one is added, listed and written down", () => isAdded(flow, gus));
    await t.step("the browser is told whose it is and which are there", () => asksForTheFullStory(flow, gus));
    await t.step("a name that is none is refused before and after", () => refusesNames(flow, gus));
    await t.step("the same one is not added twice", () => isAddedOnce(flow, gus));
    await t.step("a session of ten minutes asks for the password first", () => tooOldASession(flow, gus));
    await t.step("an eleventh is refused before it is made", () => hasTen(flow, gus));
    await t.step("nothing of it was an error of ours", () => {
      deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
    });
  });
});

async function isRenamed(flow: Flow, bo: Visitor, path: string): Promise<void> {
  const headers = { cookie: bo.cookie };
  match((await ask(flow.origin, path, { headers })).text, /value="Phone"/);
  const refused = await post(flow.origin, path, { name: "x".repeat(81) }, headers);
  strictEqual(refused.status, 422);
  match(refused.text, /id="name-fault"[^]*at most 80/);
  match(refused.text, /value="x{81}"/, "what was typed is kept");
  strictEqual((await post(flow.origin, path, { name: "Mine", userId: "1" }, headers)).status, 422);
  const renamed = await post(flow.origin, path, { name: "Old <phone>" }, headers);
  deepStrictEqual(
    [renamed.status, renamed.headers.get("location")],
    [303, "/account?done=passkey-renamed#passkeys"],
  );
  const { text } = await ask(flow.origin, path, { headers });
  match(text, /Old &lt;phone>/);
  doesNotMatch(text, /Old <phone>/);
}

async function staysWhereNeeded(flow: Flow, bo: Visitor, path: string): Promise<void> {
  const { db, keys } = flow.opened;
  const headers = { cookie: bo.cookie };
  const by = authorAt(flow.clock.nowMs(), { seal: keys.seal });
  ok((await requireSecondFactor(db, by, { roles: ["viewer"], version: 0 })).ok);
  const refused = await post(flow.origin, `${path}/remove`, {}, headers);
  strictEqual(refused.status, 422);
  match(refused.text, /this is your last/);
  strictEqual((await own(flow, bo)).length, 1);
  await withPasskey(flow, bo, "Second");
  strictEqual((await post(flow.origin, `${path}/remove`, {}, headers)).status, 303);
  deepStrictEqual((await own(flow, bo)).map(({ name }) => name), ["Second"]);
  ok((await requireSecondFactor(db, by, { roles: [], version: 1 })).ok);
}

Deno.test("a passkey of one's own is renamed and removed, by its owner alone", async (t) => {
  await withHostName(async (flow) => {
    const bo = await makeVisitor(flow, { name: "bo", role: "viewer" });
    const eve = await makeVisitor(flow, { name: "eve", role: "administrator" });
    await withPasskey(flow, bo);
    const path = `/account/passkeys/${(await own(flow, bo))[0]?.credentialHash}`;
    await t.step("somebody else's does not exist, not even for an administrator", async () => {
      const headers = { cookie: eve.cookie };
      for (const one of [path, "/account/passkeys/x", `/account/passkeys/${"A".repeat(43)}`]) {
        strictEqual((await ask(flow.origin, one, { headers })).status, 404, one);
        strictEqual((await post(flow.origin, one, { name: "Mine" }, headers)).status, 404, one);
        strictEqual((await post(flow.origin, `${one}/remove`, {}, headers)).status, 404, one);
      }
    });
    await t.step("it is renamed, or not with what was typed kept", () => isRenamed(flow, bo, path));
    await t.step(
      "the last one stays where the role must have a second factor",
      () => staysWhereNeeded(flow, bo, path),
    );
    await t.step("the last one goes where nothing requires it, and is written down", async () => {
      const last = `/account/passkeys/${(await own(flow, bo))[0]?.credentialHash}`;
      const removed = await post(flow.origin, `${last}/remove`, {}, { cookie: bo.cookie });
      deepStrictEqual(
        [removed.status, removed.headers.get("location")],
        [303, "/account?done=passkey-removed#passkeys"],
      );
      deepStrictEqual(await own(flow, bo), []);
      deepStrictEqual((await actionsOf(flow))[0], "passkey-removed");
      strictEqual((await ask(flow.origin, last, { headers: { cookie: bo.cookie } })).status, 404);
    });
  });
});

async function comesIn(flow: Flow, cleo: Visitor): Promise<void> {
  const device = await withPasskey(flow, cleo);
  const answer = await signInByPasskey(flow, device, { back: "/sites?q=mill" });
  deepStrictEqual([answer.status, jsonOf(answer)], [200, { to: "/sites?q=mill" }]);
  strictEqual(answer.headers.get("cache-control"), "no-store");
  const cookie = cookiesOf(answer);
  strictEqual((await ask(flow.origin, "/sites", { headers: { cookie } })).status, 200);
  const [entry] = await listAudit(flow.opened.db, 1);
  deepStrictEqual(
    [entry?.action, entry?.actor, entry?.subject, entry?.after],
    ["sign-in", cleo.user.email, `user ${cleo.user.id}`, { by: "passkey" }],
  );
  const now = flow.clock.nowMs();
  strictEqual((await own(flow, cleo))[0]?.lastUsedMs, now);
  strictEqual((await findUser(flow.opened.db, cleo.user.id))?.lastSignInMs, now);
}

async function isFreshThen(flow: Flow, cleo: Visitor): Promise<void> {
  const device = await withPasskey(flow, cleo, "Key");
  const cookie = cookiesOf(await signInByPasskey(flow, device));
  const asked = await postJson({ ...flow, cookie }, "/account/passkeys/options", { name: "More" });
  strictEqual(asked.status, 200, "whoever showed a passkey just now need not type the password");
}

async function countsTries(flow: Flow, cleo: Visitor): Promise<void> {
  const device = await withPasskey(flow, cleo, "Often");
  await flow.clock.advance(600_000);
  for (let n = 0; n < 30; n++) {
    const { credential, cookie } = await answerSignIn(flow, device, { tampered: true });
    strictEqual(
      (await postJson({ ...flow, cookie }, "/sign-in/passkey", { credential })).status,
      422,
      `try ${n}`,
    );
  }
  const { credential, cookie } = await answerSignIn(flow, device);
  const late = await postJson({ ...flow, cookie }, "/sign-in/passkey", { credential, back: "/" });
  strictEqual(late.status, 429);
  const waitS = Number(late.headers.get("retry-after"));
  match(String(titleOf(late)), new RegExp(`Try again in ${waitS} s`));
  for (let n = 31; n < 120; n++) await optionsOf(flow, "/sign-in/passkey/options");
  strictEqual((await postJson(flow, "/sign-in/passkey/options", {})).status, 429, "so are challenges");
  await flow.clock.advance(waitS * 1000);
  strictEqual((await signInByPasskey(flow, device)).status, 200);
}

Deno.test("a passkey alone signs its person in", async (t) => {
  await withHostName(async (flow) => {
    const cleo = await makeVisitor(flow, { name: "cleo", role: "technician" });
    await t.step("to where they wanted to go, and that is written down", () => comesIn(flow, cleo));
    await t.step("which counts as having been there", () => isFreshThen(flow, cleo));
    await t.step("a removed one signs nobody in", async () => {
      const device = await withPasskey(flow, cleo, "Lost");
      const lost = (await own(flow, cleo)).find(({ name }) => name === "Lost");
      const path = `/account/passkeys/${lost?.credentialHash}/remove`;
      strictEqual((await post(flow.origin, path, {}, { cookie: cleo.cookie })).status, 303);
      strictEqual((await signInByPasskey(flow, device)).status, 422);
    });
    await t.step("tries and challenges of an address are counted", () => countsTries(flow, cleo));
  });
});

async function halfDone(flow: Flow, { user }: Visitor): Promise<string> {
  const form = { email: user.email, password: PASSWORD, back: "/sites" };
  const answer = await post(flow.origin, "/sign-in", form);
  deepStrictEqual([answer.status, answer.headers.get("location")], [303, "/sign-in/second-factor"]);
  return cookiesOf(answer);
}

const SECOND = "/sign-in/second-factor/passkey";

Deno.test("a passkey is the second factor of whoever must have one", async (t) => {
  await withHostName(async (flow) => {
    const dana = await makeVisitor(flow, { name: "dana", role: "operator" });
    const device = await withPasskey(flow, dana);
    const by = authorAt(flow.clock.nowMs(), { seal: flow.opened.keys.seal });
    ok((await requireSecondFactor(flow.opened.db, by, { roles: ["operator"], version: 0 })).ok);
    await t.step("after the password it lets them in, to where they wanted to go", async () => {
      const cookie = await halfDone(flow, dana);
      match(
        (await ask(flow.origin, "/sign-in/second-factor", { headers: { cookie } })).text,
        /PasskeySecond/,
      );
      const { options } = await optionsOf({ ...flow, cookie }, `${SECOND}/options`);
      deepStrictEqual(
        (options["allowCredentials"] as { id: string }[]).map(({ id }) => id),
        [device.id],
      );
      const answer = await postJson({ ...flow, cookie }, SECOND, { credential: await device.show(options) });
      deepStrictEqual([answer.status, jsonOf(answer)], [200, { to: "/sites" }]);
      const session = cookiesOf(answer);
      strictEqual((await ask(flow.origin, "/sites", { headers: { cookie: session } })).status, 200);
      const [entry] = await listAudit(flow.opened.db, 1);
      deepStrictEqual([entry?.action, entry?.after], ["sign-in", { by: "second-factor" }]);
    });
    await t.step("a wrong one does not, and five of them end the sign-in", async () => {
      const cookie = await halfDone(flow, dana);
      for (let n = 0; n < 5; n++) {
        const { options } = await optionsOf({ ...flow, cookie }, `${SECOND}/options`);
        const credential = await device.show(options, { tampered: true });
        const answer = await postJson({ ...flow, cookie }, SECOND, { credential });
        deepStrictEqual([answer.status, cookiesOf(answer)], [422, ""], `try ${n}`);
      }
      const { options } = await optionsOf({ ...flow, cookie }, `${SECOND}/options`);
      const right = await postJson({ ...flow, cookie }, SECOND, { credential: await device.show(options) });
      deepStrictEqual([right.status, jsonOf(right)], [200, { to: "/sign-in?over=1" }]);
      strictEqual(cookiesOf(right), "");
      const entries = (await listAudit(flow.opened.db, 1)).map(({ action, after }) => [action, after]);
      deepStrictEqual(entries, [["second-factor-refused", { by: "passkey", why: "not verified" }]]);
    });
    await t.step("without the password before it nothing is asked for", async () => {
      const answer = await postJson(flow, `${SECOND}/options`, {});
      deepStrictEqual([answer.status, jsonOf(answer)], [200, { to: "/sign-in?over=1" }]);
    });
  });
});

Deno.test("where people come by an IP address there are no passkeys, and it is said why", async () => {
  await withFlow({ specs: [], env: { COLLECT: "off" } }, async (flow) => {
    const fay = await makeVisitor(flow, { name: "fay", role: "viewer" });
    const asked = [
      await postJson({ ...flow, cookie: fay.cookie }, "/account/passkeys/options", { name: "Phone" }),
      await postJson(flow, "/sign-in/passkey/options", {}),
      await postJson(flow, "/sign-in/passkey", { credential: {}, back: "/" }),
      await postJson(flow, `${SECOND}/options`, {}),
    ];
    for (const answer of asked) {
      strictEqual(answer.status, 409);
      match(String(titleOf(answer)), /reached by an IP address/);
    }
    doesNotMatch((await ask(flow.origin, "/sign-in")).text, /PasskeySignIn|webauthn/);
  });
});
