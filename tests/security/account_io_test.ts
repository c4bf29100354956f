/**
 * Attacks on the page of one's own account: by somebody who sits down at a browser that was left open, or who is
 * signed in as somebody else.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { FRESH_MS } from "../../lib/auth/session.ts";
import { listAudit } from "../../lib/store/audit.ts";
import { findUserByEmail, type User } from "../../lib/store/users.ts";
import { type Answer, ask, post, withFlow } from "../flows/running_product.ts";
import { makeVisitor, signInAs, type Visitor } from "../flows/visitors.ts";
import { type Attack, withstand } from "./attack.ts";
import { type DoorScene, type Form, opens, PASSWORD, WRONG } from "./door.ts";

const NEXT = "quite another long sentence";

const FROM_ELSEWHERE = { origin: "https://evil.example" };

interface Scene extends DoorScene {
  readonly attacker: Visitor;
}

const send = ({ flow }: Scene, cookie: string, [path, form]: readonly [string, Form], headers: Form = {}) =>
  post(flow.origin, path, form, { cookie, ...headers });

const get = ({ flow }: Scene, cookie: string, path: string): Promise<Answer> =>
  ask(flow.origin, path, { headers: { cookie } });

async function victimNow({ flow, victim }: Scene): Promise<User | undefined> {
  return (await findUserByEmail(flow.opened.db, victim.user.email))?.user;
}

/** What names another session of somebody on their page. */
async function sessionIn(scene: Scene, cookie: string): Promise<string> {
  const { text } = await get(scene, cookie, "/account");
  return /action="\/account\/sessions\/([\w-]{22})"/.exec(text)?.[1] ?? "";
}

/** Every way to change an account, as a form would. */
const CHANGES: readonly (readonly [string, Form])[] = [
  ["/account", { name: "Mallory" }],
  ["/account/password", { old: PASSWORD, password: NEXT }],
  ["/account/email", { email: "mallory@evil.example" }],
  ["/account/sessions", { end: "others" }],
  ["/account/confirm", { password: PASSWORD, back: "/account" }],
];

const AT_THE_BROWSER: readonly Attack<Scene>[] = [
  {
    wants: "change the e-mail from a browser left open: the password is asked for first, and nothing is sent",
    async holds(scene) {
      const { cookie } = scene.victim;
      await scene.flow.clock.advance(FRESH_MS);
      const change = ["/account/email", { email: "mallory@evil.example" }] as const;
      for (const answer of [await get(scene, cookie, change[0]), await send(scene, cookie, change)]) {
        strictEqual(answer.status, 303);
        match(answer.headers.get("location") ?? "", /^\/account\/confirm\?/);
        doesNotMatch(answer.text, /mallory/);
      }
      const actions = (await listAudit(scene.flow.opened.db, 20)).map(({ action }) => action);
      ok(!actions.includes("email-change-asked"));
    },
  },
  {
    wants:
      "become trusted again by whatever asks for no password: a name, other sessions, a wrong one do not do",
    async holds(scene) {
      const { cookie } = scene.victim;
      for (
        const step of [
          ["/account", { name: "Victim" }],
          ["/account/sessions", { end: "others" }],
          ["/account/confirm", { password: WRONG, back: "/account/email" }],
          ["/account/confirm", { password: "", back: "/account/email" }],
          ["/account/confirm", { back: "/account/email", confirmed: "1" }],
        ] as const
      ) await send(scene, cookie, step);
      strictEqual((await get(scene, cookie, "/account/email")).status, 303);
    },
  },
  {
    wants:
      "change the password without knowing the old one: refused and written down, whatever is sent for it",
    async holds(scene) {
      const { cookie, user } = scene.victim;
      for (const form of [{}, { old: "" }, { old: WRONG }, { old: NEXT }, { old: PASSWORD.toUpperCase() }]) {
        const answer = await send(scene, cookie, ["/account/password", { password: NEXT, ...form }]);
        strictEqual(answer.status, 422, JSON.stringify(form));
        deepStrictEqual(answer.headers.getSetCookie(), []);
      }
      const [newest] = await listAudit(scene.flow.opened.db, 1);
      deepStrictEqual([newest?.action, newest?.subject], ["confirmation-refused", `user ${user.id}`]);
      await signInAs(scene.flow, user.email);
    },
  },
  {
    wants: "guess the password at either form: both count together, and ten are enough",
    async holds(scene) {
      const { cookie } = scene.victim;
      await scene.flow.clock.advance(FRESH_MS);
      const guesses = [
        ["/account/confirm", { password: WRONG, back: "/account" }],
        ["/account/password", { old: WRONG, password: NEXT }],
      ] as const;
      const statuses: number[] = [];
      for (let n = 0; n < 12; n++) {
        statuses.push((await send(scene, cookie, guesses[n % 2] ?? guesses[0])).status);
      }
      deepStrictEqual(statuses, [...Array<number>(10).fill(422), 429, 429]);
      const right = await send(scene, cookie, ["/account/password", { old: PASSWORD, password: NEXT }]);
      strictEqual(right.status, 429, "the right one says no more");
      await scene.flow.clock.advance(FRESH_MS);
    },
  },
];

