/**
 * Attacks on the door: guessing passwords, and learning who has one.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { sql } from "kysely";
import { listAudit } from "../../lib/store/audit.ts";
import { createUser, lockUser, unlockUser } from "../../lib/store/users.ts";
import { authorAt } from "../fakes/author.ts";
import { ACCOUNT, type Answer, ask, type Flow, post, withFlow } from "../flows/running_product.ts";
import { cookieIn } from "../flows/second_steps.ts";
import { makeVisitor } from "../flows/visitors.ts";
import { alike, type Attack, raw, request, timed, withstand } from "./attack.ts";
import { type DoorScene, opens, PASSWORD, sessionOf, signIn } from "./door.ts";

const WINDOW_MS = 600_000;

/** Statuses of so many tries, each with its own name. */
async function statuses(count: number, tryOnce: (n: number) => Promise<Answer>): Promise<readonly number[]> {
  const found: number[] = [];
  for (let n = 0; n < count; n++) found.push((await tryOnce(n)).status);
  return found;
}

/** Does something while another program writes the database. */
async function whileLocked<T>({ opened }: Flow, work: () => Promise<T>): Promise<T> {
  const { rows } = await sql<{ readonly file: string }>`pragma database_list`.execute(opened.db.reader);
  const other = new DatabaseSync(rows[0]?.file ?? "");
  try {
    other.exec("begin immediate");
    return await work();
  } finally {
    other.close();
  }
}

const GUESSES: readonly Attack<DoorScene>[] = [
  {
    wants: "guess a password: is stopped after ten tries, also with the right one, and told until when",
    async holds(scene) {
      const { email } = scene.victim.user;
      deepStrictEqual(await statuses(10, () => signIn(scene, { email })), Array(10).fill(422));
      const late = await signIn(scene, { email, password: PASSWORD });
      strictEqual(late.status, 429);
      ok(Number(late.headers.get("retry-after")) >= 1);
      strictEqual(sessionOf(late), undefined);
    },
  },
  {
    wants: "guess on with cookies of browsers from before a lock: none of them is known any more",
    async holds(scene) {
      const { flow } = scene;
      const { user } = await makeVisitor(flow, { name: "locked", role: "viewer" });
      const { email } = user;
      const devices: string[] = [];
      for (let n = 0; n < 3; n++) {
        const answer = await signIn(scene, { email, password: PASSWORD });
        devices.push(cookieIn(answer, "wattpost-device") ?? "");
      }
      const by = authorAt(flow.clock.nowMs(), { seal: flow.opened.keys.seal });
      await lockUser(flow.opened.db, by, user.id);
      await unlockUser(flow.opened.db, by, user.id);
      const tried = await statuses(12, (n) => signIn(scene, { email }, { cookie: devices[n % 3] ?? "" }));
      deepStrictEqual(tried, [...Array(10).fill(422), 429, 429]);
    },
  },
  {
    wants: "guess on under other spellings of the name: they count as one",
    async holds(scene) {
      const { email } = scene.victim.user;
      const spellings = [email.toUpperCase(), ` ${email} `, email.replace("v", "V"), `${email}\t`];
      const tried = await statuses(12, (n) => signIn(scene, { email: spellings[n % 4] ?? "" }));
      ok(tried.includes(429), `${tried}`);
      strictEqual((await signIn(scene, { email, password: PASSWORD })).status, 429);
    },
  },
  {
    wants: "guess on from other addresses that a header names: what a stranger writes is not believed",
    async holds(scene) {
      const tried = await statuses(25, (n) =>
        signIn(scene, { email: `u${n}@wattpost.example` }, {
          "x-forwarded-for": `198.51.100.${n}`,
          "x-real-ip": `198.51.100.${n}`,
          forwarded: `for=198.51.100.${n}`,
          "x-client-ip": `198.51.100.${n}`,
          "true-client-ip": `198.51.100.${n}`,
        }));
      deepStrictEqual(tried.slice(20), Array(5).fill(429));
    },
  },
  {
    wants: "learn who has an account by the answer: it is the same to the letter",
    async holds(scene) {
      const known = await signIn(scene, { email: scene.victim.user.email });
      const unknown = await signIn(scene, { email: "nobody@wattpost.example" });
      const plain = (answer: Answer) =>
        JSON.stringify(alike(answer)).replaceAll(/(victim|nobody)@wattpost/g, "X@wattpost");
      strictEqual(plain(known), plain(unknown));
    },
  },
  {
    wants: "learn who has an account by being stopped: unknown names are stopped as soon",
    async holds(scene) {
      const email = "nobody.at.all@wattpost.example";
      deepStrictEqual(await statuses(11, () => signIn(scene, { email })), [...Array(10).fill(422), 429]);
    },
  },
  {
    wants: "learn who has an account by the time it takes: an unknown one takes as long",
    async holds(scene) {
      const median = async (email: string) => {
        const took: number[] = [];
        for (let n = 0; n < 5; n++) took.push((await timed(() => signIn(scene, { email }))).ms);
        return took.sort((a, b) => a - b)[2] ?? 0;
      };
      const [known, unknown] = [await median(scene.victim.user.email), await median("no@wattpost.example")];
      // A check takes some 100 ms; without one an answer takes 5.
      ok(unknown > known / 4 && known > unknown / 4, `${known} and ${unknown} ms`);
    },
  },
  {
    wants: "keep everybody else out by signing in to one account all the time: others come in meanwhile",
    async holds(scene) {
      const email = ACCOUNT.email;
      const flood = Array.from({ length: 12 }, () => signIn(scene, { email, password: PASSWORD }));
      const other = await signIn(scene, { email: scene.victim.user.email, password: PASSWORD });
      strictEqual(other.status, 303);
      const statuses = (await Promise.all(flood)).map(({ status }) => status);
      ok(statuses.includes(303) && statuses.includes(429), `${statuses}`);
    },
  },
  {
    wants: "come in unseen while nothing can be written down: nobody comes in, and guesses say nothing",
    async holds(scene) {
      const { email } = scene.victim.user;
      const rows = async () => (await listAudit(scene.flow.opened.db, 1_000)).length;
      const before = await rows();
      const answers = await whileLocked(scene.flow, async () => [
        await signIn(scene, { email, password: PASSWORD }),
        await signIn(scene, { email }),
      ]);
      for (const answer of answers) {
        deepStrictEqual([answer.status, sessionOf(answer)], [503, undefined]);
        ok(Number(answer.headers.get("retry-after")) >= 1);
      }
      strictEqual(await rows(), before);
      strictEqual((await signIn(scene, { email, password: PASSWORD })).status, 303);
      strictEqual(await rows(), before + 1);
    },
  },
  {
    wants: "come in with no password: an empty one fits nobody, not even who has none yet",
    async holds(scene) {
      const { flow, victim } = scene;
      const draft = { email: "invited@wattpost.example", name: "Invited", passwordHash: "" };
      await createUser(flow.opened.db, { ...draft, role: "administrator", nowMs: flow.clock.nowMs() });
      for (const email of [victim.user.email, draft.email, "nobody@wattpost.example"]) {
        const answer = await signIn(scene, { email, password: "" });
        deepStrictEqual([answer.status, sessionOf(answer)], [422, undefined], email);
      }
    },
  },
  {
    wants: "make a password that takes for ever to check: a long one is refused unchecked",
    async holds(scene) {
      const { ms, value } = await timed(() =>
        signIn(scene, { email: scene.victim.user.email, password: "a".repeat(60_000) })
      );
      strictEqual(value.status, 422);
      ok(ms < 2_000, `${ms} ms`);
    },
  },
  {
    wants: "come in by SQL: it is a name that nobody has",
    async holds(scene) {
      for (const email of ["' or 1=1 --", '" or ""="', "admin'/*", "x'; drop table user; --", "%", "_%@%"]) {
        strictEqual((await signIn(scene, { email, password: "' or '1'='1" })).status, 422, email);
      }
      ok(await opens(scene, scene.victim.cookie));
    },
  },
  {
    wants: "put a password into an address that is kept in logs: it signs nobody in and is not logged",
    async holds(scene) {
      const { email } = scene.victim.user;
      const query = new URLSearchParams({ email, password: PASSWORD, back: "/" });
      const answer = await ask(scene.flow.origin, `/sign-in?${query}`);
      deepStrictEqual([answer.status, sessionOf(answer)], [200, undefined]);
      doesNotMatch(JSON.stringify(scene.flow.lines), /a(\+|%20| )sentence/);
    },
  },
  {
    wants: "set the product up once more: the page is closed for good",
    async holds({ flow }) {
      strictEqual((await ask(flow.origin, "/setup")).status, 410);
      strictEqual((await ask(flow.origin, `/setup?token=${"A".repeat(43)}`)).status, 410);
      const form = { token: "A".repeat(43), name: "Eve", email: "eve@example.org", password: PASSWORD };
      strictEqual((await post(flow.origin, "/setup", form)).status, 410);
    },
  },
];

