/**
 * Attacks on sessions: fixing, forging, stealing and keeping them.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { listAudit } from "../../lib/store/audit.ts";
import { lockUser, setPassword, unlockUser } from "../../lib/store/users.ts";
import { authorAt } from "../fakes/author.ts";
import { ask, post, withFlow } from "../flows/running_product.ts";
import { makeVisitor, signInAs } from "../flows/visitors.ts";
import { alike, type Attack, withstand } from "./attack.ts";
import { type DoorScene, opens, PASSWORD, sessionOf, signIn, WRONG } from "./door.ts";

const SESSIONS: readonly Attack<DoorScene>[] = [
  {
    wants:
      "fix a session before the victim signs in: signing in makes another one, and the fixed one is nobody's",
    async holds(scene) {
      const fixed = `wattpost=${"A".repeat(43)}`;
      const answer = await signIn(scene, { email: scene.victim.user.email, password: PASSWORD }, {
        cookie: fixed,
      });
      strictEqual(answer.status, 303);
      notStrictEqual(sessionOf(answer)?.split(";")[0], fixed);
      strictEqual(await opens(scene, fixed), false);
    },
  },
  {
    wants: "keep the session that was there before signing in: it has ended",
    async holds(scene) {
      const { email } = scene.victim.user;
      const before = await signInAs(scene.flow, email);
      const over = await signIn(scene, { email, password: PASSWORD }, { cookie: before });
      strictEqual(over.status, 303);
      strictEqual(await opens(scene, before), false);
    },
  },
  {
    wants: "come in with a cookie made up: none of any shape opens anything",
    async holds(scene) {
      const [, token = ""] = scene.victim.cookie.split("=");
      const flipped = `${token.startsWith("A") ? "B" : "A"}${token.slice(1)}`;
      const made = [
        "A".repeat(43),
        flipped,
        token.slice(0, -1),
        `${token}A`,
        token.toLowerCase(),
        "",
        "null",
        "__proto__",
        `"${token}"x`,
        "' or 1=1 --",
        "..%2f..%2f",
        "eyJhbGciOiJub25lIn0.eyJzdWIiOjF9.",
        "A".repeat(9_000),
      ];
      for (const value of made) {
        strictEqual(await opens(scene, `wattpost=${value}`), false, value.slice(0, 60));
      }
      ok(await opens(scene, scene.victim.cookie));
    },
  },
  {
    wants: "use what makes a browser known as a session: it opens nothing",
    async holds(scene) {
      const answer = await signIn(scene, { email: scene.victim.user.email, password: PASSWORD });
      const device = /wattpost-device=([^;]+)/.exec(answer.headers.getSetCookie().join())?.[1] ?? "";
      ok(device.length > 20);
      strictEqual(await opens(scene, `wattpost=${device}`), false);
      strictEqual(await opens(scene, `wattpost-device=${device}`), false);
      strictEqual(await opens(scene, `wattpost=${device.split(".").at(-1)}`), false);
    },
  },
  {
    wants: "show a session elsewhere than in its cookie: it is looked for there alone",
    async holds({ flow, victim }) {
      const [, token = ""] = victim.cookie.split("=");
      strictEqual((await ask(flow.origin, `/?wattpost=${token}`)).status, 303);
      strictEqual(
        (await ask(flow.origin, "/", { headers: { authorization: `Bearer ${token}` } })).status,
        303,
      );
      const headers = { authorization: `Bearer ${token}`, cookie: victim.cookie };
      strictEqual((await ask(flow.origin, "/api/v1/sites", { headers })).status, 401);
    },
  },
  {
    wants: "read the cookie by a script, or have it sent along by another site: its flags forbid it",
    async holds(scene) {
      const answer = await signIn(scene, { email: scene.victim.user.email, password: PASSWORD });
      for (const cookie of answer.headers.getSetCookie()) {
        match(cookie, /; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/);
        doesNotMatch(cookie, /Domain=/i);
      }
    },
  },
  {
    wants: "use the session after signing out: it has ended on our side too",
    async holds(scene) {
      const cookie = await signInAs(scene.flow, scene.victim.user.email);
      const out = await post(scene.flow.origin, "/sign-out", {}, { cookie });
      match(out.headers.get("set-cookie") ?? "", /^wattpost=; Path=\/; Max-Age=0;/);
      strictEqual(await opens(scene, cookie), false);
    },
  },
  {
    wants: "sign somebody out from another site: nothing happens",
    async holds(scene) {
      const { flow, victim } = scene;
      const headers = { cookie: victim.cookie, origin: "https://evil.example" };
      strictEqual((await post(flow.origin, "/sign-out", {}, headers)).status, 403);
      strictEqual((await ask(flow.origin, "/sign-out", { headers: { cookie: victim.cookie } })).status, 405);
      ok(await opens(scene, victim.cookie));
    },
  },
  {
    wants: "have the victim signed in as somebody else, from another site: that form is refused",
    async holds(scene) {
      const headers = { origin: "https://evil.example" };
      const answer = await signIn(scene, { email: scene.victim.user.email, password: PASSWORD }, headers);
      deepStrictEqual([answer.status, sessionOf(answer)], [403, undefined]);
    },
  },
  {
    wants: "stay signed in after the password was changed: every session of before has ended",
    async holds(scene) {
      const { flow } = scene;
      const { db, keys, passwords } = flow.opened;
      const visitor = await makeVisitor(flow, { name: "changer", role: "operator" });
      const other = await signInAs(flow, visitor.user.email);
      const hashed = await passwords.hash("quite another long sentence");
      if (!hashed.ok) throw new Error(hashed.error);
      const by = authorAt(flow.clock.nowMs(), { seal: keys.seal });
      const change = {
        userId: visitor.user.id,
        passwordHash: hashed.value,
        action: "password-changed",
      } as const;
      await setPassword(db, by, change);
      for (const cookie of [visitor.cookie, other]) strictEqual(await opens(scene, cookie), false);
      strictEqual(
        (await signIn(scene, { email: visitor.user.email, password: PASSWORD })).status,
        422,
        "the old one",
      );
      await signInAs(flow, visitor.user.email, "quite another long sentence");
    },
  },
  {
    wants: "stay signed in, or come back, while locked: is out at once, and is told no more than a stranger",
    async holds(scene) {
      const { flow } = scene;
      const { db, keys } = flow.opened;
      const visitor = await makeVisitor(flow, { name: "locked", role: "operator" });
      const { id, email } = visitor.user;
      const headers = { authorization: `Bearer ${visitor.token}` };
      const by = authorAt(flow.clock.nowMs(), { seal: keys.seal });
      strictEqual((await ask(flow.origin, "/api/v1/sites", { headers })).status, 200);
      ok((await lockUser(db, by, id)).ok);
      strictEqual(await opens(scene, visitor.cookie), false);
      strictEqual((await ask(flow.origin, "/api/v1/sites", { headers })).status, 401, "the token too");
      const right = await signIn(scene, { email, password: PASSWORD });
      deepStrictEqual(alike(right), alike(await signIn(scene, { email })), "the right password says nothing");
      ok((await unlockUser(db, by, id)).ok);
      strictEqual(await opens(scene, visitor.cookie), false, "what ended stays ended");
    },
  },
  {
    wants: "use a stolen cookie tomorrow: it ends after twelve hours without a request",
    async holds(scene) {
      const cookie = await signInAs(scene.flow, scene.victim.user.email);
      ok(await opens(scene, cookie));
      await scene.flow.clock.advance(12 * 3_600_000);
      strictEqual(await opens(scene, cookie), false);
    },
  },
  {
    wants: "find passwords or sessions in the log or the audit trail: they are in neither",
    async holds({ flow, victim }) {
      const [, token = "-"] = victim.cookie.split("=");
      const written = JSON.stringify(flow.lines) + JSON.stringify(await listAudit(flow.opened.db, 1_000));
      for (const secret of [PASSWORD, WRONG, token, victim.token]) ok(!written.includes(secret), secret);
    },
  },
];

Deno.test("attacks on sessions", async (t) => {
  await withFlow({ specs: [], env: { COLLECT: "off" } }, async (flow) => {
    await withstand(
      t,
      { flow, victim: await makeVisitor(flow, { name: "victim", role: "operator" }) },
      SESSIONS,
    );
    await t.step("nothing of it was an error of ours", () => {
      deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
    });
  });
});