const FROM_AFAR: readonly Attack<Scene>[] = [
  {
    wants: "end another person's session by its id: to them it does not exist",
    async holds(scene) {
      const { flow, victim, attacker } = scene;
      const elsewhere = await signInAs(flow, victim.user.email);
      const id = await sessionIn(scene, victim.cookie);
      strictEqual(id.length, 22);
      strictEqual((await send(scene, attacker.cookie, [`/account/sessions/${id}`, {}])).status, 404);
      for (const cookie of [victim.cookie, elsewhere]) ok(await opens(scene, cookie));
    },
  },
  {
    wants: "come in by the id that names a session on its page: it opens nothing",
    async holds(scene) {
      await signInAs(scene.flow, scene.victim.user.email);
      const id = await sessionIn(scene, scene.victim.cookie);
      for (const token of [id, `${id}${"A".repeat(21)}`]) {
        strictEqual(await opens(scene, `wattpost=${token}`), false);
      }
    },
  },
  {
    wants: "change somebody else's account by naming it in a form: no such field is taken",
    async holds(scene) {
      const { victim, attacker } = scene;
      const before = await victimNow(scene);
      const more = {
        userId: String(victim.user.id),
        user: String(victim.user.id),
        id: String(victim.user.id),
      };
      for (const [path, form] of CHANGES) {
        for (const [field, value] of Object.entries(more)) {
          const answer = await send(scene, attacker.cookie, [path, { ...form, [field]: value }]);
          ok([303, 422].includes(answer.status), `${path} answers ${answer.status}`);
          doesNotMatch(answer.headers.get("location") ?? "", /done/);
        }
      }
      deepStrictEqual(await victimNow(scene), before);
      ok(await opens(scene, victim.cookie));
    },
  },
  {
    wants: "make oneself administrator with one's name: no such field is taken",
    async holds(scene) {
      const { attacker, flow } = scene;
      const grabs = [{ role: "administrator" }, { reach: "all" }, { email: "root@evil.example" }];
      for (const more of grabs) {
        const form = { name: "Mallory", ...more };
        strictEqual((await send(scene, attacker.cookie, ["/account", form])).status, 422);
      }
      const now = await findUserByEmail(flow.opened.db, attacker.user.email);
      deepStrictEqual([now?.user.role, now?.user.name], ["viewer", attacker.user.name]);
    },
  },
  {
    wants: "have the victim's browser change the account from another site: every form is refused",
    async holds(scene) {
      const before = await victimNow(scene);
      const forms = [...CHANGES, [`/account/sessions/${"A".repeat(22)}`, {}] as const];
      for (const form of forms) {
        strictEqual((await send(scene, scene.victim.cookie, form, FROM_ELSEWHERE)).status, 403, form[0]);
      }
      deepStrictEqual(await victimNow(scene), before);
    },
  },
  {
    wants: "be led from the password to another site: it goes on to our own pages alone",
    async holds(scene) {
      for (
        const back of [
          "https://evil.example",
          "//evil.example",
          "/\\evil.example",
          "/\t/evil.example",
          "javascript:alert(1)",
        ]
      ) {
        const form = { password: PASSWORD, back };
        const answer = await send(scene, scene.attacker.cookie, ["/account/confirm", form]);
        doesNotMatch(answer.headers.get("location") ?? "", /evil|script/, back);
        doesNotMatch(answer.text, /(href|action)="[^"]*(evil|script:)/, back);
      }
    },
  },
];

Deno.test("attacks on the page of one's own account", async (t) => {
  await withFlow({ specs: [], env: { COLLECT: "off" } }, async (flow) => {
    const victim = await makeVisitor(flow, { name: "victim", role: "operator" });
    const attacker = await makeVisitor(flow, { name: "attacker", role: "viewer" });
    await withstand(t, { flow, victim, attacker }, FROM_AFAR);
    await withstand(t, { flow, victim, attacker }, AT_THE_BROWSER);
    await t.step("nothing of it was an error of ours", () => {
      deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
    });
  });
});