Deno.test("attacks on the door", async (t) => {
  await withFlow({ specs: [], env: { COLLECT: "off" } }, async (flow) => {
    const scene = { flow, victim: await makeVisitor(flow, { name: "victim", role: "operator" }) };
    for (const attack of GUESSES) {
      // The tries of the address and the account are spent anew in each window.
      await flow.clock.advance(WINDOW_MS);
      await withstand(t, scene, [attack]);
    }
    await t.step("nothing of it was an error of ours", () => {
      deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
    });
  });
});

Deno.test("attacks on cookies where people come by HTTPS", async (t) => {
  const env = { PUBLIC_URL: "https://wattpost.example", COLLECT: "off" };
  await withFlow({ specs: [], env }, async ({ product, origin }) => {
    ok(product.address());
    const { email } = ACCOUNT;
    const form = new URLSearchParams({ email, password: PASSWORD, back: "/" }).toString();
    const fields = ["Host: wattpost.example", "Content-Type: application/x-www-form-urlencoded"];
    const send = (from: string) =>
      raw(
        origin,
        request(
          "POST /sign-in HTTP/1.1",
          [...fields, `Origin: ${from}`, `Content-Length: ${form.length}`],
          form,
        ),
      );
    await withstand(t, null, [{
      wants:
        "read the cookie on the way, or set it from a neighbouring host: it is bound to TLS and to this host",
      async holds() {
        const answer = await send("https://wattpost.example");
        match(answer, /^HTTP\/1\.1 303 /);
        match(
          answer,
          /\r\nset-cookie: __Host-wattpost=[\w-]{43}; Path=\/; .*HttpOnly; SameSite=Lax; Secure\r\n/i,
        );
        match(answer, /\r\nstrict-transport-security: max-age=63072000; includeSubDomains\r\n/i);
      },
    }, {
      wants: "pass off the page over plain HTTP as ours: the origin must be the public one to the letter",
      async holds() {
        for (
          const from of [
            "http://wattpost.example",
            "https://wattpost.example.evil.example",
            "https://evil.wattpost.example",
            "https://wattpost.example:8443",
            "null",
            origin,
          ]
        ) match(await send(from), /^HTTP\/1\.1 403 /, from);
      },
    }]);
  });
});
