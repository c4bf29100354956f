/**
 * Attacks by somebody who has learnt a password, on the step that stands behind it.
 *
 * @module
 */

import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { newSeed } from "../../lib/auth/totp.ts";
import { listAudit } from "../../lib/store/audit.ts";
import { endAllSessions, findUser, lockUser, unlockUser } from "../../lib/store/users.ts";
import { authorAt } from "../fakes/author.ts";
import { type Answer, ask, type Flow, post, withFlow } from "../flows/running_product.ts";
import {
  codeAt,
  cookieIn,
  giveApp,
  halfIn,
  requireFactor,
  shownCodes,
  shownSeed,
  typeCode,
  wrongCode,
} from "../flows/second_steps.ts";
import { makeVisitor, type Visitor } from "../flows/visitors.ts";
import { type Attack, withstand } from "./attack.ts";
import { opens } from "./door.ts";

const RECOVERY = "4K7Q-0M2B-XR9D-H6TV";
const STEP = "/sign-in/second-factor";
const SET_UP = "/sign-in/set-up";
const OVER = "/sign-in?over=1";

interface Scene {
  readonly flow: Flow;
  /** Somebody with an app. */
  readonly victim: Visitor;
  /** Of the app. */
  readonly seed: string;
  /** Whoever's role must have an app and who has none. */
  readonly newcomer: Visitor;
}

/** Somebody new with an app, so that what one attack counts does not stop the next. */
async function another(
  flow: Flow,
  name: string,
): Promise<{ readonly visitor: Visitor; readonly seed: string }> {
  const visitor = await makeVisitor(flow, { name, role: "viewer" });
  return { visitor, seed: await giveApp(flow, visitor.user, RECOVERY) };
}

const place = ({ status, headers }: Answer) => [status, headers.get("location")];

