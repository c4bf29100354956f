/**
 * Attacks by somebody who sits down at a browser that an administrator left open: what would give them an account of
 * their own, or somebody else's, asks for the password first.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, match, strictEqual } from "node:assert/strict";
import { FRESH_MS } from "../../lib/auth/session.ts";
import { listAudit } from "../../lib/store/audit.ts";
import { readMailServer } from "../../lib/store/mail_settings.ts";
import { readRequiredRoles } from "../../lib/store/second_factor_setting.ts";
import { findUserAnyState, findUserByEmail, userVersion } from "../../lib/store/users.ts";
import { type Answer, ask, type Flow, post, withFlow } from "../flows/running_product.ts";
import { giveApp } from "../flows/second_steps.ts";
import { makeVisitor, signInAs, type Visitor } from "../flows/visitors.ts";
import { type Attack, withstand } from "./attack.ts";
import { type Form, opens, PASSWORD } from "./door.ts";

const PEOPLE = "/admin/people";
const SECURITY = "/admin/security";

const MALLORY: Form = {
  email: "mallory@evil.example",
  name: "Mallory",
  role: "administrator",
  reach: "all",
  find: "",
  do: "save",
};

interface Scene {
  readonly flow: Flow;
  /** Whose browser it is. */
  readonly admin: Visitor;
  /** Somebody with an app. */
  readonly victim: Visitor;
}

const send = ({ flow, admin }: Scene, path: string, form: Form = {}): Promise<Answer> =>
  post(flow.origin, path, form, { cookie: admin.cookie });

const get = ({ flow, admin }: Scene, path: string): Promise<Answer> =>
  ask(flow.origin, path, { headers: { cookie: admin.cookie } });

/** The password is asked for, and nothing else is told. */
function asksFirst({ status, headers, text }: Answer, back: string): void {
  strictEqual(status, 303, back);
  strictEqual(headers.get("location"), `/account/confirm?back=${encodeURIComponent(back)}`);
  doesNotMatch(text, /token/);
}

const stored = ({ flow, victim }: Scene) => findUserAnyState(flow.opened.db, victim.user.id);

const ATTACKS: readonly Attack<Scene>[] = [
  {
    wants: "invite themselves as administrator and read the link: neither form nor link is shown",
    async holds(scene) {
      const path = `${PEOPLE}/invite`;
      asksFirst(await get(scene, path), path);
      asksFirst(await send(scene, path, MALLORY), path);
      strictEqual(await findUserByEmail(scene.flow.opened.db, "mallory@evil.example"), null);
    },
  },
  {
    wants: "make an accomplice an administrator, or give them another reach: nothing is changed",
    async holds(scene) {
      const before = await stored(scene);
      const version = before ? userVersion(before) : "";
      const path = `${PEOPLE}/${scene.victim.user.id}`;
      const { email: _, ...form } = MALLORY;
      asksFirst(await send(scene, path, { ...form, version }), path);
      deepStrictEqual(await stored(scene), before);
    },
  },
  {
    wants: "take the second factor from somebody whose password they know, or lock them out: nothing happens",
    async holds(scene) {
      const before = await stored(scene);
      const person = `${PEOPLE}/${scene.victim.user.id}`;
      for (const act of ["remove-second-factor", "lock", "end-sessions"]) {
        asksFirst(await get(scene, `${person}/${act}`), `${person}/${act}`);
        asksFirst(await send(scene, `${person}/${act}`), `${person}/${act}`);
      }
      for (const act of ["unlock", "resend"]) asksFirst(await send(scene, `${person}/${act}`), person);
      deepStrictEqual(await stored(scene), before);
      strictEqual(await opens(scene, scene.victim.cookie), true);
    },
  },
  {
    wants: "switch second factors off or on for a role: neither the form is shown nor is it taken",
    async holds(scene) {
      asksFirst(await get(scene, SECURITY), SECURITY);
      asksFirst(await send(scene, SECURITY, { "role-viewer": "on", version: "0" }), SECURITY);
      deepStrictEqual((await readRequiredRoles(scene.flow.opened.db)).value, []);
    },
  },
  {
    wants: "have every letter with a link sent through a mail server of theirs: nothing is changed",
    async holds(scene) {
      const path = "/admin/mail";
      asksFirst(await get(scene, path), path);
      asksFirst(await send(scene, path, { form: "mail", host: "mail.evil.example" }), path);
      asksFirst(await send(scene, path, { form: "mail-test" }), path);
      deepStrictEqual((await readMailServer(scene.flow.opened.db)).value, null);
    },
  },
  {
    wants: "open networks of ours to be dialled: nothing is changed",
    async holds(scene) {
      const path = "/admin/networks";
      asksFirst(await get(scene, path), path);
      asksFirst(await send(scene, path, { networks: "10.0.0.0/8", ports: "502", version: "0" }), path);
      asksFirst(await send(scene, path, { own: "198.51.100.7", version: "0" }), path);
    },
  },
  {
    wants: "leave a trace of nothing: the trail has no act of theirs, because there was none",
    async holds({ flow }) {
      const acts = [
        "user-invited",
        "user-changed",
        "user-locked",
        "second-factor-removed",
        "setting-changed",
      ];
      const done = (await listAudit(flow.opened.db, 1_000)).map(({ action }) => action);
      deepStrictEqual(done.filter((action) => acts.includes(action)), []);
    },
  },
];

Deno.test("attacks at a browser that an administrator left open", async (t) => {
  await withFlow({ specs: [], env: { COLLECT: "off" } }, async (flow) => {
    const admin = await makeVisitor(flow, { name: "admin", role: "administrator" });
    const victim = await makeVisitor(flow, { name: "victim", role: "operator" });
    await giveApp(flow, victim.user, "4K7Q-0M2B-XR9D-H6TV");
    await flow.clock.advance(FRESH_MS);
    const scene = { flow, admin, victim };
    await withstand(t, scene, ATTACKS);
    await t.step("whoever types the password goes on where they were", async () => {
      const path = `${PEOPLE}/${victim.user.id}/remove-second-factor`;
      const confirmed = await send(scene, "/account/confirm", { password: PASSWORD, back: path });
      deepStrictEqual([confirmed.status, confirmed.headers.get("location")], [303, path]);
      match((await get(scene, path)).text, /Remove the second factor of victim\?/);
      strictEqual((await send(scene, path)).headers.get("location"), path.replace(/\/([\w-]+)$/, "?done=$1"));
      strictEqual((await stored(scene))?.secondFactor, false);
      await signInAs(flow, victim.user.email);
    });
    deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
  });
});
