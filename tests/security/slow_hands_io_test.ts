/**
 * Attacks by a request that was begun in time and ended late: its head came while a session lived, its body comes when
 * the session has been ended.
 *
 * @module
 */

import { ok, strictEqual } from "node:assert/strict";
import { listUsers } from "../../lib/store/users.ts";
import { changeUser, endAllSessions, findUser } from "../../lib/store/users.ts";
import { listTokens } from "../../lib/store/tokens.ts";
import { authorAt } from "../fakes/author.ts";
import { type Flow, post, withFlow } from "../flows/running_product.ts";
import { codeAt, halfIn, requireFactor, shownCodes, shownSeed, typeCode } from "../flows/second_steps.ts";
import { makeVisitor } from "../flows/visitors.ts";
import { type Attack, statusOf, withstand } from "./attack.ts";

type Form = Readonly<Record<string, string>>;

interface SlowPost {
  readonly path: string;
  readonly form: Form;
  readonly cookie: string;
}

/** Sends the head and the first byte of a form, does something, then sends the rest; the status of the answer. */
async function slowly(
  { origin }: Flow,
  { path, form, cookie }: SlowPost,
  meanwhile: () => Promise<unknown>,
): Promise<number> {
  const { hostname, port, host } = new URL(origin);
  const body = new URLSearchParams(form).toString();
  using connection = await Deno.connect({ hostname, port: Number(port) });
  const say = (text: string) => connection.write(new TextEncoder().encode(text));
  await say(
    `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${origin}\r\nCookie: ${cookie}\r\nConnection: close\r\n` +
      `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${
        body.slice(0, 1)
      }`,
  );
  // Another request that is answered: by then the head of this one was looked at.
  await post(origin, "/theme", { theme: "dark", back: "/" });
  await meanwhile();
  await say(body.slice(1));
  const chunk = new Uint8Array(65_536);
  let text = "";
  for (let read = await connection.read(chunk); read !== null; read = await connection.read(chunk)) {
    text += new TextDecoder().decode(chunk.subarray(0, read));
  }
  return statusOf(text);
}

function endSessions({ opened, clock }: Flow, userId: number): Promise<number> {
  return endAllSessions(opened.db, authorAt(clock.nowMs(), { seal: opened.keys.seal }), userId);
}

const ATTACKS: readonly Attack<{ readonly flow: Flow }>[] = [
  {
    wants:
      "set up an app of their own with a session that is ended meanwhile: it is refused, nobody is let in",
    async holds({ flow }) {
      const { user, cookie } = await makeVisitor(flow, { name: "slow-app", role: "viewer" });
      const path = "/account/second-factor";
      await post(flow.origin, path, { do: "begin" }, { cookie });
      const seed = await shownSeed(flow, path, cookie);
      const form = { do: "confirm", code: codeAt(seed, flow.clock.nowMs()) };
      strictEqual(await slowly(flow, { path, form, cookie }, () => endSessions(flow, user.id)), 401);
      strictEqual((await findUser(flow.opened.db, user.id))?.secondFactor, false);
    },
  },
  {
    wants: "make a token with a session that is ended meanwhile: there is none",
    async holds({ flow }) {
      const { user, cookie } = await makeVisitor(flow, { name: "slow-token", role: "operator" });
      const before = (await listTokens(flow.opened.db, user.id)).length;
      const path = "/account/tokens/new";
      const form = { name: "kept", access: "write", days: "365", reach: "all", once: "x" };
      strictEqual(await slowly(flow, { path, form, cookie }, () => endSessions(flow, user.id)), 401);
      strictEqual((await listTokens(flow.opened.db, user.id)).length, before);
    },
  },
  {
    wants: "invite an administrator while one's own rights are taken away: nobody is invited",
    async holds({ flow }) {
      const { user, cookie } = await makeVisitor(flow, { name: "slow-admin", role: "administrator" });
      const { db, keys } = flow.opened;
      const count = async () => (await listUsers(db, { page: 1, pageSize: 1 })).total;
      const before = await count();
      const form = {
        email: "eve@wattpost.example",
        name: "Eve",
        role: "administrator",
        reach: "all",
        find: "",
        do: "save",
      };
      const demote = () =>
        changeUser(db, authorAt(flow.clock.nowMs(), { seal: keys.seal }), {
          userId: user.id,
          role: "viewer",
        });
      strictEqual(await slowly(flow, { path: "/admin/people/invite", form, cookie }, demote), 401);
      strictEqual(await count(), before);
    },
  },
  {
    wants: "end the way in with half a sign-in that is over meanwhile: they are led to the beginning",
    async holds({ flow }) {
      const { user } = await makeVisitor(flow, { name: "slow-set-up", role: "technician" });
      const { cookie } = await halfIn(flow, user.email);
      const path = "/sign-in/set-up";
      const code = codeAt(await shownSeed(flow, path, cookie), flow.clock.nowMs());
      const status = await slowly(flow, { path, form: { code }, cookie }, () => endSessions(flow, user.id));
      strictEqual(status, 303);
      strictEqual((await findUser(flow.opened.db, user.id))?.secondFactor, false);
    },
  },
  {
    wants:
      "put an app of their own in place of the one that the owner has set up meanwhile: the owner's stays",
    async holds({ flow }) {
      const { user } = await makeVisitor(flow, { name: "two-ways-in", role: "technician" });
      const [owner, other] = [await halfIn(flow, user.email), await halfIn(flow, user.email)];
      const path = "/sign-in/set-up";
      const nowMs = flow.clock.nowMs();
      const [theirs, mine] = [
        await shownSeed(flow, path, owner.cookie),
        await shownSeed(flow, path, other.cookie),
      ];
      let codes: readonly string[] = [];
      const form = { code: codeAt(mine, nowMs) };
      const status = await slowly(flow, { path, form, cookie: other.cookie }, async () => {
        codes = shownCodes(await typeCode(flow, codeAt(theirs, nowMs), owner.cookie, path));
      });
      strictEqual(status, 303);
      strictEqual(codes.length, 10);
      const next = await halfIn(flow, user.email);
      ok((await typeCode(flow, codes[0] ?? "", next.cookie)).status === 303, "the owner's codes work");
    },
  },
];

Deno.test("attacks by requests that end late", async (t) => {
  await withFlow({ specs: [], env: { COLLECT: "off" } }, async (flow) => {
    await requireFactor(flow, ["technician"]);
    await withstand(t, { flow }, ATTACKS);
  });
});