const ATTACKS: readonly Attack<Scene>[] = [
  {
    wants: "come in by the password alone: what it gives opens no page, no stream and no program's door",
    async holds(scene) {
      const { flow, victim } = scene;
      const { answer, cookie } = await halfIn(flow, victim.user.email);
      strictEqual(cookieIn(answer, "wattpost"), undefined);
      strictEqual(
        cookieIn(answer, "wattpost-device"),
        undefined,
        "the browser is not known by half a sign-in",
      );
      strictEqual(await opens(scene, cookie), false);
      const [, token = ""] = cookie.split("=");
      strictEqual(await opens(scene, `wattpost=${token}`), false, "nor as a session");
      strictEqual((await ask(flow.origin, "/api/live", { headers: { cookie } })).status, 401);
      const headers = { authorization: `Bearer ${token}` };
      strictEqual((await ask(flow.origin, "/api/v1/sites", { headers })).status, 401);
    },
  },
  {
    wants: "skip the step by going straight to a page, or to where it would lead",
    async holds({ flow, victim }) {
      const { cookie } = await halfIn(flow, victim.user.email);
      for (const path of ["/", "/sites", "/account/second-factor", "/admin/people", "/account/tokens"]) {
        const { status, headers } = await ask(flow.origin, path, { headers: { cookie } });
        strictEqual(status, 303, path);
        match(headers.get("location") ?? "", /^\/sign-in/, path);
      }
      deepStrictEqual(
        place(await post(flow.origin, "/account/second-factor", { do: "begin" }, { cookie }))[0],
        401,
      );
    },
  },
  {
    wants: "take the step without the password: no cookie, a made-up one, and a session's open nothing",
    async holds({ flow, victim, seed }) {
      const code = codeAt(seed, flow.clock.nowMs());
      for (const cookie of ["", `wattpost-pending=${"A".repeat(43)}`, "wattpost-pending=", victim.cookie]) {
        deepStrictEqual(place(await typeCode(flow, code, cookie)), [303, OVER], cookie);
        deepStrictEqual(place(await ask(flow.origin, STEP, { headers: { cookie } })), [303, OVER], cookie);
        deepStrictEqual(place(await ask(flow.origin, SET_UP, { headers: { cookie } })), [303, OVER], cookie);
      }
    },
  },
  {
    wants: "set up an app of their own on the way in of somebody who has one",
    async holds({ flow, victim }) {
      const { cookie } = await halfIn(flow, victim.user.email);
      deepStrictEqual(place(await ask(flow.origin, SET_UP, { headers: { cookie } })), [303, OVER]);
      deepStrictEqual(place(await typeCode(flow, "123456", cookie, SET_UP)), [303, OVER]);
    },
  },
  {
    wants: "guess the code in one go: after five tries the password is asked for again",
    async holds({ flow }) {
      const { visitor, seed } = await another(flow, "guessed");
      const { cookie } = await halfIn(flow, visitor.user.email);
      for (let n = 0; n < 5; n++) {
        strictEqual((await typeCode(flow, wrongCode(seed, flow.clock.nowMs()), cookie)).status, 422);
      }
      deepStrictEqual(place(await typeCode(flow, codeAt(seed, flow.clock.nowMs()), cookie)), [303, OVER]);
    },
  },
  {
    wants: "guess the code by beginning again and again: ten tries in ten minutes, then nobody new is heard",
    async holds({ flow }) {
      const { visitor, seed } = await another(flow, "guessed-again");
      const statuses: number[] = [];
      for (let n = 0; n < 3; n++) {
        const { cookie } = await halfIn(flow, visitor.user.email);
        for (let k = 0; k < 5; k++) {
          statuses.push((await typeCode(flow, wrongCode(seed, flow.clock.nowMs()), cookie)).status);
        }
      }
      deepStrictEqual(statuses, [...Array(10).fill(422), ...Array(5).fill(429)]);
      const { cookie } = await halfIn(flow, visitor.user.email);
      const late = await typeCode(flow, codeAt(seed, flow.clock.nowMs()), cookie);
      strictEqual(late.status, 429);
      ok(Number(late.headers.get("retry-after")) > 0);
    },
  },
  {
    wants: "keep the owner out by guessing: the browser they know has tries of its own",
    async holds(scene) {
      const { flow } = scene;
      const { visitor, seed } = await another(flow, "kept-out");
      const first = await halfIn(flow, visitor.user.email);
      const came = await typeCode(flow, codeAt(seed, flow.clock.nowMs()), first.cookie);
      const device = cookieIn(came, "wattpost-device") ?? "";
      for (let n = 0; n < 2; n++) {
        const { cookie } = await halfIn(flow, visitor.user.email);
        for (let k = 0; k < 5; k++) await typeCode(flow, wrongCode(seed, flow.clock.nowMs()), cookie);
      }
      await flow.clock.advance(30_000);
      const { cookie } = await halfIn(flow, visitor.user.email, device);
      const code = codeAt(seed, flow.clock.nowMs());
      strictEqual((await typeCode(flow, code, `${cookie}; ${device}`)).status, 303);
    },
  },
  {
    wants: "keep the owner out by half sign-ins with the password: the browser they know comes in",
    async holds({ flow }) {
      const { visitor, seed } = await another(flow, "half-in");
      const first = await halfIn(flow, visitor.user.email);
      const came = await typeCode(flow, codeAt(seed, flow.clock.nowMs()), first.cookie);
      const device = cookieIn(came, "wattpost-device") ?? "";
      const statuses: number[] = [];
      for (let n = 0; n < 30; n++) statuses.push((await halfIn(flow, visitor.user.email)).answer.status);
      strictEqual(statuses.at(-1), 429);
      await flow.clock.advance(30_000);
      const { cookie } = await halfIn(flow, visitor.user.email, device);
      const code = codeAt(seed, flow.clock.nowMs());
      strictEqual((await typeCode(flow, code, `${cookie}; ${device}`)).status, 303);
    },
  },
  {
    wants: "guess with many tries at the same moment: no more than five are looked at",
    async holds({ flow }) {
      const { visitor, seed } = await another(flow, "raced");
      const { cookie } = await halfIn(flow, visitor.user.email);
      const wrong = wrongCode(seed, flow.clock.nowMs());
      const answers = await Promise.all(Array.from({ length: 20 }, () => typeCode(flow, wrong, cookie)));
      const looked = answers.filter(({ status }) => status === 422).length;
      ok(looked <= 5, `${looked} were looked at`);
    },
  },
  {
    wants: "use a code that was seen over a shoulder: it works once, and so do those before it",
    async holds({ flow }) {
      const { visitor, seed } = await another(flow, "watched");
      const nowMs = flow.clock.nowMs();
      const first = await halfIn(flow, visitor.user.email);
      strictEqual((await typeCode(flow, codeAt(seed, nowMs), first.cookie)).status, 303);
      const second = await halfIn(flow, visitor.user.email);
      for (const ms of [0, -30_000]) {
        strictEqual((await typeCode(flow, codeAt(seed, nowMs + ms), second.cookie)).status, 422);
      }
    },
  },
  {
    wants: "use one code twice at the same moment: one of two comes in",
    async holds({ flow }) {
      const { visitor, seed } = await another(flow, "doubled");
      const [one, other] = [await halfIn(flow, visitor.user.email), await halfIn(flow, visitor.user.email)];
      const code = codeAt(seed, flow.clock.nowMs());
      const answers = await Promise.all([one, other].map(({ cookie }) => typeCode(flow, code, cookie)));
      deepStrictEqual(answers.map(({ status }) => status).sort(), [303, 422]);
    },
  },
  {
    wants: "use a code of before or after its time: one that is a minute old or to come is refused",
    async holds({ flow }) {
      const { visitor, seed } = await another(flow, "late");
      const { cookie } = await halfIn(flow, visitor.user.email);
      for (const ms of [-90_000, 90_000]) {
        strictEqual((await typeCode(flow, codeAt(seed, flow.clock.nowMs() + ms), cookie)).status, 422);
      }
    },
  },
  {
    wants: "use another person's code or recovery code: they are their owner's alone",
    async holds({ flow, seed }) {
      const { visitor } = await another(flow, "neighbour");
      const { user } = await makeVisitor(flow, { name: "owner", role: "viewer" });
      await giveApp(flow, user, "0000-1111-2222-3333");
      const { cookie } = await halfIn(flow, visitor.user.email);
      for (const code of [codeAt(seed, flow.clock.nowMs()), "0000-1111-2222-3333"]) {
        strictEqual((await typeCode(flow, code, cookie)).status, 422, code);
      }
    },
  },
  {
    wants: "use a recovery code twice: it works once, also at the same moment",
    async holds({ flow }) {
      const { visitor } = await another(flow, "recovering");
      const [one, other] = [await halfIn(flow, visitor.user.email), await halfIn(flow, visitor.user.email)];
      const answers = await Promise.all([one, other].map(({ cookie }) => typeCode(flow, RECOVERY, cookie)));
      deepStrictEqual(answers.map(({ status }) => status).sort(), [303, 422]);
    },
  },
  {
    wants: "go on with half a sign-in after the owner was locked, or signed out everywhere",
    async holds({ flow }) {
      const { visitor, seed } = await another(flow, "ended");
      const { db, keys } = flow.opened;
      const by = authorAt(flow.clock.nowMs(), { seal: keys.seal });
      const ends = [
        () => endAllSessions(db, by, visitor.user.id),
        async () => {
          await lockUser(db, by, visitor.user.id);
          await unlockUser(db, by, visitor.user.id);
        },
      ];
      for (const end of ends) {
        const { cookie } = await halfIn(flow, visitor.user.email);
        await end();
        deepStrictEqual(place(await typeCode(flow, codeAt(seed, flow.clock.nowMs()), cookie)), [303, OVER]);
      }
    },
  },
  {
    wants: "go on with half a sign-in tomorrow: it is over after five minutes",
    async holds({ flow }) {
      const { visitor, seed } = await another(flow, "tomorrow");
      const { cookie } = await halfIn(flow, visitor.user.email);
      await flow.clock.advance(5 * 60_000);
      deepStrictEqual(place(await typeCode(flow, codeAt(seed, flow.clock.nowMs()), cookie)), [303, OVER]);
    },
  },
  {
    wants: "come in again by what is left of half a sign-in that was done",
    async holds({ flow }) {
      const { visitor, seed } = await another(flow, "done");
      const { cookie } = await halfIn(flow, visitor.user.email);
      strictEqual((await typeCode(flow, codeAt(seed, flow.clock.nowMs()), cookie)).status, 303);
      await flow.clock.advance(60_000);
      deepStrictEqual(place(await typeCode(flow, codeAt(seed, flow.clock.nowMs()), cookie)), [303, OVER]);
    },
  },
  {
    wants:
      "put an app of their own on a newcomer's way in: the picture is of the browser that has the password",
    async holds({ flow, newcomer }) {
      const mine = newSeed();
      const { cookie } = await halfIn(flow, newcomer.user.email);
      const theirs = await shownSeed(flow, SET_UP, cookie);
      const nowMs = flow.clock.nowMs();
      strictEqual((await typeCode(flow, codeAt(mine, nowMs), cookie, SET_UP)).status, 422);
      const given = { code: codeAt(mine, nowMs), seed: mine };
      strictEqual((await post(flow.origin, SET_UP, given, { cookie })).status, 422, "unknown fields");
      const other = await halfIn(flow, newcomer.user.email);
      notStrictEqual(await shownSeed(flow, SET_UP, other.cookie), theirs, "another browser has its own");
      strictEqual((await typeCode(flow, codeAt(theirs, nowMs), other.cookie, SET_UP)).status, 422);
      strictEqual((await findUser(flow.opened.db, newcomer.user.id))?.secondFactor, false);
    },
  },
  {
    wants: "set up two apps with one picture at the same moment: one of two is taken",
    async holds({ flow }) {
      const { user } = await makeVisitor(flow, { name: "two-apps", role: "technician" });
      const { cookie } = await halfIn(flow, user.email);
      const code = codeAt(await shownSeed(flow, SET_UP, cookie), flow.clock.nowMs());
      const answers = await Promise.all([1, 2, 3].map(() => typeCode(flow, code, cookie, SET_UP)));
      strictEqual(answers.filter((answer) => shownCodes(answer).length > 0).length, 1);
    },
  },
  {
    wants: "be led elsewhere after the step: the way back stays on our pages",
    async holds({ flow }) {
      const { visitor, seed } = await another(flow, "led-away");
      const form = { email: visitor.user.email, password: "a sentence that is long enough" };
      const answer = await post(flow.origin, "/sign-in", { ...form, back: "//evil.example/" });
      const cookie = cookieIn(answer, "wattpost-pending") ?? "";
      const came = await typeCode(flow, codeAt(seed, flow.clock.nowMs()), cookie);
      deepStrictEqual(place(came), [303, "/"]);
    },
  },
  {
    wants: "post the step from another site: it is refused for where it comes from",
    async holds({ flow, victim, seed }) {
      const { cookie } = await halfIn(flow, victim.user.email);
      const code = codeAt(seed, flow.clock.nowMs());
      const answer = await post(flow.origin, STEP, { code }, { cookie, origin: "https://evil.example" });
      strictEqual(answer.status, 403);
    },
  },
  {
    wants: "read the half-done sign-in from a script: its cookie is for the server alone",
    async holds({ flow, victim }) {
      const { answer } = await halfIn(flow, victim.user.email);
      const set = answer.headers.getSetCookie().find((one) => one.startsWith("wattpost-pending=")) ?? "";
      match(set, /; Path=\/; Max-Age=300; HttpOnly; SameSite=Lax/);
    },
  },
  {
    wants: "find seeds, codes or recovery codes in the log or the trail: they are in neither",
    async holds({ flow, seed }) {
      const trail = JSON.stringify(await listAudit(flow.opened.db, 1_000));
      const written = JSON.stringify(flow.lines) + trail;
      for (const secret of [seed, RECOVERY, RECOVERY.replaceAll("-", ""), codeAt(seed, flow.clock.nowMs())]) {
        ok(!written.includes(secret), secret);
      }
      match(trail, /second-factor-refused/, "what was refused is written down");
    },
  },
];

Deno.test("attacks on the second step of signing in", async (t) => {
  await withFlow({ specs: [], env: { COLLECT: "off" } }, async (flow) => {
    const { visitor: victim, seed } = await another(flow, "victim");
    const newcomer = await makeVisitor(flow, { name: "newcomer", role: "technician" });
    await requireFactor(flow, ["technician"]);
    await withstand(t, { flow, victim, seed, newcomer }, ATTACKS);
    await t.step("nothing of it was an error of ours", () => {
      deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
    });
  });
});
